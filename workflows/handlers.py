"""What a running complaint hears: one signal a fact, one update a request; and what to do with strangers' signals.

Handlers are not async and only add facts: no lock, no interleaving, nothing unfinished at the end. They take
`*payload`, because one argument too many would otherwise fail the workflow task for ever, and a payload that does not
match, or cannot be read at all, would vanish with a log line (tried on temporalio 1.35; see payloads.py).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from complaints.rules import handed_out_again, heard
from complaints.rules.case import Case, parsed
from complaints.rules.facts import FACTS, UPDATES, Fact
from complaints.rules.refusals import NotNow, Refusal, clause, refusals_of
from complaints.rules.stages import Effect
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry, explained, status_of, timeline_of
from complaints.rules.text import one_line
from workflows.payloads import unreadable

NOT_YET = "NotYet"
"""The error type of a request that came while the case was being opened: repeat it."""

NOT_NOW = "NotNow"
"""The error type of a refused request; its message says what to do instead."""

LONGEST_QUEUE = 500
"""Signals kept while a case is being opened."""


def _signal(name: str) -> Any:
    def handler(self: Any, *payload: Any) -> None:
        self.hear(name, payload)  # `self` is `Handlers`; the SDK reads annotations before the class exists

    handler.__name__ = name.replace("-", "_")
    return workflow.signal(name=name, description=_first_sentence(FACTS[name]))(handler)


def _update(name: str) -> Any:
    fact = UPDATES[name].name

    def handler(self: Any, *payload: Any) -> Status:
        granted: Status = self.grant(fact, payload)
        return granted

    def validator(self: Any, *payload: Any) -> None:
        self.may(fact, payload)

    handler.__name__ = name
    decorated = workflow.update(name=name, description=_first_sentence(UPDATES[name]))(handler)
    decorated.validator(validator)
    return decorated


def _first_sentence(fact: type[Fact]) -> str:
    return (fact.__doc__ or "").strip().split("\n")[0]


class Handlers:
    """Signals, updates and queries of the workflow `Complaint`."""

    case: Case | None = None
    changes: int = 0
    """Number of signals and updates so far: changes wake the companions."""

    def __init__(self) -> None:
        self.queue: list[tuple[str, tuple[Any, ...]]] = []
        self.offset = timedelta(0)
        self.told: tuple[datetime, datetime] | None = None
        """`workflow.now()` when the last step ended, and the case's time that its result carries."""

    def goes_on_from(self, at: datetime | None, asked: datetime | None = None) -> None:
        """From now on in this workflow task the case's time is `at`, the time in the step's result. What happened since
        the step was `asked` for is moved to it, too: a task that was handed out again replays under the time of the
        attempt that completed."""
        if self.case is not None and at is not None and asked is not None:
            handed_out_again.moved(self.case, since=asked, to=at)
        self.told = (workflow.now(), at) if at is not None else None

    def now(self) -> datetime:
        """The case's business clock, UTC. Within a task, what follows a step has that step's time."""
        now = workflow.now()
        return self.told[1] if self.told and self.told[0] == now else now + self.offset

    @workflow.signal(dynamic=True, description="Any other name: journalled as ignored.")
    def unknown(self, name: str, payload: Sequence[RawValue]) -> None:
        """A signal nobody knows must not freeze the case; it is journalled."""
        self.hear(name, ())

    # -- queries -----------------------------------------------------------------------------------------------------

    @workflow.query(description="Where the complaint stands.")
    def status(self) -> Status:
        """Where the complaint stands."""
        return status_of(self._opened())

    @workflow.query(description="Everything that happened, oldest first.")
    def timeline(self) -> list[TimelineEntry]:
        """Everything that happened, oldest first."""
        return timeline_of(self._opened())

    @workflow.query(description="Each running deadline: start, budget, the days skipped or paused and why.")
    def explain(self) -> list[DeadlineExplained]:
        """Each running deadline with its derivation."""
        return explained(self._opened())

    # -- what they do ------------------------------------------------------------------------------------------------

    def hear(self, name: str, payload: tuple[Any, ...]) -> None:
        """Takes a signal: applied, or journalled as ignored with the reason; queued while the case is being opened."""
        self.changes += 1
        if self.case is None:
            if len(self.queue) < LONGEST_QUEUE:
                self.queue.append((name, payload))
            return
        if name not in FACTS:
            self._ignore(self.case, one_line(name, longest=100), Refusal("signal.unknown"))
            return
        if mark := unreadable(payload):
            self._ignore(self.case, name, mark.refusal)
            return
        try:
            fact = parsed(name, payload)
        except ValidationError as error:
            self._ignore(self.case, name, *refusals_of(error))
            return
        self.case.apply(fact, now=self.now())  # settles up to the fact's own time: what was done in time stays in time

    def _ignore(self, case: Case, name: str, *refusals: Refusal) -> None:
        case.settle(self.now(), inclusive=False)
        case.ignore(name, clause(*refusals))

    def hear_queue(self) -> None:
        """Takes the signals that came while the case was being opened, in order."""
        queue, self.queue = self.queue, []
        for name, payload in queue:
            self.hear(name, payload)

    def may(self, name: str, payload: tuple[Any, ...]) -> None:
        """Validates an update: refused here, it leaves no trace in the history."""
        if self.case is None:
            raise ApplicationError("The case is being opened: repeat the request in a moment.", type=NOT_YET)
        try:
            fact = _requested(self.case, name, payload)
            self.case.expect_request(fact)
        except NotNow as error:
            raise _refused(error) from None

    def grant(self, name: str, payload: tuple[Any, ...]) -> Status:
        """Applies an update that its validator let through. A deadline that passed in between may still refuse it."""
        case = self._opened()
        fact = _requested(case, name, payload)
        known = case.knows(fact)
        self.changes += 1
        if known and heard.said_otherwise(case, fact):  # of two at once the other was first
            raise _refused(NotNow(heard.ALREADY, number=case.number))
        if case.apply(fact, now=self.now()) is Effect.IGNORED and not known:
            reason = case.effect_of(fact)[1]  # an ignored fact leaves the case as it is, and so the reason
            assert reason is not None
            raise _refused(NotNow(reason, number=case.number, stage=case.stage.value))
        return status_of(case)

    def _opened(self) -> Case:
        if self.case is None:
            raise ApplicationError("The case is being opened: ask again in a moment.", type=NOT_YET)
        return self.case


# One handler each; Temporal finds them on the class, as if they stood in it.
for _name in FACTS:  # signals: facts, which never fail a case (design §4)
    setattr(Handlers, _name.replace("-", "_"), _signal(_name))
for _name in UPDATES:  # updates: requests, refused before they enter history
    setattr(Handlers, _name, _update(_name))


def _requested(case: Case, name: str, payload: tuple[Any, ...]) -> Fact:
    if mark := unreadable(payload):
        raise NotNow(mark.refusal, number=case.number)
    try:
        return parsed(name, payload)
    except ValidationError as error:
        raise NotNow(*refusals_of(error), number=case.number) from None


def _refused(error: NotNow) -> ApplicationError:
    """The refusal as the caller of an update gets it: the sentence, with its codes in the details."""
    return ApplicationError(str(error), error.details(), type=NOT_NOW)
