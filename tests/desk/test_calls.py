"""Calls at the desk: taken by one, read out, and what came of them (§4 to §6)."""

import pytest

from tests.desk_house import House, hidden, house_of, said
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.employs("beto", name="Beto Rojas")
    return house


async def to_be_called(house: House) -> str:
    number = await house.opens(phone="987 654 321", name="Rosa Quispe")
    await house.has_written(number, "call-task")
    return number


async def test_4_a_call_is_taken_by_one_and_may_be_taken_over(house: House) -> None:
    number = await to_be_called(house)
    page, take = f"/cases/{number}", f"/cases/{number}/call/take"
    async with house.signed_in("ana") as ana, house.signed_in("beto") as beto:
        listed = (await ana.reads("/calls")).text
        assert "Rosa Quispe" in listed
        assert "tel:" in listed
        seen_by_beto = await beto.reads(page)
        assert (await ana.sends("/calls", take)).headers["location"] == f"{page}#call"
        assert "Ana Torres" in (await beto.reads("/calls")).text
        late = await beto.posts(take, hidden(seen_by_beto.text, take))
        assert (late.status_code, "la llamada ya la tomó Ana Torres" in said(late)) == (409, True)
        assert (await beto.posts(take, hidden(late.text, take) | {"over": "1"})).status_code == 303
        assert "Beto Rojas" in (await ana.reads("/calls")).text
    [taken, over] = await house.office.store.afterwords(number)
    assert [(word.by, word.via.value) for word in (taken, over)] == [("Ana Torres", "desk"), ("Beto Rojas", "desk")]


async def test_4_reached_and_told_is_the_acknowledgement_and_ends_the_call(house: House) -> None:
    number = await to_be_called(house)
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{number}")).text
        assert "Qué decir" in page
        assert "¿Hablo con Rosa Quispe?" in page
        answer = await ana.sends(f"/cases/{number}", f"/cases/{number}/call", outcome="reached", notes="Entendió.")
        assert answer.status_code == 303, said(answer)
        status = (await house.office.front_desk.status(number)).value
        assert (status.call, status.acknowledged_at is not None) == (None, True)
        again = await ana.reads(f"/cases/{number}")
        assert 'id="call"' not in again.text
        assert "Entendió." in again.text


async def test_4_not_reached_is_an_attempt_and_call_back_is_none(house: House) -> None:
    number = await to_be_called(house)
    page, action = f"/cases/{number}", f"/cases/{number}/call"
    async with house.signed_in("ana") as ana:
        without_time = await ana.sends(page, action, outcome="call-back", notes="En clase ahora.")
        assert said(without_time) == "Diga cuándo quiere el cliente que le llamen."
        assert "En clase ahora.</textarea>" in without_time.text
        later = await ana.sends(page, action, outcome="call-back", next_at="2030-03-04T16:00")
        assert later.status_code == 303
        call = (await house.office.front_desk.status(number)).value.call
        assert call is not None
        assert (call.attempts, call.next_at.isoformat() if call.next_at else "") == (0, "2030-03-04T21:00:00+00:00")
        assert (await ana.sends(page, action, outcome="not-reached")).status_code == 303
        call = (await house.office.front_desk.status(number)).value.call
        assert call is not None
        assert call.attempts == 1
        assert said(await ana.sends(page, action)) == "Diga qué pasó en la llamada."
