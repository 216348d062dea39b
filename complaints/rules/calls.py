"""Calls: what a customer without a working email is told by telephone; one open task a case (design §2)."""

from collections.abc import Iterable
from datetime import datetime

from complaints.rules.facts import Called, Replied
from complaints.rules.given_files import files_in
from complaints.rules.journal import CallTask, Row
from complaints.rules.letters import CARE_TEAM, HANDED_TO_CALL, TOLD, LetterKind
from complaints.rules.notices import acknowledged, change_call, delivered, tell
from complaints.rules.stages import Stage
from complaints.rules.state import CaseState


def record_call(case: CaseState, call: Called) -> None:
    """What came of a call. Only *reached* is delivery; after the policy's attempts comes its next step."""
    task = case.open_call
    if call.reached:
        if call.told:
            told(case)
        elif task is not None and call.next_at is not None:  # they asked to be called back: no failed attempt
            change_call(case, task.model_copy(update={"next_at": call.next_at}))
        return
    if task is None or call.direction != "outbound":
        return
    attempts = task.attempts + 1
    task = task.model_copy(update={"attempts": attempts, "next_at": call.next_at or _retry_at(case)})
    change_call(case, task)
    if attempts >= case.policy.calls.attempts:
        _end(case, task, "given-up")
        step = case.policy.calls.after_attempts
        whom = case.ladder[0] if step == "manager" else CARE_TEAM
        said = {"after_attempts": step, "attempts": attempts, "task": task.task}
        tell(case, LetterKind.UNREACHABLE, f"unreachable/{task.task}", whom, **said)


def told(case: CaseState) -> None:
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
    if (task := case.open_call) is not None:
        _end(case, task, "reached")


def untold_replies(rows: Iterable[Row]) -> tuple[str, ...]:
    """What was written to the customer since they were last reached by telephone: a call reads it out."""
    replies: list[str] = []
    for row in rows:
        if row.what == Called.name and row.data.get("reached"):
            replies = []
        elif row.what == Replied.name:
            names = ", ".join(file.name for file in files_in(row.data))
            replies.append("\n\n".join(filter(None, (str(row.data["text"]), f"[{names}]" if names else ""))))
    return tuple(replies)


def close_calls(case: CaseState, outcome: str) -> None:
    """Ends the open call: nobody needs to make it any more."""
    task = case.open_call
    if task is not None:
        _end(case, task, outcome)
    for notice in case.notices:
        if notice.state == HANDED_TO_CALL:
            notice.state = "superseded"


def keep_off_closed_days(case: CaseState) -> None:
    """Under changed rules the open call may be due on a day on which nobody works any more: the last office hours
    before it, if they are still to come, else the next."""
    task = case.open_call
    if task is None:
        return
    calendar = case.calendar

    def worked(at: datetime) -> datetime:
        if calendar.is_business_day(calendar.local_date(at)):
            return at
        before = calendar.office_time_before(at)
        return before if before > case.as_of else calendar.office_time_after(max(at, case.as_of))

    next_at = worked(task.next_at) if task.next_at else None
    change_call(case, task.model_copy(update={"due": worked(task.due), "next_at": next_at}))


def _end(case: CaseState, task: CallTask, outcome: str) -> None:
    change_call(case, task.model_copy(update={"done_at": case.as_of, "outcome": outcome}))
    case.journal("call-done", task=task.task, outcome=outcome)


def _retry_at(case: CaseState) -> datetime:
    return case.calendar.after_office_hours(case.as_of, case.policy.calls.retry_after_office_hours)
