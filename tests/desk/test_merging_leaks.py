"""Merging cannot leak (F1, M): whoever looks at one customer's case after it was parted from another's, wherever and
with whatever role, reads nothing of the other's."""

import csv
import io
import re

import pytest

from complaints.records.programs import Scope
from complaints.records.staff import Role
from complaints.rules.facts import Merged, Separated, Whose
from complaints.rules.letters import CUSTOMER
from tests.api_caller import calling
from tests.chance import new_name
from tests.desk.test_links_seen import all_in, every_page
from tests.desk_house import House, a_mail, house_of
from tests.story import Story
from tests.waiting import until

ROSA = {"name": "Rosa Quispe", "document": "45678912", "email": "rosa@correo.example"}
LUIS = {"name": "Luis Paredes", "document": "40112233", "email": "luis@correo.example", "phone": "912 345 678"}
FIRST, SECOND, MEANWHILE = (
    "Otra vez el plumón quedó corto.",
    "La pizarra no tenía tinta.",
    "¿Y el termómetro prometido?",
)


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana")
    await house.employs("luisa", Role.MANAGER)
    await house.employs("mario", Role.ADMIN)
    return house


async def all_that_is_shown(house: House, number: str) -> dict[str, str]:
    """Every page, file and answer about a complaint, by its name."""
    found = {}
    for who in ("ana", "luisa", "mario"):
        async with house.signed_in(who) as visitor:
            for path in (f"/cases/{number}", f"/cases/{number}/dossier.html", "/exports/complaints.csv"):
                answer = await visitor.reads(path)
                if answer.status_code == 200:
                    found[f"{who} {path}"] = answer.text
    async with calling(house, Scope.READ, name=f"reader-{new_name()}") as crm:
        for path in (f"/complaints/{number}", f"/complaints/{number}/timeline", f"/complaints/{number}/deadlines"):
            found[f"api {path}"] = (await crm.gets(path)).text
    for letter in await house.office.store.letters(number):
        if letter.recipient != CUSTOMER:  # what a colleague got before the two were separated stays as it was sent
            continue
        found[f"letter {letter.key}"] = f"{letter.subject} {letter.text}"
    return found


def without_hints(text: str, number: str) -> str:
    """A page without what it says of the same customer's other complaints; an export's lines of this one alone."""
    if text.startswith(("number,", "\ufeffnumber,")):
        rows = [row for row in csv.reader(io.StringIO(text)) if number in row]
        assert len(rows) == 1
        return str(rows)
    return re.sub(r'(?s)<div class="hint same">.*?</div>', "", text)


async def test_what_left_is_on_no_page_in_no_file_answer_letter_or_search_of_the_one_that_it_left(house: House) -> None:
    first = await house.opens(description=FIRST, **ROSA)
    second = await house.opens(description=SECOND, **ROSA)
    desk = house.office.front_desk
    await desk.merge(first, second, Merged(by="ana"))
    await house.has_written(second, "merged")
    await until(lambda: house.story.sink.to(ROSA["email"]))
    meanwhile = a_mail(MEANWHILE, subject=f"Re: [{first}]", sender=f"Rosa Quispe <{ROSA['email']}>")
    meanwhile.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="voltimetro.pdf")
    assert (await house.takes_in(meanwhile, hours_ago=0)).number == second
    await house.has_written(second, "message-received")
    joined = await all_that_is_shown(house, second)
    assert FIRST in joined[f"ana /cases/{second}"]
    assert MEANWHILE in joined[f"ana /cases/{second}"]
    assert "voltimetro.pdf" in joined[f"ana /cases/{second}"]

    await desk.separate(first, Separated(by="ana", reason="Son dos asuntos."))
    await house.has_written(second, "separated")
    await house.has_written(first, "message-received")
    shown = await all_that_is_shown(house, second)
    for kind in ("ana /cases/", "dossier.html", "complaints.csv", "timeline", "letter "):
        assert any(kind in place for place in shown), kind
    for place, text in shown.items():
        for words in ("plumón", "termómetro", "voltimetro"):
            assert words not in without_hints(text, second), (place, words)
    for who in ("luisa", "mario"):  # whatever route there is that names it, and what a month says
        async with house.signed_in(who) as visitor:
            pages = await every_page(house.office.store, visitor, second)
        of_it = {path: one for path, one in pages.items() if path.startswith((f"/cases/{second}", "/rep", "/rev"))}
        assert sum(answer.status_code == 200 for answer in of_it.values()) > 8
        for path, answer in of_it.items():
            if "/letter" in path and not path.endswith("/customer"):
                continue  # as above: what a colleague got stays as it was sent
            for words in ("plumón", "termómetro", "voltimetro"):
                assert words not in without_hints(all_in(answer), second), (who, path, words)
    async with house.signed_in("ana") as ana:
        back = (await ana.reads(f"/cases/{first}")).text
        for words in (FIRST, MEANWHILE, "voltimetro.pdf"):
            assert words in back, words
    for words in ("plumón", "termómetro", "voltimetro"):
        found = await house.office.store.found(words)
        assert [one.record.number for one in found] == [first], words
        assert found[0].snippet is not None
        assert words in found[0].snippet.text


async def test_what_was_written_to_the_one_is_found_under_its_number_while_it_goes_on_elsewhere(
    house: House,
) -> None:
    first = await house.opens(description=FIRST, **ROSA)
    second = await house.opens(description=SECOND, **ROSA)
    await house.office.front_desk.merge(first, second, Merged(by="ana"))
    await house.has_written(second, "merged")
    meanwhile = a_mail(MEANWHILE, subject=f"Re: [{first}]", sender=f"Rosa Quispe <{ROSA['email']}>")
    await house.takes_in(meanwhile, hours_ago=0)
    await house.has_written(second, "message-received")
    [found] = await house.office.store.found("termómetro")
    assert found.record.number == first
    assert found.snippet is not None
    assert "termómetro" in found.snippet.text
    async with house.signed_in("ana") as ana:
        assert f'href="/cases/{second}"' in (await ana.reads(f"/cases/{first}")).text, "and its page leads on"


async def test_a_dossier_for_outside_has_no_number_of_another_persons(house: House) -> None:
    his, hers = await house.opens(description=FIRST, **LUIS), await house.opens(description=SECOND, **ROSA)
    await house.office.front_desk.ask(his, "merge", Merged(into=hers, whose=Whose.OTHER, by="luisa"))
    await house.has_written(hers, "merged")
    await house.office.front_desk.separate(his, Separated(by="luisa", reason=f"{hers} es otra cosa"))
    await house.has_written(hers, "separated")
    async with house.signed_in("luisa") as luisa:
        for number, stranger, words in ((his, hers, SECOND), (hers, his, FIRST)):
            for variant in ("?without_notes=1", ""):
                dossier = await luisa.reads(f"/cases/{number}/dossier.html{variant}")
                assert dossier.status_code == 200, dossier.text
                assert words not in dossier.text
                if variant:
                    assert stranger not in dossier.text
