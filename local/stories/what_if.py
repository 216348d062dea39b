"""`complaints what-if`: past cases under other rules, on the real engine; what would have been different."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import islice
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.journal import Row
from complaints.rules.new_rules import differences
from complaints.rules.policy import Policy, Rules, rules_in_force
from complaints.rules.retelling import JournalBroken
from local.stories.what_if_control import Unlike, unlike
from local.stories.what_if_engine import Engine
from local.stories.what_if_life import Life, life_of
from local.stories.what_if_past import PastCase, past_case
from local.stories.what_if_replay import NotPlayed, replayed

TOGETHER = 24
"""Cases that are played at the same time."""

PER_ENGINE = 200
"""Cases that one engine plays: its server keeps every run in memory, and after 600 cases it is twice as slow."""

Engines = Callable[[], AbstractAsyncContextManager[Engine]]
"""Starts an engine, and ends it."""

Journals = Mapping[str, Sequence[Row]]
"""Each case's rows, by its number."""

OnProgress = Callable[[int, int], None]
"""Told how many cases are done, of how many."""


class Difference(BaseModel):
    """One thing that would have been different; None: it would not have been, or was not."""

    model_config = ConfigDict(frozen=True)

    kind: str
    """`deadline`, `late`, `escalated`, `letters`, `calls`, `closed`."""
    name: str
    before: AwareDatetime | int | str | None
    after: AwareDatetime | int | str | None


class CaseUnder(BaseModel):
    """One case under its own rules and under the others."""

    model_config = ConfigDict(frozen=True)

    number: str
    received_at: AwareDatetime
    policy_version: str
    before: Life | None = None
    after: Life | None = None
    unlike: tuple[Unlike, ...] = ()
    """Told otherwise under its own rules: the comparison cannot be trusted, and does not count."""
    why_not: str | None = None
    """It could not be played at all."""
    differences: tuple[Difference, ...] = ()
    ignored: int = 0
    """Facts that did not apply then; what they said is not kept, so they were not tried again."""

    @property
    def counts(self) -> bool:
        """Whether it is part of the totals."""
        return self.why_not is None and not self.unlike


class WhatIf(BaseModel):
    """What other rules would have changed, case by case and together."""

    model_config = ConfigDict(frozen=True)

    policy_version: str
    changes: dict[str, list[Any]]
    """Each number that differs from the rules that most of the cases had, by its place in policy.toml."""
    cases: tuple[CaseUnder, ...]
    totals: dict[str, tuple[int, int]]
    """Before and after, over the cases that count: `late/assessment`, `escalated/time`, `letters/customer` …"""
    timezone: str
    seconds: float

    @property
    def counted(self) -> int:
        """How many cases the totals are about."""
        return sum(case.counts for case in self.cases)


async def what_if(
    engines: Engines, journals: Journals, policy: Policy, *, now: datetime, on_progress: OnProgress = lambda *_: None
) -> WhatIf:
    """Plays every case twice: under its own rules, as a control, and under those of `policy`."""
    began = time.monotonic()
    waiting, done, own = enumerate(journals.items()), list[CaseUnder](), Counter[str]()

    async def plays(engine: Engine, some: Iterator[tuple[int, tuple[str, Sequence[Row]]]]) -> None:
        for run, (number, rows) in some:  # each takes the next one, until there is none
            done.append(await _case_under(engine, number, rows, policy, now=now, own=own, run=run))
            on_progress(len(done), len(journals))

    while len(done) < len(journals):
        async with engines() as engine, asyncio.TaskGroup() as group:
            some = islice(waiting, PER_ENGINE)
            for _ in range(min(TOGETHER, len(journals) - len(done))):
                group.create_task(plays(engine, some))
    cases = tuple(sorted(done, key=lambda case: (case.received_at, case.number)))
    return WhatIf(
        policy_version=policy.version,
        changes=_changes(own, policy),
        cases=cases,
        totals=_totals(cases),
        timezone=policy.calendar.timezone,
        seconds=round(time.monotonic() - began, 1),
    )


async def _case_under(
    engine: Engine, number: str, rows: Sequence[Row], policy: Policy, *, now: datetime, own: Counter[str], run: int
) -> CaseUnder:
    about: dict[str, Any] = {"number": number, "received_at": rows[0].at, "policy_version": "?"}
    try:
        past = past_case(number, rows, now=now)
        about |= {"policy_version": past.rules.policy.version, "ignored": past.ignored}
        own[past.rules.policy.model_dump_json()] += 1
        told = await replayed(engine, past, past.rules, run=f"before-{run}")
        differs = unlike(past.rows, told, until=past.until)
        under = _others(past, policy)
        other = await replayed(engine, past, under, run=f"after-{run}") if under != past.rules else told
        before, after = life_of(number, told), life_of(number, other)
    except (JournalBroken, NotPlayed) as error:
        return CaseUnder(**about, why_not=str(error))
    found = tuple(compared(before, after))
    return CaseUnder(**about, before=before, after=after, unlike=tuple(differs), differences=found)


def _others(past: PastCase, policy: Policy) -> Rules:
    """The rules that it would have begun with."""
    rules = rules_in_force(policy, past.rules.calendar.local_date(past.received_at))
    return past.rules if rules == past.rules else rules


def compared(before: Life, after: Life) -> list[Difference]:
    """What differs, in the order in which a reader asks for it."""
    parts: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
        ("late", before.late, after.late),
        ("escalated", before.escalated, after.escalated),
        ("closed", {"closed": before.outcome}, {"closed": after.outcome}),
        ("deadline", before.deadlines, after.deadlines),
        ("calls", {"calls": before.calls}, {"calls": after.calls}),
        ("letters", before.letters, after.letters),
    )
    return [
        Difference(kind=kind, name=name, before=old.get(name), after=new.get(name))
        for kind, old, new in parts
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def _totals(cases: Sequence[CaseUnder]) -> dict[str, tuple[int, int]]:
    before, after = Counter[str](), Counter[str]()
    for case in cases:
        if case.counts and case.before and case.after:
            before.update(case.before.figures)
            after.update(case.after.figures)
    return {name: (before[name], after[name]) for name in sorted(before.keys() | after.keys())}


def _changes(own: Counter[str], policy: Policy) -> dict[str, list[Any]]:
    if not own:
        return {}
    usual = Policy.model_validate_json(own.most_common(1)[0][0])
    return differences(Rules(policy=usual, closed_days={}), Rules(policy=policy, closed_days={}))
