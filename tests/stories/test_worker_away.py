"""A worker that is away for days: what was due before stands, what was said in time counts, nothing comes twice."""

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from complaints.rules.requests import Carried
from complaints.rules.retelling import told_again
from tests.story import QUIET, Story, lima
from tests.waiting import comes
from workflows import names

ONE_DEADLINE: dict[str, Any] = QUIET | {"windows": {"assessment": 5, "warn_before": 0}}
"""The first thing due is the assessment and the escalation, both at the close of the fifth business day."""


async def away_until(story: Story, at: str) -> None:
    """Nobody works until then. The engine skips to the case's next timer; from there its clock waits for a worker."""
    await story.worker_stops()
    skipping = asyncio.create_task(story.until(at))

    async def is_come() -> bool:
        return await story.now() >= lima(at)

    await comes(is_come, f"{at} on the server's clock")
    skipping.cancel()
    await asyncio.gather(skipping, return_exceptions=True)


async def test_resolved_on_the_seventh_day_of_an_outage_the_breach_and_the_escalation_before_it_stand(
    story: Story,
) -> None:
    await story.complaint_arrives("2026-08-10 09:00", policy=ONE_DEADLINE)
    await story.all_is_told()
    await away_until(story, "2026-08-17 18:00")
    await story.says("resolved", text="Se devuelve el pago.")  # the engine hands it over before the timer
    await story.worker_starts()
    await story.comes_true(lambda status: status.stage == "confirmation")
    await story.all_is_told()
    assert await story.happened("late", "escalated", "resolved") == [
        "2026-08-17 18:00 late/assessment",
        "2026-08-17 18:00 escalated",
        "2026-08-17 18:00 resolved",
    ]
    assert (await story.status()).level == 1


async def lost_and_started_again(story: Story, at: str) -> None:
    """The run is lost; days later it is started again from the journal, as `doctor` does it, before anybody works."""
    await story.worker_stops()
    await story.handle.terminate("lost")
    case = told_again(story.number, await story.store.journal(story.number))
    await story.client.start_workflow(
        names.COMPLAINT,
        Carried(carried=case, clock_offset=story.offset_for(at)),
        id=story.number,
        task_queue=story.settings.task_queue,
    )


@pytest.mark.parametrize(
    ("said_at", "expected"),
    [
        (
            "2026-08-04 10:00",  # in time, on the seventh day of the outage: what was due later did not happen
            ["2026-07-27 18:00 late/assessment", "2026-08-03 18:00 escalated", "2026-08-04 10:00 resolved"],
        ),
        (
            None,  # nobody says when: it counts from when it arrives
            [
                "2026-07-27 18:00 late/assessment",
                "2026-08-03 18:00 escalated",
                "2026-08-11 18:00 escalated",
                "2026-08-12 09:00 resolved",
            ],
        ),
    ],
)
async def test_after_a_long_outage_each_thing_counts_at_its_own_time(
    story: Story, said_at: str | None, expected: list[str]
) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.all_is_told()
    await lost_and_started_again(story, "2026-08-12 09:00")
    at = {"at": lima(said_at).isoformat()} if said_at else {}
    await story.says("resolved", text="Se devuelve el pago.", **at)
    await story.worker_starts()
    await story.is_opened()
    await story.comes_true(lambda status: status.stage == "confirmation")
    await story.all_is_told()
    assert await story.happened("late", "escalated", "resolved") == expected
    assert len(set(story.sink.message_ids)) == len(story.sink.letters)
    assert (await story.kinds()).count("acknowledgement") == 1  # told before the outage, not again


async def test_facts_said_during_an_outage_count_in_their_order(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.all_is_told()
    await lost_and_started_again(story, "2026-08-12 09:00")
    for signal, at in (
        ("assigned", "2026-07-24 10:00"),
        ("resolved", "2026-07-30 10:00"),
        ("customer-dissatisfied", "2026-07-31 10:00"),
        ("resolved", "2026-08-05 10:00"),
    ):
        await story.says(signal, at=lima(at).isoformat(), text="Se devuelve el pago.")
    await story.worker_starts()
    await story.is_opened()
    await story.comes_true(lambda status: status.round == 2 and status.stage == "confirmation")
    assert await story.happened("assigned", "late", "escalated", "resolved", "customer-dissatisfied") == [
        "2026-07-24 10:00 assigned",
        "2026-07-30 10:00 resolved",
        "2026-07-31 10:00 customer-dissatisfied",
        "2026-07-31 10:00 escalated",
        "2026-08-05 10:00 resolved",
    ]


async def test_signals_that_come_before_the_first_worker_are_all_heard(story: Story) -> None:
    await story.worker_stops()
    await story.complaint_arrives("2026-07-22 09:00", opened=False)
    for signal in ("customer-satisfied", "nobody-knows-this", "resolved"):
        await story.says(signal)
    assert (await story.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await story.worker_starts()
    assert await story.outcome() == "satisfied"
    assert await story.why_ignored() == ["nobody-knows-this: no signal of this name"]


async def test_a_worker_that_is_replaced_in_the_middle_goes_on_where_the_other_stopped(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-25 12:00")
    await story.worker_stops()
    await story.says("assigned", department="academic")
    await story.worker_starts()
    await story.comes_true(lambda status: status.department == "academic")
    await story.until("2026-07-29 12:00")
    await story.all_is_told()
    assert await story.sent("update") == ["2026-07-25 09:00", "2026-07-28 09:00"]
    assert len(set(story.sink.message_ids)) == len(story.sink.letters)
