"""The case as a whole: how it begins (§3), what it keeps, what strangers cannot do to it."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from complaints.rules.case import MOST_JUNK, Case
from complaints.rules.facts import FACTS, Noted
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.refusals import NotNow
from complaints.rules.stages import Effect
from complaints.rules.status import record_of, status_of, timeline_of
from tests.casebook import ROSA, WEDNESDAY, Tale, a_complaint, lima

RULES = rules_in_force(Policy(), lima(WEDNESDAY).date())


def opened(now: str = WEDNESDAY, **said: Any) -> Case:
    return Case.opened(a_complaint(**said), number="Q-1", rules=RULES, now=lima(now))


# -- receipt ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_at", "now", "counts"),
    [
        (lima("2026-07-22 08:00"), "2026-07-22 09:00", "2026-07-22 08:00"),  # the mail server had it before us
        (lima("2026-07-23 08:00"), "2026-07-22 09:00", "2026-07-22 09:00"),  # a future receipt is now
        (None, "2026-07-22 09:00", "2026-07-22 09:00"),
    ],
)
def test_it_was_received_when_the_server_took_it_and_never_in_the_future(
    received_at: Any, now: str, counts: str
) -> None:
    assert opened(now, received_at=received_at).received_at == lima(counts)


def test_a_problem_dated_in_the_future_is_no_reason_to_refuse_it_is_asked_for() -> None:
    case = opened(problem={"description": "Mal servicio", "occurred_on": "2026-07-23"})
    assert case.received.problem.occurred_on is None
    assert case.missing == ("occurred_on",)
    assert case.rows[0].data["received"]["problem"]["occurred_on"] == "2026-07-23", "what they wrote is kept"


def test_today_in_lima_is_no_future_though_it_is_yesterday_in_utc() -> None:
    case = opened("2026-07-22 23:30", received_at=None, problem={"description": "x", "occurred_on": "2026-07-22"})
    assert case.missing == ()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ()),
        ({"product": None}, ("product",)),
        ({"customer": {**ROSA, "document": None}}, ("identification",)),
        ({"problem": {"description": "x"}, "product": " "}, ("occurred_on", "product")),
    ],
)
def test_missing_details_are_asked_for_never_refused(changes: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert opened(**changes).missing == missing


# -- ids and junk ----------------------------------------------------------------------------------------------------


def test_an_event_id_is_applied_once() -> None:
    tale = Tale.begins()
    tale.says("noted", text="Uno", event_id="e1")
    rows = len(tale.case.rows)
    assert tale.says("noted", text="Uno", event_id="e1", by="otro") is Effect.IGNORED
    assert len(tale.case.rows) == rows
    assert tale.says("noted", text="Otro", event_id="e1") is Effect.IGNORED
    assert [row.what for row in tale.case.rows[rows:]] == ["ignored"]  # whoever sent it can see that it was not taken
    tale.case.expect(Noted(text="Uno", event_id="e1"))  # a repeated request is not refused: it is done
    with pytest.raises(NotNow, match="something else was sent under this id already"):
        tale.case.expect(Noted(text="Otro", event_id="e1"))


def test_an_ignored_fact_does_not_use_up_its_event_id() -> None:
    tale = Tale.begins()
    tale.says("survey-answered", score=5, event_id="e1")
    tale.says("resolved", text="Se repone.")
    assert tale.says("survey-answered", score=5, event_id="e1") is Effect.APPLIES


def test_junk_beyond_the_first_hundred_is_only_counted() -> None:
    tale = Tale.begins()
    rows = len(tale.case.rows)
    for _ in range(MOST_JUNK + 50):
        tale.case.ignore("x" * 500, "y" * 5_000, by=None)
    assert len(tale.case.rows) == rows + MOST_JUNK
    assert status_of(tale.case).ignored == MOST_JUNK + 50
    assert len(tale.case.rows[-1].data["fact"]) == 100
    assert len(tale.case.rows[-1].data["reason"]) == 1_000


def test_a_fact_is_never_told_before_what_is_told_already_nor_in_the_future() -> None:
    tale = Tale.begins()
    tale.says("assessed", on="2026-07-24 10:00")
    tale.says("noted", text="Antes", at=lima("2026-07-22 12:00"))
    tale.says("noted", text="Después", at=lima("2027-01-01 12:00"))
    notes = [row for row in tale.case.rows if row.what == "noted"]
    assert [row.at for row in notes] == [lima("2026-07-24 10:00")] * 2
    assert notes[0].data["said_at"] == "2026-07-22T17:00:00+00:00", "what they claimed is kept"


# -- what it keeps ---------------------------------------------------------------------------------------------------


def test_who_did_it_and_through_what_is_in_every_row() -> None:
    tale = Tale.begins()
    tale.says("assigned", by="ana", via="desk", department="academic")
    row = next(row for row in tale.case.rows if row.what == "assigned")
    assert (row.by, row.via, row.data) == ("ana", "desk", {"effect": "implies", "department": "academic"})


def test_it_is_the_same_after_a_journey_through_json() -> None:
    tale = Tale.begins().until("2026-08-12 10:00")
    tale.says("resolved", text="Se repone.")
    assert Case.model_validate_json(tale.case.model_dump_json()) == tale.case


def test_the_timeline_does_not_repeat_the_complaint_itself() -> None:
    first = timeline_of(opened())[0]
    assert (first.what, first.data) == ("received", {})


def test_its_record_has_what_postgres_keeps_and_its_last_row() -> None:
    tale = Tale.begins()
    tale.says("assigned", department="academic")
    record = record_of(tale.case)
    assert (record.stage, record.department, record.seq) == ("investigation", "academic", len(tale.case.rows))
    assert (record.due_name, record.due) == ("investigation", lima("2026-08-03 18:00"))


def test_what_is_late_keeps_its_date() -> None:
    status = status_of(Tale.begins().until("2026-07-30 09:00").case)
    assert (status.due_name, status.due) == ("assessment", lima("2026-07-27 18:00"))
    assert status.late_for == ("assessment",)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rounds": []}, "rounds"),
        ({"level": 3}, "level"),
        ({"level": -1}, "level"),
        ({"as_of": "0001-01-01T00:00:00Z"}, "as_of"),
        ({"received_at": "9999-12-31T23:59:59Z"}, "received_at"),
    ],
)
def test_a_carried_case_that_does_not_hold_together_is_refused(change: dict[str, Any], field: str) -> None:
    """A stranger may start a run with it; it must fail there, not freeze."""
    carried = opened().model_dump(mode="json") | change
    with pytest.raises(ValidationError, match=field):
        Case.model_validate(carried)


def test_rows_with_a_gap_are_no_journal() -> None:
    carried = opened().model_dump(mode="json")
    carried["rows"][0]["seq"] = 2
    with pytest.raises(ValidationError, match="rows: must be numbered from 1 without a gap"):
        Case.model_validate(carried)


def test_two_years_of_silence_are_settled_in_a_moment() -> None:
    """A worker that was away for so long must not stumble over Temporal's two seconds a task."""
    case = opened()
    strikes = 0
    while (clock := case.next_clock) is not None and clock.due <= case.received_at + timedelta(days=731):
        case.let_pass(clock)
        strikes += 1
    assert strikes < 300


def test_every_fact_has_a_bare_form_or_says_what_it_needs() -> None:
    needs = {}
    for name, fact in FACTS.items():
        try:
            fact.model_validate({})
        except ValidationError as error:
            needs[name] = [problem["loc"][0] for problem in error.errors()]
    assert needs == {
        "noted": ["text"], "involved": ["whom", "question"], "date-promised": ["date"], "called": ["reached"],
        "letter-bounced": ["key"], "feedback-given": ["text"], "survey-answered": ["score"],
        "closed-by-decision": ["reason"], "rules-changed": ["rules"], "reading-rejected": ["field"],
        "resolution-corrected": ["text"], "replied": ["text"], "act-held": ["act"],
    }  # fmt: skip
