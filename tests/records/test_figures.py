"""What a monitoring system is told: counted as the board and the ledger count, without a word of anybody."""

from datetime import timedelta
from typing import Any

from complaints.records.figures import STRUCK_WITHIN
from complaints.records.store import Store
from complaints.rules.letters import LetterState
from tests.records_examples import MONDAY, a_batch, a_call, a_record, an_order, days, hours

SOON = timedelta(minutes=1)


async def _letter(store: Store, key: str, lease: timedelta = SOON, end: LetterState | None = None) -> None:
    order = an_order("Q-1234-5678J", key, at=MONDAY)
    await store.claim(
        order, message_id=f"<{key}@example.org>", to_address="rosa@example.org", subject="Hola", text="Hola",
        html="<p>Hola</p>", lease=lease,
    )  # fmt: skip
    if end is not None:
        await store.settle(order.number, key, end)


async def test_an_empty_desk_has_nothing_to_count(store: Store) -> None:
    found = await store.figures(MONDAY)
    assert (found.open, found.closed, found.missed, found.letters_waiting, found.quarantined) == ({}, 0, 0, 0, 0)
    assert (found.unread_since, found.letters_waiting_since, found.quarantined_since) == (None, None, None)


async def test_open_complaints_are_counted_by_stage_and_by_what_is_wrong_with_them(store: Store) -> None:
    due = MONDAY + days(2)
    complaints: dict[str, dict[str, Any]] = {
        "calm": {},
        "late": {"late": True, "stage": "assignment"},
        "waiting": {"stage": "investigation", "department": "tech", "unread": 2, "unread_since": MONDAY + hours(5)},
        "closed": {"stage": "closed", "closed_at": due, "outcome": "satisfied"},
    }
    for key, changes in complaints.items():
        await store.write(a_batch(a_record(f"mail:{key}", **changes), calls=(a_call(),) if key == "late" else ()))
    found = await store.figures(due + STRUCK_WITHIN)
    assert found.open == {"assessment": 1, "assignment": 1, "investigation": 1}
    assert (found.closed, found.late, found.unassigned, found.missed) == (1, 1, 2, 0)
    assert (found.unread, found.unread_since) == (1, MONDAY + hours(5))
    assert (found.calls, found.calls_overdue) == (1, 1)
    # The calm one and the one under investigation should have been told late by now: no clock strikes.
    assert (await store.figures(due + STRUCK_WITHIN + SOON)).missed == 2


async def test_a_letter_waits_until_its_end_is_known(store: Store) -> None:
    await _letter(store, "being-sent")
    await _letter(store, "to-be-tried-again", end=LetterState.DUE)
    await _letter(store, "its-worker-died", lease=timedelta(0))
    await _letter(store, "answer-lost", end=LetterState.UNCERTAIN)
    for key, end in (("sent", LetterState.SENT), ("failed", LetterState.FAILED)):
        await _letter(store, key, end=end)
    found = await store.figures(MONDAY)
    assert (found.letters_waiting, found.letters_waiting_since, found.letters_uncertain) == (2, MONDAY, 2)
