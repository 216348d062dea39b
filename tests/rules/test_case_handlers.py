"""The message handlers of a running complaint, without a server: what strangers send and start never freezes a case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from complaints.rules.case import Case
from complaints.rules.received import ComplaintReceived
from complaints.rules.requests import Carried
from tests.casebook import WEDNESDAY, Tale, a_complaint, lima, shown
from workflows.handlers import LONGEST_QUEUE, NOT_NOW, Handlers
from workflows.opening import carried_or_received, rules_request


class OneCase(Handlers):
    """Handlers with a clock of our own."""

    at: datetime = lima(WEDNESDAY)

    def now(self) -> datetime:
        return self.at


def a_hall(at: str = WEDNESDAY) -> tuple[OneCase, Case]:
    hall = OneCase()
    hall.case = Tale.begins().case
    hall.at = lima(at)
    return hall, hall.case


def last(case: Case) -> tuple[str, str, Any]:
    row = case.rows[-1]
    return shown(row.at), row.what, row.data.get("reason")


# -- signals ---------------------------------------------------------------------------------------------------------


def test_what_was_done_in_time_stays_in_time_though_it_is_heard_late() -> None:
    hall, case = a_hall("2026-08-10 09:00")  # the worker was away
    hall.hear("resolved", ({"text": "Se repone.", "by": "ana", "at": lima("2026-07-24 10:00").isoformat()},))
    assert last(case)[:2] == ("2026-07-24 10:00", "resolved")
    case.settle(hall.at)
    assert not {"late/assessment", "late/legal", "escalated"} & {row.what for row in case.rows}


def test_a_bare_signal_is_of_the_time_when_it_is_heard_and_what_passed_before_stands() -> None:
    hall, case = a_hall("2026-08-10 09:00")
    hall.hear("resolved", ())
    assert [row.what for row in case.rows if row.what in ("late/assessment", "escalated", "resolved")] == [
        "late/assessment", "escalated", "resolved"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("no-such-signal", ({},), "no signal of this name"),
        ("x" * 5_000, (), "no signal of this name"),
        ("assessed", ("just a text",), "Input should be a valid dictionary or instance of Assessed"),
        ("assessed", ({"at": "2026-07-22T09:00:00"},), "at: names no time zone: write it as 2026-07-22T09:00-05:00"),
        ("assessed", ({"at": "0001-01-01T00:00:00+23:59"},), "at: lies outside the years 2000 to 2200"),
        ("assessed", ({"note": "x" * 1_000_000},), "note: String should have at most 100000 characters"),
        ("noted", ({"text": "a\x00b"},), "text: holds the control character U+0000, which cannot be kept: take it out"),
        ("noted", ({},), "text: Field required"),
        ("survey-answered", ({"score": 5},), "the survey comes with the closing (§8)"),
    ],
)
def test_what_cannot_apply_is_journalled_with_the_reason(name: str, payload: tuple[Any, ...], reason: str) -> None:
    hall, case = a_hall("2026-07-24 09:00")
    hall.hear(name, payload)
    assert last(case) == ("2026-07-24 09:00", "ignored", reason)


def test_arguments_too_many_are_no_reason() -> None:
    hall, case = a_hall()
    hall.hear("assessed", ({"category": "docencia"}, 2, "three"))
    assert case.category == "docencia"


def test_what_comes_while_it_is_being_opened_is_heard_then_and_not_without_end() -> None:
    hall = OneCase()
    for number in range(LONGEST_QUEUE + 100):
        hall.hear("noted", ({"text": f"Nota {number}"},))
    hall.case = Tale.begins().case
    hall.hear_queue()
    notes = [row.data["text"] for row in hall.case.rows if row.what == "noted"]
    assert notes == [f"Nota {number}" for number in range(LONGEST_QUEUE)]


# -- requests --------------------------------------------------------------------------------------------------------


def test_a_request_is_refused_with_the_number_and_the_reason_before_it_enters_history() -> None:
    hall, case = a_hall()
    rows = len(case.rows)
    for name, payload, says in [
        ("customer-satisfied", ({"at": "naive"},), "Q-7KF3-02M9D: at: "),
        ("survey-answered", ({"score": 5},), "Q-7KF3-02M9D is in assessment: the survey comes with the closing"),
        ("date-promised", ({"date": "2026-07-21"},), "Q-7KF3-02M9D is in assessment: 2026-07-21 is over"),
    ]:
        with pytest.raises(ApplicationError) as refused:
            hall.may(name, payload)
        assert refused.value.message.startswith(says)
        assert (refused.value.type, refused.value.non_retryable) == (NOT_NOW, False)
    assert len(case.rows) == rows


def test_a_deadline_in_between_may_still_refuse_it() -> None:
    hall, case = a_hall("2026-07-24 17:59")
    promise = ({"date": "2026-07-24", "by": "ana"},)
    hall.may("date-promised", promise)
    hall.at = lima("2026-07-24 18:00")
    with pytest.raises(ApplicationError, match=r"2026-07-24 is over; promise a day to come\.$"):
        hall.grant("date-promised", promise)
    assert last(case)[1] == "ignored"


def test_a_repeated_request_answers_with_the_status_and_changes_nothing() -> None:
    hall, case = a_hall()
    asked = ({"department": "academic", "event_id": "e1"},)
    assert hall.grant("assigned", asked).stage == "investigation"
    rows = len(case.rows)
    hall.may("assigned", asked)
    assert hall.grant("assigned", asked).stage == "investigation"
    assert len(case.rows) == rows


# -- starts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "number", "says"),
    [
        ((), "Q-1", "customer: Field required; problem: Field required"),
        ((None,), "Q-1", "Input should be a valid dictionary"),
        (({"customer": {"phone": "12345"}, "problem": {"description": "x"}, "clock_offset": "P999999D"},), "Q-1",
         "clock_offset: is more than 20 years"),
        (({"customer": {"phone": "12345"}, "problem": {"description": "x"}, "received_at": "1970-01-01T00:00:00Z"},),
         "Q-1", "received_at: lies outside the years 2000 to 2200"),
        (({"customer": {"phone": "12345"}, "problem": {"description": "x"}},), "a name with spaces", "workflow id: "),
        (({"carried": {"number": "Q-1"}},), "Q-1", "carried.received: Field required"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_complaint_fails_the_run_with_the_field(
    arguments: tuple[Any, ...], number: str, says: str
) -> None:
    with pytest.raises(ApplicationError) as failed:
        carried_or_received(arguments, number)
    assert says in failed.value.message
    assert failed.value.non_retryable


def test_a_carried_case_goes_on_under_its_own_number_only() -> None:
    carried = Carried(carried=Tale.begins().case).model_dump(mode="json")
    assert isinstance(carried_or_received((carried,), "Q-7KF3-02M9D"), Carried)
    with pytest.raises(ApplicationError, match="is not the workflow id"):
        carried_or_received((carried,), "Q-0000-00000")


def test_a_complaint_from_years_ago_fails_the_run_before_it_has_years_to_catch_up_with() -> None:
    now = datetime(2026, 7, 22, 14, tzinfo=UTC)
    with pytest.raises(ApplicationError, match="received_at: lies more than 2 years back"):
        rules_request(a_complaint(received_at=now - timedelta(days=800)), now)
    assert rules_request(a_complaint(received_at=now + timedelta(days=1)), now).received_at == now


def test_a_plain_start_is_a_complaint() -> None:
    arrived = {"customer": {"email": "rosa@correo.example"}, "problem": {"description": "Mal"}, "extra": 1}
    assert isinstance(carried_or_received((arrived, "one argument too many"), "my-own-id-7"), ComplaintReceived)
