"""Call tasks: what a customer without a working email is told by telephone; one open task a case (design §2)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from complaints.rules.facts import Called
from complaints.rules.journal import CallTask
from complaints.rules.letters import CARE_TEAM, LetterKind
from complaints.rules.notices import HANDED_TO_CALL, TOLD, Notice, acknowledged, delivered
from complaints.rules.stages import Stage

if TYPE_CHECKING:
    from complaints.rules.case import Case


def open_call(case: Case) -> CallTask | None:
    """The call that somebody has to make, if any."""
    return case.calls[-1] if case.calls and case.calls[-1].done_at is None else None


def call_for(case: Case, kind: LetterKind, notice: Notice | None = None) -> None:
    """A call has to be made for this letter: joins the open task, or opens one. No telephone: the care team is told."""
    purposes = (notice.key,) if notice else ()
    if not case.received.customer.phone:
        occasion = f"unreachable/{notice.key if notice else kind.value}"
        case.tell(LetterKind.UNREACHABLE, occasion, CARE_TEAM, after_attempts=case.policy.calls.after_attempts)
        return
    task = open_call(case)
    if task is not None:
        if kind.value not in task.kinds or not set(purposes) <= set(task.purposes):
            kinds = tuple(dict.fromkeys((*task.kinds, kind.value)))
            _change(case, task.model_copy(update={"purposes": (*task.purposes, *purposes), "kinds": kinds}))
        return
    due = _due(case, notice)
    task = CallTask(task=len(case.calls) + 1, opened_at=case.as_of, due=due, purposes=purposes, kinds=(kind.value,))
    case.calls.append(task)
    case.journal("call-task", task=task.task, due=due, kinds=list(task.kinds))
    case.tell(LetterKind.CALL_NEEDED, f"call/{task.task}", case.caller, due=due, task=task.task)


def record_call(case: Case, call: Called) -> None:
    """What came of a call. Only *reached* is delivery; after the policy's attempts comes its next step."""
    task = open_call(case)
    if call.reached:
        if call.told:
            told(case)
        elif task is not None and call.next_at is not None:  # they asked to be called back: no failed attempt
            _change(case, task.model_copy(update={"next_at": call.next_at}))
        return
    if task is None or call.direction != "outbound":
        return
    attempts = task.attempts + 1
    task = task.model_copy(update={"attempts": attempts, "next_at": call.next_at or _retry_at(case)})
    _change(case, task)
    if attempts >= case.policy.calls.attempts:
        _end(case, task, "given-up")
        step = case.policy.calls.after_attempts
        whom = case.ladder[0] if step == "manager" else CARE_TEAM
        said = {"after_attempts": step, "attempts": attempts, "task": task.task}
        case.tell(LetterKind.UNREACHABLE, f"unreachable/{task.task}", whom, **said)


def told(case: Case) -> None:
    """The customer was reached and told where the case stands: that counts as the period's update, as the
    acknowledgement (§4), and every word that waited for a call is delivered."""
    case.last_word_at = case.as_of
    case.promise_missed = None
    acknowledged(case)
    for notice in case.notices:
        if notice.state == HANDED_TO_CALL:
            notice.state = TOLD
            delivered(case, notice)
    if case.stage is Stage.CONFIRMATION and case.round.explained_at is None:
        # §6: the resolution was told by telephone, also one that a bare `resolved` had only announced
        case.round.explained_at = case.round.communicated_at = case.as_of
        case.first_communicated_at = case.first_communicated_at or case.as_of
    if (task := open_call(case)) is not None:
        _end(case, task, "reached")


def close_calls(case: Case, outcome: str) -> None:
    """Nobody needs to make the open call any more."""
    task = open_call(case)
    if task is not None:
        _end(case, task, outcome)
    for notice in case.notices:
        if notice.state == HANDED_TO_CALL:
            notice.state = "superseded"


def keep_off_closed_days(case: Case) -> None:
    """Under changed rules the open call may be due on a day on which nobody works any more: the last office hours
    before it, if they are still to come, else the next."""
    task = open_call(case)
    if task is None:
        return
    calendar = case.calendar

    def worked(at: datetime) -> datetime:
        if calendar.is_business_day(calendar.local_date(at)):
            return at
        before = calendar.office_time_before(at)
        return before if before > case.as_of else calendar.office_time_after(max(at, case.as_of))

    next_at = worked(task.next_at) if task.next_at else None
    _change(case, task.model_copy(update={"due": worked(task.due), "next_at": next_at}))


def _end(case: Case, task: CallTask, outcome: str) -> None:
    _change(case, task.model_copy(update={"done_at": case.as_of, "outcome": outcome}))
    case.journal("call-done", task=task.task, outcome=outcome)


def _change(case: Case, task: CallTask) -> None:
    case.calls[task.task - 1] = task


def _retry_at(case: Case) -> datetime:
    return case.calendar.after_office_hours(case.as_of, case.policy.calls.retry_after_office_hours)


def _due(case: Case, notice: Notice | None) -> datetime:
    """In office hours: an update by the last ones before its 3 days are over, anything else soon."""
    soon = case.calendar.after_office_hours(case.as_of, case.policy.calls.due_within_office_hours)
    latest = datetime.fromisoformat(notice.data["call_due"]) if notice and "call_due" in notice.data else soon
    return max(latest, case.calendar.office_time_after(case.as_of))
