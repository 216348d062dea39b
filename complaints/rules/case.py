"""The case: one complaint that begins, to which facts are applied, and which settles the deadlines that passed.

Pure: it has no clock. Whoever applies a fact or settles brings the time, on the case's business clock, in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from complaints.rules import clocks, effects, heard, joining, messages, volume
from complaints.rules.facts import FACTS, ActHeld, ActSentNow, ActWithdrawn, Channel, Fact, Via
from complaints.rules.letters import LetterKind
from complaints.rules.notices import tell_customer
from complaints.rules.policy import Rules, shared
from complaints.rules.received import ComplaintReceived, without_future_date
from complaints.rules.refusals import NotNow, Refusal, clause
from complaints.rules.rounds import Round
from complaints.rules.stages import CLOSED, INSTEAD, TABLE, Effect, Stage
from complaints.rules.state import CaseState

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
        received, rules = volume.fitting_start(received), shared(rules)
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
            rules=rules.written,
            run=run,
            in_clear=received.in_clear or None,
        )
        case.share_rules()
        messages.take_over(case, received.read)
        if received.channel is Channel.PHONE:  # §4: the number is read out, the details asked for, in that very call
            case.acknowledged_at = at
            case.journal("acknowledged", by=received.by, via=Via.CALL)
        if received.channel is not Channel.PHONE or case.mail_works:
            tell_customer(case, LetterKind.ACKNOWLEDGEMENT, "acknowledgement")
        return case

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
        quiet = ("warning/", clocks.UNDO)
        waking = (clock for clock in clocks.running(self) if not clock.name.startswith(quiet))
        return next(((clock.name, clock.due) for clock in waking), None)

    def settle(self, at: datetime, *, inclusive: bool = True) -> None:
        """Lets every deadline up to `at` pass, in order, each at its time; exclusive before a fact of that instant."""
        clocks.settle(self, at, inclusive=inclusive)

    def let_pass(self, clock: clocks.Clock) -> None:
        """The deadline passes, at its own time."""
        clocks.let_pass(self, clock)

    # -- facts -------------------------------------------------------------------------------------------------------

    def effect_of(self, fact: Fact) -> tuple[Effect, Refusal | None]:
        """What this fact would do now, and the reason if that is nothing."""
        stage = self.stage
        if isinstance(fact, ActHeld) and not self.ended:
            effect, reason = self.effect_of(will_be(fact))
            return (effect, reason) if reason else (Effect.APPLIES, None)
        effect = TABLE[fact.name, stage]
        if effect is Effect.IGNORED:
            return effect, CLOSED if stage is Stage.CLOSED else INSTEAD[fact.name, stage]
        if reason := effects.objection(self, fact) or volume.objection(self, fact):
            return Effect.IGNORED, reason
        return effect, None

    def expect(self, fact: Fact) -> None:
        """Raises NotNow where the fact would be ignored; for requests, which are refused before they enter history."""
        if self.knows(fact):
            if heard.said_otherwise(self, fact):
                raise NotNow(heard.ALREADY, number=self.number)
            return
        reason = self.effect_of(fact)[1] or volume.too_long(self, will_be(fact))
        if reason is not None:
            raise NotNow(reason, number=self.number, stage=self.stage.value)

    def expect_request(self, fact: Fact) -> None:
        """As `expect`; a request, also one that waits its minute, says what a signal of old may leave open."""
        self.expect(fact)
        reason = joining.unsaid(self, will_be(fact))
        if reason is not None:
            raise NotNow(reason, number=self.number)

    def apply(self, fact: Fact, *, now: datetime) -> Effect:
        """Adds a fact: what was due before passes first, then it does what the table says.

        A known id does nothing; something else under it is journalled as ignored.
        """
        if self.knows(fact) and not heard.said_otherwise(self, fact):
            return Effect.IGNORED
        at = max(min(fact.at or now, now), self.as_of)  # never in the future, never before what is already told
        self.settle(at, inclusive=False)
        if self.knows(fact):
            self.ignore(fact.name, clause(heard.ALREADY), by=fact.by, via=fact.via)
            return Effect.IGNORED
        if self.pending_act is not None and not isinstance(fact, ActWithdrawn | ActSentNow):
            self.do_pending()  # whatever comes next finds it done, in the order in which people said so
        fact = volume.fitting(self, fact)
        effect, reason = self.effect_of(fact)
        data = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"by", "via", "at"})
        if fact.at is not None and fact.at != self.as_of:
            data["said_at"] = fact.at.isoformat()
        if fact.in_clear:
            data["in_clear"] = True
        if reason is not None:
            self.ignore(fact.name, clause(reason), by=fact.by, via=fact.via)
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
        messages.read(self, fact)
        return effect

    def do_pending(self) -> None:
        """Does the act that waits to be taken back: when its minute is over, or before whatever else happens."""
        pending, self.pending_act = self.pending_act, None
        if pending is None:
            return
        own = {"at": pending.at, "by": pending.by, "via": pending.via, "event_id": pending.done_id}
        self.apply(parsed(pending.act, ({**pending.said, **own},)), now=self.as_of)

    def ignore(self, name: str, reason: str, *, by: str | None = None, via: Via = Via.SIGNAL) -> None:
        """Journals something that could not apply, with its `clause`; beyond `MOST_JUNK` only counts it."""
        self.junk += 1
        if self.junk <= MOST_JUNK:
            self.journal("ignored", by=by, via=via, fact=name[:100], reason=reason[:1_000])


def will_be(fact: Fact) -> Fact:
    """The fact that will be applied: of an act that waits its minute the act, without when and by whom."""
    return parsed(fact.act, (fact.said,)) if isinstance(fact, ActHeld) else fact


def parsed(name: str, payload: tuple[Any, ...]) -> Fact:
    """The fact of that name from a signal's payload; extra arguments are ignored. Raises ValidationError."""
    first = payload[0] if payload else None
    return FACTS[name].model_validate({} if first is None else first)


def _via_of(channel: Channel) -> Via:
    return Via.CALL if channel is Channel.PHONE else Via.SIGNAL
