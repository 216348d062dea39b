"""What customers write on closed complaints: new until answered or read, late like any other, reopened in a click."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from complaints.rules.digest import DigestDay
from complaints.rules.facts import CustomerSatisfied, Resolved
from complaints.rules.policy import rules_in_force
from tests.desk_house import House, a_mail, hidden, house_of, said
from tests.story import Story

ROSA = "rosa@correo.example"
WORDS = "No estoy conforme: el certificado sigue con mi nombre mal escrito."


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def written_to_a_closed_case(house: House) -> str:
    """A complaint that was resolved and closed by its customer's yes, and what the customer writes then."""
    number: str = (await house.takes_in(a_mail("Mi certificado tiene mal mi nombre.", sender=ROSA), hours_ago=3)).number
    desk = house.office.front_desk
    await desk.ask(number, "resolve", Resolved(text="Lo corregimos.", by="Ana Torres"))
    await desk.ask(number, "confirm_satisfied", CustomerSatisfied(by="Ana Torres"))
    await house.has_written(number, "closed")
    taken = await house.takes_in(a_mail(WORDS, subject=f"Re: {number}", sender=ROSA))
    assert (taken.number, taken.quarantined) == (number, "after-closing")
    return number


async def test_it_is_new_on_board_and_case_and_late_after_one_business_day(house: House) -> None:
    number = await written_to_a_closed_case(house)
    [item] = await house.office.store.written_after_the_end(number)
    policy = house.office.policy
    calendar = rules_in_force(policy, item.received_at.date() - timedelta(days=1)).calendar
    assert item.due == calendar.deadline(item.received_at, policy.messages.answer_within)
    async with house.signed_in("ana") as ana:
        board = (await ana.reads("/")).text
        assert re.search(r"<b>1</b> mensaje nuevo", board)
        assert f'id="u-{number}"' in board, "in Now, though its complaint is closed"
        page = (await ana.reads(f"/cases/{number}")).text
        now = page.partition('id="after-the-end"')[2].partition("</section>")[0]
        assert "el certificado sigue con mi nombre mal escrito" in now
        [name] = re.findall(r'action="/quarantine/(\w+)/read"', now)
        read = await ana.sends(f"/cases/{number}", f"/quarantine/{name}/read")
        assert read.status_code == 303, said(read)
        assert 'id="after-the-end"' not in (await ana.reads(f"/cases/{number}")).text
        assert f'id="u-{number}"' not in (await ana.reads("/")).text


async def test_8_one_click_reopens_it_with_the_customer_s_words(house: House) -> None:
    number = await written_to_a_closed_case(house)
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        now = (await ana.reads(page)).text.partition('id="after-the-end"')[2].partition("</section>")[0]
        [name] = re.findall(r'action="/quarantine/(\w+)/reopen"', now)
        form = hidden(now, f"/quarantine/{name}/reopen")
        reopened, again = [await ana.posts(f"/quarantine/{name}/reopen", form) for _ in range(2)]
    status = (await house.office.front_desk.status(number)).value
    assert (reopened.status_code, again.status_code) == (303, 409), said(reopened)
    assert (status.outcome, status.round) == (None, 2)
    rows = [
        row for row in (await house.office.front_desk.timeline(number)).value if row.what == "customer-dissatisfied"
    ]
    assert [row.data.get("reason") for row in rows] == [WORDS]
    assert await house.office.store.written_after_the_end(number) == []


async def test_the_morning_s_digest_tells_of_it(house: House) -> None:
    number = await written_to_a_closed_case(house)
    at = datetime.now(UTC)
    day = DigestDay(
        day=at.date(), at=at, ends=at + timedelta(hours=8), next_day=at.date(), next_ends=at + timedelta(days=1)
    )
    [standing] = await house.office.store.standing(day)
    [item] = await house.office.store.written_after_the_end(number)
    assert [part for part, _ in standing.parts(day)] == ["unread"]
    assert (standing.number, standing.unread_since) == (number, item.received_at)
