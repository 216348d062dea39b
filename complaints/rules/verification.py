"""Whether the records of a complaint hold together (§9): what is kept of it, beside what its journal tells.

The journal is told again and compared with everything that Postgres keeps: the present state, the calls, the ledger of
letters, the times. Nothing but Postgres is needed: Temporal's histories are gone after their retention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from complaints.rules.after_end import Afterword, heard_after_the_end
from complaints.rules.case import Case
from complaints.rules.clocks import Clock
from complaints.rules.erasing import ERASED, Erasing
from complaints.rules.facts import Via
from complaints.rules.faults import Fault
from complaints.rules.journal import CallTask, CaseRecord, Row
from complaints.rules.kept_letters import Journal, KeptLetter, letter_faults
from complaints.rules.retelling import JournalBroken, told_again
from complaints.rules.status import record_of

SKEW = timedelta(minutes=1)
"""So far the clocks of two machines may lie apart; what looks earlier than it can be by less is no fault."""

STRUCK_WITHIN = timedelta(hours=1)
"""A deadline that has passed for so long and left no row has not struck: nobody works on the case."""

LAGS = (1.0, 10.0, 60.0, 600.0, 3_600.0, 86_400.0)
"""Seconds: the upper bounds in which deadlines are counted by how long after they were due their row was written."""

_FOLLOWED = 400
"""Clocks without a row of their own (updates, reminders) that may have struck between the last row and the writing."""


@dataclass(frozen=True)
class Kept:
    """What Postgres keeps of one complaint, read at one moment."""

    number: str
    state: Mapping[str, Any]
    """The row of `complaints`, by column, as `Looked.columns` would write it."""
    rows: list[dict[str, Any]]
    """Those of the journal, as they lie there; `recorded_at` is the wall's clock."""
    calls: list[CallTask] = field(default_factory=list)
    calls_told_to: list[int] = field(default_factory=list)
    """For each call the journal row up to which it is told."""
    letters: list[KeptLetter] = field(default_factory=list)
    afterwords: list[Afterword] = field(default_factory=list)
    chain: list[Fault] = field(default_factory=list)
    """What the database found of the hash chain over its rows, and of the files that they tell of."""


@dataclass(frozen=True)
class Look:
    """What somebody who looks must bring: pure rules have no clock."""

    now: datetime
    columns: Callable[[CaseRecord], Mapping[str, Any]]
    """How a state is written: its columns, with those for finding."""
    real_time: bool = True
    """Whether the cases' clock is the wall's (apart from a fixed offset): not where somebody skips time."""


class Lags(BaseModel):
    """How long after they were due deadlines left their row: counted by `LAGS`, the last beyond all of them."""

    model_config = ConfigDict(frozen=True)

    counts: tuple[int, ...] = (0,) * (len(LAGS) + 1)
    longest: float = 0.0
    """Seconds."""

    def __add__(self, other: Lags) -> Lags:
        """Both together."""
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Lags(counts=counts, longest=max(self.longest, other.longest))

    @property
    def struck(self) -> int:
        """How many deadlines passed."""
        return sum(self.counts)


class Verification(BaseModel):
    """What came of looking at the records."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    """When it began; the wall's clock."""
    took: float
    """Seconds."""
    whole: bool
    """Whether every complaint was looked at, not only some that were named."""
    complaints: int = 0
    rows: int = 0
    letters: int = 0
    lags: Lags = Lags()
    real_time: bool = True
    """False where time is skipped: then no time of the wall proves anything, and lags say nothing."""
    temporal: Literal["asked", "away", "not asked"] = "not asked"
    """Whether open complaints were looked for in Temporal too: for their run, and whether its tasks go through."""
    head: str = ""
    """Of all hash chains together, as it was after looking at everything; to be written down elsewhere."""
    found: int = 0
    """How many faults there are."""
    faults: tuple[Fault, ...] = ()
    """The first of them."""


class Held(NamedTuple):
    """What came of looking at one complaint."""

    faults: list[Fault]
    lags: Lags


def held_together(kept: Kept, look: Look) -> Held:
    """Everything about one complaint that does not hold together; no faults: it is whole."""
    told = _told(kept, look)
    return Held([*kept.chain, *told.faults], told.lags)


def _told(kept: Kept, look: Look) -> Held:
    try:
        journal = _journal(kept)
        case = told_again(kept.number, journal.rows)
    except _Unreadable as unreadable:
        return Held([unreadable.fault], Lags())
    except JournalBroken as broken:
        return Held([_broken(kept.number, broken)], Lags())
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):  # what no program of ours ever wrote
        return Held([Fault(number=kept.number, check="journal", about={"row": "?"})], Lags())
    faults = [*_not_erased(kept, journal), *_cut_off(case, journal), *_present(kept, journal, case, look)]
    faults += letter_faults(case, kept.letters, journal, now=look.now, real_time=look.real_time)
    if look.real_time:
        faults += [*_early(case, journal), *_not_struck(case, look.now)]
    return Held(faults, _lags(case, journal))


# -- the journal ------------------------------------------------------------------------------------------------------


class _Unreadable(Exception):
    """The rows are none of a case, before they are told at all."""

    def __init__(self, number: str, check: str, **about: str) -> None:
        super().__init__(check)
        self.fault = Fault(number=number, check=check, about=about)


def _journal(kept: Kept) -> Journal:
    """The rows: without gaps, no event id twice, written in order."""
    if not kept.rows:
        raise _Unreadable(kept.number, "no-journal")
    rows: list[Row] = []
    for place, values in enumerate(kept.rows, start=1):
        if values["seq"] != place:
            raise _Unreadable(kept.number, "gap", row=str(place))
        try:
            rows.append(Row.model_validate(values))
        except ValidationError as error:
            columns = ", ".join(sorted({str(one["loc"][0]) for one in error.errors(include_input=False)}))
            raise _Unreadable(kept.number, "journal", row=str(place), columns=columns) from None
    events: dict[Any, str] = {}
    for row in rows:
        event = row.data.get("event_id")
        if event is not None and event in events:
            raise _Unreadable(kept.number, "event-twice", row=str(row.seq), first=events[event])
        events[event] = str(row.seq)
    recorded = [values["recorded_at"] for values in kept.rows]
    for row, (before, after) in zip(rows[1:], pairwise(recorded), strict=True):
        if after < before - SKEW:
            raise _Unreadable(kept.number, "written-before", row=str(row.seq))
    return Journal(rows, recorded, kept.afterwords)


def _broken(number: str, broken: JournalBroken) -> Fault:
    row = {"row": str(broken.row.seq), "what": broken.row.what} if broken.row else {"row": "?"}
    columns = {"columns": ", ".join(broken.differing)} if broken.differing else {}
    return Fault(number=number, check="journal", about={**row, **columns})


def _not_erased(kept: Kept, journal: Journal) -> Iterator[Fault]:
    """Where an erasure is noted, no row says anything that it would take."""
    if not any(word.what == ERASED for word in kept.afterwords):
        return
    for row, erased in zip(journal.rows, Erasing(kept.number, journal.rows).rows, strict=True):
        if row != erased:
            yield Fault(number=kept.number, check="not-erased", about={"row": str(row.seq), "what": row.what})
            return


def _cut_off(case: Case, journal: Journal) -> Iterator[Fault]:
    """An act is written whole: where the last one tells more rows than are there, its end is gone."""
    if len(case.rows) > len(journal.rows):
        missing = case.rows[len(journal.rows)]
        yield Fault(number=case.number, check="cut-off", about={"row": str(missing.seq), "what": missing.what})


# -- the present state, and the calls ---------------------------------------------------------------------------------


def _present(kept: Kept, journal: Journal, case: Case, look: Look) -> list[Fault]:
    """State and calls are those of one of the moments at which the case may have been written after its last row."""
    nearest: list[Fault] | None = None
    for moment in _moments(case):
        faults = [*_state(kept, journal, moment, look), *_calls(kept, journal, moment)]
        if not faults:
            return []
        if nearest is None or _weight(faults) < _weight(nearest):
            nearest = faults
    return nearest or []


def _weight(faults: list[Fault]) -> int:
    return sum(1 + len(fault.about.get("columns", "").split(", ")) for fault in faults)


def _moments(case: Case) -> Iterator[Case]:
    """The case after its last row: clocks that leave no row (a word to the customer) may have struck since."""
    yield case
    for _clock, later in _strikes(case):
        if len(later.rows) > len(case.rows):
            return
        yield later


def _strikes(case: Case) -> Iterator[tuple[Clock, Case]]:
    """One clock after the other strikes, up to the first that leaves a row; each with the case after it."""
    later = deepcopy(case, {id(same): same for same in (case.rules, case.calendar)})  # which nothing changes
    for _ in range(_FOLLOWED):
        if (clock := later.next_clock) is None:
            return
        later.let_pass(clock)
        yield clock, later
        if len(later.rows) > len(case.rows):
            return


def _state(kept: Kept, journal: Journal, case: Case, look: Look) -> Iterator[Fault]:
    wanted = look.columns(record_of(case).model_copy(update={"seq": len(journal.rows)}))
    differing = [name for name, value in wanted.items() if kept.state[name] != value]
    if kept.state["recorded_at"] != journal.recorded[-1]:  # one transaction writes the last row and the state after it
        differing.append("recorded_at")
    if differing:
        yield Fault(number=kept.number, check="state", about={"columns": ", ".join(differing)})


def _calls(kept: Kept, journal: Journal, case: Case) -> Iterator[Fault]:
    wanted = {call.task: call for call in heard_after_the_end(case, kept.afterwords).calls}
    stored = {call.task: (call, told_to) for call, told_to in zip(kept.calls, kept.calls_told_to, strict=True)}
    for task in sorted(wanted.keys() | stored.keys()):
        if task not in stored:
            yield Fault(number=kept.number, check="call-missing", about={"task": str(task)})
        elif task not in wanted:
            yield Fault(number=kept.number, check="call-stray", about={"task": str(task)})
        else:
            call, told_to = stored[task]
            differing = [name for name in CallTask.model_fields if getattr(call, name) != getattr(wanted[task], name)]
            differing += ["seq"] if told_to != len(journal.rows) else []
            if differing:
                about = {"task": str(task), "columns": ", ".join(differing)}
                yield Fault(number=kept.number, check="call", about=about)


# -- the times --------------------------------------------------------------------------------------------------------


def _early(case: Case, journal: Journal) -> Iterator[Fault]:
    """No row is written before what it tells of: no deadline strikes before it is due."""
    offset = case.received.clock_offset
    for row, recorded in zip(journal.rows, journal.recorded, strict=True):
        if recorded + offset < row.at - SKEW:
            about = {"row": str(row.seq), "what": row.what}
            yield Fault(number=case.number, check="early", about=about)


def _not_struck(case: Case, now: datetime) -> Iterator[Fault]:
    """A deadline of an open case that is over for long, and nothing tells of it."""
    latest, soonest = now + case.received.clock_offset - STRUCK_WITHIN, case.next_clock
    if soonest is None or soonest.due > latest:
        return
    for clock, later in _strikes(case):
        if clock.due > latest:
            return
        if len(later.rows) > len(case.rows):
            about = {"name": clock.name, "due": clock.due.isoformat()}
            yield Fault(number=case.number, check="not-struck", about=about)


def _is_deadline(row: Row) -> bool:
    if row.via is not Via.CLOCK:
        return False
    return row.what.startswith(("late/", "warned/")) or (row.what, row.data.get("reason")) == ("escalated", "time")


def _lags(case: Case, journal: Journal) -> Lags:
    """A deadline's row has the time at which it was due; how long after that it was written is its lag."""
    counts, longest = [0] * (len(LAGS) + 1), 0.0
    for row, recorded in zip(journal.rows, journal.recorded, strict=True):
        if _is_deadline(row):
            lag = (recorded + case.received.clock_offset - row.at).total_seconds()
            counts[next((i for i, bound in enumerate(LAGS) if lag <= bound), len(LAGS))] += 1
            longest = max(longest, lag)
    return Lags(counts=tuple(counts), longest=longest)
