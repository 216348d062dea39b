"""What a case remembers, and what is read from it: who has it, how far it is, what is late.

The bottom of this room's case: nothing here tells anybody anything, or lets a deadline pass.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from complaints.rules.calendar import Calendar
from complaints.rules.details import Detail
from complaints.rules.facts import Fact, Via
from complaints.rules.journal import CallTask, Row, as_json
from complaints.rules.letters import CARE_TEAM, DEPARTMENT_HEAD, REPRESENTATIVE, Notice
from complaints.rules.policy import Policy, Rules, shared
from complaints.rules.readings import KnownBefore, ReadDetail, Seems
from complaints.rules.received import ComplaintReceived
from complaints.rules.rounds import Promise, Round, Wait
from complaints.rules.stages import Stage
from complaints.rules.times import Instant


class NewMessage(BaseModel):
    """Something that the customer wrote and nobody has answered or read yet."""

    model_config = ConfigDict(frozen=True)

    row: int
    """Its row in the journal, which has the words."""
    at: AwareDatetime
    seems: Seems | None = None
    """What it seems to say."""
    proven: bool = True
    """Whether it is known that the customer wrote it."""


class HelpAnswer(BaseModel):
    """What a colleague answered to a request for help (§5.3), and nobody has read yet."""

    model_config = ConfigDict(frozen=True)

    row: int
    """Its row in the journal, which has the words."""
    at: AwareDatetime
    by: str | None = None
    """Who answered."""
    asked_by: str | None = None
    """Who asked."""


DONE = "done/"
"""Begins the event id of a fact that waited: its row follows from the row of `act-held`, and nobody said it anew."""


class PendingAct(BaseModel):
    """What was sent from the desk and waits, so that it can be taken back; its letter waits with it."""

    model_config = ConfigDict(frozen=True)

    row: int
    """Its row in the journal."""
    act: str
    """The fact that it will be, by name."""
    said: dict[str, Any]
    at: AwareDatetime
    until: AwareDatetime
    """Then it is done, or before whatever else happens."""
    by: str | None = None
    via: Via
    done_id: str
    """The event id of the fact that it will be."""


class CaseState(BaseModel):
    """Everything that continue-as-new and reopening carry. Serialisable as a whole."""

    number: str
    received: ComplaintReceived
    received_at: Instant
    rules: Rules
    rules_since: AwareDatetime | None = None
    """When they were changed; None: these held from the receipt on."""
    as_of: Instant
    """How far the case has been told its story; its time never goes back."""
    rounds: Annotated[list[Round], Field(min_length=1)]
    level: Annotated[int, Field(ge=0)] = 0
    """0: the care team's own; 1, 2 …: a rung of the ladder (§7)."""
    escalation_since: AwareDatetime | None = None
    """From when the present level's business days count (§7)."""
    acknowledged_at: AwareDatetime | None = None
    last_word_at: Instant
    """When the customer was last told something; every customer letter is a word (§5.4)."""
    first_communicated_at: AwareDatetime | None = None
    department: str | None = None
    representative: str | None = None
    category: str | None = None
    severity: str | None = None
    waits: list[Wait] = []
    promise: Promise | None = None
    promise_missed: date | None = None
    """A missed date that the customer has not been told of yet."""
    held: dict[str, Any] | None = None
    """A confirmation that came before the resolution; applied when it comes."""
    unread: list[NewMessage] = []
    """What the customer wrote that waits for somebody, the oldest first."""
    help_answers: list[HelpAnswer] = []
    read_at: AwareDatetime | None = None
    """When what the customer wrote was last answered or marked read."""
    pending_act: PendingAct | None = None
    """What waits so that it can be taken back."""
    understood: dict[str, ReadDetail] = {}
    """Details that stand in the complaint because they were read in the customer's words, by field."""
    known_before: dict[str, KnownBefore] = {}
    """What stood there before a reading that corrected it, by field: it stands again where that reading was wrong."""
    proposals: list[ReadDetail] = []
    """Details that were read there and are not evident: somebody notes them, or says that they are not so."""
    outcome: str | None = None
    closed_at: AwareDatetime | None = None
    merged_into: str | None = None
    """It ended as part of that one."""
    goes_with: str | None = None
    """Another person's complaint, with which it is worked on; it lives on by itself."""
    absorbed: list[str] = []
    went_along: list[NewMessage] = []
    """What waited for somebody when it was merged into one of the same person, and waits there since."""
    """What was merged into it, of whomever, and was not separated since."""
    satisfied_by_resolver: bool = False
    notices: list[Notice] = []
    calls: list[CallTask] = []
    mail_failed: bool = False
    """The customer's address refused a letter for good, or one came back."""
    strikes: list[str] = []
    """Deadlines that have struck: `1/late/assessment`, `legal/13`."""
    event_ids: list[str] = []
    rows: list[Row] = []
    recorded: int = 0
    """The last row that Postgres has."""
    passed: int = 0
    """The last row of which the complaints that it is merged with have heard."""
    junk: int = 0
    """Facts ignored, journalled or not."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        """A carried case comes from outside: one that does not hold together would fail every task of its run."""
        if self.level > len(self.ladder):
            raise ValueError(f"level: the ladder has {len(self.ladder)} levels")
        for name, numbers in (
            ("rounds", [each.number for each in self.rounds]),
            ("rows", [row.seq for row in self.rows]),
            ("calls", [call.task for call in self.calls]),
        ):
            if numbers != list(range(1, len(numbers) + 1)):
                raise ValueError(f"{name}: must be numbered from 1 without a gap")
        return self

    @property
    def policy(self) -> Policy:
        """The policy in force for this case (design §2)."""
        return self.rules.policy

    @cached_property
    def calendar(self) -> Calendar:
        """Its business days."""
        return self.rules.calendar

    @property
    def legal_calendar(self) -> Calendar:
        """The nation's business days, by which Ley 31435 counts."""
        return self.rules.legal_calendar

    @property
    def legal_due(self) -> datetime:
        """When the law's days for an answer end (Ley 31435); it never pauses."""
        return self.legal_calendar.deadline(self.received_at, self.policy.legal_limit.business_days)

    @property
    def round(self) -> Round:
        """The round that is going on."""
        return self.rounds[-1]

    @property
    def stage(self) -> Stage:
        """Where it is on the route (§5, §8)."""
        if self.outcome is not None:
            return Stage.CLOSED
        if self.round.resolved_at is not None:
            return Stage.CONFIRMATION
        if self.round.number > 1 or self.round.assigned_at is not None:
            return Stage.INVESTIGATION
        return Stage.ASSIGNMENT if self.round.assessed_at is not None else Stage.ASSESSMENT

    def is_assessed(self) -> bool:
        """§5.1 is over in this round."""
        return self.stage is not Stage.ASSESSMENT

    def is_assigned(self) -> bool:
        """§5.2 is over in this round."""
        return self.stage not in (Stage.ASSESSMENT, Stage.ASSIGNMENT)

    def is_resolved(self) -> bool:
        """§5.3 is over in this round."""
        return self.stage in (Stage.CONFIRMATION, Stage.CLOSED)

    def is_answered(self) -> bool:
        """§6-§8: the customer has confirmed, or disputed and the next round began, or the case has ended otherwise."""
        return self.stage is not Stage.CONFIRMATION

    @property
    def ended(self) -> bool:
        """Whether it has come to one of its ends (§8)."""
        return self.outcome is not None

    @property
    def ladder(self) -> list[str]:
        """The roles a case escalates to, in order (§7)."""
        return list(self.policy.escalation.levels)

    @property
    def at_last_level(self) -> bool:
        """§7 names no one above: the case stays there."""
        return self.level >= len(self.ladder)

    @property
    def managers(self) -> list[str]:
        """Who is told of what concerns the law: the first rung, and every rung that has the case."""
        return self.ladder[: max(1, self.level)]

    @property
    def owner(self) -> str:
        """The role that answers for the case."""
        if self.level:
            return self.ladder[self.level - 1]
        return REPRESENTATIVE if self.representative else CARE_TEAM

    @property
    def assignee(self) -> str:
        """Who works on it: the representative, else the department's head, else the care team."""
        if self.representative:
            return REPRESENTATIVE
        return DEPARTMENT_HEAD if self.department else CARE_TEAM

    @property
    def responsible(self) -> str:
        """Who is told about the window of this stage: assessment and assignment are the care team's (design §2)."""
        return self.assignee if self.stage is Stage.INVESTIGATION else CARE_TEAM

    @property
    def explainer(self) -> str:
        """Who explains a bare resolution to the customer."""
        return self.assignee

    @property
    def caller(self) -> str:
        """Who makes the calls: the assigned representative (§6), else the care team."""
        return REPRESENTATIVE if self.representative else CARE_TEAM

    @property
    def mail_works(self) -> bool:
        """Whether the customer has an address that takes our letters."""
        return bool(self.received.customer.email) and not self.mail_failed

    # -- how far it is -------------------------------------------------------------------------------------------------

    @property
    def window_started_at(self) -> datetime | None:
        """From when the stage's window counts: the fact before it (§5.1 to §5.3)."""
        match self.stage:
            case Stage.ASSESSMENT:
                return self.round.started_at
            case Stage.ASSIGNMENT:
                return self.round.assessed_at
            case Stage.INVESTIGATION:
                return self.round.assigned_at if self.round.number == 1 else self.round.started_at
            case _:
                return None

    @property
    def escalation_counts_from(self) -> datetime | None:
        """§7: from receipt or from the investigation's start, as the policy says; at a level, from its beginning."""
        return self.escalation_since or self.round.assigned_at

    @property
    def details_outstanding(self) -> Wait | None:
        """The request that the customer has not answered yet (§5.1)."""
        return self.waits[-1] if self.waits and self.waits[-1].received_at is None else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Exactly what we still need from the customer: what was asked for, else the required details of §4."""
        if self.details_outstanding:
            return self.details_outstanding.missing
        return tuple(detail.value for detail in self.missing_details)

    @property
    def missing_details(self) -> tuple[Detail, ...]:
        """The required details of §4 that are not known."""
        return self.received.missing([Detail(detail) for detail in self.policy.required_details])

    @property
    def paused(self) -> tuple[date, ...]:
        """Business days that §5.1 to §5.3 and §7 do not count: details were outstanding at their close."""
        waits = [(wait.requested_at, wait.received_at) for wait in self.waits]
        return self.calendar.paused_days(waits, self.as_of, self.policy.details.longest_pause) if waits else ()

    @property
    def late_for(self) -> list[str]:
        """What is late now: `acknowledgement`, a window of this stage, `promise`, `message`, `legal`."""
        if self.ended:
            return []
        late = []
        if self.acknowledged_at is None and self.struck("acknowledgement"):
            late.append("acknowledgement")
        if self.struck(f"{self.round.number}/{self.stage.value}"):
            late.append(self.stage.value)
        if self.promise is not None and self.promise.missed and self.stage is not Stage.CONFIRMATION:
            late.append("promise")
        if self.unread and self.struck(f"message/{self.unread[0].row}"):
            late.append("message")
        if self.struck(f"legal/{self.policy.legal_limit.business_days}"):  # listed until the end (design §2)
            late.append("legal")
        return late

    @property
    def on_schedule(self) -> bool:
        """Whether every deadline of this round was kept so far; who called or read late is another matter."""
        late = (row for row in self.rows if row.what.startswith("late/") and row.at >= self.round.started_at)
        return all(row.what in ("late/call", "late/message") for row in late)

    @property
    def open_call(self) -> CallTask | None:
        """The call that somebody has to make, if any."""
        return self.calls[-1] if self.calls and self.calls[-1].done_at is None else None

    @property
    def word_due_at(self) -> datetime:
        """§5.4: 3 days after the last word, at the same hour, until the resolution is told, not only decided; then by
        the reminders of §8. For calls, when the last office day before it begins."""
        every = (
            self.policy.updates.every_days
            if self.round.explained_at is None
            else self.policy.confirmation.remind_every_days
        )
        since = self.last_word_at
        if self.round.explained_at is not None and self.read_at is not None:  # whoever wrote is not silent
            since = max(since, self.read_at)
        due = since + timedelta(days=every)
        if self.mail_works:
            return due
        opens = self.calendar.opens(self.calendar.office_day_before(due))
        return opens if opens > self.last_word_at else due

    # -- what is remembered --------------------------------------------------------------------------------------------

    def journal(self, what: str, *, by: str | None = None, via: Via = Via.CLOCK, **data: Any) -> None:
        """Appends a row at the case's present time."""
        self.rows.append(Row(seq=len(self.rows) + 1, at=self.as_of, what=what, by=by, via=via, data=as_json(data)))

    def share_rules(self) -> None:
        """Its rules are from now on those of every case of this process that has equal ones, and so is what its first
        row says of them: a tenth of what a case takes in memory, where each has its own."""
        self.rules = shared(self.rules)
        self.__dict__.pop("calendar", None)
        first = self.rows[0].data if self.rows else {}
        if first.get("rules") == self.rules.written:
            first["rules"] = self.rules.written

    def do_pending(self) -> None:
        """Does the act that waits to be taken back. Left to `Case`, which applies facts."""
        raise NotImplementedError

    def strike(self, key: str) -> None:
        """Remembers that a deadline has struck."""
        self.strikes.append(key)

    def struck(self, key: str) -> bool:
        """Whether that deadline has struck already."""
        return key in self.strikes

    def knows(self, fact: Fact) -> bool:
        """Whether a fact with this id has been applied already."""
        return fact.event_id is not None and fact.event_id in self.event_ids
