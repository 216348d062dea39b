"""Past complaints under other rules, before anybody lives under them (§4 to §8)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cli import show
from cli.commands.base import number_meant
from cli.commands.options import AsJson, Home, day
from cli.late import read_when_used
from complaints.words.catalogue import N_, _, spoken
from local.stack.until_stopped import run_until_stopped
from starter.clock import utc_now
from starter.errors import NotFound, Refused

with read_when_used():
    from complaints import policy_file
    from local.stories import what_if as past
    from local.stories import what_if_engine, what_if_table
    from starter import core_log
    from starter import place as places

if TYPE_CHECKING:
    from complaints.rules.policy import Policy
    from local.stories.what_if import Journals
    from starter.place import Place


def what_if(
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help=_("The other rules: a policy.toml."))],
    since: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="DAY", help=_("Received since.")),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--to", parser=day, metavar="DAY", help=_("… up to that day.")),
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NUMBER", help=_("Only that complaint."))] = None,
    cases: Annotated[int, typer.Option("--cases", min=0, help=_("How many cases to show."))] = 30,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    if case is None and since is None and until is None:
        raise typer.BadParameter(_("Say which: --from and --to, or --case."))
    core_log.forward_core_log()
    rules, place = policy_file.load_policy(policy), places.place_of(home)
    place.contacts.check(rules)
    raise typer.Exit(
        run_until_stopped(_told(place, rules, since=since, until=until, case=case, cases=cases, as_json=as_json))
    )


async def _told(
    place: Place,
    rules: Policy,
    *,
    since: date | None,
    until: date | None,
    case: str | None,
    cases: int,
    as_json: bool,
) -> None:
    journals = await _journals(place, since, until, case)
    answer = await past.what_if(what_if_engine.Engine.running, journals, rules, now=utc_now(), on_progress=progress())
    if as_json:
        show.json_of(answer)
    else:
        what_if_table.show_what_if(answer, console=show.console(), language=spoken(), cases=cases)


async def _journals(place: Place, since: date | None, until: date | None, case: str | None) -> Journals:
    """What is replayed, read in one transaction that may only read. Raises Refused where there is nothing."""
    zone = ZoneInfo(place.policy.calendar.timezone)
    first = datetime(since.year, since.month, since.day, tzinfo=zone) if since else None
    end = datetime(until.year, until.month, until.day, tzinfo=zone) + timedelta(days=1) if until else None
    number = number_meant(case) if case else None
    async with place.store() as store:
        await store.check_schema()
        found = await store.journals(since=first, before=end, numbers=[number] if number else None)
    if not found and number:
        raise NotFound.number(number)
    if not found:
        raise Refused(N_("No complaint was received in those days."))
    return found


def progress() -> Callable[[int, int], None]:
    """A line on standard error: on a terminal it moves, elsewhere it says each tenth."""
    began, moves = time.monotonic(), sys.stderr.isatty()

    def done(count: int, total: int) -> None:
        left = (time.monotonic() - began) / count * (total - count)
        line = _("{count} of {total} complaints, {span} left").format(count=count, total=total, span=_span(left))
        if moves:
            print(f"\r\x1b[K{line}" if count < total else "\r\x1b[K", end="", file=sys.stderr, flush=True)
        elif count * 10 // total > (count - 1) * 10 // total and total > 10:
            print(line, file=sys.stderr, flush=True)

    return done


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
