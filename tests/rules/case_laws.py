"""What always holds of a case, whatever happened to it: for the state machine and for the exhaustive exploration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from complaints.records.cases import columns_of
from complaints.rules.case import Case
from complaints.rules.clocks import running
from complaints.rules.contents import letter_order
from complaints.rules.facts import FACTS
from complaints.rules.journal import Row
from complaints.rules.letters import (
    CARE_TEAM,
    CUSTOMER,
    DEPARTMENT_HEAD,
    HANDED_TO_CALL,
    TO_CUSTOMER,
    LetterKind,
    Notice,
)
from complaints.rules.messages import value_of
from complaints.rules.retelling import told_again
from complaints.rules.stages import Stage
from complaints.rules.status import explained, record_of, status_of, timeline_of
from complaints.rules.verification import Kept, Look, held_together

ENDS = {
    "satisfied": "customer-satisfied", "decision": "closed-by-decision", "withdrawn": "withdrawn",
    "not-a-complaint": "not-a-complaint", "merged": "merged",
}  # fmt: skip
"""The ends of §8 and the fact that brings each; `silence` is the policy's."""

WRITTEN = {"message-received", "details-received", "customer-dissatisfied"}
"""Facts by which customers write."""


@dataclass(frozen=True)
class Before:
    """What must not go back."""

    as_of: datetime
    level: int
    rows: int

    @classmethod
    def of(cls, case: Case) -> "Before":
        return cls(case.as_of, case.level, len(case.rows))


def time_and_level_never_go_back(case: Case, before: Before) -> None:
    assert case.as_of >= before.as_of
    assert case.level >= before.level
    assert len(case.rows) >= before.rows
    times = [row.at for row in case.rows]
    assert times == sorted(times)
    assert all(row.at <= case.as_of for row in case.rows[-1:])
    assert [row.seq for row in case.rows] == list(range(1, len(times) + 1))


def it_ends_once_and_for_a_reason(case: Case) -> None:
    open_, reasons = True, list[str]()
    for row in case.rows:
        if row.what == "closed":
            assert open_, "a second end"
            open_ = False
            brings = ENDS.get(row.data["outcome"])
            assert brings in reasons or (
                row.data["outcome"] == "silence" and case.policy.confirmation.silence_closes_after
            )
        elif row.what == "reopened":
            assert not open_
            open_ = True
        elif row.what in FACTS:
            reasons.append(row.what)
    assert case.ended is not open_


def nothing_is_told_twice(case: Case) -> None:
    keys = [notice.key for notice in case.notices]
    assert len(keys) == len(set(keys))
    assert len(case.strikes) == len(set(case.strikes))
    late = [row.what for row in case.rows if row.what.startswith("late/") and row.what not in
            ("late/promise", "late/call")]  # fmt: skip
    # What was late by an earlier receipt, which has left again, may be late once more by the own.
    parted = sum(row.what == "separated" for row in case.rows)
    most = {"late/investigation": len(case.rounds)}
    assert all(late.count(what) <= most.get(what, 1) + parted for what in late)
    calls = [row.data["task"] for row in case.rows if row.what == "late/call"]
    assert len(calls) == len(set(calls))


def each_letter_is_for_its_audience(case: Case) -> None:
    assert all((notice.recipient == CUSTOMER) == (notice.kind in TO_CUSTOMER) for notice in case.notices)


def an_open_case_is_never_forgotten(case: Case) -> None:
    """It has a clock, or everything was tried and it is listed as unconfirmed, or as late for what waits in it."""
    assert case.ended or case.next_clock is not None or case.round.unconfirmed or "message" in case.late_for
    assert not (case.ended and case.next_clock)


def the_pause_is_short_and_the_law_knows_none(case: Case) -> None:
    assert len(case.paused) <= case.policy.details.longest_pause
    for clock in explained(case):
        if clock.name.startswith("legal/"):
            days = int(clock.name.removeprefix("legal/"))
            assert clock.due == case.legal_calendar.deadline(case.received_at, days)
        assert clock.days is None or clock.days.deadline == clock.due or clock.name.startswith("warning/")


def one_call_at_a_time_and_none_for_nothing(case: Case) -> None:
    done = [call.done_at is not None for call in case.calls]
    assert all(done[:-1])
    assert all(notice.state != HANDED_TO_CALL or notice.recipient == CUSTOMER for notice in case.notices)


def what_the_customer_wrote_is_answered_or_waits_and_nothing_is_asked_meanwhile(case: Case) -> None:
    waiting = [message.row for message in case.unread]
    assert waiting == sorted(set(waiting))
    assert all(case.rows[row - 1].what in WRITTEN for row in waiting)
    assert not (case.ended and waiting)
    if waiting:
        assert not {"reminder", "confirmation-call", "silence"} & {clock.name for clock in running(case)}
    told = [row.data["row"] for row in case.rows if row.what == "late/message"]
    assert len(told) == len(set(told))


def what_is_understood_stands_in_the_complaint_and_no_problem_lies_in_the_future(case: Case) -> None:
    day = case.received.problem.occurred_on
    assert day is None or day <= case.calendar.local_date(case.as_of)
    for field, one in case.understood.items():
        assert (one.field, value_of(case, field)) == (field, one.value)
    assert len({(one.field, one.value) for one in case.proposals}) == len(case.proposals)


def merged_or_not_each_has_its_own(case: Case) -> None:
    """What came from another is there as long as that one is; its receipt counts where it is the same person's."""
    inside = dict[str, Row]()
    for row in case.rows:
        if row.what == "merged" and "into" not in row.data and row.data["absorbed"] not in inside:
            inside[row.data["absorbed"]] = row
        elif row.what == "separated" and "absorbed" in row.data:
            del inside[row.data["absorbed"]]
    assert sorted(case.absorbed) == sorted(inside)
    earlier = [row.data["received_at"] for row in inside.values() if row.data.get("whose") != "other"
               and "received_at" in row.data]  # fmt: skip
    assert case.received_at == min([case.rows[0].at, *map(datetime.fromisoformat, earlier)])
    assert case.outcome == "merged" if case.merged_into else case.outcome != "merged"
    assert not (case.goes_with and case.merged_into)
    joined = {row.data["absorbed"] for row in case.rows if "absorbed" in row.data and "into" not in row.data}
    gone = joined - set(inside)
    for entry in timeline_of(case):
        if entry.what in ("merged", "message-received") and gone & {entry.data.get("absorbed"), entry.data.get("of")}:
            assert "text" not in entry.data
    for notice in case.notices:  # nothing of another person's complaint is in a letter
        if notice.kind in (LetterKind.JOINED, LetterKind.SEPARATED):
            assert not {"Q-2", "Q-3", "Q-4"} & set(map(str, notice.data.values()))


def it_can_be_shown(case: Case) -> None:
    status = status_of(case)
    assert status.late == bool(status.late_for) == (status.late_since is not None)
    assert (status.stage == Stage.CLOSED) == (status.outcome is not None)
    assert len(timeline_of(case)) == record_of(case).seq


def is_settled(case: Case, now: datetime) -> None:
    """§5.4: at least every 3 days a word, until the resolution is explained."""
    assert case.next_clock is None or case.next_clock.due > now or case.as_of > now
    if not case.ended and case.round.explained_at is None:
        assert case.as_of - case.last_word_at <= timedelta(days=case.policy.updates.every_days)
    words = [notice for notice in case.notices if notice.recipient == CUSTOMER]
    for word, update in pairwise(words):
        if update.kind is LetterKind.UPDATE:
            assert timedelta(0) < update.at - word.at, "never two words of the clock at once"


def is_fit_for_its_reader(case: Case, notice: Notice) -> None:
    order = letter_order(case, notice, staff_language="es")
    assert type(order).model_validate_json(order.model_dump_json()) == order
    said, customer = order.contents, case.received.customer
    if notice.recipient in (DEPARTMENT_HEAD, "academic", "dr@escuela.example"):
        assert said.phone is None
        assert said.customer_name is None
        assert not {"name", "phone", "document"} & set(said.understood)
    if notice.recipient == CUSTOMER:
        assert order.customer_email == customer.email
        assert not said.story
        assert said.phone is None
        assert all(line.by is None for line in said.since_last_word)
    elif notice.recipient != CARE_TEAM:
        assert order.customer_email is None
    if notice.recipient == CUSTOMER and notice.kind is not LetterKind.DETAILS_REQUEST and case.unread:
        assert (said.missing, said.question) == ((), None), "nothing is asked while an answer waits to be read"
    if notice.kind is LetterKind.REMINDER:
        assert not case.unread


def it_can_be_told_again(case: Case) -> None:
    """Journal = state: the same rows make the same case, once both have let pass what was due."""
    again = told_again(case.number, [row.model_copy() for row in case.rows])
    live = Case.model_validate_json(case.model_dump_json())
    live.settle(case.as_of)
    again.settle(case.as_of)
    assert comparable(again) == comparable(live)


def it_would_be_whole_in_the_records(case: Case) -> None:
    """Written after its last row, at this very moment: `complaints verify` finds nothing."""
    kept = Kept(
        number=case.number,
        state=columns_of(record_of(case)) | {"recorded_at": case.as_of},
        rows=[row.model_dump() | {"recorded_at": case.as_of} for row in case.rows],
        calls=list(case.calls),
        calls_told_to=[len(case.rows) for _ in case.calls],
    )
    look = Look(now=case.as_of, columns=columns_of, real_time=False)  # what is over already strikes with the next step
    assert [fault for fault in held_together(kept, look).faults if not fault.check.startswith("letter")] == []


def it_can_be_carried(case: Case) -> None:
    """Into a new run, as JSON."""
    assert Case.model_validate_json(case.model_dump_json()) == case


def comparable(case: Case) -> dict[str, Any]:
    """A case as its rows alone can tell it: neither claims are journalled nor junk beyond the first hundred."""
    told = case.model_dump(mode="json", exclude={"as_of", "recorded", "passed", "junk"})
    for notice in told["notices"]:
        notice["state"] = "due" if notice["state"] == "claimed" else notice["state"]
    return told


LAWS: tuple[Callable[[Case], None], ...] = (
    it_ends_once_and_for_a_reason,
    nothing_is_told_twice,
    each_letter_is_for_its_audience,
    an_open_case_is_never_forgotten,
    the_pause_is_short_and_the_law_knows_none,
    one_call_at_a_time_and_none_for_nothing,
    what_the_customer_wrote_is_answered_or_waits_and_nothing_is_asked_meanwhile,
    what_is_understood_stands_in_the_complaint_and_no_problem_lies_in_the_future,
    merged_or_not_each_has_its_own,
    it_can_be_shown,
)
"""What holds at each moment."""
