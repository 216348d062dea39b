"""The review records (§10): opened once, every closed complaint listed, ticked, carried over, signed off."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from complaints.records.errors import DatabaseRefused, ReviewRefused, StatementRefused
from complaints.records.store import Store
from complaints.rules.report.review import Month
from complaints.rules.report.review_record import NewAction, NewFinding, ReviewRecord, Signed
from complaints.words.catalogue import catalogue
from tests.records_examples import a_batch, a_record, a_row, days

JULY, AUGUST, SEPTEMBER = (Month(first=date(2026, month, 1)) for month in (7, 8, 9))
RECEIVED = datetime(2026, 7, 20, 14, 0, tzinfo=UTC)
OPENING = datetime(2026, 8, 3, 13, 0, tzinfo=UTC)
ANA = Signed(by="Ana Torres", via="desk", at=OPENING + days(1))
LUIS = Signed(by="Luis Prado", via="cli", at=OPENING + days(2))
TRAINING = NewAction(kind="training", words="Repasar el plazo de §5.1.", owner="care_team", due=date(2026, 8, 20))


async def closes(store: Store, source_key: str, *, after: float = 3, outcome: str = "satisfied", **state: Any) -> str:
    """A complaint of 20 July that closed so many days later; its number."""
    closed_at = RECEIVED + days(after)
    record = a_record(
        source_key, seq=2, stage="closed", outcome=outcome, closed_at=closed_at, received_at=RECEIVED, **state
    )
    rows = (a_row(1, at=RECEIVED), a_row(2, "closed", at=closed_at, outcome=outcome))
    await store.write(a_batch(record, *rows))
    return record.number


async def seen(store: Store, month: str) -> ReviewRecord:
    record = await store.review(month)
    assert record is not None
    return record


async def test_it_lists_every_complaint_closed_in_the_month_whatever_its_end(store: Store) -> None:
    satisfied = await closes(store, "a")
    dismissed = await closes(store, "b", outcome="not-a-complaint")
    await closes(store, "c", after=20)  # 9 August
    await store.write(a_batch(a_record("open", received_at=RECEIVED), a_row(1, at=RECEIVED)))
    opened = await store.open_review(JULY, at=OPENING)
    assert (opened.cases, opened.carried, opened.actions_open) == (2, 0, 0)
    listed = {case.number: case.outcome for case in (await seen(store, "2026-07")).cases}
    assert listed == {satisfied: "satisfied", dismissed: "not-a-complaint"}


async def test_opening_it_again_adds_what_was_written_late_and_nothing_twice(store: Store) -> None:
    await closes(store, "a")
    assert (await store.open_review(JULY, at=OPENING)).cases == 1
    await closes(store, "b")
    again = await asyncio.gather(*(store.open_review(JULY, at=OPENING + days(1)) for _ in range(3)))
    assert {opened.cases for opened in again} == {2}
    record = await seen(store, "2026-07")
    assert record.summary.opened_at == OPENING
    assert [act.what for act in record.acts] == ["opened"]


async def test_what_needs_a_look_most_stands_first_and_what_was_ticked_last(store: Store) -> None:
    smooth = await closes(store, "smooth")
    escalated = await closes(store, "escalated", level=2)
    disliked = await closes(store, "disliked", after=4)
    await store.add_afterword(disliked, event_id="1", at=RECEIVED + days(5), what="survey-answered", data={"score": 1})
    ticked = await closes(store, "ticked", level=2)
    await store.open_review(JULY, at=OPENING)
    await store.tick("2026-07", [ticked], ANA)
    cases = (await seen(store, "2026-07")).cases
    assert [case.number for case in cases] == [escalated, disliked, smooth, ticked]
    assert [case.score for case in cases] == [None, 1, None, None]


async def test_the_first_tick_stays_whoever_comes_second(store: Store) -> None:
    number = await closes(store, "a")
    await store.open_review(JULY, at=OPENING)
    ticks = await asyncio.gather(*(store.tick("2026-07", [number], who) for who in (ANA, LUIS)))
    assert sorted(map(len, ticks)) == [0, 1]
    record = await seen(store, "2026-07")
    [case] = record.cases
    assert case.ticked_by == (ANA.by if ticks[0] else LUIS.by)
    assert [act.what for act in record.acts] == ["ticked", "opened"]


async def test_a_tick_can_be_taken_back_and_both_are_signed(store: Store) -> None:
    number = await closes(store, "a")
    await store.open_review(JULY, at=OPENING)
    await store.tick("2026-07", [number], ANA)
    await store.untick("2026-07", number, LUIS)
    await store.untick("2026-07", number, LUIS)
    record = await seen(store, "2026-07")
    assert record.summary.waiting == 1
    assert [(act.what, act.by, act.via) for act in record.acts[:2]] == [
        ("unticked", "Luis Prado", "cli"),
        ("ticked", "Ana Torres", "desk"),
    ]


async def test_a_number_that_is_not_listed_ticks_nothing(store: Store) -> None:
    number = await closes(store, "a")
    await store.open_review(JULY, at=OPENING)
    with pytest.raises(ReviewRefused, match="does not list Q-0000-00000: nothing was ticked"):
        await store.tick("2026-07", [number, "Q-0000-00000"], ANA)
    assert (await seen(store, "2026-07")).summary.ticked == 0


async def test_what_nobody_ticked_goes_on_into_the_next_review_and_remembers_its_month(store: Store) -> None:
    looked_at, left = await closes(store, "a"), await closes(store, "b")
    await store.open_review(JULY, at=OPENING)
    await store.tick("2026-07", [looked_at], ANA)
    assert (await store.open_review(AUGUST, at=OPENING + days(29))).carried == 1
    july = await seen(store, "2026-07")
    assert {case.number: case.carried_to for case in july.cases} == {looked_at: None, left: "2026-08"}
    assert july.summary.waiting == 0
    assert await store.tick("2026-07", [left], ANA) == []  # it is August's now
    assert (await store.open_review(SEPTEMBER, at=OPENING + days(59))).carried == 1
    [case] = (await seen(store, "2026-09")).cases
    assert (case.number, case.carried_from) == (left, "2026-07")


async def test_one_that_was_left_over_and_closed_again_is_listed_once(store: Store) -> None:
    number = await closes(store, "a")
    await store.open_review(JULY, at=OPENING)
    again = RECEIVED + days(25)
    record = a_record("a", seq=3, stage="closed", outcome="decision", closed_at=again, received_at=RECEIVED)
    await store.write(a_batch(record, a_row(3, "closed", at=again, outcome="decision")))
    opened = await store.open_review(AUGUST, at=OPENING + days(29))
    assert (opened.cases, opened.carried) == (1, 1)
    [case] = (await seen(store, "2026-08")).cases
    assert (case.number, case.outcome, case.carried_from) == (number, "decision", "2026-07")


async def test_findings_and_actions_are_kept_once_with_who_and_when(store: Store) -> None:
    number = await closes(store, "a")
    await store.open_review(JULY, at=OPENING)
    finding = NewFinding(words="Nadie llamó el sábado.", number=number)
    for _ in range(2):
        await store.note("2026-07", finding, ANA, event_id="desk/1")
        await store.plan("2026-07", TRAINING, LUIS, event_id="desk/2")
    record = await seen(store, "2026-07")
    assert [(one.finding, one.number, one.words, one.by) for one in record.findings] == [
        (1, number, "Nadie llamó el sábado.", "Ana Torres")
    ]
    assert [(one.action, one.kind, one.owner, one.due, one.by) for one in record.actions] == [
        (1, "training", "care_team", date(2026, 8, 20), "Luis Prado")
    ]
    with pytest.raises(ReviewRefused, match="There is no complaint Q-0000-00000"):
        await store.note("2026-07", NewFinding(words="x", number="Q-0000-00000"), ANA, event_id="desk/3")


async def test_other_words_under_the_same_id_are_refused_and_not_lost_in_silence(store: Store) -> None:
    await store.open_review(JULY, at=OPENING)
    await store.note("2026-07", NewFinding(words="Nadie llamó."), ANA, event_id="desk/1")
    await store.plan("2026-07", TRAINING, ANA, event_id="desk/2")
    with pytest.raises(ReviewRefused, match="What you typed now is not"):
        await store.note("2026-07", NewFinding(words="Nadie escribió."), ANA, event_id="desk/1")
    with pytest.raises(ReviewRefused, match="What you typed now is not"):
        await store.plan("2026-07", TRAINING.model_copy(update={"due": date(2026, 8, 21)}), ANA, event_id="desk/2")
    record = await seen(store, "2026-07")
    assert (len(record.findings), len(record.actions)) == (1, 1)


async def test_open_actions_are_followed_up_in_the_next_review_until_they_are_done(store: Store) -> None:
    await store.open_review(JULY, at=OPENING)
    await store.plan("2026-07", TRAINING, ANA, event_id="1")
    await store.sign_off("2026-07", ANA, carrying=0)
    assert (await store.open_review(AUGUST, at=OPENING + days(29))).actions_open == 1
    assert [one.action for one in await store.actions_due(date(2026, 8, 20))] == [1]
    assert await store.actions_due(date(2026, 8, 19)) == []
    await store.move("2026-07", 1, date(2026, 9, 10), LUIS)
    assert await store.actions_due(date(2026, 9, 9)) == []
    in_september = LUIS.model_copy(update={"at": OPENING + days(35)})
    await store.finish("2026-07", 1, "Taller dado a nueve personas.", in_september)
    with pytest.raises(ReviewRefused, match="Luis Prado declared action 1 of 2026-07 done already"):
        await store.finish("2026-07", 1, "Otra vez.", ANA)
    [followed] = (await seen(store, "2026-08")).earlier  # done since it was opened: still shown, with its result
    assert (followed.result, followed.done_by) == ("Taller dado a nueve personas.", "Luis Prado")
    await store.open_review(SEPTEMBER, at=OPENING + days(59))
    assert (await seen(store, "2026-09")).earlier == ()
    moved = next(act for act in (await seen(store, "2026-07")).acts if act.what == "moved")
    assert moved.data == {"action": 1, "was": "2026-08-20", "due": "2026-09-10"}


async def test_it_is_signed_off_only_by_who_knows_what_is_left(store: Store) -> None:
    numbers = [await closes(store, key) for key in "abc"]
    await store.open_review(JULY, at=OPENING)
    await store.tick("2026-07", numbers[:1], ANA)
    with pytest.raises(ReviewRefused, match="Not ticked in review 2026-07: 2, not 0"):
        await store.sign_off("2026-07", LUIS, carrying=0)
    await store.sign_off("2026-07", LUIS, carrying=2)
    summary = (await seen(store, "2026-07")).summary
    assert (summary.signed_off_by, summary.signed_off_at) == ("Luis Prado", LUIS.at)
    for late in (
        store.tick("2026-07", numbers, ANA),
        store.untick("2026-07", numbers[0], ANA),
        store.note("2026-07", NewFinding(words="x"), ANA, event_id="1"),
        store.plan("2026-07", TRAINING, ANA, event_id="2"),
        store.sign_off("2026-07", ANA, carrying=2),
    ):
        with pytest.raises(ReviewRefused, match="signed off: nothing in it changes"):
            await late
    await closes(store, "written late")
    assert (await store.open_review(JULY, at=OPENING + days(9))).cases == 3
    assert (await store.open_review(AUGUST, at=OPENING + days(29))).carried == 2


async def test_a_month_that_nobody_opened_says_so_in_both_languages(store: Store) -> None:
    assert await store.review("2026-07") is None
    with pytest.raises(ReviewRefused) as refused:
        await store.tick("2026-07", [], ANA)
    assert catalogue("es").say(refused.value.message).startswith("No se ha abierto ninguna revisión de 2026-07")


async def test_the_list_of_all_reviews_counts_what_is_left(store: Store) -> None:
    numbers = [await closes(store, key) for key in "ab"]
    await store.open_review(JULY, at=OPENING)
    await store.open_review(AUGUST, at=OPENING + days(29))
    await store.tick("2026-08", numbers[:1], ANA)
    assert [(one.month, one.cases, one.ticked, one.carried, one.waiting) for one in await store.reviews()] == [
        ("2026-08", 2, 1, 0, 1),
        ("2026-07", 2, 0, 2, 0),
    ]


async def test_what_was_done_in_a_review_cannot_be_rewritten(store: Store) -> None:
    await store.open_review(JULY, at=OPENING)
    with pytest.raises((StatementRefused, DatabaseRefused)):
        async with store.connection() as connection:
            await connection.execute("UPDATE review_acts SET by = 'somebody else'")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"kind": "other"}, "kind"),
        ({"words": "x" * 5000}, "words"),
        ({"due": "soon"}, "due"),
    ],
)
def test_an_action_that_says_nothing_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        NewAction.model_validate(TRAINING.model_dump() | changes)
    assert [problem["loc"] for problem in error.value.errors()] == [(field,)]
