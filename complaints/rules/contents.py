"""What a letter says: chosen from the case at the moment it goes out, and only what its kind needs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from complaints.rules import clocks, joining
from complaints.rules.asking import asked_for, asked_in
from complaints.rules.calls import untold_replies
from complaints.rules.case import Case
from complaints.rules.facts import Called, DetailsReceived, MessageReceived, Via, Whose
from complaints.rules.given_files import files_in, fitting_one_letter
from complaints.rules.journal import Row
from complaints.rules.languages import Language
from complaints.rules.letters import (
    ANSWERS,
    CARE_TEAM,
    CUSTOMER,
    REPRESENTATIVE,
    TO_CUSTOMER,
    TOLD,
    Contents,
    LetterKind,
    LetterOrder,
    LetterState,
    Notice,
)  # fmt: skip
from complaints.rules.messages import DETAILS, NOT_STAFF, value_of
from complaints.rules.story_lines import is_told_note, told_to_customer, told_to_staff
from complaints.rules.text import one_line

LONGEST_STORY = 60
"""Rows of a case's story in a letter to a manager; the oldest are left out, the first one never."""

LONGEST_ABOUT = 90
"""Characters of what a case is about, in a letter to staff."""

LONGEST_COPY = 20_000
"""Characters of the customer's own words that a letter repeats."""


def letter_order(case: Case, notice: Notice, *, staff_language: Language) -> LetterOrder:
    """The order for one letter, ready for the activity `send_letter`."""
    to_customer = notice.recipient == CUSTOMER
    return LetterOrder(
        number=case.number,
        key=notice.key,
        kind=_kind(case, notice),
        recipient=notice.recipient,
        language=case.policy.language_for(case.received.language) if to_customer else staff_language,
        at=notice.at,
        customer_email=case.received.customer.email if to_customer else None,
        in_reply_to=case.received.in_reply_to if to_customer else None,
        subject=case.received.subject if notice.kind is LetterKind.ACKNOWLEDGEMENT else None,
        resend_uncertain=case.policy.letters.resends(notice.kind),
        resend_after_hours=case.policy.letters.retry_hours,
        told_too=() if to_customer else _told_too(case, notice),
        contents=contents_of(case, notice),
    )


def _kind(case: Case, notice: Notice) -> LetterKind:
    """As the customer sees it: nobody reads a correction of an answer that they never had."""
    if notice.kind is not LetterKind.CORRECTION:
        return notice.kind
    before = takewhile(lambda other: other is not notice, case.notices)
    had = any(other.kind in ANSWERS and other.round == notice.round and other.state in _HAD for other in before)
    return LetterKind.CORRECTION if had else LetterKind.RESOLUTION


def _told_too(case: Case, notice: Notice) -> tuple[str, ...]:
    occasion = notice.key.removesuffix(notice.recipient)
    before = takewhile(lambda other: other is not notice, case.notices)
    return tuple(other.recipient for other in before if other.key == occasion + other.recipient != occasion + CUSTOMER)


def contents_of(case: Case, notice: Notice) -> Contents:
    """Everything this letter may say."""
    said = _common(case, notice)
    for part in _PARTS.get(notice.kind, ()):
        said.update(part(case, notice))
    return Contents(**{name: value for name, value in said.items() if value is not None})


def _common(case: Case, notice: Notice) -> dict[str, Any]:
    return {
        "received_at": case.received_at,
        "customer_name": case.received.customer.name if _knows_the_customer(case, notice) else None,
        "stage": notice.stage if notice.kind is LetterKind.UPDATE else case.stage.value,
        "level": case.level,
        "round": notice.round,
        "owner": case.owner,
        "department": case.department,
        "representative": case.representative,
        "last_level": case.at_last_level,
        "reason": notice.data.get("reason"),
        "words": notice.data.get("words"),
        "sender_proven": notice.data.get("sender_proven"),
        "window": notice.data.get("window"),
        "question": notice.data.get("question"),
        "asked_by": notice.data.get("asked_by"),
        "on_schedule": notice.data.get("on_schedule"),
        **_dated(case, notice),
        **(_thanks(case, notice) if notice.kind in TO_CUSTOMER else _to_staff(case, notice)),
    }


def _to_staff(case: Case, notice: Notice) -> dict[str, Any]:
    """What a colleague asks first: what it is about, how long it waits, who had it, how to reach the customer."""
    return {
        "about": _about(case),
        "had_by": notice.data.get("had_by"),
        "waiting_since": case.window_started_at,
        "waited": case.calendar.counted(case.received_at, case.as_of) if case.as_of > case.received_at else 0,
        "phone": case.received.customer.phone if _knows_the_customer(case, notice) else None,
    }


def _knows_the_customer(case: Case, notice: Notice) -> bool:
    """Whoever talks to them (§6, §7); a department does not, nor who is asked for help (§5.3)."""
    talks = {CUSTOMER, CARE_TEAM, REPRESENTATIVE, *case.ladder}
    return notice.recipient in talks and notice.kind is not LetterKind.INVOLVEMENT


def _about(case: Case) -> str:
    """Their subject, else the first words of what they wrote, on one line."""
    words = case.received.subject or case.received.problem.description
    return one_line(words, longest=LONGEST_ABOUT)


def _dated(case: Case, notice: Notice) -> dict[str, Any]:
    due = notice.data.get("due")
    if due is None:
        return {}
    at = datetime.fromisoformat(due)
    calendar = case.legal_calendar if notice.kind in _OF_THE_LAW else case.calendar
    return {"due": at, "days_left": calendar.counted(case.as_of, at) if at > case.as_of else 0}


def _words(case: Case, notice: Notice) -> dict[str, Any]:
    return {"description": case.received.problem.description[:LONGEST_COPY]}


def _files(case: Case, notice: Notice) -> dict[str, Any]:
    return {"files": case.received.files}


def _understood(case: Case, notice: Notice) -> dict[str, Any]:
    """§4: what we took from their words, to be corrected by answering."""
    customer, problem = case.received.customer, case.received.problem
    values = {
        "name": customer.name,
        "document": customer.document,
        "phone": customer.phone,
        "occurred_on": problem.occurred_on.isoformat() if problem.occurred_on else None,
        "product": case.received.product,
        "remedy_sought": problem.remedy_sought,
        "amount": problem.amount,
        "kind": problem.kind.value if problem.kind else None,
    }
    return {"understood": {name: value for name, value in values.items() if value}, **_missing(case, notice)}


def _missing(case: Case, notice: Notice) -> dict[str, Any]:
    """What is asked for; beside a call, which is no letter, what may be asked for at all."""
    asked = asked_in(case, notice) if notice.kind in TO_CUSTOMER else asked_for(case)
    return asked._asdict()


def _thanks(case: Case, notice: Notice) -> dict[str, Any]:
    """For what the customer wrote since our last word to them, and what we understood from it (§5.4)."""
    if notice.kind is LetterKind.ACKNOWLEDGEMENT:
        return {}
    since = max((seq for seq in _heard(case, notice) if seq <= notice.after), default=0)
    rows = [row for row in joining.still_here(case.rows) if row.seq > since and _is_written_by_customer(row)]
    if not rows:
        return {}
    seqs = {row.seq for row in rows}
    return {
        "thanks_for": rows[-1].at,
        "noted": _noted(case, rows),
        "message_waits": any(message.row in seqs for message in case.unread),
    }


def _is_written_by_customer(row: Row) -> bool:
    told = row.what in _WORDS_OF_CUSTOMER and row.via in (Via.REPLY, Via.LINK) and row.by in NOT_STAFF
    return told and row.data.get("sender_proven", True) is True


def _noted(case: Case, rows: list[Row]) -> dict[str, str]:
    """What the case has understood from these words."""
    read = {(one["field"], one["value"]) for row in rows for one in row.data.get("read", ())}
    given = {(field, row.data[field]) for row in rows for field in DETAILS if row.data.get(field)}
    known = {field: value_of(case, field) for field in DETAILS}
    return {
        "name" if field == "customer_name" else field: value
        for field, value in known.items()
        if value and (field, value) in read | given
    }


def _next(case: Case, notice: Notice) -> dict[str, Any]:
    """The date that comes next for the customer: the promised one, the stage's, and our next word at the latest."""
    due = case.due
    promised = case.promise.date if case.promise and not case.promise.missed else None
    return {
        "due": due[1] if due and due[0] == case.stage.value and due[1] > case.as_of else None,
        "next_word_at": case.word_due_at if not case.ended else None,
        "promised_for": promised,
    }


def _since(case: Case, notice: Notice) -> dict[str, Any]:
    """What happened since the customer heard from us before this letter; nothing internal."""
    since = max((seq for seq in _heard(case, notice) if seq <= notice.after), default=0)
    lines = [line for row in case.rows[since:] if (line := told_to_customer(row))]
    missed = case.promise_missed
    told_here = missed is not None and notice.data.get("promise_missed") == missed.isoformat()
    noted = (file for row in case.rows[since:] if is_told_note(row) for file in files_in(row.data))
    return {
        "since_last_word": tuple(lines),
        "promise_missed": missed if told_here else None,
        "attached": fitting_one_letter(noted),
    }


def _late(case: Case, notice: Notice) -> dict[str, Any]:
    """What should have been done by now and was not, with the date that holds instead (§5.4: clear dates)."""
    window = case.stage.value
    if window not in case.late_for or window != notice.stage:
        return {}
    new = next(((at, whose) for at, whose in _dates_to_come(case) if at > case.as_of), (None, None))
    return {
        "late_window": window,
        "late_since": clocks.window_due(case),
        "new_date": new[0],
        "new_date_from": new[1],
    }


def _dates_to_come(case: Case) -> Iterator[tuple[datetime, str]]:
    """Dates by which something happens for the customer, the one that binds most first."""
    if case.promise is not None and not case.promise.missed:
        yield case.promise.due, "promise"
    yield from ((clock.due, "escalation") for clock in clocks.running(case) if clock.name == "escalation")
    if case.first_communicated_at is None:
        yield case.legal_due, "legal"


def _answering(case: Case, notice: Notice) -> dict[str, Any]:
    """Until when the customer may answer, and what silence does (§8)."""
    days = case.policy.confirmation.silence_closes_after
    told = case.rounds[notice.round - 1]
    since = max(told.communicated_at or case.as_of, told.corrected_at or told.communicated_at or case.as_of)
    return {
        "answer_until": case.calendar.deadline(since, days) if days else None,
        "reopen_days": case.policy.reopening.within_days,
    }


def _reopening(case: Case, notice: Notice) -> dict[str, Any]:
    """§8: until when a no opens the case again."""
    return {"due": (case.closed_at or case.as_of) + timedelta(days=case.policy.reopening.within_days)}


def _heard(case: Case, notice: Notice) -> Iterator[int]:
    """How far the journal was when the customer had a word from us before: a letter that was not superseded, a call."""
    earlier = case.notices[: next(i for i, other in enumerate(case.notices) if other.key == notice.key)]
    yield from (other.after for other in earlier if other.recipient == CUSTOMER and other.state in _WRITTEN)
    yield from (row.seq for row in case.rows if row.what == Called.name and row.data["reached"] and _told(row))


def _told(row: Row) -> bool:
    return bool(row.data.get("told", True))


def _story(case: Case, notice: Notice) -> dict[str, Any]:
    """The whole story, for who takes the case over (§7)."""
    lines = [line for row in joining.still_here(case.rows) if (line := told_to_staff(row))]
    if len(lines) > LONGEST_STORY:
        lines = lines[:1] + lines[1 - LONGEST_STORY :]
    days = case.policy.escalation.after
    until = case.calendar.deadline(case.escalation_since or case.as_of, days, case.paused)
    return {
        "story": tuple(lines),
        "description": case.received.problem.description[:LONGEST_COPY],
        "customer_name": case.received.customer.name,
        "phone": case.received.customer.phone,
        "due": until,
        "days_left": case.calendar.counted(case.as_of, until) if until > case.as_of else 0,
    }


def _resolution(case: Case, notice: Notice) -> dict[str, Any]:
    told = case.rounds[notice.round - 1]
    return {
        "resolution": told.resolution,
        "resolution_outcome": told.outcome,
        "corrective_actions": told.corrective_actions,
    }


def _with_reply(case: Case, notice: Notice) -> dict[str, Any]:
    return {"attached": files_in(notice.data)}


def _with_answer(case: Case, notice: Notice) -> dict[str, Any]:
    """The letter that explains the answer has what goes with it; those that only repeat its words do not."""
    return {"attached": case.rounds[notice.round - 1].files}


def _call(case: Case, notice: Notice) -> dict[str, Any]:
    number = notice.data.get("task")
    task = case.calls[number - 1] if number else case.open_call
    return {
        "phone": case.received.customer.phone,
        "script": task.kinds if task else (),
        "replies": untold_replies(case.rows) if task and LetterKind.REPLY in task.kinds else (),
        "attempts": task.attempts if task else 0,
        "after_attempts": notice.data.get("after_attempts"),
    }


def _to_tell(case: Case, notice: Notice) -> dict[str, Any]:
    """What the caller says beside the letters' own words: what is missing, and when the customer hears from us next."""
    return {**_missing(case, notice), "next_word_at": case.word_due_at if not case.ended else None}


def _assignment(case: Case, notice: Notice) -> dict[str, Any]:
    """The department learns what it is about and by when; how to reach the customer is the representative's part."""
    understood = _understood(case, notice)["understood"]
    due = case.due
    return {
        "understood": {name: value for name, value in understood.items() if name not in {"name", "document", "phone"}},
        "due": due[1] if due else None,
    }


def _merged(case: Case, notice: Notice) -> dict[str, Any]:
    """The other's number, where it is surely the same person's."""
    return {"merged_into": case.merged_into if notice.data.get("whose") == Whose.SAME.value else None}


def _reminder(case: Case, notice: Notice) -> dict[str, Any]:
    return {"reminder": case.round.reminders}


_OF_THE_LAW = frozenset({LetterKind.LEGAL_WARNING, LetterKind.LEGAL_BREACH})
_HAD = frozenset({*(state.value for state in (LetterState.CLAIMED, LetterState.SENT, LetterState.UNCERTAIN)), TOLD})
_WRITTEN = frozenset(state.value for state in (LetterState.CLAIMED, LetterState.SENT, LetterState.UNCERTAIN))
_WORDS_OF_CUSTOMER = frozenset({MessageReceived.name, DetailsReceived.name})

_Part = Callable[["Case", Notice], dict[str, Any]]
_PARTS: dict[LetterKind, tuple[_Part, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: (_words, _files, _understood, _next),
    LetterKind.DETAILS_REQUEST: (_missing, _next),
    LetterKind.UPDATE: (_missing, _next, _since, _late),
    LetterKind.REPLY: (_with_reply, _next),
    LetterKind.RESOLUTION: (_resolution, _with_answer, _answering),
    LetterKind.CORRECTION: (_resolution, _with_answer, _answering),
    LetterKind.RESOLUTION_DECIDED: (_next,),
    LetterKind.ESCALATION: (_missing, _next),
    LetterKind.REMINDER: (_resolution, _reminder, _answering),
    LetterKind.CLOSING: (_resolution, _reopening),
    LetterKind.CLOSED_IN_SILENCE: (_resolution, _reopening),
    LetterKind.DECISION: (_reopening,),
    LetterKind.WITHDRAWAL: (_reopening,),
    LetterKind.MERGED: (_merged,),
    LetterKind.JOINED: (_next,),
    LetterKind.SEPARATED: (_next,),
    LetterKind.REOPENING: (_next,),
    LetterKind.ASSIGNMENT: (_words, _assignment),
    LetterKind.INVOLVEMENT: (_words,),
    LetterKind.ESCALATED_TO_YOU: (_story, _resolution),
    LetterKind.DISPUTED: (_resolution,),
    LetterKind.MESSAGE_LATE: (),
    LetterKind.CALL_NEEDED: (_call, _to_tell, _resolution),
    LetterKind.CALL_LATE: (_call, _to_tell, _resolution),
    LetterKind.UNREACHABLE: (_call,),
    LetterKind.ACKNOWLEDGEMENT_LATE: (_call,),
    LetterKind.UNCONFIRMED: (_call,),
    LetterKind.EXPLAIN: (_call,),
}
