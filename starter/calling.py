"""Calls that somebody has to make: which, who has taken one, what to say (design §2)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.contacts import Contacts
from complaints.records.part import Part
from complaints.records.store import Store
from complaints.rules.after_end import Afterword
from complaints.rules.calls import untold_replies
from complaints.rules.facts import Via
from complaints.rules.journal import CallTask, CaseRecord
from complaints.rules.letters import LetterKind
from complaints.rules.policy import Policy
from complaints.rules.resolved import may_be_a_no, standing_resolution
from complaints.rules.status import Status
from complaints.telephones import chat_link, tel_link
from complaints.words.catalogue import N_, language_of
from complaints.words.script import Call, to_answer, to_read_out, to_write
from complaints.words.wording import Wording
from starter.errors import NotFound, Refused

TAKEN = "call-taken"
"""What the records note beside the case's journal."""

HELD_FOR = timedelta(minutes=30)
"""A call that was taken so long ago, with no outcome, is free again."""


class OpenCall(BaseModel):
    """A call task that is open, with what a caller needs to know."""

    model_config = ConfigDict(frozen=True)

    number: str
    task: int
    customer: str | None
    phone: str
    tel: str
    kinds: tuple[str, ...]
    """The letters that it stands for."""
    due: AwareDatetime
    """By when; after an attempt, when to try again."""
    late: bool
    attempts: int
    most_attempts: int
    taken_by: str | None = None
    taken_at: AwareDatetime | None = None


class Script(OpenCall):
    """A call with everything to say."""

    say: tuple[str, ...]
    chat: str | None
    """A WhatsApp link with the same as text; None for a number without."""


async def open_calls(
    store: Store, *, now: datetime, most_attempts: int, limit: int = 200, skip: int = 0
) -> Part[OpenCall]:
    """The calls to make, the most urgent first; how many there are in all."""
    tasks = await store.open_calls(limit=limit, skip=skip)
    numbers = [number for number, _ in tasks]
    records = {record.number: record for record in await store.records(numbers)}
    taken = await store.afterwords_of(numbers, TAKEN)
    found = [
        _told(records[number], task, taken.get(number, ()), now=now, most_attempts=most_attempts)
        for number, task in tasks
        if number in records
    ]
    ordered = sorted(found, key=lambda call: (call.due, call.number))
    return Part(ordered, skipped=tasks.skipped, total=tasks.total)


async def open_call(store: Store, number: str, *, now: datetime, most_attempts: int) -> OpenCall:
    """The call of this complaint. Raises NotFound, and Refused where there is none to make."""
    record = await store.record(number)
    if record is None:
        raise NotFound.number(number)
    task = next((task for task in await store.calls(number) if task.done_at is None), None)
    if task is None:
        raise Refused(
            N_("{number} has no call to make.", number=number),
            N_("{number} has no call to make; record another with `complaints call {number}`.", number=number),
        )
    return _told(record, task, await store.afterwords(number), now=now, most_attempts=most_attempts)


async def take(store: Store, call: OpenCall, *, by: str, at: datetime, over: bool = False, via: Via = Via.CLI) -> None:
    """Takes the call for one caller, so that a customer is not called twice at once. Raises Refused: another has it.

    Whoever has it keeps it for half an hour or until its outcome; `over` takes it from them.
    """
    takings = _takings(await store.afterwords(call.number), call.task, call.attempts)
    holder = takings[-1][0] if takings and takings[-1][1] > at - HELD_FOR else None
    if holder == by:
        return
    if holder is not None and not over:
        raise _is_taken(call.number, holder)
    mark = f"call/{call.number}/{call.task}/{call.attempts}/{len(takings) + 1}"  # of two at once, one writes it
    data = {"task": call.task, "attempts": call.attempts}
    if not await store.add_afterword(call.number, event_id=mark, at=at, what=TAKEN, by=by, via=via, data=data):
        newest = _takings(await store.afterwords(call.number), call.task, call.attempts)[-1][0]
        if newest != by:
            raise _is_taken(call.number, newest)


async def script(store: Store, call: OpenCall, status: Status, contacts: Contacts, policy: Policy) -> Script:
    """What to say, in the customer's language."""
    record, journal = await store.record(call.number), await store.journal(call.number)
    words = _words_of(record, status, policy.calendar.timezone)
    outcome, last = standing_resolution(journal).get("outcome"), status.level >= len(policy.escalation.levels)
    said = replace(
        _call_of(status, record, contacts, words),
        kinds=call.kinds, outcome=outcome, may_be_a_no=may_be_a_no(outcome, at_last_level=last),
        replies=untold_replies(journal) if LetterKind.REPLY in call.kinds else (),
    )  # fmt: skip
    chat = chat_link(call.phone, to_write(said, words))
    return Script(**call.model_dump(), say=tuple(to_read_out(said, words)), chat=chat)


def answer_to_caller(status: Status, record: CaseRecord | None, contacts: Contacts, *, timezone: str) -> list[str]:
    """What to tell a customer who calls to ask how it goes, in their language; nothing where it has ended."""
    words = _words_of(record, status, timezone)
    return to_answer(_call_of(status, record, contacts, words), words) if status.outcome is None else []


def _words_of(record: CaseRecord | None, status: Status, timezone: str) -> Wording:
    language = language_of(record.language if record is not None else "")
    return Wording(language=language, timezone=timezone, today=Wording(timezone=timezone).day_of(status.received_at))


def _call_of(status: Status, record: CaseRecord | None, contacts: Contacts, words: Wording) -> Call:
    representative = status.representative if status.owner == "representative" else None
    return Call(
        number=status.number,
        school=contacts.school.name,
        kinds=(),
        customer=record.customer_name if record else None,
        received_at=status.received_at,
        stage=status.stage,
        owner=representative or words.role(status.owner),
        next_word_at=status.next_word_at,
        missing=status.missing,
        resolution=status.resolution,
        phone=contacts.intake.telephone,
    )


def _told(
    record: CaseRecord, task: CallTask, words: Iterable[Afterword], *, now: datetime, most_attempts: int
) -> OpenCall:
    due = max(task.due, task.next_at or task.due)
    takings = _takings(words, task.task, task.attempts)
    by, at = takings[-1] if takings and takings[-1][1] > now - HELD_FOR else (None, None)
    return OpenCall(
        number=record.number,
        task=task.task,
        customer=record.customer_name,
        phone=record.phone or "",
        tel=tel_link(record.phone or ""),
        kinds=task.kinds,
        due=due,
        late=due < now,
        attempts=task.attempts,
        most_attempts=most_attempts,
        taken_by=by,
        taken_at=at,
    )


def _takings(words: Iterable[Afterword], task: int, attempts: int) -> list[tuple[str, datetime]]:
    """Who took this attempt of the call, and when, oldest first; `words` are the complaint's."""
    return [
        (word.by or "", word.at)
        for word in words
        if word.what == TAKEN and (word.data.get("task"), word.data.get("attempts")) == (task, attempts)
    ]


def _is_taken(number: str, by: str) -> Refused:
    return Refused(
        N_("{number}: {by} has taken this call already; take it over if they will not.", number=number, by=by),
        N_(
            "{number}: {by} has taken this call already; take it over with --over if they will not.",
            number=number,
            by=by,
        ),
    )
