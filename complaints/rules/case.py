"""The case: the whole state of one complaint, to which facts are applied and which settles the deadlines that passed.

Pure: it has no clock. Whoever applies a fact or settles brings the time, on the case's business clock, in UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from pydantic import AwareDatetime, BaseModel

from complaints.rules import calls, clocks, effects, notices
from complaints.rules.calendar import Calendar
from complaints.rules.facts import FACTS, Channel, Fact, Via
from complaints.rules.journal import CallTask, Row, as_json
from complaints.rules.letters import CARE_TEAM, DEPARTMENT_HEAD, REPRESENTATIVE, LetterKind
from complaints.rules.notices import Notice
from complaints.rules.policy import Policy, Rules
from complaints.rules.received import ComplaintReceived, Detail
from complaints.rules.rounds import NotNow, Promise, Round, Wait
from complaints.rules.stages import CLOSED_REASON, INSTEAD, TABLE, Effect, Stage

MOST_JUNK = 100
"""Ignored facts that are journalled; beyond it they are only counted, so that a stranger cannot fill the history."""


class Case(BaseModel):
    """One complaint. Serialisable as a whole: continue-as-new and reopening carry it."""

    number: str
    received: ComplaintReceived
    received_at: AwareDatetime
    rules: Rules
    as_of: AwareDatetime
    """How far the case has been told its story; its time never goes back."""
    rounds: list[Round]
    level: int = 0
    """0: the care team's own; 1, 2 …: a rung of the ladder (§7)."""
    escalation_since: AwareDatetime | None = None
    """From when the present level's business days count (§7)."""
    acknowledged_at: AwareDatetime | None = None
    last_word_at: AwareDatetime
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
    outcome: str | None = None
    closed_at: AwareDatetime | None = None
    merged_into: str | None = None
    absorbed: list[str] = []
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
    junk: int = 0
    """Facts ignored, journalled or not."""

    # -- how it begins -----------------------------------------------------------------------------------------------

    @classmethod
    def opened(
        cls, received: ComplaintReceived, *, number: str, rules: Rules, now: datetime, run: str | None = None
    ) -> Case:
        """A complaint has arrived (§3). A receipt in the future, or none, is now. `run` tells two starts apart."""
        at = min(received.received_at or now, now)
        case = cls(
            number=number,
            received=received,
            received_at=at,
            rules=rules,
            as_of=at,
            rounds=[Round(number=1, started_at=at)],
            escalation_since=at if rules.policy.escalation.counted_from == "receipt" else None,
            last_word_at=at,
        )
        case.journal(
            "received",
            by=received.by,
            via=_via_of(received.channel),
            received=received.model_dump(mode="json"),
            rules=rules.model_dump(mode="json"),
            run=run,
        )
        if (
            received.channel is Channel.PHONE
        ):  # §4: the number is read out and the details are asked for in that very call
            case.acknowledged_at = at
            case.journal("acknowledged", by=received.by, via=Via.CALL)
        if received.channel is not Channel.PHONE or case.mail_works:
            case.tell_customer(LetterKind.ACKNOWLEDGEMENT, "acknowledgement")
        return case

    @classmethod
    def from_journal(cls, number: str, rows: list[Row]) -> Case:
        """The case that these rows tell of: what people and letters did is applied again, the clocks strike again."""
        from complaints.rules.folding import folded

        return folded(number, rows)

    # -- where it stands ---------------------------------------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        """The policy in force for this case (design §2)."""
        return self.rules.policy

    @cached_property
    def calendar(self) -> Calendar:
        """Its business days."""
        return self.rules.calendar

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
        """What is late now: `acknowledgement`, a window of this stage, `promise`, `legal`."""
        if self.ended:
            return []
        late = []
        if self.acknowledged_at is None and self.struck("acknowledgement"):
            late.append("acknowledgement")
        if self.struck(f"{self.round.number}/{self.stage.value}"):
            late.append(self.stage.value)
        if self.promise is not None and self.promise.missed and self.stage is not Stage.CONFIRMATION:
            late.append("promise")
        if self.first_communicated_at is None and self.struck(f"legal/{self.policy.legal_limit.business_days}"):
            late.append("legal")
        return late

    # -- deadlines ---------------------------------------------------------------------------------------------------

    @property
    def next_clock(self) -> clocks.Clock | None:
        """The deadline that passes next, if any."""
        return next(iter(clocks.running(self)), None)

    @property
    def due(self) -> tuple[str, datetime] | None:
        """What people have to do, and by when: the stage's window, passed or not; else the clock that comes next."""
        if (ends := clocks.window_due(self)) is not None:
            return self.stage.value, ends
        waking = (clock for clock in clocks.running(self) if not clock.name.startswith("warning/"))
        return next(((clock.name, clock.due) for clock in waking), None)

    def settle(self, at: datetime, *, inclusive: bool = True) -> None:
        """Lets every deadline up to `at` pass, in order, each at its own time; exclusive before a fact of that instant."""
        while (clock := self.next_clock) is not None and (clock.due <= at if inclusive else clock.due < at):
            self.as_of = max(self.as_of, clock.due)
            clock.strike(self, clock)
        self.as_of = max(self.as_of, at)

    def strike(self, key: str) -> None:
        """Remembers that a deadline has struck."""
        self.strikes.append(key)

    def struck(self, key: str) -> bool:
        """Whether that deadline has struck already."""
        return key in self.strikes

    # -- facts -------------------------------------------------------------------------------------------------------

    def effect_of(self, fact: Fact) -> tuple[Effect, str | None]:
        """What this fact would do now, and the reason if that is nothing."""
        stage = self.stage
        effect = TABLE[fact.name, stage]
        if effect is Effect.IGNORED:
            return effect, CLOSED_REASON if stage is Stage.CLOSED else INSTEAD[fact.name, stage]
        if reason := effects.objection(self, fact):
            return Effect.IGNORED, reason
        return effect, None

    def expect(self, fact: Fact) -> None:
        """Raises NotNow where the fact would be ignored; for requests, which are refused before they enter history."""
        effect, reason = self.effect_of(fact)
        if effect is Effect.IGNORED and not self.knows(fact):
            raise NotNow(f"{self.number} is in {self.stage.value}: {reason}.")

    def knows(self, fact: Fact) -> bool:
        """Whether a fact with this id has been applied already."""
        return fact.event_id is not None and fact.event_id in self.event_ids

    def apply(self, fact: Fact, *, now: datetime) -> Effect:
        """Adds a fact: what was due before passes first, then it does what the table says. A known id does nothing."""
        if self.knows(fact):
            return Effect.IGNORED
        at = max(min(fact.at or now, now), self.as_of)  # never in the future, never before what is already told
        self.settle(at, inclusive=False)
        effect, reason = self.effect_of(fact)
        data = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"by", "via", "at"})
        if fact.at is not None and fact.at != self.as_of:
            data["said_at"] = fact.at.isoformat()
        if effect is Effect.IGNORED:
            self.ignore(fact.name, reason or "", by=fact.by, via=fact.via)
            return effect
        if fact.event_id:
            self.event_ids.append(fact.event_id)
        self.journal(
            fact.name,
            by=fact.by,
            via=fact.via,
            **({"effect": effect.value} if effect is not Effect.APPLIES else {}),
            **data,
        )
        if effect is Effect.HELD:
            self.held = fact.model_dump(mode="json")
        else:
            effects.EFFECTS[fact.name](self, fact)
        return effect

    def ignore(self, name: str, reason: str, *, by: str | None = None, via: Via = Via.SIGNAL) -> None:
        """Journals something that could not apply; beyond `MOST_JUNK` only counts it."""
        self.junk += 1
        if self.junk <= MOST_JUNK:
            self.journal("ignored", by=by, via=via, fact=name[:100], reason=reason[:1_000])

    def journal(self, what: str, *, by: str | None = None, via: Via = Via.CLOCK, **data: Any) -> None:
        """Appends a row at the case's present time."""
        self.rows.append(Row(seq=len(self.rows) + 1, at=self.as_of, what=what, by=by, via=via, data=as_json(data)))

    # -- telling people ----------------------------------------------------------------------------------------------

    @property
    def mail_works(self) -> bool:
        """Whether the customer has an address that takes our letters."""
        return bool(self.received.customer.email) and not self.mail_failed

    @property
    def open_call(self) -> CallTask | None:
        """The call that somebody has to make, if any."""
        return calls.open_call(self)

    @property
    def caller(self) -> str:
        """Who makes the calls."""
        return calls.caller(self)

    def tell(self, kind: LetterKind, occasion: str, recipient: str, **data: Any) -> None:
        """Tells somebody of the staff, once per occasion."""
        notices.tell(self, kind, occasion, recipient, **data)

    def tell_customer(self, kind: LetterKind, occasion: str, **data: Any) -> None:
        """A word to the customer, by letter or by a call."""
        notices.tell_customer(self, kind, occasion, **data)

    def call_for(self, kind: LetterKind, notice: Notice | None = None) -> None:
        """Somebody has to call the customer."""
        calls.call_for(self, kind, notice)

    def close_calls(self, outcome: str) -> None:
        """Nobody needs to make the open call any more."""
        calls.close_calls(self, outcome)

    # -- what several facts and clocks have in common ----------------------------------------------------------------

    def escalate(self, reason: str) -> None:
        """One level up, or the same if it is the last (§7): by `time`, `dissatisfied`, `reopened`. The stage stays."""
        before = self.owner
        # "Escalated though on schedule" is reported apart (design §2, §7).
        on_schedule = True if reason == "time" and not self.late_for else None
        self.level = min(self.level + 1, len(self.ladder))
        self.escalation_since = self.as_of
        self.journal("escalated", level=self.level, to=self.owner, reason=reason, on_schedule=on_schedule)
        occasion = f"escalation/{self.level}" if reason == "time" else "dispute"
        self.tell(LetterKind.ESCALATED_TO_YOU, occasion, self.owner, reason=reason, on_schedule=on_schedule)
        told = LetterKind.ESCALATED_FROM_YOU if reason == "time" else LetterKind.DISPUTED
        for recipient in dict.fromkeys([before, self.assignee]):
            if recipient != self.owner:
                self.tell(told, occasion, recipient, reason=reason)
        self.tell_customer(
            LetterKind.REOPENING if reason == "reopened" else LetterKind.ESCALATION, occasion, reason=reason
        )

    def next_round(self, reason: str) -> None:
        """A dispute or a reopening: the next round, one level up, in investigation, with fresh windows (design §2)."""
        self.rounds.append(Round(number=self.round.number + 1, started_at=self.as_of))
        self.outcome = self.closed_at = None
        self.held = self.promise = self.promise_missed = None
        self.close_calls("overtaken")
        self.escalate(reason)

    def close(self, outcome: str, letter: LetterKind | None, **details: Any) -> None:
        """One of the ends (§8). What nobody needs to send or call any more is dropped; its own letter goes out."""
        self.outcome, self.closed_at = outcome, self.as_of
        if self.details_outstanding:
            self.waits[-1].received_at = self.as_of
        self.held = None
        self.close_calls("overtaken")
        self.journal("closed", outcome=outcome)
        if letter is not None:
            self.tell_customer(letter, f"end/{outcome}", **details)

    @property
    def word_due_at(self) -> datetime:
        """§5.4: 3 days after the last word, at the same hour; for calls, when the last office day before it begins."""
        every = (
            self.policy.updates.every_days
            if self.stage is not Stage.CONFIRMATION
            else self.policy.confirmation.remind_every_days
        )
        due = self.last_word_at + timedelta(days=every)
        if self.mail_works:
            return due
        opens = self.calendar.opens(self.calendar.local_date(self.calendar.office_time_before(due)))
        return opens if opens > self.last_word_at else due


def parsed(name: str, payload: tuple[Any, ...]) -> Fact:
    """The fact of that name from a signal's payload; extra arguments are ignored. Raises ValidationError."""
    first = payload[0] if payload else None
    return FACTS[name].model_validate({} if first is None else first)


def _via_of(channel: Channel) -> Via:
    return Via.CALL if channel is Channel.PHONE else Via.SIGNAL
