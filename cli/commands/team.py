"""Who is away and who stands in, who has which cases, and the cases that go from one colleague to another."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from cli import show
from cli.commands.base import account_meant, at_desk, at_records
from cli.commands.options import AsJson, By, Home, day, os_user
from cli.late import read_when_used
from complaints.words.catalogue import _, ngettext, say

with read_when_used():
    from complaints import colleagues as people
    from complaints.records import absences
    from complaints.records import errors as records_errors
    from complaints.rules import facts
    from starter import errors

if TYPE_CHECKING:
    from complaints.records.absences import Absence, Colleague, Workload
    from complaints.records.store import Store
    from starter.front_desk import FrontDesk
    from starter.place import Place

MOST = 1_000

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help=_("Whose account."))]


def away(
    account: Account,
    since: Annotated[date, typer.Option("--from", parser=day, metavar="DATE", help=_("The first day away."))],
    until: Annotated[date, typer.Option("--to", parser=day, metavar="DATE", help=_("The last day away."))],
    substitute: Annotated[str, typer.Option(metavar="ACCOUNT", help=_("Who stands in."))],
    by: By = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    absence = absences.Absence(
        account=account_meant(account), since=since, until=until, substitute=account_meant(substitute, "--substitute")
    )

    async def kept(store: Store, place: Place) -> Absence:
        if problem := people.problem_with(absence, await store.colleagues(), _today(place)):
            raise typer.BadParameter(say(problem))
        await store.set_away(absence, by=by or os_user())
        return absence

    told = at_records(home, kept)
    if as_json:
        show.json_of(told)
    else:
        show.line(_("Kept: letters, calls and new cases go to whoever stands in."))


def back(account: Account, home: Home = None, as_json: AsJson = False) -> None:
    account = account_meant(account)

    async def here(store: Store, place: Place) -> None:
        if account not in {one.account for one in await store.colleagues()}:
            raise records_errors.UnknownAccount(account)
        await store.set_back(account)

    at_records(home, here)
    if as_json:
        show.json_of({"account": account})
    else:
        show.line(_("Kept: everything comes to them again."))


def department(
    account: Account,
    key: Annotated[str, typer.Argument(metavar="DEPARTMENT", help=_("By key or name; empty for none."))],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    account = account_meant(account)

    async def kept(store: Store, place: Place) -> str | None:
        found = place.contacts.department(key).key if key.strip() else None
        await store.set_department(account, found)
        return found

    found = at_records(home, kept)
    if as_json:
        show.json_of({"account": account, "department": found})
    else:
        show.line(_("{account}: done.").format(account=account))


def cases(home: Home = None, as_json: AsJson = False) -> None:
    async def asked(store: Store, place: Place) -> tuple[list[Colleague], dict[tuple[str, str], Workload], date]:
        today = _today(place)
        ends = datetime.combine(today + timedelta(days=1), time(), place.wording.zone)
        return await store.colleagues(), await store.workload(day_ends=ends), today

    found, loads, today = at_records(home, asked)
    rows = [(one, people.load_of(one, loads)) for one in found]
    rows.sort(key=lambda row: (-row[1].late, -row[1].open, row[0].name))
    if as_json:
        show.json_of([{**one.model_dump(mode="json"), **load.model_dump(mode="json")} for one, load in rows])
        return
    for one, load in rows:
        said = [_("{open} open, {late} late, {unread} unread").format(**load.model_dump())]
        if one.absence and one.away_on(today):
            stands_in = people.standing_in(one, found, today)
            until = one.absence.until.isoformat()
            said.append(_("away until {day}: {substitute} stands in").format(day=until, substitute=stands_in.name))
        show.line(f"{one.account:<20} {show.plain(one.name)}: {show.plain('; '.join(said))}")
    if not rows:
        show.line(_("No accounts: `complaints staff add`."))


def hand_over(
    account: Account,
    to: Annotated[str, typer.Option(metavar="ACCOUNT", help=_("Who takes the cases over."))],
    by: By = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    giving_account, taking_account = account_meant(account), account_meant(to, "--to")

    async def handed(desk: FrontDesk, place: Place) -> tuple[list[tuple[str, str | None]], int]:
        assert desk.store is not None
        here = {one.account: one for one in await desk.store.colleagues()}
        for wanted in (giving_account, taking_account):
            if wanted not in here:
                raise records_errors.UnknownAccount(wanted)
        numbers = await desk.store.open_of(here[giving_account].names, limit=MOST)
        taking = here[taking_account].name
        told = [(number, await _handed(desk, number, taking, by or os_user())) for number in numbers]
        return told, numbers.total - len(numbers)

    told, left = at_desk(home, handed)
    if left:
        said = ngettext("{n} more case is left: do it once more.", "{n} more cases are left: do it once more.", left)
        print(said.format(n=left), file=sys.stderr)
    if as_json:
        show.json_of([{"number": number, "refused": why} for number, why in told])
        return
    for number, why in told:
        show.line(show.plain(why) if why else _("{number}: done.").format(number=number))
    if not told:
        show.line(_("No open cases."))


async def _handed(desk: FrontDesk, number: str, to: str, by: str) -> str | None:
    """Gives the case to them; why not, if not."""
    try:
        await desk.ask(number, "assign", facts.Assigned(representative=to, by=by, via=facts.Via.CLI), str(uuid4()))
    except errors.FrontDeskError as error:
        return say(error.message)
    return None


def _today(place: Place) -> date:
    return place.wording.day_of(datetime.now(UTC))
