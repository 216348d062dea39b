"""The board's filters, its list, finding with the reason why, and other complaints of the same customer."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from complaints.records.board import BoardFilter
from complaints.records.listing import SORT_KEYS
from complaints.records.searching import Found, Way
from complaints.words.catalogue import N_
from desk.request import initials
from desk.staff import board
from desk.staff.finding import known_by, marked
from tests.desk_house import House, hidden, house_of, said
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_the_tiles_count_and_filter_and_stay_in_the_address(house: House) -> None:
    rosa = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    jose = await house.opens(email="jose@correo.example", name="José Pérez")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{rosa}"
        await ana.sends(page, f"{page}/acts/assign", department="systems", representative="Ana Torres")
        await house.has_written(rosa, "assigned")
        whole = (await ana.reads("/")).text
        assert re.findall(r"<b>(\d+)</b> (abiertas|mía|sin área)", whole) == [
            ("2", "abiertas"), ("1", "mía"), ("1", "sin área"),
        ]  # fmt: skip
        mine = (await ana.reads("/?mine=1")).text
        assert (rosa in mine, jose in mine) == (True, False)
        assert 'href="/?late=1&amp;mine=1"' in mine or 'href="/?mine=1&amp;late=1"' in mine, "filters add up"
        unassigned = (await ana.reads("/?unassigned=1&channel=web")).text
        assert (rosa in unassigned, jose in unassigned) == (False, True)
        assert (await ana.reads("/?today=1")).text.count('class="card') == 0


async def test_the_list_is_sorted_by_any_column_and_paged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PAGE", 2)
    for name in ("Álvaro Ñique", "Berta Luna", "Carla Soto"):
        await house.opens(email=f"{name[:5].strip().lower()}@correo.example".replace("á", "a"), name=name)
    async with house.signed_in("ana") as ana:
        first = (await ana.reads("/list?by=customer")).text
        assert re.findall(r'class="row-link"[^>]*>([^<]+)<', first) == ["Álvaro Ñique", "Berta Luna"]
        assert 'aria-sort="ascending"' in first
        [more] = re.findall(r'href="([^"]+)" rel="next"', first)
        second = (await ana.reads(more.replace("&amp;", "&"))).text
        assert re.findall(r'class="row-link"[^>]*>([^<]+)<', second) == ["Carla Soto"]
        turned = (await ana.reads("/list?by=customer&down=1")).text
        assert re.findall(r'class="row-link"[^>]*>([^<]+)<', turned) == ["Carla Soto", "Berta Luna"]
        beyond = await ana.reads("/list?by=customer&page=9")
        assert beyond.headers["location"].startswith("/list?by=customer")
        assert "Ninguna queja con estos filtros" in (await ana.reads("/list?stage=confirmation")).text
        assert (await ana.reads("/list?by=nonsense&page=-1&level=x")).status_code == 200


async def test_an_address_with_a_nul_is_no_page(house: House) -> None:
    async with house.signed_in("ana") as ana:
        for path in ("/quarantine/%00aaaaaaaaaaaa", "/cases/%00", "/list?department=%00", "/?channel=a%00b"):
            assert (await ana.reads(path)).status_code == 404, path


async def test_every_column_sorts_in_the_database(house: House) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    for key in SORT_KEYS:
        for descending in (False, True):
            found = await house.office.store.listed(
                BoardFilter(), day_ends=datetime.now(UTC) + timedelta(days=1), by=key, descending=descending, skip=0,
                limit=5,
            )  # fmt: skip
            assert [card.number for card in found.cards] == [number], key


async def test_whoever_is_found_says_why(house: House) -> None:
    number = await house.opens(
        email="rosa@correo.example", name="Rosa Quispe Ñahui", phone="+51 987 654 321", document="45678912"
    )
    async with house.signed_in("ana") as ana:
        for text, why in (
            ("QUISPE rosa", "coincide: nombre"),
            ("(51) 987-654-321", "coincide: teléfono <mark>+51 987 654 321</mark>"),
            ("654321", "coincide: teléfono"),
            ("D.N.I. 45.678.912", "coincide: documento <mark>45678912</mark>"),
            ("Rosa@Correo.example", "coincide: correo"),
        ):
            page = (await ana.reads(f"/find?q={text.replace('+', '%2B')}")).text
            assert number in page, text
            assert why in page, text
        assert "<mark>Ñahui</mark>" in (await ana.reads("/find?q=nahui")).text
        slip = number[:-1] + ("A" if number[-1] != "A" else "B")
        record = await house.office.store.record(number)
        assert record is not None
        assert known_by(Found(record=record, way=Way.NUMBER), slip) == (N_("number, one letter apart"), number)
        # Whatever digits it has, they speak for the number: not for the document or the telephone that they stand in.
        for digits in ("4567", "9876"):
            meant = record.model_copy(update={"number": f"Q-{digits}-AAAAA"})
            assert known_by(Found(record=meant, way=Way.NUMBER), f"Q-{digits}-AAAAB") == (
                N_("number, one letter apart"), meant.number
            )  # fmt: skip
            assert known_by(Found(record=meant, way=Way.NUMBER), f"q {digits}") == (N_("number"), meant.number)


def test_what_is_marked_is_escaped() -> None:
    assert marked("Rosa <b>Quispe</b>", "quis") == "Rosa &lt;b&gt;<mark>Quispe</mark>&lt;/b&gt;"
    assert marked("Rosa", "") == "Rosa"


async def test_an_open_complaint_of_the_same_customer_is_pointed_out_and_merged(house: House) -> None:
    first = await house.opens(phone="987 654 321", name="Rosa Quispe", description="Faltan horas.")
    second = await house.opens(phone="+51 987654321", name="rosa quispe", description="Otra vez por las horas.")
    async with house.signed_in("ana") as ana:
        older = (await ana.reads(f"/cases/{first}")).text
        assert second in older
        assert f'value="{second}"' not in older, "the one that came first goes on"
        page, action = f"/cases/{second}", f"/cases/{second}/acts/merge"
        form = re.search(rf'<form[^>]*action="{action}">.*?name="into" value="{first}".*?</form>', (
            await ana.reads(page)).text, re.DOTALL)  # fmt: skip
        assert form
        answer = await ana.posts(action, hidden(form[0], action))
        assert answer.status_code == 303, said(answer)
        status = (await house.office.front_desk.status(second)).value
        assert (status.outcome, status.merged_into) == ("merged", first)


async def test_5_4_the_next_update_shows_what_it_will_tell(house: House) -> None:
    number = await house.opens(email="rosa@correo.example")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        assert "Se contará en el próximo aviso" not in (await ana.reads(page)).text
        await ana.sends(page, f"{page}/acts/add_note", text="Revisamos las horas.", for_customer="1")
        await ana.sends(page, f"{page}/acts/add_note", text="Solo para nosotros.")
        told = (await ana.reads(page)).text.partition("Se contará en el próximo aviso")[2].partition("Datos")[0]
        assert "Revisamos las horas." in told
        assert "Solo para nosotros." not in told


async def test_7_the_story_is_told_by_rounds(house: House) -> None:
    number = await house.opens(email="rosa@correo.example")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        await ana.sends(page, f"{page}/acts/resolve", text="Le devolvemos las horas.", outcome="upheld")
        assert 'class="round"' not in (await ana.reads(page)).text
        await ana.sends(page, f"{page}/acts/dispute", reason="Los sábados no puedo.")
        story = (await ana.reads(page)).text
        second, first = story.index("Ronda 2"), story.index("Ronda 1")
        assert second < story.index("Se escaló") < first < story.index("Se recibió la queja")


async def test_what_another_does_is_drawn_without_a_new_page(house: House) -> None:
    await house.employs("beto", name="Beto Rojas")
    number = await house.opens(email="rosa@correo.example")
    async with house.signed_in("ana") as ana, house.signed_in("beto") as beto:
        page = f"/cases/{number}"
        seen = hidden((await ana.reads(page)).text, f"{page}/acts/add_note")["seen"]
        await beto.sends(page, f"{page}/acts/add_note", text="Hablé con el docente.")
        await house.has_written(number, "noted")
        news = (await ana.reads(f"{page}/news?seen={seen}&poll=1")).text
        assert "Pasó algo nuevo:" in news
        assert "Hablé con el docente." in news
        assert set(re.findall(r'id="(\w+)"[^>]*hx-swap-oob', news)) == {"head", "beside", "facts", "story", "acts"}
        [latest] = re.findall(rf'hx-get="{page}/news\?seen=(\d+)', news)
        assert (await ana.reads(f"{page}/news?seen={latest}&poll=1")).status_code == 204


async def test_what_somebody_wrote_is_found_and_shown_in_its_words(house: House) -> None:
    """F5: only what the customer and staff wrote says these words; a new complaint is offered where there is none."""
    number = await house.opens(
        email="jorge@correo.example", name="Jorge Huamán", subject="Certificado mal escrito",
        description="Me llamo Jorge y salió JORJE en el curso de AutoCAD. Mi número es 987 654-321.",
    )  # fmt: skip
    async with house.signed_in("ana") as ana:
        await ana.sends(f"/cases/{number}", f"/cases/{number}/acts/add_note", text="Habló con la señora Beltrán.")
        await house.has_written(number, "noted")
        for text, marked_words in (
            ("certficado", "<mark>Certificado</mark>"),
            ("autocad", "<mark>AutoCAD</mark>"),
            ("987654321", "<mark>987 654-321</mark>"),
            ("beltran", "<mark>Beltrán</mark>"),
            (number[:6], number),
        ):
            page = (await ana.reads(f"/find?q={text}")).text
            assert marked_words in page, text
            assert number in page, text
            assert page.count('href="/new"') == 1, "only the head's own button"
        nothing = (await ana.reads("/find?q=zzzzzz")).text
        assert 'href="/new?known=zzzzzz"' in nothing
        assert "No se encontró ninguna queja" in nothing


async def test_what_it_is_about_stands_everywhere(house: House) -> None:
    """F6: card, list, title and page; of a complaint without a subject, its first words."""
    number = await house.opens(
        email="jorge@correo.example", name="Jorge Huamán", subject="RE: Certificado con el nombre mal escrito",
    )  # fmt: skip
    other = await house.opens(phone="987 654 321", description="Buenas tardes. El aula virtual no abre.")
    async with house.signed_in("ana") as ana:
        for page in ("/", "/list"):
            shown = (await ana.reads(page)).text
            assert ">Certificado con el nombre mal escrito</" in shown, page
            assert ">El aula virtual no abre</" in shown, page
        case = (await ana.reads(f"/cases/{number}")).text
        assert "<title>Certificado con el nombre mal escrito · Jorge Huamán" in case
        assert "<h1>Certificado con el nombre mal escrito</h1>" in case
        assert "<h1>El aula virtual no abre</h1>" in (await ana.reads(f"/cases/{other}")).text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Pérez", "AP"),
        ("ana", "AN"),
        ("beto.rojas@colegio.example", "BR"),
        ("Atención al Cliente", "AC"),
        ("María de los Ángeles Ruiz", "MÁ"),
        ("", "?"),
        ("—", "?"),
    ],
)
def test_who_has_it_is_told_in_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
