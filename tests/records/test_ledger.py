"""The ledger: a letter goes out once, or we know that we do not know."""

import asyncio
from datetime import timedelta

import pytest

from complaints.records.errors import MessageIdTaken, StillClaimed, Unkeepable, UnknownLetter
from complaints.records.ledger import Claim
from complaints.records.store import Store
from complaints.rules.letters import LetterState
from tests.records_examples import MONDAY, an_order, days

NUMBER, KEY = "Q-1234-5678J", "1/acknowledgement/customer"
MINUTE, OVER = timedelta(minutes=1), timedelta(0)
"""A lease that lasts, and one that has run out as soon as it is given."""


async def claim(store: Store, key: str = KEY, *, lease: timedelta = MINUTE, said: str = "Hola") -> Claim:
    return await store.claim(
        an_order(NUMBER, key),
        message_id=f"<{key}@example.org>",
        to_address="rosa@example.org",
        subject=f"[{NUMBER}] {said}",
        text=said,
        html=f"<p>{said}</p>",
        lease=lease,
    )


async def state(store: Store, key: str = KEY) -> LetterState:
    return next(letter.state for letter in await store.letters(NUMBER) if letter.key == key)


async def test_the_first_claim_goes_and_sends(store: Store) -> None:
    claimed = await claim(store)
    assert (claimed.state, claimed.attempts, claimed.text) == (LetterState.CLAIMED, 1, "Hola")
    assert await state(store) is LetterState.CLAIMED


async def test_of_many_attempts_at_once_one_may_send(store: Store) -> None:
    for letter in range(40):  # often, because two first claims meet in Postgres only now and then
        ends = await asyncio.gather(*(claim(store, f"{letter}") for _ in range(8)), return_exceptions=True)
        assert [type(end) for end in ends if not isinstance(end, StillClaimed)] == [Claim]


@pytest.mark.parametrize("end", [LetterState.SENT, LetterState.FAILED, LetterState.UNCERTAIN])
async def test_once_settled_a_later_claim_learns_how_it_ended(store: Store, end: LetterState) -> None:
    await claim(store)
    await store.settle(NUMBER, KEY, end, reason="550 no such user")
    again = await claim(store)
    assert (again.state, again.reason, again.attempts) == (end, "550 no such user", 1)


async def test_a_letter_is_the_same_for_ever(store: Store) -> None:
    await claim(store, said="Hola")
    await store.settle(NUMBER, KEY, LetterState.DUE, reason="421 try later")
    again = await claim(store, said="Hola de nuevo")
    assert (again.state, again.attempts) == (LetterState.CLAIMED, 2)
    assert (again.text, again.subject, again.html) == ("Hola", f"[{NUMBER}] Hola", "<p>Hola</p>")
    assert again.reason == "421 try later"


async def test_a_claim_whose_lease_ran_out_has_an_unknown_end(store: Store) -> None:
    await claim(store, lease=OVER)
    assert await store.uncertain_count() == 1
    found = await claim(store)
    assert found.state is LetterState.UNCERTAIN
    assert await state(store) is LetterState.UNCERTAIN
    assert await store.uncertain_count() == 1


async def test_an_uncertain_letter_goes_out_again_only_when_the_policy_says_so(store: Store) -> None:
    await claim(store, lease=OVER)
    assert (await claim(store)).state is LetterState.UNCERTAIN
    resumed = await store.resume_uncertain(NUMBER, KEY, MINUTE)
    assert (resumed.state, resumed.attempts, resumed.message_id) == (LetterState.CLAIMED, 2, f"<{KEY}@example.org>")
    with pytest.raises(StillClaimed):
        await store.resume_uncertain(NUMBER, KEY, MINUTE)
    await store.settle(NUMBER, KEY, LetterState.SENT)
    [letter] = await store.letters(NUMBER)
    assert letter.state is LetterState.SENT
    assert letter.uncertain_at is not None  # it may have gone out twice, and is counted as such
    assert await store.uncertain_count() == 0


async def test_what_is_over_is_not_resumed(store: Store) -> None:
    await claim(store)
    await store.settle(NUMBER, KEY, LetterState.SENT)
    assert (await store.resume_uncertain(NUMBER, KEY, MINUTE)).state is LetterState.SENT
    with pytest.raises(UnknownLetter):
        await store.resume_uncertain(NUMBER, "1/other/customer", MINUTE)


@pytest.mark.parametrize(
    ("first", "then", "left"),
    [
        (LetterState.SENT, LetterState.FAILED, LetterState.SENT),  # accepted is the truth
        (LetterState.SENT, LetterState.DUE, LetterState.SENT),
        (LetterState.FAILED, LetterState.DUE, LetterState.FAILED),  # for good
        (LetterState.FAILED, LetterState.SENT, LetterState.SENT),  # a slow attempt was accepted after all
        (LetterState.UNCERTAIN, LetterState.SENT, LetterState.SENT),  # the answer came after its lease
        (LetterState.UNCERTAIN, LetterState.FAILED, LetterState.FAILED),
        (LetterState.UNCERTAIN, LetterState.DUE, LetterState.UNCERTAIN),  # only a resend forgets the doubt
        (LetterState.DUE, LetterState.SENT, LetterState.SENT),
    ],
)
async def test_what_is_over_stays_over(store: Store, first: LetterState, then: LetterState, left: LetterState) -> None:
    await claim(store)
    await store.settle(NUMBER, KEY, first)
    await store.settle(NUMBER, KEY, then)
    assert await state(store) is left


async def test_settling_twice_changes_nothing(store: Store) -> None:
    await claim(store)
    await store.settle(NUMBER, KEY, LetterState.SENT)
    before = await store.letter(NUMBER, KEY)
    await store.settle(NUMBER, KEY, LetterState.SENT, ago=timedelta(days=1), reason="again")
    assert await store.letter(NUMBER, KEY) == before


async def test_a_living_attempt_keeps_its_claim_for_as_long_as_it_lives(store: Store) -> None:
    claimed = await claim(store, lease=OVER)
    assert await store.renew(NUMBER, KEY, attempt=claimed.attempts, lease=MINUTE), "nobody had taken it up"
    with pytest.raises(StillClaimed) as still:
        await claim(store)
    assert MINUTE / 2 < still.value.left <= MINUTE
    await store.settle(NUMBER, KEY, LetterState.SENT)
    assert not await store.renew(NUMBER, KEY, attempt=claimed.attempts, lease=MINUTE), "it is over"


async def test_what_another_attempt_has_taken_up_is_not_renewed(store: Store) -> None:
    slow = await claim(store, lease=OVER)
    assert (await claim(store)).state is LetterState.UNCERTAIN
    assert not await store.renew(NUMBER, KEY, attempt=slow.attempts, lease=MINUTE)
    resumed = await store.resume_uncertain(NUMBER, KEY, MINUTE)
    assert not await store.renew(NUMBER, KEY, attempt=slow.attempts, lease=MINUTE)
    assert await store.renew(NUMBER, KEY, attempt=resumed.attempts, lease=MINUTE)


async def test_a_letter_written_down_late_was_sent_when_it_was_accepted(store: Store) -> None:
    """While Postgres is away the end of a letter waits; its time is Postgres' own all the same."""
    await claim(store)
    await store.settle(NUMBER, KEY, LetterState.SENT, ago=timedelta(minutes=5))
    [letter] = await store.letters(NUMBER)
    assert letter.sent_at == letter.claimed_at, "not before it was claimed, whatever clock says so"


async def test_a_slow_attempt_does_not_release_what_another_is_sending(store: Store) -> None:
    slow = await claim(store, lease=OVER)
    await claim(store)
    await store.resume_uncertain(NUMBER, KEY, MINUTE)
    await store.settle(NUMBER, KEY, LetterState.DUE, attempt=slow.attempts)
    assert await state(store) is LetterState.CLAIMED
    await store.settle(NUMBER, KEY, LetterState.SENT, attempt=slow.attempts)  # but if it was accepted, it was
    assert await state(store) is LetterState.SENT


@pytest.mark.parametrize("wrong", [LetterState.CLAIMED, LetterState.SUPERSEDED])
async def test_only_ends_of_sending_are_settled(store: Store, wrong: LetterState) -> None:
    await claim(store)
    with pytest.raises(ValueError, match="not an end"):
        await store.settle(NUMBER, KEY, wrong)


async def test_a_letter_never_claimed_cannot_be_settled(store: Store) -> None:
    with pytest.raises(UnknownLetter):
        await store.settle(NUMBER, KEY, LetterState.SENT)


async def test_an_overtaken_letter_is_not_sent_any_more(store: Store) -> None:
    await claim(store, "released")
    await store.settle(NUMBER, "released", LetterState.DUE)
    await store.supersede(NUMBER, ["released", "never-claimed", "never-claimed"])
    await store.supersede(NUMBER, ["released", "never-claimed"])
    for key in ("released", "never-claimed"):
        late = await claim(store, key)
        assert (late.state, late.message_id) == (LetterState.SUPERSEDED, f"<{key}@example.org>")
    assert [letter.key for letter in await store.letters(NUMBER)] == ["released"]  # the other was never written


async def test_what_somebody_began_to_send_is_not_called_overtaken(store: Store) -> None:
    await claim(store, "claimed")
    await claim(store, "sent")
    await store.settle(NUMBER, "sent", LetterState.SENT)
    await claim(store, "unknown", lease=OVER)
    await store.supersede(NUMBER, ["claimed", "sent", "unknown"])
    assert await state(store, "claimed") is LetterState.CLAIMED
    assert await state(store, "sent") is LetterState.SENT
    assert await store.uncertain_count() == 1


async def test_two_letters_never_share_a_message_id(store: Store) -> None:
    await claim(store)
    with pytest.raises(MessageIdTaken):
        await store.claim(
            an_order(NUMBER, "1/update/1/customer"),
            message_id=f"<{KEY}@example.org>",
            to_address="rosa@example.org",
            subject="",
            text="",
            html="",
            lease=MINUTE,
        )


async def test_a_letter_is_found_by_its_message_id(store: Store) -> None:
    await claim(store)
    found = await store.letter_by_message_id(f"<{KEY}@example.org>")
    assert found
    assert (found.number, found.key, found.kind, found.occasion_at) == (NUMBER, KEY, "acknowledgement", MONDAY)
    assert await store.letter_by_message_id("<unknown@example.org>") is None
    assert await store.letter_by_message_id("<nul\x00@example.org>") is None


async def test_letters_are_told_oldest_first_and_the_limit_keeps_the_newest(store: Store) -> None:
    for day in (2, 0, 1):
        order = an_order(NUMBER, f"1/update/{day}/customer", at=MONDAY + days(day))
        await store.claim(order, message_id=f"<{day}@x>", to_address="a@x", subject="", text="", html="", lease=MINUTE)
    assert [letter.message_id for letter in await store.letters(NUMBER)] == ["<0@x>", "<1@x>", "<2@x>"]
    assert [letter.message_id for letter in await store.letters(limit=2)] == ["<1@x>", "<2@x>"]
    assert await store.letters("Q-0000-00000") == []


async def test_a_letter_that_postgres_cannot_hold_is_refused_before(store: Store) -> None:
    with pytest.raises(Unkeepable, match="text"):
        await claim(store, said="a\x00b")
    assert await store.letters(NUMBER) == []


async def test_the_key_of_message_ids_is_made_once_whoever_needs_it_first(fresh_database: str) -> None:
    stores = [await Store.connect(fresh_database) for _ in range(4)]
    keys = await asyncio.gather(*(store.letters_secret() for store in stores))
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 32
    for store in stores:
        await store.close()
