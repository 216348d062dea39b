"""Other rules for running complaints: first what would change, then, one by one, each asked to change (§5)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from complaints.records.store import Store
from complaints.rules.calendar import EXTRA_CLOSED
from complaints.rules.case import Case
from complaints.rules.facts import RulesChanged
from complaints.rules.new_rules import HOLD_ALREADY, no_new_rules
from complaints.rules.policy import Policy, Rules, counted_by_the_nation, rules_in_force
from complaints.rules.refusals import Refusal, clause
from complaints.rules.retelling import JournalBroken, told_again
from complaints.words.catalogue import N_
from starter.errors import Away, NotKnown, Refused
from starter.front_desk import FrontDesk

RulesFor = Callable[[Case], Rules]
"""The rules that a case shall have."""

READ_TOGETHER = 100
ASKED_TOGETHER = 8
SILENT = 3
"""So many answers missing, and nobody is there to answer: the rest is left for the next time."""

_TOLD = ("late/", "escalated", "warned/")


class Preview(BaseModel):
    """What other rules would change in one running complaint."""

    model_config = ConfigDict(frozen=True)

    number: str
    stage: str
    received_at: AwareDatetime
    rules: Annotated[Rules | None, Field(exclude=True)] = None
    """Those that it would have."""
    moved: dict[str, tuple[AwareDatetime | None, AwareDatetime | None]] = {}
    """Its deadlines that would be others, by the clock's name: before and after; None: there is none."""
    at_once: tuple[str, ...] = ()
    """What would pass the moment the rules change, as the journal calls it: `late/assessment`, `escalated` …"""
    refused: str | None = None
    """Why it cannot have these rules."""
    refusal: Annotated[Refusal | None, Field(exclude=True)] = None
    """The same as a code, where the rules say so."""

    @property
    def seen(self) -> dict[str, tuple[datetime | None, datetime | None]]:
        """What moves, as people see it: a warning goes with its window, and the law's warnings with its limit."""
        legal = [dates for name, dates in self.moved.items() if name.startswith("legal/")]
        before = max((at for at, _ in legal if at), default=None)
        after = max((at for _, at in legal if at), default=None)
        others = {name: dates for name, dates in self.moved.items() if not name.startswith(("warning/", "legal/"))}
        return others | ({"legal": (before, after)} if before != after else {})

    @property
    def hurts(self) -> bool:
        """Whether somebody would be late, or the case escalate, by the change alone."""
        return any(not what.startswith("warned/") for what in self.at_once)


class Asked(BaseModel):
    """What came of asking one complaint."""

    model_config = ConfigDict(frozen=True)

    number: str
    refused: str | None = None
    unknown: bool = False
    """Nobody answered in time: it may have changed or not. Asked again, it changes once."""
    left: bool = False
    """Not asked, because nobody answered for those before it."""


def under(policy: Policy) -> RulesFor:
    """Each case as if it had been received under that policy."""

    @cache  # a thousand complaints of one day share one calendar
    def of_day(day: date) -> Rules:
        return rules_in_force(policy, day)

    calendar = Rules(policy=policy, closed_days={}).calendar
    return lambda case: of_day(calendar.local_date(case.rows[0].at))


def with_closed_day(day: date) -> RulesFor:
    """Each case's own rules, and this day closed."""

    def rules(case: Case) -> Rules:
        received = case.rules.calendar.local_date(case.received_at)
        if day in case.rules.closed_days or day < received:  # before it nothing is counted
            return case.rules
        own = counted_by_the_nation(case.rules, received)  # the school closes, the nation does not
        days = tuple(sorted({*own.policy.calendar.extra_closed_days, day}))
        calendar = own.policy.calendar.model_copy(update={"extra_closed_days": days})
        return Rules(
            policy=own.policy.model_copy(update={"calendar": calendar}),
            closed_days=dict(sorted({**own.closed_days, day: EXTRA_CLOSED}.items())),
            national_days=own.national_days,
        )

    return rules


async def previews(
    store: Store, rules_for: RulesFor, *, now: datetime | None, numbers: Sequence[str] | None = None
) -> AsyncIterator[Preview]:
    """Every running complaint, or those of them that are named, whose rules would be others; the oldest first.

    `now` None: each at the time of its last row, where time is skipped. Raises the records' errors, and Refused for a
    number that is not open.
    """
    running = await store.open_without_closed_at()
    if unknown := [number for number in numbers or () if number not in running]:
        raise Refused(
            N_("{unknown}: not open; only a running complaint can change its rules.", unknown=", ".join(unknown)),
        )
    meant = list(numbers) if numbers is not None else running
    for start in range(0, len(meant), READ_TOGETHER):
        for number, rows in (await store.journals(numbers=meant[start : start + READ_TOGETHER])).items():
            try:
                case = told_again(number, rows)
            except JournalBroken as error:  # the others need not wait for it
                yield Preview(number=number, stage="", received_at=rows[0].at, refused=str(error))
                continue
            if (preview := previewed(case, rules_for(case), now=now)) is not None:
                yield preview


def previewed(case: Case, rules: Rules, *, now: datetime | None) -> Preview | None:
    """What these rules would change in the case; None if they hold for it already."""
    if rules == case.rules:
        return None
    trial = case.model_copy(deep=True)
    at = max(now + case.received.clock_offset, case.as_of) if now else case.as_of
    trial.settle(at, inclusive=False)
    about = {"number": case.number, "stage": trial.stage.value, "received_at": case.received_at, "rules": rules}
    if reason := no_new_rules(trial, rules):
        return Preview.model_validate({**about, "refused": clause(reason), "refusal": reason})
    rows = len(trial.rows)
    trial.apply(RulesChanged(rules=rules), now=at)
    told = (row.what for row in trial.rows[rows:] if row.what.startswith(_TOLD))
    return Preview.model_validate(
        {**about, "moved": trial.rows[rows].data["moved"], "at_once": tuple(dict.fromkeys(told))}
    )


async def ask_all(
    desk: FrontDesk,
    chosen: Sequence[Preview],
    *,
    fact: Callable[[Preview], RulesChanged],
    on_progress: Callable[[int, int], None],
) -> list[Asked]:
    """Asks each to change. Stopped in the middle or asked twice, each changes once: who has the rules keeps them."""
    waiting, answers, silent = iter(chosen), list[Asked](), 0

    async def asks() -> None:
        nonlocal silent
        for preview in waiting:
            if silent >= SILENT:
                answer = Asked(number=preview.number, left=True)
            else:
                answer = await _asked(desk, preview.number, fact(preview))
            silent += answer.unknown
            answers.append(answer)
            on_progress(len(answers), len(chosen))

    async with asyncio.TaskGroup() as group:
        for _ in range(ASKED_TOGETHER):
            group.create_task(asks())
    return answers


async def _asked(desk: FrontDesk, number: str, fact: RulesChanged) -> Asked:
    try:
        await desk.ask(number, "change_rules", fact)
    except (NotKnown, Away):
        return Asked(number=number, unknown=True)
    except Refused as error:
        if error.answer and HOLD_ALREADY in error.answer.refusals:  # another did it, or this very command before
            return Asked(number=number)
        return Asked(number=number, refused=str(error))
    return Asked(number=number)
