"""Who has what: people with their open cases, absences that letters and cases follow, and notes that call."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from complaints.records.absences import Absence
from complaints.records.ledger import LetterRow
from complaints.records.staff import Role
from desk.staff import colleagues
from tests.desk_house import House, hidden, house_of, said
from tests.story import Story
from tests.waiting import comes

TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/Lima")).date()
IN_A_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    for account, name, role in (
        ("ana", "Ana Torres", Role.AGENT),
        ("beto", "Beto Rojas", Role.AGENT),
        ("luis", "Luis Castellanos", Role.MANAGER),
        ("julia", "Julia Ramos", Role.ADMIN),
        ("carla", "Carla Díaz", Role.QUALITY),
    ):
        await house.employs(account, role, name=name)
        await house.office.store.set_email(account, f"{account}@escuelaconstrucciondigital.com")
    return house


async def an_assigned_case(house: House, to: str, **fields: str) -> str:
    number = await house.opens(email="rosa@correo.example", **fields)
    async with house.signed_in("luis") as luis:
        page = f"/cases/{number}"
        await luis.sends(page, f"{page}/acts/assign", department="systems", representative=to)
    await house.has_written(number, "assigned")
    return number


def row_of(html: str, account: str) -> str:
    """What the page says of somebody, without marks."""
    found = re.search(rf'<li class="person" id="person-{account}">(.*?)</li>', html, re.DOTALL)
    assert found, html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


async def test_everybody_stands_there_with_their_open_cases_and_choosing_one_shows_them(house: House) -> None:
    number = await an_assigned_case(house, "Ana Torres", subject="Certificado con el nombre mal escrito")
    await house.office.store.set_department("ana", "systems")
    async with house.signed_in("beto") as beto:
        team = (await beto.reads("/team")).text
        assert row_of(team, "ana").startswith("AT Ana Torres representante · Sistemas 1 abierta")
        assert row_of(team, "beto").startswith("BR Beto Rojas representante 0 abiertas")
        case = (await beto.reads(f"/cases/{number}")).text
        options = [" ".join(unescape(text).split()) for text in re.findall(r"<option[^>]*>([^<]*)</option>", case)]
        assert "Ana Torres · representante · Sistemas · 1 abierta" in options
        assert not [text for text in options if text.startswith(("Julia Ramos ·", "Carla Díaz ·"))], "they handle none"
        for page in ("/list?person=ana", "/?person=ana"):
            assert "Certificado con el nombre mal escrito" in (await beto.reads(page)).text
        assert "Certificado con el nombre mal escrito" not in (await beto.reads("/list?person=beto")).text


async def test_whoever_is_away_is_followed_by_letters_cases_and_new_assignments(house: House) -> None:
    before = await an_assigned_case(house, "Ana Torres", subject="Lo que ya tenía")
    async with house.signed_in("ana") as ana:
        kept = await ana.sends(
            "/team", "/team/ana/away", since=TODAY.isoformat(), until=IN_A_WEEK.isoformat(), substitute="beto"
        )
        assert kept.headers["location"] == "/team?done=away&of=ana"
        assert "reemplaza: Beto Rojas" in row_of((await ana.reads("/team")).text, "ana")
    after = await an_assigned_case(house, "Ana Torres", subject="Lo que llegó después")
    assert (await house.office.front_desk.status(after)).value.representative == "Beto Rojas"
    await _is_told(house, "beto", after)
    async with house.signed_in("beto") as beto:
        mine = (await beto.reads("/?mine=1")).text
        assert "Lo que ya tenía" in mine
        assert "Lo que llegó después" in mine
        assert "Beto Rojas, en lugar de Ana Torres" in (await beto.reads(f"/cases/{before}")).text
        page = f"/cases/{before}"
        await beto.sends(page, f"{page}/acts/assign", department="academic", representative="")
    await _is_told(house, "beto", before)
    async with house.signed_in("luis") as luis:
        await luis.sends("/team", "/team/ana/back")
        assert "reemplaza:" not in row_of((await luis.reads("/team")).text, "ana")


async def _is_told(house: House, account: str, number: str) -> list[LetterRow]:
    """Waits until they have letters of that case; those."""
    address = f"{account}@escuelaconstrucciondigital.com"

    async def told() -> list[LetterRow]:
        return [one for one in await house.office.store.letters(number) if one.to_address == address]

    return await comes(told, f"letter of {number} to {account}")


@pytest.mark.parametrize(
    ("since", "until", "substitute", "sentence"),
    [
        (1, 0, "beto", "El último día no puede ser anterior"),
        (-9, -2, "beto", "El último día no puede ser anterior"),
        (0, 7, "ana", "Elija a un colega"),
        (0, 7, "nadie", "Elija a un colega"),
        (0, 7, "carla", "Carla Díaz también está ausente"),
        (0, 7, "", "Elija a un colega"),
    ],
)
async def test_an_absence_that_cannot_be_is_refused_in_a_sentence(
    house: House, since: int, until: int, substitute: str, sentence: str
) -> None:
    store = house.office.store
    await store.set_away(Absence(account="carla", since=TODAY, until=IN_A_WEEK, substitute="luis"), by="Carla Díaz")
    async with house.signed_in("ana") as ana:
        days = {"since": TODAY + timedelta(days=since), "until": TODAY + timedelta(days=until)}
        fields = {name: value.isoformat() for name, value in days.items()}
        answer = await ana.sends("/team", "/team/ana/away", **fields, substitute=substitute)
        assert (answer.status_code, said(answer).startswith(sentence)) == (422, True), said(answer)


async def test_everybody_says_their_own_absence_and_who_leads_everybodys(house: House) -> None:
    fields = {"since": TODAY.isoformat(), "until": IN_A_WEEK.isoformat(), "substitute": "beto"}
    async with house.signed_in("carla") as carla:
        page = (await carla.reads("/team")).text
        assert 'action="/team/carla/away"' in page
        assert 'action="/team/ana/away"' not in page
        form = hidden(page, "/team/carla/away")
        assert (await carla.posts("/team/ana/away", form | fields)).status_code == 403
        assert (await carla.posts("/team/carla/away", form | fields)).status_code == 303
    for account in ("luis", "julia"):
        async with house.signed_in(account) as one:
            assert (await one.sends("/team", "/team/ana/away", **fields)).status_code == 303


async def test_all_of_ones_cases_go_to_another_in_one_step(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [await an_assigned_case(house, "Ana Torres") for _ in range(2)]
    resolved = await an_assigned_case(house, "Ana Torres")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{resolved}"
        await ana.sends(page, f"{page}/acts/resolve", text="Ya está.", outcome="upheld")
        await house.has_written(resolved, "resolved")
    async with house.signed_in("beto") as beto:
        form = hidden((await beto.reads("/team")).text, "/team/beto/away")
        assert (await beto.posts("/team/ana/cases", form | {"to": "beto"})).status_code == 403, (
            "hers are not his to give"
        )
    async with house.signed_in("luis") as luis:
        assert (await luis.sends("/team", "/team/ana/cases", to="carla")).status_code == 422, "she handles none"
        monkeypatch.setattr(colleagues, "MOST", 2)  # more than one step takes: what is resolved waits, and it says so
        given = await luis.sends("/team", "/team/ana/cases", to="beto")
        assert (given.status_code, "Casos de Ana Torres para Beto Rojas: 2 de 2" in given.text) == (200, True), (
            given.text
        )
        assert "Queda 1 caso más: hágalo otra vez." in given.text

    async def is_left() -> bool:
        return await house.office.store.open_of(("Ana Torres",), limit=9) == [resolved]

    await comes(is_left, "what is resolved, alone")
    async with house.signed_in("luis") as luis:
        rest = await luis.sends("/team", "/team/ana/cases", to="beto")
        assert (rest.status_code, "Casos de Ana Torres para Beto Rojas: 0 de 1" in rest.text) == (409, True), rest.text
    for number in numbers:
        status = (await house.office.front_desk.status(number)).value
        assert (status.department, status.representative) == ("systems", "Beto Rojas")
    assert (await house.office.front_desk.status(resolved)).value.representative == "Ana Torres"


async def test_who_goes_away_hands_over_in_the_same_form(house: House) -> None:
    numbers = [await an_assigned_case(house, "Ana Torres") for _ in range(2)]
    fields = {"since": TODAY.isoformat(), "until": IN_A_WEEK.isoformat(), "cases": "1"}
    async with house.signed_in("beto") as beto:
        form = hidden((await beto.reads("/team")).text, "/team/beto/away")
        assert (await beto.posts("/team/ana/away", form | fields | {"substitute": "beto"})).status_code == 403
    async with house.signed_in("ana") as ana:
        refused = await ana.sends("/team", "/team/ana/away", **fields, substitute="carla")
        assert (refused.status_code, said(refused)) == (422, "Elija quién recibe los casos.")
        assert all(one.absence is None for one in await house.office.store.colleagues()), "nothing of it is done"
        given = await ana.sends("/team", "/team/ana/away", **fields, substitute="beto")
        assert "Casos de Ana Torres para Beto Rojas: 2 de 2" in given.text
        assert "reemplaza: Beto Rojas" in row_of((await ana.reads("/team")).text, "ana")
    for number in numbers:
        assert (await house.office.front_desk.status(number)).value.representative == "Beto Rojas"


async def test_a_note_calls_a_colleague_at_the_desk_and_by_mail_until_they_have_read_it(house: House) -> None:
    number = await house.opens(email="rosa@correo.example", subject="El aula no abre")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        text = "@beto ¿puedes ver el acceso? escribe a beto@escuela.example; @nadie no existe"
        await ana.sends(page, f"{page}/acts/add_note", text=text)
    await house.has_written(number, "noted")
    [letter] = await _is_told(house, "beto", number)
    assert (letter.kind, letter.recipient) == ("mention", "colleague/beto")
    async with house.signed_in("beto") as beto, house.signed_in("ana") as ana:
        assert "Ana Torres: @beto ¿puedes ver el acceso?" in unescape((await beto.reads("/")).text)
        assert "Ana Torres: @beto" not in (await ana.reads("/")).text
        assert "lo menciona en una nota" in (await beto.reads(f"/cases/{number}")).text
        await beto.sends(f"/cases/{number}", f"/cases/{number}/mentions/seen")
        assert "Ana Torres: @beto" not in (await beto.reads("/")).text
        case = (await beto.reads(f"/cases/{number}")).text
        assert "lo menciona en una nota" not in case
        assert "Mención en una nota" in case, "the letter of it is told"
        assert "colleague/" not in re.sub(r'href="[^"]*"', "", case)


async def test_at_the_desk_nobody_unknown_is_given_a_case_or_asked_for_help(house: House) -> None:
    number = await house.opens(email="rosa@correo.example")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        invented = await ana.sends(page, f"{page}/acts/assign", department="systems", representative="Pepe Nadie")
        assert (invented.status_code, "aquí nadie se llama así; están: Ana Torres, Beto Rojas" in said(invented)) == (
            409, True,
        ), said(invented)  # fmt: skip
        secretary = await ana.sends(page, f"{page}/acts/involve", whom="la secretaria", question="¿Lo vio?")
        assert (secretary.status_code, "no se conoce a nadie así" in said(secretary)) == (409, True), said(secretary)
        for whom in ("Beto Rojas", "systems", "portero@escuelaconstrucciondigital.com"):
            asked = await ana.sends(page, f"{page}/acts/involve", whom=whom, question="¿Lo vio?")
            assert asked.status_code == 303, said(asked)
        stranger = await ana.sends(page, f"{page}/acts/involve", whom="x@gmail.com", question="¿Lo vio?")
        assert stranger.status_code == 409
