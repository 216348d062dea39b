"""The month's figures (§10): what happened in it, by the days of Lima, the same whenever they are asked for."""

from datetime import UTC, date, datetime
from typing import Any

from complaints.records.review import Escalations, MonthFigures
from complaints.records.store import Store
from complaints.rules.journal import Row
from tests.records_examples import a_batch, a_record, a_row, days, hours

LIMA = "America/Lima"
JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
RECEIVED = datetime(2026, 7, 20, 14, 0, tzinfo=UTC)


async def tell(store: Store, source_key: str, *story: tuple[float, str, dict[str, Any]], **state: Any) -> str:
    """Write a complaint received on 20 July with what happened so many days later; its number."""
    received_at = state.pop("received_at", RECEIVED)
    first = Row(seq=1, at=received_at, what="received")
    rows = [
        a_row(seq, what, at=received_at + days(day), **data) for seq, (day, what, data) in enumerate(story, start=2)
    ]
    record = a_record(source_key, seq=1 + len(rows), received_at=received_at, **state)
    await store.write(a_batch(record, first, *rows))
    return record.number


async def july(store: Store) -> MonthFigures:
    return await store.month(JULY, AUGUST, LIMA)


async def test_a_month_without_complaints_has_figures_too(store: Store) -> None:
    figures = await july(store)
    assert (figures.received, figures.open_at_end, figures.closed, figures.late, figures.escalations) == (
        0,
        0,
        {},
        {},
        (),
    )
    assert figures.median_hours_to_resolve is None
    assert (figures.satisfaction.answers, figures.satisfaction.average) == (0, None)


async def test_what_came_in_is_counted_by_channel_and_department(store: Store) -> None:
    await tell(store, "a", channel="email", department="academic")
    await tell(store, "b", channel="phone", department="academic")
    await tell(store, "c", channel="phone")
    figures = await july(store)
    assert figures.received == 3
    assert figures.by_channel == {"email": 1, "phone": 2}
    assert figures.by_department == {"academic": 2, "unassigned": 1}


async def test_the_month_has_the_days_of_lima(store: Store) -> None:
    await tell(store, "june", received_at=datetime(2026, 7, 1, 4, 59, 59, tzinfo=UTC))  # 23:59:59 on 30 June in Lima
    await tell(store, "first", received_at=datetime(2026, 7, 1, 5, tzinfo=UTC))
    await tell(store, "last", received_at=datetime(2026, 8, 1, 4, 59, 59, tzinfo=UTC))
    await tell(store, "august", received_at=datetime(2026, 8, 1, 5, tzinfo=UTC))
    assert (await july(store)).received == 2


async def test_ends_are_counted_by_outcome_and_decisions_are_named(store: Store) -> None:
    await tell(store, "a", (3, "closed", {"outcome": "satisfied"}))
    await tell(store, "b", (4, "closed", {"outcome": "satisfied"}))
    decided = await tell(store, "c", (5, "closed", {"outcome": "decision"}))
    await tell(store, "d", (20, "closed", {"outcome": "satisfied"}))  # on 9 August
    figures = await july(store)
    assert figures.closed == {"satisfied": 2, "decision": 1}
    assert figures.by_decision == (decided,)
    assert figures.open_at_end == 1


async def test_what_is_open_at_the_end_is_told_as_of_then(store: Store) -> None:
    await tell(store, "still open")
    await tell(store, "closed later", (20, "closed", {"outcome": "satisfied"}))
    await tell(store, "reopened in time", (2, "closed", {"outcome": "satisfied"}), (4, "reopened", {}))
    await tell(store, "reopened later", (2, "closed", {"outcome": "satisfied"}), (20, "reopened", {}))
    await tell(store, "not yet received", received_at=RECEIVED + days(20))
    assert (await july(store)).open_at_end == 3
    assert (await store.month(AUGUST, SEPTEMBER, LIMA)).open_at_end == 4


async def test_lateness_and_escalations_are_counted_by_what_they_are(store: Store) -> None:
    await tell(
        store,
        "a",
        (2, "late/assessment", {}),
        (5, "escalated", {"level": 1, "reason": "time", "on_schedule": False}),
        (6, "late/investigation", {}),
        (12, "escalated", {"level": 2, "reason": "time", "on_schedule": True}),  # on 1 August: not this month
    )
    await tell(
        store, "b", (1, "late/assessment", {}), (5, "escalated", {"level": 1, "reason": "time", "on_schedule": True})
    )
    await tell(store, "c", (3, "escalated", {"level": 1, "reason": "dissatisfied", "on_schedule": True}))
    figures = await july(store)
    assert figures.late == {"assessment": 2, "investigation": 1}
    assert figures.escalations == (
        Escalations(level=1, reason="dissatisfied", cases=1, on_schedule=1),
        Escalations(level=1, reason="time", cases=2, on_schedule=1),
    )


async def test_medians_are_over_what_was_reached_in_the_month(store: Store) -> None:
    for source_key, took in (("a", 1), ("b", 2), ("c", 9)):
        await tell(
            store, source_key, (took / 24, "acknowledged", {}), (took, "assessed", {}), (took + 1, "resolved", {}),
            (took + 2, "resolved", {}),
        )  # fmt: skip
    await tell(store, "late", (20, "resolved", {}))  # on 9 August
    figures = await july(store)
    assert figures.median_hours_to_acknowledge == 2
    assert figures.median_hours_to_assess == 48
    assert figures.median_hours_to_resolve == 72  # the first resolution counts


async def test_a_later_fact_implies_the_assessment(store: Store) -> None:
    await tell(store, "a", (1, "assigned", {}), (2, "assessed", {}))
    await tell(store, "b", (3, "resolved", {}))
    assert (await july(store)).median_hours_to_assess == 48


async def test_survey_answers_count_also_when_they_come_after_the_end(store: Store) -> None:
    number = await tell(store, "a", (3, "survey-answered", {"score": 5}))
    await store.add_afterword(number, event_id="1", at=RECEIVED + days(5), what="survey-answered", data={"score": 2})
    await store.add_afterword(number, event_id="2", at=RECEIVED + days(25), what="survey-answered", data={"score": 1})
    await store.add_afterword(
        number, event_id="3", at=RECEIVED + days(5), what="survey-answered", data={"score": "many"}
    )
    satisfaction = (await july(store)).satisfaction
    assert (satisfaction.answers, satisfaction.average, satisfaction.scores) == (2, 3.5, {2: 1, 5: 1})


async def test_what_was_no_complaint_is_in_no_figure_but_listed(store: Store) -> None:
    dismissed = await tell(
        store,
        "spam",
        (1, "late/assessment", {}),
        (2, "closed", {"outcome": "not-a-complaint"}),
        outcome="not-a-complaint",
        closed_at=RECEIVED + days(2),
    )
    await store.add_afterword(dismissed, event_id="1", at=RECEIVED, what="survey-answered", data={"score": 1})
    figures = await july(store)
    assert figures.dismissed == (dismissed,)
    empty = MonthFigures.model_validate(figures.model_dump() | {"dismissed": ()})
    of_nothing = await store.month(date(2026, 1, 1), date(2026, 2, 1), LIMA)
    assert empty.model_dump(exclude={"first", "after"}) == of_nothing.model_dump(exclude={"first", "after"})


async def test_who_never_confirmed_is_named_until_something_is_heard(store: Store) -> None:
    silent = await tell(store, "silent", (2, "resolved", {}), (9, "reminded", {}), (10, "unconfirmed", {}))
    await tell(store, "closed", (2, "resolved", {}), (8, "unconfirmed", {}), (9, "closed", {"outcome": "satisfied"}))
    await tell(store, "disputed", (2, "resolved", {}), (8, "unconfirmed", {}), (9, "customer-dissatisfied", {}))
    await tell(store, "resolved again", (2, "resolved", {}), (8, "unconfirmed", {}), (9, "resolved", {}))
    await tell(store, "just resolved", (10, "resolved", {}))
    await tell(store, "later", (2, "resolved", {}), (20, "unconfirmed", {}))
    assert (await july(store)).unconfirmed == (silent,)


async def test_the_figures_are_the_same_whenever_they_are_asked_for(store: Store) -> None:
    await tell(store, "a", (3, "resolved", {}), (4, "closed", {"outcome": "satisfied"}))
    before = await july(store)
    await tell(store, "b", received_at=RECEIVED + days(30))
    changed = a_record("a", seq=4, stage="investigation", received_at=RECEIVED)
    await store.write(a_batch(changed, a_row(4, "reopened", at=RECEIVED + days(20) + hours(1))))
    assert await july(store) == before
