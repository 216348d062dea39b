"""What tells people of each other and of what is new: who else has a case open, notices, the palette's cases."""

import pytest

from complaints.records.presence import OVER_AFTER
from tests.desk_house import House, a_mail, house_of
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    for account, name in (("ana", "Ana Torres"), ("beto", "Beto Rojas"), ("caro", "Caro Díaz")):
        await house.employs(account, name=name)
    return house


async def test_whoever_opens_a_case_sees_who_else_has_it_open_until_they_have_left(house: House) -> None:
    number = await house.opens(email="rosa@correo.example")
    page = f"/cases/{number}/here"
    async with house.signed_in("ana") as ana, house.signed_in("beto") as beto, house.signed_in("caro") as caro:
        assert "abierto" not in (await ana.reads(page)).text
        assert "Ana Torres también tiene este caso abierto" in (await beto.reads(page)).text
        assert "Ana Torres y Beto Rojas también tienen este caso abierto" in (await caro.reads(page)).text
        store = house.office.store
        async with store.connection() as connection:
            late = "UPDATE presence SET seen_at = seen_at - $1::interval WHERE account <> 'caro'"
            await connection.execute(late, OVER_AFTER)
        assert "abierto" not in (await caro.reads(page)).text, "they have left"
        assert "Caro Díaz también" in (await ana.reads(page)).text
        other = await house.opens(email="luis@correo.example")
        async with store.connection() as connection:
            await connection.execute("UPDATE presence SET seen_at = seen_at - $1::interval", OVER_AFTER)
        await ana.reads(f"/cases/{other}/here")
        async with store.connection() as connection:
            kept = await connection.fetch("SELECT number FROM presence WHERE account = 'ana'")
        assert [row["number"] for row in kept] == [other], "what is over goes with the next"
        assert (await ana.reads("/cases/none/here")).status_code == 200


async def test_notices_tell_of_ones_own_cases_and_of_notes_that_call_and_name_no_customer(house: House) -> None:
    mail = a_mail("Faltan horas.", subject="El aula no abre", sender="Rosa Quispe <rosa.q@correo.example>")
    number = (await house.takes_in(mail)).number
    assert number is not None
    await house.has_written(number, "received")
    async with house.signed_in("ana") as ana, house.signed_in("beto") as beto:
        page = f"/cases/{number}"
        await ana.sends(page, f"{page}/acts/assign", department="systems", representative="Ana Torres")
        await ana.sends(page, f"{page}/acts/add_note", text="@beto mira esto")
        more = a_mail("¿Y?", subject=f"Re: [{number}] El aula", sender="Rosa Quispe <rosa.q@correo.example>")
        await house.takes_in(more, hours_ago=0)
        await house.has_written(number, "noted", "message-received")
        [told] = (await ana.reads("/notices")).json()
        assert (told["title"], told["body"], told["href"]) == ("El cliente escribió", "El aula no abre", page)
        [called] = (await beto.reads("/notices")).json()
        assert (called["title"], called["href"]) == ("Ana Torres lo menciona en una nota", page)
        assert "Rosa" not in f"{told} {called}"
        await beto.sends(page, f"{page}/mentions/seen")
        assert (await beto.reads("/notices")).json() == []


async def test_the_palette_finds_cases_by_whatever_one_remembers(house: House) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe", subject="Certificado equivocado")
    async with house.signed_in("ana") as ana:
        for text in ("certificado", "quispe", number[:6]):
            assert f'data-href="/cases/{number}"' in (await ana.reads(f"/palette?q={text}")).text
        assert 'data-href="/team?of=beto#person-beto"' in (await ana.reads("/palette?q=beto")).text
        for text in ("", "c", "nada de esto"):
            assert "option" not in (await ana.reads(f"/palette?q={text}")).text
