"""The case: the whole state of one complaint, to which facts are applied and which settles the deadlines that passed.

Pure: it has no clock. Whoever applies a fact or settles brings the time, on the case's business clock, in UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from complaints.rules import calls, clocks, effects, notices, volume
from complaints.rules.details import Detail
from complaints.rules.facts import FACTS, Channel, Fact, Via
from complaints.rules.journal import CallTask, Row, as_json
from complaints.rules.letters import LetterKind
from complaints.rules.notices import Notice
from complaints.rules.policy import Rules
from complaints.rules.received import ComplaintReceived, without_future_date
from complaints.rules.rounds import NotNow, Round, Wait
from complaints.rules.stages import CLOSED_REASON, INSTEAD, TABLE, Effect, Stage
from complaints.rules.state import CaseState

_INSTANT = timedelta(microseconds=1)
"""The least span between two instants."""

MOST_JUNK = 100
"""Ignored facts that are journalled; beyond it they are only counted, so that a stranger cannot fill the history."""


class Case(CaseState):
    """One complaint."""

    # -- how it begins -----------------------------------------------------------------------------------------------

    @classmethod
    def opened(
        cls, received: ComplaintReceived, *, number: str, rules: Rules, now: datetime, run: str | None = None
    ) -> Case:
        """A complaint has arrived (§3). A receipt in the future, or none, is now. `run` tells two starts apart."""
        at = min(received.received_at or now, now)
        received = volume.fitting_start(received)
        case = cls(
            number=number,
            received=without_future_date(received, today=rules.calendar.local_date(at)),
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
        if received.channel is Channel.PHONE:  # §4: the number is read out, the details asked for, in that very call
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
        if self.struck(f"legal/{self.policy.legal_limit.business_days}"):  # listed until the end (design §2)
            late.append("legal")
        return late

    @property
    def on_schedule(self) -> bool:
        """Whether every deadline of this round was kept so far; who made a call late is another matter."""
        return not any(
            row.what.startswith("late/") and row.what != "late/call" and row.at >= self.round.started_at
            for row in self.rows
        )

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
        """Lets every deadline up to `at` pass, in order, each at its time; exclusive before a fact of that instant."""
        while (clock := self.next_clock) is not None and (clock.due <= at if inclusive else clock.due < at):
            self.let_pass(clock)
            if clock.due == at:  # what comes now comes after it: told again from the journal, it must come after it too
                at += _INSTANT
        self.as_of = max(self.as_of, at)

    def let_pass(self, clock: clocks.Clock) -> None:
        """The deadline passes, at its own time."""
        self.as_of = max(self.as_of, clock.due)
        clock.strike(self, clock)

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
        if reason := effects.objection(self, fact) or volume.objection(self, fact):
            return Effect.IGNORED, reason
        return effect, None

    def expect(self, fact: Fact) -> None:
        """Raises NotNow where the fact would be ignored; for requests, which are refused before they enter history."""
        if self.knows(fact):
            return
        effect, reason = self.effect_of(fact)
        if effect is Effect.IGNORED or (reason := volume.too_long(self, fact)):
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
        fact = volume.fitting(self, fact)
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
            self.held = fact.model_dump(mode="json", exclude={"at"})
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
    def open_call(self) -> CallTask | None:
        """The call that somebody has to make, if any."""
        return calls.open_call(self)

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

    def escalate(self, reason: str, words: str | None = None) -> None:
        """One level up, or the same if it is the last (§7): by `time`, `dissatisfied`, `reopened`. The stage stays."""
        before = self.owner
        # "Escalated though on schedule" is reported apart (design §2, §7).
        on_schedule = True if reason == "time" and self.on_schedule else None
        self.level = min(self.level + 1, len(self.ladder))
        self.escalation_since = self.as_of
        self.journal("escalated", level=self.level, to=self.owner, reason=reason, on_schedule=on_schedule)
        occasion = f"escalation/{self.level}" if reason == "time" else "dispute"
        said: dict[str, Any] = {"reason": reason, "words": words}
        self.tell(LetterKind.ESCALATED_TO_YOU, occasion, self.owner, on_schedule=on_schedule, **said)
        told = LetterKind.ESCALATED_FROM_YOU if reason == "time" else LetterKind.DISPUTED
        for recipient in dict.fromkeys([before, self.assignee]):
            if recipient != self.owner:
                self.tell(told, occasion, recipient, **said)
        self.tell_customer(LetterKind.REOPENING if reason == "reopened" else LetterKind.ESCALATION, occasion, **said)

    def next_round(self, reason: str, words: str | None = None) -> None:
        """A dispute or a reopening: the next round, one level up, in investigation, with fresh windows (design §2)."""
        self.rounds.append(Round(number=self.round.number + 1, started_at=self.as_of))
        self.outcome = self.closed_at = None
        self.satisfied_by_resolver = False
        self.held = self.promise = self.promise_missed = None
        self.close_calls("overtaken")
        self.escalate(reason, words)

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
        """§5.4: 3 days after the last word, at the same hour, until the resolution is told, not only decided; then by
        the reminders of §8. For calls, when the last office day before it begins."""
        every = (
            self.policy.updates.every_days
            if self.round.explained_at is None
            else self.policy.confirmation.remind_every_days
        )
        due = self.last_word_at + timedelta(days=every)
        if self.mail_works:
            return due
        opens = self.calendar.opens(self.calendar.office_day_before(due))
        return opens if opens > self.last_word_at else due


def parsed(name: str, payload: tuple[Any, ...]) -> Fact:
    """The fact of that name from a signal's payload; extra arguments are ignored. Raises ValidationError."""
    first = payload[0] if payload else None
    return FACTS[name].model_validate({} if first is None else first)


def _via_of(channel: Channel) -> Via:
    return Via.CALL if channel is Channel.PHONE else Via.SIGNAL
