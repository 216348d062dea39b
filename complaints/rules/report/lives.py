"""A complaint's life as reports read it (§10): when it reached each step, how each of its windows ended. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from complaints.rules.rounds import begins_round

COMMUNICATED_BY_LETTER = "resolution"
"""The kind of the letter that tells a customer the resolution (§6)."""

_REACHES = {
    "acknowledged": ("acknowledge",),
    "assessed": ("assess",),
    "assigned": ("assess", "assign"),
    "resolved": ("assess", "assign", "resolve"),
}
"""A later fact implies the earlier ones (design §2): what was assigned or resolved without a word was assessed then."""


class Event(NamedTuple):
    """A row of the journal, without the words that no figure needs."""

    seq: int
    at: datetime
    what: str
    by: str | None
    data: Mapping[str, Any]


class Ending(NamedTuple):
    """How a window ended: something was done in time, or it passed."""

    window: str
    at: datetime
    in_time: bool


@dataclass(frozen=True)
class Life:
    """One complaint up to the end of a period."""

    number: str
    received_at: datetime
    department: str | None
    product: str | None
    category: str | None
    channel: str
    severity: str | None
    events: tuple[Event, ...]
    """In the order of the journal, up to the period's end."""
    since: datetime
    """The period's first instant."""

    @cached_property
    def reached(self) -> dict[str, datetime]:
        """When it first reached each of `complaints.rules.report.report.STEPS`, in this or an earlier period."""
        found: dict[str, datetime] = {}
        for event in self.events:
            for step in _REACHES.get(event.what, ()):
                found.setdefault(step, event.at)
        return found

    @cached_property
    def now(self) -> tuple[Event, ...]:
        """What happened in the period."""
        since = self.since
        return tuple(event for event in self.events if event.at >= since)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often what happened in the period: facts by their names, `late` whatever the window."""
        return Counter(["late" if event.what.startswith("late/") else event.what for event in self.now])

    def waited(self, until: datetime) -> float:
        """Hours from receipt to the first resolution; to `until` while there is none."""
        return ((self.reached.get("resolve") or until) - self.received_at).total_seconds() / 3600

    def endings(self) -> Iterator[Ending]:
        """Every window that ended, each once a round: kept at the fact that ended it, or late when it passed.

        Of the legal limit and the acknowledgement there is one a complaint. A letter that was counted as told and came
        back may let them pass after all: then both are true, each at its time.
        """
        over: set[str] = set()
        promised = False
        resolved = False
        for event in self.events:
            kind, _, window = event.what.partition("/")
            if kind == "late":
                over.add(window)
                promised = promised and window != "promise"
                yield Ending(window, event.at, in_time=False)
            elif event.what == "date-promised":
                promised = True
            elif begins_round(event):
                over = (over | {"assessment", "assignment"}) - {"investigation"}
                promised = resolved = False
            else:
                resolved = resolved or event.what == "resolved"
                for window in _ended_by(event, resolved=resolved):
                    if window not in over:
                        over.add(window)
                        yield Ending(window, event.at, in_time=True)
                if event.what == "resolved" and promised:
                    promised = False
                    yield Ending("promise", event.at, in_time=True)


def communicates(event: Event, *, resolved: bool) -> bool:
    """Whether the customer learned the resolution by it (§6); `resolved`: there was one to learn."""
    match event.what:
        case "letter-sent":
            return event.data.get("kind") == COMMUNICATED_BY_LETTER
        case "resolved":
            return bool(event.data.get("told_in_call"))
        case "called":
            return resolved and bool(event.data.get("reached")) and event.data.get("told") is not False
        case _:
            return False


def _ended_by(event: Event, *, resolved: bool) -> Iterator[str]:
    match event.what:
        case "acknowledged":
            yield "acknowledgement"
        case "assessed":
            yield "assessment"
        case "assigned":
            yield from ("assessment", "assignment")
        case "resolved":
            yield from ("assessment", "assignment", "investigation")
    if communicates(event, resolved=resolved):
        yield "legal"
