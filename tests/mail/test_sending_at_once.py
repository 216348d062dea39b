"""Letters tried within a workflow task: short or not at all, and none twice; the scripted server says what went out."""

import asyncio
import gc
import weakref
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.at_once import Resting
from complaints.own_pages import OwnPages
from complaints.records.links import LinksOf
from complaints.rules.letters import LetterKind, LetterOrder, LetterOutcome, LetterState, Order
from complaints.rules.telling import LetterAtOnce
from tests.golden_letters.examples import order, rich
from tests.mail.test_sending import Office, office
from tests.smtp_script import DROP, Script
from tests.waiting import becomes

LONG = timedelta(minutes=1)
"""Nothing that is here takes so long: whatever ends, ends within it."""


def made(kind: LetterKind = LetterKind.ACKNOWLEDGEMENT) -> LetterOrder:
    return order(kind, rich(kind))


async def at_once(at: Office, orders: Iterable[LetterOrder], within: timedelta = LONG) -> list[LetterAtOnce]:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, is_local=True)
    letters = list(orders)

    async def tries() -> list[LetterAtOnce]:
        return await at.letters.at_once(letters, within=within)

    tried: list[LetterAtOnce] = await environment.run(tries)
    return tried


async def by_its_own_activity(at: Office, letter: LetterOrder) -> LetterOutcome:
    outcome: LetterOutcome = await ActivityEnvironment().run(at.letters.send_letter, letter)
    return outcome


async def test_letters_to_several_people_go_out_and_their_ends_come_in_the_order_of_the_step(
    fresh_database: str,
) -> None:
    letters = [made(), made(LetterKind.ASSIGNMENT)]
    async with office(fresh_database, Script()) as at:
        tried = await at_once(at, letters)
        assert [one.outcome and one.outcome.state for one in tried] == [LetterState.SENT, LetterState.SENT]
        kept = {row.message_id: row.key for row in await at.store.letters()}
        assert [kept[one.outcome.message_id or ""] for one in tried if one.outcome] == [one.key for one in letters]
        again = await at_once(at, letters)  # the task did not come to its end, and is done again
        assert [one.outcome for one in again] == [one.outcome for one in tried]
        assert len(at.script.accepted) == 2


async def test_after_a_refusal_for_now_letters_rest_and_their_own_activities_send_them(fresh_database: str) -> None:
    async with office(fresh_database, Script({"RCPT": ["450 4.2.1 greylisted"]})) as at:
        assert await at_once(at, [made()]) == [LetterAtOnce(begun=True)]
        assert await at_once(at, [made(LetterKind.ASSIGNMENT)]) == [LetterAtOnce()], "not even tried"
        assert (await by_its_own_activity(at, made())).state is LetterState.SENT
        assert len(at.script.accepted) == 1


async def test_one_that_perhaps_went_out_goes_again_only_after_the_policys_hours(fresh_database: str) -> None:
    async with office(fresh_database, Script({"dot": [DROP]})) as at:
        letter = made()
        assert await at_once(at, [letter]) == [LetterAtOnce(begun=True, after_hours=letter.resend_after_hours)]


async def test_an_address_that_cannot_be_is_an_end_and_no_reason_to_rest(fresh_database: str) -> None:
    async with office(fresh_database, Script()) as at:
        (tried,) = await at_once(at, [made().model_copy(update={"customer_email": "no address"})])
        assert tried.outcome is not None
        assert tried.outcome.state is LetterState.FAILED
        (other,) = await at_once(at, [made(LetterKind.ASSIGNMENT)])
        assert other.outcome is not None


async def test_one_that_takes_longer_goes_on_and_its_own_activity_waits_for_its_end(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, may_answer = asyncio.Event(), asyncio.Event()
    async with office(fresh_database, Script()) as at:
        known = OwnPages.known_for

        async def waits(pages: OwnPages, letter: Order) -> LinksOf | None:
            said.set()
            await may_answer.wait()
            return await known(pages, letter)

        monkeypatch.setattr(OwnPages, "known_for", waits)
        tried = asyncio.create_task(at_once(at, [made()], within=timedelta(0)))
        assert await tried == [LetterAtOnce(begun=True)]
        sending = asyncio.create_task(by_its_own_activity(at, made()))
        await said.wait()
        may_answer.set()
        assert (await sending).state is LetterState.SENT
        (row,) = await at.store.letters()
        assert (row.state, row.attempts) == (LetterState.SENT, 1)
        assert len(at.script.accepted) == 1


async def test_a_letter_whose_end_is_told_is_held_no_longer(fresh_database: str) -> None:
    """Some 30 KiB each: a worker held every letter of its last minute, two thousand in a storm."""
    async with office(fresh_database, Script()) as at:
        letter = made()
        held = weakref.ref(letter)
        (tried,) = await at_once(at, [letter])
        assert tried.outcome is not None
        del letter
        gc.collect()
        assert held() is None


async def test_what_goes_on_as_the_worker_stops_is_given_back(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(fresh_database, Script()) as at:
        never = asyncio.Event()

        async def waits(*_: object) -> None:
            await never.wait()

        monkeypatch.setattr(at.mailer._pool, "_connect", waits)
        assert await at_once(at, [made()], within=timedelta(0)) == [LetterAtOnce(begun=True)]

        async def states() -> list[LetterState]:
            return [row.state for row in await at.store.letters()]

        assert await becomes(states, [LetterState.CLAIMED])
        await at.letters.close()
        assert [row.state for row in await at.store.letters()] == [LetterState.DUE]
        assert at.script.accepted == []


async def test_a_rest_that_is_longer_counts() -> None:
    resting = Resting()
    assert not resting.now
    resting.begins(LONG)
    resting.begins(timedelta(0))
    assert resting.now
