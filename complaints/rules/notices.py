"""What is to be told to whom, by letter or by call: once per occasion, in order for each recipient (design §5.2)."""

from datetime import datetime
from typing import Any

from complaints.rules.journal import CallTask, as_json
from complaints.rules.letters import (
    ANSWERS,
    CARE_TEAM,
    CUSTOMER,
    HANDED_TO_CALL,
    TO_CUSTOMER,
    TOLD,
    LetterKind,
    LetterOutcome,
    LetterState,
    Notice,
)
from complaints.rules.state import CaseState

_PENDING = LetterState.DUE.value

OVERTAKEN_BY_RESOLUTION = frozenset({LetterKind.UPDATE, LetterKind.DETAILS_REQUEST})
"""Letters to the customer that say nothing true any more once the case is resolved or ended."""

OVERTAKEN_BY_END = frozenset(
    {
        LetterKind.REMINDER,
        LetterKind.WARNING,
        LetterKind.EXPLAIN,
        LetterKind.UNCONFIRMED,
        LetterKind.LEGAL_WARNING,
        LetterKind.RESOLUTION_DECIDED,
    }
)
"""Letters that ask for something nobody needs any more once the case has ended."""


def tell(case: CaseState, kind: LetterKind, occasion: str, recipient: str, **data: Any) -> Notice | None:
    """Adds a notice; a second one with the same key is not a new occasion, and None."""
    key = f"{case.round.number}/{occasion}/{recipient}"
    if any(notice.key == key for notice in case.notices):
        return None
    notice = Notice(
        key=key, kind=kind, recipient=recipient, at=case.as_of, round=case.round.number, stage=case.stage.value,
        after=len(case.rows), data=as_json(data),
    )  # fmt: skip
    case.notices.append(notice)
    return notice


def tell_customer(case: CaseState, kind: LetterKind, occasion: str, **data: Any) -> None:
    """A word to the customer: by letter, or by a call where no address works. It sets the update's clock (§5.4)."""
    assert kind in TO_CUSTOMER
    notice = tell(case, kind, occasion, CUSTOMER, **data)
    case.last_word_at = case.as_of
    if notice is not None and not case.mail_works:
        notice.state = HANDED_TO_CALL
        call_for(case, kind, notice)


def call_for(case: CaseState, kind: LetterKind, notice: Notice | None = None) -> None:
    """A call has to be made for this letter: joins the open task, or opens one. No telephone: the care team is told."""
    purposes = (notice.key,) if notice else ()
    if not case.received.customer.phone:
        occasion = f"unreachable/{notice.key if notice else kind.value}"
        tell(case, LetterKind.UNREACHABLE, occasion, CARE_TEAM, after_attempts=case.policy.calls.after_attempts)
        return
    task = case.open_call
    if task is not None:
        if kind.value not in task.kinds or not set(purposes) <= set(task.purposes):
            kinds = tuple(dict.fromkeys((*task.kinds, kind.value)))
            change_call(case, task.model_copy(update={"purposes": (*task.purposes, *purposes), "kinds": kinds}))
        return
    due = _due(case, notice)
    task = CallTask(task=len(case.calls) + 1, opened_at=case.as_of, due=due, purposes=purposes, kinds=(kind.value,))
    case.calls.append(task)
    case.journal("call-task", task=task.task, due=due, kinds=list(task.kinds))
    tell(case, LetterKind.CALL_NEEDED, f"call/{task.task}", case.caller, due=due, task=task.task)


def lanes(case: CaseState) -> list[str]:
    """The recipients for whom something is waiting. Each is a lane: order holds within it, none waits for another."""
    return list(dict.fromkeys(notice.recipient for notice in case.notices if notice.state == _PENDING))


def next_letter(case: CaseState, recipient: str) -> Notice | None:
    """The next notice of that lane that still says something true; those that do not are superseded and journalled."""
    waiting = [notice for notice in case.notices if notice.recipient == recipient and notice.state == _PENDING]
    for position, notice in enumerate(waiting):
        if reason := _overtaken(case, notice, waiting[position + 1 :]):
            supersede(case, notice.key, reason)
        else:
            return notice
    return None


def supersede(case: CaseState, key: str, reason: str) -> None:
    """The case has overtaken this letter: it says nothing true any more."""
    notice = _by_key(case, key)
    notice.state = LetterState.SUPERSEDED.value
    case.journal("letter-superseded", key=notice.key, kind=notice.kind, reason=reason)


def _overtaken(case: CaseState, notice: Notice, later: list[Notice]) -> str | None:
    if notice.recipient == CUSTOMER and not case.mail_works:
        return "no working address"  # its words were handed to a call when the address failed
    return _overtaken_by_newer(notice, later) or _overtaken_by_case(case, notice)


def _overtaken_by_newer(notice: Notice, later: list[Notice]) -> str | None:
    """Several that are due become one."""
    if notice.kind is LetterKind.UPDATE and any(other.kind in TO_CUSTOMER for other in later):
        return "a newer word to the customer"
    if notice.kind in ANSWERS and any(
        other.kind is LetterKind.CORRECTION and other.round == notice.round for other in later
    ):
        return "the resolution is corrected"
    repeating = {LetterKind.REMINDER, LetterKind.DETAILS_REQUEST}
    if notice.kind in repeating and any(other.kind is notice.kind for other in later):
        return f"a newer {notice.kind.value}"
    return None


def _overtaken_by_case(case: CaseState, notice: Notice) -> str | None:
    """What it would say is not true any more, or nobody needs it."""
    another_round = case.ended or case.round.number != notice.round
    told = case.rounds[notice.round - 1]
    moved_on = another_round or case.round.resolved_at is not None
    if notice.kind in OVERTAKEN_BY_RESOLUTION and notice.stage != "confirmation" and moved_on:
        return "the case is resolved"
    if notice.kind in OVERTAKEN_BY_END and another_round:
        return "the case has moved on"
    match notice.kind:
        case LetterKind.WARNING if case.stage.value != (window := notice.data.get("window")):
            return f"the {window} is over"
        case LetterKind.WARNING if case.struck(f"{notice.round}/{notice.data.get('window')}"):
            return "the window has ended meanwhile"
        case LetterKind.LEGAL_WARNING if case.first_communicated_at is not None:
            return "the resolution is communicated"
        case LetterKind.LEGAL_WARNING if case.struck(f"legal/{case.policy.legal_limit.business_days}"):
            return "the limit itself has passed"
        case LetterKind.DETAILS_REQUEST if not case.details_outstanding:
            return "the details are here"
        case LetterKind.UPDATE | LetterKind.RESOLUTION_DECIDED | LetterKind.EXPLAIN if told.explained_at is not None:
            return "the resolution is explained"
        case LetterKind.REMINDER if told.communicated_at is not None and told.communicated_at >= notice.at:
            return "the resolution has only just arrived"
        case LetterKind.REMINDER if case.unread:
            return "the customer wrote"
        case LetterKind.MESSAGE_LATE if not _still_waits(case, notice):
            return "it is answered"
        case LetterKind.CALL_NEEDED | LetterKind.CALL_LATE if _call_is_over(case, notice):
            return "the call is over"
        case _:
            return None


def _still_waits(case: CaseState, notice: Notice) -> bool:
    """Whether the message that the occasion `late/message/7` is about is still new."""
    return any(f"/late/message/{message.row}/" in notice.key for message in case.unread)


def _call_is_over(case: CaseState, notice: Notice) -> bool:
    return case.calls[notice.data["task"] - 1].done_at is not None


def letter_ended(case: CaseState, key: str, outcome: LetterOutcome) -> None:
    """What became of a letter: sent, failed for good, uncertain or superseded. To a customer, failure opens a call."""
    notice = _by_key(case, key)
    if outcome.state is LetterState.SUPERSEDED:
        supersede(case, key, outcome.reason or "taken out of the ledger")
        return
    case.journal(f"letter-{outcome.state.value}", **_row(notice, outcome))
    if notice.state in (HANDED_TO_CALL, TOLD):  # it came back before we knew that it had gone: the call counts
        return
    notice.state = outcome.state.value
    if notice.recipient != CUSTOMER:
        return
    if outcome.state is LetterState.SENT:
        delivered(case, notice)
    elif outcome.state is LetterState.FAILED:
        _mail_failed(case, notice)


def delivered(case: CaseState, notice: Notice) -> None:
    """The customer has these words, by letter or call: the acknowledgement's guard and the legal clock may stop."""
    if notice.kind is LetterKind.ACKNOWLEDGEMENT:
        acknowledged(case)
    if notice.kind is LetterKind.UPDATE and case.promise_missed is not None:
        said = notice.data.get("promise_missed")
        case.promise_missed = None if said == case.promise_missed.isoformat() else case.promise_missed
    if notice.kind in ANSWERS:
        told = case.rounds[notice.round - 1]
        told.communicated_at = told.communicated_at or case.as_of
        case.first_communicated_at = case.first_communicated_at or case.as_of


def acknowledged(case: CaseState) -> None:
    """§4: the customer knows that we have the complaint."""
    if case.acknowledged_at is None:
        case.acknowledged_at = case.as_of
        case.journal("acknowledged")


def bounced(case: CaseState, key: str, *, permanent: bool) -> None:
    """A letter came back (design §2, customers without a working email): what it said goes to a call."""
    notice = next((notice for notice in case.notices if notice.key == key), None)
    if notice is None or not permanent or notice.recipient != CUSTOMER:
        return
    notice.state = LetterState.FAILED.value
    if notice.kind in ANSWERS and not _has_another_answer(case, notice):
        case.rounds[notice.round - 1].communicated_at = None
        told = [each.communicated_at for each in case.rounds if each.communicated_at is not None]
        case.first_communicated_at = min(told, default=None)
    if notice.kind is LetterKind.ACKNOWLEDGEMENT:
        case.acknowledged_at = None
    _mail_failed(case, notice)


def _has_another_answer(case: CaseState, lost: Notice) -> bool:
    """Whether the customer has the resolution of that round by another letter or call: the first, or a correction."""
    had = (LetterState.SENT.value, TOLD)
    return any(each.kind in ANSWERS and each.round == lost.round and each.state in had for each in case.notices)


def went_elsewhere(case: CaseState, key: str, to: str | None) -> bool:
    """Whether a letter to the customer went to another address than they have now: `to`, where that is told.

    Where it is not, a letter that was ordered before the address was last given counts as gone elsewhere.
    """
    notice = next((notice for notice in case.notices if notice.key == key), None)
    if notice is None or notice.recipient != CUSTOMER:
        return False
    now = case.received.customer.email
    if to and now and now.isascii():
        return to.lower() != now.lower()
    return any(row.what == "details-received" and row.data.get("email") for row in case.rows[notice.after :])


def change_call(case: CaseState, task: CallTask) -> None:
    """The task as it is now, in its place."""
    case.calls[task.task - 1] = task


def _due(case: CaseState, notice: Notice | None) -> datetime:
    """In office hours: an update by the last ones before its 3 days are over, anything else soon."""
    soon = case.calendar.after_office_hours(case.as_of, case.policy.calls.due_within_office_hours)
    latest = datetime.fromisoformat(notice.data["call_due"]) if notice and "call_due" in notice.data else soon
    return max(latest, case.calendar.office_time_after(case.as_of))


def _mail_failed(case: CaseState, failed: Notice) -> None:
    case.mail_failed = True
    for notice in case.notices:
        if notice is failed or (notice.recipient == CUSTOMER and notice.state == _PENDING):
            notice.state = HANDED_TO_CALL
            call_for(case, notice.kind, notice)


def _by_key(case: CaseState, key: str) -> Notice:
    return next(notice for notice in case.notices if notice.key == key)


def _row(notice: Notice, outcome: LetterOutcome) -> dict[str, Any]:
    return {
        "key": notice.key,
        "kind": notice.kind,
        "recipient": notice.recipient,
        "message_id": outcome.message_id,
        "reason": outcome.reason,
        "told": list(outcome.told) or None,
    }
