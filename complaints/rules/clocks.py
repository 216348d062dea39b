"""The clocks of a case: every deadline that is running, and what it does when it passes (§4, §5, §7, §8, Ley 31435)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from complaints.rules.letters import CARE_TEAM, DEPARTMENT_HEAD, LetterKind
from complaints.rules.notices import call_for, tell, tell_customer
from complaints.rules.stages import Stage
from complaints.rules.state import CaseState
from complaints.rules.turns import close, escalate

UNDO = "undo"
"""The name of the clock that does what waits; no deadline of the procedure."""

_INSTANT = timedelta(microseconds=1)
"""The least span between two instants."""


class Clock(NamedTuple):
    """One running deadline. A tuple, because each case has ten of them made anew with whatever happens to it."""

    name: str
    """`acknowledgement`, `assessment`, `warning/assessment`, `update`, `escalation`, `legal/13` …"""
    due: datetime
    start: datetime
    """From when it counts."""
    budget: str
    """In words of the policy: `24 hours`, `2 business days`."""
    strike: Callable[[CaseState, Clock], None]
    business_days: int | None = None
    """The budget where it is counted in business days; None for hours and calendar days."""
    pausable: bool = False
    """Whether days on which details are outstanding do not count (§5.1)."""
    national: bool = False
    """Whether the nation's business days count, not the school's (Ley 31435)."""


def running(case: CaseState) -> list[Clock]:
    """Every clock of the case, the next first. At the same instant, what was missed comes before what is sent."""
    if case.outcome is not None:
        return []
    clocks = [clock for part in _PARTS for clock in part(case)]
    return sorted(clocks, key=lambda clock: clock.due)  # stable: the parts stand in the order in which they strike


def overdue(case: CaseState) -> Iterator[Clock]:
    """Every deadline that has passed and whose work is not done, as it ran: to be told of, it has struck already."""
    for name in case.late_for:
        match name:
            case "acknowledgement":
                yield _acknowledgement_clock(case)
            case "promise":
                yield from _promise_clock(case)
            case "legal":
                yield _legal_clock(case, case.policy.legal_limit.business_days)
            case "message":
                yield from _message_clock(case)
            case _:
                yield from _window_clock(case)


def late_since(case: CaseState) -> datetime | None:
    """When what is late the longest was due, be it a window, a message, a promise, the acknowledgement or the law's
    limit; None: nothing is late."""
    return min((clock.due for clock in overdue(case)), default=None)


def settle(case: CaseState, at: datetime, *, inclusive: bool = True) -> None:
    """Lets every deadline up to `at` pass, in order, each at its time; exclusive before a fact of that instant."""
    while (clock := next(iter(running(case)), None)) is not None and (clock.due <= at if inclusive else clock.due < at):
        let_pass(case, clock)
        if clock.due == at:  # what comes now comes after it: told again from the journal, it must come after it too
            at += _INSTANT
    case.as_of = max(case.as_of, at)


def let_pass(case: CaseState, clock: Clock) -> None:
    """The deadline passes, at its own time."""
    if case.pending_act is not None and clock.name != UNDO:
        case.do_pending()  # what was sent before is done before; this deadline may not be one any more
        return
    case.as_of = max(case.as_of, clock.due)
    clock.strike(case, clock)


def by_receipt(case: CaseState) -> Iterator[tuple[str, Clock]]:
    """The deadlines that a receipt moves, struck or not, each with the key under which its strike is remembered."""
    yield "acknowledgement", _acknowledgement_clock(case)
    limit = case.policy.legal_limit
    for days in (*limit.warn_on, limit.business_days):
        yield f"legal/{days}", _legal_clock(case, days)
    for window in _window_clock(case):
        yield f"{case.round.number}/{window.name}", window


def window_due(case: CaseState) -> datetime | None:
    """When the stage's window ends or has ended (§5.1 to §5.3); None where the stage has none."""
    started = case.window_started_at
    if started is None:
        return None
    return case.calendar.deadline(started, getattr(case.policy.windows, case.stage.value), case.paused)


def _undo(case: CaseState) -> Iterator[Clock]:
    """What was sent from the desk waits, so that it can be taken back."""
    if (pending := case.pending_act) is not None:
        seconds = case.policy.letters.undo_seconds
        yield Clock(UNDO, pending.until, pending.at, f"{seconds} seconds", _do_pending)


def _do_pending(case: CaseState, clock: Clock) -> None:
    case.do_pending()


def _acknowledgement(case: CaseState) -> Iterator[Clock]:
    """§4: 24 wall-clock hours from receipt; the letter goes out at once, this is its guard."""
    if case.acknowledged_at is None and not case.struck("acknowledgement"):
        yield _acknowledgement_clock(case)


def _acknowledgement_clock(case: CaseState) -> Clock:
    hours, since = case.policy.acknowledgement.hours, case.received_at
    return Clock("acknowledgement", since + timedelta(hours=hours), since, f"{hours} hours", _late_acknowledgement)


def _window(case: CaseState) -> Iterator[Clock]:
    """§5.1 to §5.3: the window of the stage, and the warning before it."""
    for window in _window_clock(case):
        if case.struck(f"{case.round.number}/{window.name}"):
            return
        yield window
        before = case.policy.windows.warn_before
        warned = f"warning/{window.name}"
        if before and not case.struck(f"{case.round.number}/{warned}"):
            warn_at = case.calendar.before(window.due, before, case.paused)
            if warn_at > window.start:
                days = getattr(case.policy.windows, window.name) - before
                words = f"{before} business days before {window.name}"
                yield Clock(warned, warn_at, window.start, words, _warn, days, pausable=True)


def _window_clock(case: CaseState) -> Iterator[Clock]:
    started, due = case.window_started_at, window_due(case)
    if started is not None and due is not None:
        days: int = getattr(case.policy.windows, case.stage.value)
        yield Clock(case.stage.value, due, started, f"{days} business days", _late_window, days, pausable=True)


def _promise(case: CaseState) -> Iterator[Clock]:
    """§5.4: a date that was given to the customer; the close of that day."""
    if case.promise is not None and case.stage.value in _OPEN and not case.promise.missed:
        yield from _promise_clock(case)


def _promise_clock(case: CaseState) -> Iterator[Clock]:
    promise = case.promise
    if promise is not None:
        until = f"until {promise.date.isoformat()}"
        yield Clock("promise", promise.due, promise.made_at, until, _promise_missed)


def _escalation(case: CaseState) -> Iterator[Clock]:
    """§7: not resolved within 5 business days; at each level again."""
    since = case.escalation_counts_from
    if case.stage.value in _OPEN and since is not None and not case.at_last_level:
        days = case.policy.escalation.after
        due = case.calendar.deadline(since, days, case.paused)
        yield Clock("escalation", due, since, f"{days} business days", _escalate_by_time, days, pausable=True)


def _legal(case: CaseState) -> Iterator[Clock]:
    """Ley 31435: 15 business days of the nation for any channel, whatever the school closes or works; never pauses,
    stops at the first resolution communicated."""
    if case.first_communicated_at is not None:
        return
    limit = case.policy.legal_limit
    for days in (*limit.warn_on, limit.business_days):
        if not case.struck(f"legal/{days}"):
            yield _legal_clock(case, days)


def _legal_clock(case: CaseState, days: int) -> Clock:
    due, words = case.legal_calendar.deadline(case.received_at, days), f"{days} business days"
    strike = _legal_breach if days == case.policy.legal_limit.business_days else _legal_warning
    return Clock(f"legal/{days}", due, case.received_at, words, strike, days, national=True)


def _call(case: CaseState) -> Iterator[Clock]:
    """A call that nobody made in time: told once per task."""
    task = case.open_call
    if task is not None and not case.struck(f"call/{task.task}"):
        yield Clock("call", max(task.due, task.next_at or task.due), task.opened_at, "office hours", _call_late)


def _message(case: CaseState) -> Iterator[Clock]:
    """A message of the customer that nobody has answered or read; told once for the one that waits longest."""
    if case.unread and not case.struck(f"message/{case.unread[0].row}"):
        yield from _message_clock(case)


def _message_clock(case: CaseState) -> Iterator[Clock]:
    if case.unread:
        since, days = case.unread[0].at, case.policy.messages.answer_within
        due = case.calendar.deadline(since, days)
        yield Clock("message", due, since, f"{days} business days", _message_late, days)


def _update(case: CaseState) -> Iterator[Clock]:
    """§5.4: every 3 days after the last word to the customer, at the same hour, until the resolution is told."""
    if case.stage is Stage.CLOSED or case.round.explained_at is not None:
        return
    days = case.policy.updates.every_days
    yield Clock("update", case.word_due_at, case.last_word_at, f"{days} days", _send_update)


def _confirmation(case: CaseState) -> Iterator[Clock]:
    """§8: a customer who does not answer is reminded, then called; then the case waits, or closes by the policy.

    Whoever wrote is not silent: while a message waits none of it runs, and it counts from when it was read.
    """
    if case.stage is not Stage.CONFIRMATION or case.round.explained_at is None or case.unread:
        return
    confirmation = case.policy.confirmation
    words = f"{confirmation.remind_every_days} days"
    if case.round.reminders < confirmation.reminders:
        yield Clock("reminder", case.word_due_at, case.last_word_at, words, _remind)
    elif not case.round.unconfirmed:
        yield Clock("confirmation-call", case.word_due_at, case.last_word_at, words, _unconfirmed)
    told = case.round.communicated_at
    if confirmation.silence_closes_after and told is not None:  # who has not heard of it is not silent
        days = confirmation.silence_closes_after
        told = max(told, case.read_at or told, case.round.corrected_at or told)
        due = case.calendar.deadline(told, days)
        yield Clock("silence", due, told, f"{days} business days", _close_in_silence, days)


_OPEN = frozenset({Stage.ASSESSMENT.value, Stage.ASSIGNMENT.value, Stage.INVESTIGATION.value})
_PARTS = (_undo, _acknowledgement, _window, _promise, _escalation, _legal, _call, _message, _update, _confirmation)


# What happens when a clock passes. Each leaves a row and marks itself, so that it strikes once.


def _late_acknowledgement(case: CaseState, clock: Clock) -> None:
    case.strike("acknowledgement")
    case.journal("late/acknowledgement", due=clock.due)
    for recipient in (CARE_TEAM, case.ladder[0]):
        tell(case, LetterKind.ACKNOWLEDGEMENT_LATE, "late/acknowledgement", recipient, due=clock.due)
    call_for(case, LetterKind.ACKNOWLEDGEMENT)


def _warn(case: CaseState, clock: Clock) -> None:
    window = clock.name.removeprefix("warning/")
    due = case.calendar.deadline(clock.start, getattr(case.policy.windows, window), case.paused)
    case.strike(f"{case.round.number}/{clock.name}")
    case.journal(f"warned/{window}", due=due)
    tell(case, LetterKind.WARNING, f"warning/{window}", case.responsible, window=window, due=due)


def _late_window(case: CaseState, clock: Clock) -> None:
    case.strike(f"{case.round.number}/{clock.name}")
    case.journal(f"late/{clock.name}", due=clock.due)
    recipients = [case.responsible]
    if case.stage is Stage.INVESTIGATION and case.department:
        recipients.append(DEPARTMENT_HEAD)
    for recipient in dict.fromkeys(recipients):
        tell(case, LetterKind.LATE, f"late/{clock.name}", recipient, window=clock.name, due=clock.due)


def _promise_missed(case: CaseState, clock: Clock) -> None:
    promise = case.promise
    if promise is None:
        return
    case.promise = promise.model_copy(update={"missed": True})
    case.promise_missed = promise.date
    case.journal("late/promise", due=clock.due, date=promise.date.isoformat())
    tell(case, LetterKind.PROMISE_MISSED, f"late/promise/{promise.date.isoformat()}", case.owner, due=clock.due)


def _escalate_by_time(case: CaseState, clock: Clock) -> None:
    escalate(case, "time")


def _legal_warning(case: CaseState, clock: Clock) -> None:
    case.strike(clock.name)
    case.journal(f"warned/{clock.name}", due=case.legal_due)
    for manager in case.managers:
        tell(case, LetterKind.LEGAL_WARNING, clock.name, manager, due=case.legal_due)


def _legal_breach(case: CaseState, clock: Clock) -> None:
    case.strike(clock.name)
    case.journal("late/legal", due=clock.due)
    # Under changed rules this day may be one that was warned of before, which would be the same occasion.
    occasion = clock.name if case.rules_since is None else f"late/{clock.name}"
    for manager in case.managers:
        tell(case, LetterKind.LEGAL_BREACH, occasion, manager, due=clock.due)


def _call_late(case: CaseState, clock: Clock) -> None:
    task = case.open_call
    if task is None:
        return
    case.strike(f"call/{task.task}")
    case.journal("late/call", due=clock.due, task=task.task)
    tell(case, LetterKind.CALL_LATE, f"late/call/{task.task}", case.caller, due=clock.due, task=task.task)


def _message_late(case: CaseState, clock: Clock) -> None:
    waiting = case.unread[0]
    case.strike(f"message/{waiting.row}")
    case.journal("late/message", due=clock.due, row=waiting.row)
    occasion = f"late/message/{waiting.row}"
    words = case.rows[waiting.row - 1].data
    said = words.get("text") or words.get("reason")
    tell(case, LetterKind.MESSAGE_LATE, occasion, case.owner, due=clock.due, words=said)


def _send_update(case: CaseState, clock: Clock) -> None:
    case.round.updates += 1
    occasion = f"update/{case.round.updates}"
    promised = case.last_word_at + timedelta(days=case.policy.updates.every_days)
    tell_customer(
        case,
        LetterKind.UPDATE,
        occasion,
        call_due=case.calendar.office_time_before(promised),
        promise_missed=case.promise_missed,
        asks_nothing=True if case.unread else None,
    )
    if case.stage is Stage.CONFIRMATION:  # decided by a bare `resolved`, and still nobody has explained it
        tell(case, LetterKind.EXPLAIN, f"explain/{case.round.updates}", case.explainer)


def _remind(case: CaseState, clock: Clock) -> None:
    case.round.reminders += 1
    times = str(case.round.reminders)
    if case.round.corrected_at is not None:  # asked anew: another first reminder
        times = f"{len(case.rows)}.{times}"
    tell_customer(case, LetterKind.REMINDER, f"reminder/{times}")


def _unconfirmed(case: CaseState, clock: Clock) -> None:
    case.round.unconfirmed = True
    case.journal("unconfirmed")
    if case.received.customer.phone:
        call_for(case, LetterKind.REMINDER)
    occasion = "unconfirmed" if case.round.corrected_at is None else f"unconfirmed/{len(case.rows)}"
    tell(case, LetterKind.UNCONFIRMED, occasion, CARE_TEAM)


def _close_in_silence(case: CaseState, clock: Clock) -> None:
    close(case, "silence", LetterKind.CLOSED_IN_SILENCE)
