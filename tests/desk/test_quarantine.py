"""The quarantine at the desk: why a message is there, and the three ways in which somebody decides about it."""

import ast
import json
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from complaints.mail.kinds import Evidence, Kind, sign_said
from complaints.records.staff import Role
from complaints.words.catalogue import N_, Message, catalogue
from tests.desk_house import House, Visitor, a_mail, hidden, house_of, said
from tests.sink import Sink
from tests.story import Story

MAIL = Path(__file__).parents[2] / "complaints" / "mail"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.employs("iris", Role.QUALITY, name="Iris Salas")
    return house


async def an_absence(house: House, text: str = "Estoy de vacaciones.", *, hours_ago: float = 2) -> str:
    mail = a_mail(text, subject="Fuera de la oficina", Auto_Submitted="auto-replied")
    taken = await house.takes_in(mail, hours_ago=hours_ago)
    assert taken.quarantined == "auto-reply"
    return taken.number.removeprefix("quarantine-")


async def sends(visitor: Visitor, item: str, act: str, **fields: str) -> httpx.Response:
    page = f"/quarantine/{item}"
    return await visitor.sends(page, f"{page}/{act}", **fields)


async def test_3_what_waits_is_counted_listed_and_shown_with_its_evidence_and_clock(house: House) -> None:
    late, item = await an_absence(house, hours_ago=25), await an_absence(house)
    async with house.signed_in("ana") as ana:
        assert "<b>2</b> en cuarentena" in (await ana.reads("/")).text
        listed = (await ana.reads("/quarantine")).text
        assert listed.index(late) < listed.index(item), "the most urgent first"
        assert listed.count("<b>tarde") == 1
        shown = (await ana.reads(f"/quarantine/{item}")).text
        assert "Parece una respuesta automática." in shown
        assert "Auto-Submitted" in shown
        assert "una respuesta automática</td>" in shown
        assert "Estoy de vacaciones." in shown
        assert (await ana.reads("/quarantine/000000000000")).status_code == 404


async def test_3_released_it_is_a_complaint_received_when_it_came(house: House) -> None:
    item = await an_absence(house, "No era una ausencia: me cobraron dos veces.", hours_ago=15)
    async with house.signed_in("ana") as ana:
        answer = await sends(ana, item, "release", **{"as": "new"})
        assert answer.status_code == 303, said(answer)
        number = answer.headers["location"].partition("to=")[2]
        assert number in (await ana.reads(answer.headers["location"])).text
        status = (await house.office.front_desk.status(number)).value
        kept = await house.office.store.quarantine_item(item)
        assert kept is not None
        assert (status.received_at, kept.handled_as, kept.handled_by) == (kept.received_at, "released", "Ana Torres")
        again = await ana.reads(f"/quarantine/{item}")
        assert "Cuenta: Ana Torres" in again.text
        assert f'action="/quarantine/{item}/release"' not in again.text


async def test_3_released_to_a_case_its_words_are_there(house: House) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    taken = await house.takes_in(a_mail("Soy su esposo: falta el voucher.", subject=f"Re: {number}"))
    assert taken.quarantined == "sender-mismatch"
    item = taken.number.removeprefix("quarantine-")
    async with house.signed_in("ana") as ana:
        assert f"Pasarlo a {number}" in (await ana.reads(f"/quarantine/{item}")).text
        assert (await sends(ana, item, "release", to=number.lower())).status_code == 303
        await house.has_written(number, "message-received")
        assert "Soy su esposo: falta el voucher." in (await ana.reads(f"/cases/{number}")).text


async def test_3_what_is_refused_keeps_what_was_typed(house: House) -> None:
    item = await an_absence(house)
    async with house.signed_in("ana") as ana:
        nowhere = await sends(ana, item, "release", to="Q-0000-00000")
        assert (nowhere.status_code, said(nowhere).startswith("No hay ninguna queja Q-0000-00000")) == (409, True)
        nothing = await sends(ana, item, "release")
        assert said(nothing) == "Diga a qué queja pasa, o que es una nueva."
        assert said(await sends(ana, item, "drop", reason=" ")) == "Diga por qué se descarta."
        by_a_program = await sends(ana, item, "answer", words="Gracias por avisar.")
        assert by_a_program.status_code == 409
        assert "Gracias por avisar.</textarea>" in by_a_program.text
        assert (await sends(ana, item, "drop", reason="una ausencia")).status_code == 303
        assert "Ana Torres ya decidió" in said(await ana.posts(f"/quarantine/{item}/drop", await _form(ana, "x")))


async def test_3_an_answer_is_one_letter_and_closes_the_item(house: House, mail: Sink) -> None:
    taken = await house.takes_in(
        a_mail("¿Dictan Revit en marzo?", subject="Consulta", sender="Eva <eva@otra.example>", Precedence="bulk")
    )
    item = taken.number.removeprefix("quarantine-")
    async with house.signed_in("ana") as ana:
        page = f"/quarantine/{item}"
        form = hidden((await ana.reads(page)).text, f"{page}/answer") | {"words": "Sí, desde el 3 de marzo."}
        refused = await ana.posts(f"{page}/preview", form)
        assert "un programa" in refused.text, "what would be refused is said before it is sent, too"
        shown = await ana.posts(f"{page}/preview", form | {"forced": "1"})
        assert (shown.status_code, mail.to("eva@otra.example")) == (200, [])
        answer = await sends(ana, item, "answer", words="Sí, desde el 3 de marzo.", forced="1")
        assert answer.headers["location"] == "/quarantine?done=answered", answer.text
        assert "Respondido: Ana Torres" in (await ana.reads(f"/quarantine/{item}")).text
    [letter] = mail.to("eva@otra.example")
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert " ".join(plain.get_content().split()) in " ".join(unescape(re.sub(r"<[^>]+>", " ", shown.text)).split())


async def test_who_may_only_look_is_offered_nothing_to_decide(house: House) -> None:
    item = await an_absence(house)
    async with house.signed_in("iris") as iris:
        page = (await iris.reads(f"/quarantine/{item}")).text
        assert "Estoy de vacaciones." in page
        assert "/release" not in page


async def _form(visitor: Visitor, reason: str) -> dict[str, str]:
    return hidden((await visitor.reads("/password")).text, "/sign-out") | {"reason": reason}


SIGNS = [
    (N_("subject {words}", words="“text of mine”"), "asunto “text of mine”"),
    (N_("text {words}", words="“we are from”, “a link to leave”"), "texto “we are from”, “a link to leave”"),
    (N_("from {sender}", sender="noreply@"), "de noreply@"),
    (N_("{many} links", many=12), "12 enlaces"),
    ("Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied"),
    (
        N_("HTML with {looks}", looks=(N_("a counting picture"), N_("a link to leave"))),
        "HTML con una imagen que cuenta, un enlace para darse de baja",
    ),
]


@pytest.mark.parametrize(("sign", "spanish"), SIGNS)
def test_a_kept_sign_is_said_in_any_language_and_what_it_quotes_is_left_alone(
    sign: Message | str, spanish: str
) -> None:
    found = Evidence(sign, 0.5, Kind.BULK)
    kept = json.loads(json.dumps(found.record))
    assert sign_said(kept, "es") == spanish
    assert sign_said(kept, "en") == found.what == catalogue("en").say(sign)


def test_a_sign_that_was_kept_without_its_sentence_is_said_as_it_stands() -> None:
    assert sign_said({"what": "from noreply@", "weight": 1.0, "says": "automatic"}, "es") == "from noreply@"


def test_what_is_a_sentence_of_ours_among_the_signs_is_marked_as_one() -> None:
    """Else no language but English has it: a text is what the message itself has, a header or a type of content."""
    calls = [
        call
        for file in MAIL.glob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Evidence"
    ]
    texts = [ast.unparse(call.args[0]) for call in calls if not ast.unparse(call.args[0]).startswith("N_(")]
    assert len(calls) > 50
    assert [text for text in texts if re.search(r"[a-z]{2} [a-z]{2}", text)] == []
