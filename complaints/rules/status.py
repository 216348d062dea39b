"""What one may ask a case: where it stands, what happened, and why each date is what it is."""

from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules import joining
from complaints.rules.asking import asked_for
from complaints.rules.calendar import Derivation
from complaints.rules.case import Case
from complaints.rules.clocks import UNDO, Clock, late_since, overdue, running
from complaints.rules.journal import CallTask, CaseRecord, Row
from complaints.rules.letters import HANDED_TO_CALL, TOLD
from complaints.rules.messages import proposed
from complaints.rules.page_links import all_covered, said
from complaints.rules.readings import ReadDetail
from complaints.rules.state import HelpAnswer, NewMessage, PendingAct
from complaints.rules.written import belongs_to


class Status(BaseModel):
    """Where a complaint stands; the answer of the query `status` and of every update. Instants are UTC."""

    model_config = ConfigDict(frozen=True)

    number: str
    stage: str
    level: int
    """0: the care team; 1, 2 …: a rung of the ladder (§7)."""
    round: int
    owner: str
    """A role: `care_team`, `representative`, or one of the ladder's."""
    department: str | None = None
    representative: str | None = None
    late: bool
    late_for: tuple[str, ...] = ()
    late_since: AwareDatetime | None = None
    """When the longest late of these was due; None: none is late."""
    due: AwareDatetime | None = None
    """What people have to do next is due then."""
    due_name: str | None = None
    channel: str
    received_at: AwareDatetime
    acknowledged_at: AwareDatetime | None = None
    missing: tuple[str, ...] = ()
    waiting_for_details: bool = False
    promised_for: date | None = None
    last_word_at: AwareDatetime
    next_word_at: AwareDatetime | None = None
    """When the customer hears from us next at the latest (§5.4)."""
    category: str | None = None
    severity: str | None = None
    resolution: str | None = None
    pending_act: PendingAct | None = None
    """What was sent from the desk and can still be taken back; nothing of it is done yet."""
    answered: bool = False
    """The resolution was, or is being, told to the customer, and not only decided (§6)."""
    satisfied_held: bool = False
    """The customer is satisfied already, before any resolution: it counts when one comes (§8)."""
    call: CallTask | None = None
    unconfirmed: bool = False
    outcome: str | None = None
    closed_at: AwareDatetime | None = None
    merged_into: str | None = None
    """It ended as part of that one, of the same person."""
    goes_with: str | None = None
    """Another person's complaint, with which it is worked on."""
    absorbed: tuple[str, ...] = ()
    """What was merged into it and was not separated since."""
    joined: tuple[str, ...] = ()
    """Of these, the complaints of other people, which go along with it."""
    letters_waiting: int = 0
    unwritten_rows: int = 0
    unread: int = 0
    """Messages of the customer that nobody has answered or marked read, also those on a complaint that has ended."""
    unread_since: AwareDatetime | None = None
    """When the oldest of them came."""
    messages: tuple[NewMessage, ...] = ()
    """These; what each seems to say, where that can be done now."""
    help_answers: tuple[HelpAnswer, ...] = ()
    """What colleagues answered to requests for help (§5.3) and nobody has read yet: internal."""
    proposals: tuple[ReadDetail, ...] = ()
    """Details that were read in the customer's words and that somebody may note, or say that they are not so."""
    understood: tuple[ReadDetail, ...] = ()
    """Details of the case that were read there, with the words they were read from."""
    asks_for: tuple[str, ...] = ()
    """What the customer may still be asked for: of `missing`, nothing after the resolution."""
    ignored: int = 0
    """Signals that could not apply; the timeline has their reasons."""


class TimelineEntry(BaseModel):
    """One thing that happened; the answer of the query `timeline` is a list of these, oldest first."""

    model_config = ConfigDict(frozen=True)

    seq: int
    at: AwareDatetime
    what: str
    by: str | None = None
    via: str
    data: dict[str, Any] = {}


class DeadlineExplained(BaseModel):
    """Why a date is what it is; the query `explain` answers with a list of these: what is late, then the next first."""

    model_config = ConfigDict(frozen=True)

    name: str
    due: AwareDatetime
    start: AwareDatetime
    budget: str
    days: Derivation | None = None
    """Each day counted or skipped, and why; None for hours and calendar days."""
    late: bool = False
    """It passed, and what it waited for has not been done."""


def status_of(case: Case) -> Status:
    """Where the case stands."""
    due = case.due
    return Status(
        number=case.number,
        stage=case.stage.value,
        level=case.level,
        round=case.round.number,
        owner=case.owner,
        department=case.department,
        representative=case.representative,
        late=bool(case.late_for),
        late_for=tuple(case.late_for),
        late_since=late_since(case),
        due=due[1] if due else None,
        due_name=due[0] if due else None,
        channel=case.received.channel.value,
        received_at=case.received_at,
        acknowledged_at=case.acknowledged_at,
        missing=case.missing,
        waiting_for_details=case.details_outstanding is not None,
        promised_for=case.promise.date if case.promise else None,
        last_word_at=case.last_word_at,
        next_word_at=_next_word_at(case),
        category=case.category,
        severity=case.severity,
        resolution=said(case.round.resolution) if case.round.resolution else None,
        pending_act=case.pending_act,
        answered=case.round.explained_at is not None,
        satisfied_held=case.held is not None,
        call=case.open_call,
        unconfirmed=case.round.unconfirmed and not case.ended,
        outcome=case.outcome,
        closed_at=case.closed_at,
        merged_into=case.merged_into,
        goes_with=case.goes_with,
        absorbed=tuple(case.absorbed),
        joined=tuple(joining.of_others(case)),
        letters_waiting=sum(notice.state in ("due", "claimed") for notice in case.notices),
        unwritten_rows=len(case.rows) - case.recorded,
        unread=len(case.unread),
        unread_since=case.unread[0].at if case.unread else None,
        messages=tuple(one.model_copy(update={"seems": proposed(case, one)}) for one in case.unread),
        help_answers=tuple(case.help_answers),
        proposals=tuple(case.proposals),
        understood=tuple(case.understood.values()),
        asks_for=asked_for(case).missing,
        ignored=case.junk,
    )


def timeline_of(case: Case) -> list[TimelineEntry]:
    """Everything that happened, oldest first; the complaint itself and the rules, which rows keep, are left out, and
    what came from a complaint that has left again."""
    told = [
        TimelineEntry(
            seq=row.seq, at=row.at, what=row.what, by=row.by, via=row.via.value,
            data=_told(row),
        )
        for row in case.rows
    ]  # fmt: skip
    return without_what_left(told)


def without_what_left(entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """The same without the words that came from another complaint and went with it when the two were separated."""
    gone = joining.taken_back(entries)
    if not gone:
        return entries
    return [_without_words(entry) if belongs_to(entry.what, entry.data) in gone else entry for entry in entries]


def _without_words(entry: TimelineEntry) -> TimelineEntry:
    kept = {name: value for name, value in entry.data.items() if name in _ALWAYS_TOLD}
    return entry.model_copy(update={"data": kept})


def _told(row: Row) -> dict[str, Any]:
    if row.what == "received":
        return {}
    return all_covered(
        {name: value for name, value in row.data.items() if (row.what, name) != ("rules-changed", "rules")}
    )


_ALWAYS_TOLD = frozenset({"absorbed", "of", "whose", "received_at", "event_id", "said_at"})
"""Of words that have left again: whose they were, and under which id they had come."""


def explained(case: Case) -> list[DeadlineExplained]:
    """What is late, the longest first; then every clock that runs, the next first. Each with its derivation."""
    passed = sorted(overdue(case), key=lambda clock: clock.due)
    return [
        DeadlineExplained(
            name=clock.name, due=clock.due, start=clock.start, budget=clock.budget, days=_days(case, clock), late=late,
        )
        for clocks, late in ((passed, True), (running(case), False))
        for clock in clocks
        if clock.name != UNDO
    ]  # fmt: skip


def record_of(case: Case) -> CaseRecord:
    """The case as one row of Postgres (§9)."""
    due, customer, problem = case.due, case.received.customer, case.received.problem
    return CaseRecord(
        number=case.number,
        source_key=case.received.source_key or case.number,
        channel=case.received.channel.value,
        language=case.policy.language_for(case.received.language),
        received_at=case.received_at,
        customer_name=customer.name,
        document=customer.document,
        email=customer.email,
        phone=customer.phone,
        address=customer.address,
        guardian=customer.guardian,
        subject=said(case.received.subject) if case.received.subject else None,
        description=said(problem.description),
        product=case.received.product,
        occurred_on=problem.occurred_on.isoformat() if problem.occurred_on else None,
        stage=case.stage.value,
        level=case.level,
        round=case.round.number,
        late=bool(case.late_for),
        late_since=late_since(case),
        due=due[1] if due else None,
        due_name=due[0] if due else None,
        department=case.department,
        representative=case.representative,
        owner=case.owner,
        category=case.category,
        severity=case.severity,
        outcome=case.outcome,
        resolved_at=case.round.resolved_at,
        closed_at=case.closed_at,
        next_word_at=_next_word_at(case),
        policy_version=case.policy.version,
        unread=len(case.unread) + len(case.help_answers),
        unread_since=case.unread[0].at if case.unread else None,
        seq=len(case.rows),
    )


def delivered_or_handed_over(case: Case) -> bool:
    """Whether every letter is over: sent, failed for good, superseded, or part of a call (the run may end)."""
    over = {"sent", "failed", "uncertain", "superseded", HANDED_TO_CALL, TOLD}
    return all(notice.state in over for notice in case.notices)


def _next_word_at(case: Case) -> datetime | None:
    told = case.round.explained_at is not None
    return None if case.ended or case.round.unconfirmed or (told and case.unread) else case.word_due_at


def _days(case: Case, clock: Clock) -> Derivation | None:
    if not clock.business_days or clock.business_days < 1:
        return None
    calendar = case.legal_calendar if clock.national else case.calendar
    return calendar.explain(clock.start, clock.business_days, case.paused if clock.pausable else ())
