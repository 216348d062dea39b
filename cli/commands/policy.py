"""The rules in force, and other rules for complaints that are under way already (§4 to §8)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show as terminal
from cli.commands.base import number_meant
from cli.commands.options import AsJson, By, Home, day, os_user
from cli.commands.what_if import progress
from cli.late import read_when_used
from complaints.words.catalogue import _
from starter.clock import utc_now

with read_when_used():
    from cli import policy_table, preview_table
    from complaints import contacts, policy_file
    from complaints.rules import facts as known
    from complaints.rules import new_rules
    from complaints.rules import policy as rules_of
    from starter import changing_rules, reaching
    from starter import place as places

if TYPE_CHECKING:
    from complaints.rules.facts import RulesChanged
    from complaints.rules.policy import Policy
    from starter.changing_rules import Asked, Preview, RulesFor
    from starter.place import Place

File = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help=_("A policy.toml (else COMPLAINTS_POLICY)."),
    ),
]
Numbers = Annotated[
    list[str] | None,
    typer.Option("--number", metavar="NUMBER", help=_("Only that one; repeatable.")),
]
All = Annotated[bool, typer.Option("--all", help=_("All that are running."))]
PreviewOnly = Annotated[bool, typer.Option("--preview", help=_("Only show what would change."))]


Spare = Annotated[
    bool,
    typer.Option(
        "--spare",
        help=_("Leave out those that would be late at once."),
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask before."))]
Why = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why; journalled."))]


def show(file: File = None, as_json: AsJson = False) -> None:
    rules = _policy(file)
    if as_json:
        terminal.json_of(rules)
    else:
        policy_table.policy(rules)


def check(file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file."))], as_json: AsJson = False) -> None:
    new, now = _policy(file), _policy(None)
    contacts.load_contacts(_named("COMPLAINTS_CONTACTS")).check(new)
    found = new_rules.differences(
        rules_of.Rules(policy=now, closed_days={}), rules_of.Rules(policy=new, closed_days={})
    )
    if as_json:
        terminal.json_of({"version": new.version, "changes": found})
        return
    terminal.line(_("{name} can be used.").format(name=file.name), "green")
    if found:
        policy_table.changes(found)
    if found and "version" not in found:
        terminal.line(_("Give it another `version`."), "yellow")


def apply(
    file: File = None,
    numbers: Numbers = None,
    everything: All = False,
    preview: PreviewOnly = False,
    spare: Spare = False,
    yes: Yes = False,
    reason: Why = None,
    home: Home = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    if bool(numbers) == everything:
        raise typer.BadParameter(_("Say which: --number, or --all."))
    place = places.place_of(home)
    new = _policy(file) if file else place.policy
    _check(new, place)
    _change(place, changing_rules.under(new), Wish(numbers, preview, spare, yes, reason, by, as_json))
    if not preview and not as_json and new != place.policy:
        _tell_that_new_ones_differ()


def close_day(
    closed: Annotated[date, typer.Argument(parser=day, metavar="DAY", help=_("The day."))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why; journalled."))],
    numbers: Numbers = None,
    preview: PreviewOnly = False,
    yes: Yes = False,
    home: Home = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    place = places.place_of(home)
    _change(place, changing_rules.with_closed_day(closed), Wish(numbers, preview, False, yes, reason, by, as_json))
    if not preview and not as_json and closed not in place.policy.calendar.extra_closed_days:
        terminal.line(
            _("For new complaints add {closed} to extra_closed_days in policy.toml.").format(closed=closed),
            "yellow",
        )


class Wish:
    """What was asked for beside the rules themselves."""

    def __init__(
        self,
        numbers: list[str] | None,
        preview: bool,
        spare: bool,
        yes: bool,
        reason: str | None,
        by: str | None,
        as_json: bool,
    ) -> None:
        self.numbers = [number_meant(number) for number in numbers] if numbers else None
        self.preview, self.spare, self.yes, self.as_json = preview, spare, yes, as_json
        self.reason, self.by = reason, by or os_user()

    def fact(self, preview: Preview) -> RulesChanged:
        """What is asked of one complaint."""
        assert preview.rules is not None
        return known.RulesChanged(rules=preview.rules, reason=self.reason, by=self.by, via=known.Via.CLI)


def _change(place: Place, rules_for: RulesFor, wish: Wish) -> None:
    """Preview, question, change. Ends with 1 where a complaint refused, with 3 where nobody answered."""
    found = asyncio.run(_previews(place, rules_for, wish))
    chosen = [each for each in found if each.refused is None and not (wish.spare and each.hurts)]
    if not wish.as_json:
        preview_table.previews(found, place.wording)
    if wish.preview or not chosen:
        if wish.as_json:
            terminal.json_of({"preview": found, "results": []})
        return
    if not (wish.yes or _confirmed(len(chosen))):
        raise typer.Exit(1)
    answers = asyncio.run(_asked(place, chosen, wish))
    if wish.as_json:
        terminal.json_of({"preview": found, "results": answers})
    else:
        preview_table.results(answers)
    if any(answer.unknown or answer.left for answer in answers):
        raise typer.Exit(3)
    if any(answer.refused for answer in answers):
        raise typer.Exit(1)


async def _previews(place: Place, rules_for: RulesFor, wish: Wish) -> list[Preview]:
    async with place.store() as store:
        now = None if place.time_skipping else utc_now()
        return [each async for each in changing_rules.previews(store, rules_for, now=now, numbers=wish.numbers)]


async def _asked(place: Place, chosen: list[Preview], wish: Wish) -> list[Asked]:
    async with reaching.front_desk_of(place) as desk:
        return await changing_rules.ask_all(desk, chosen, fact=wish.fact, on_progress=progress())


def _confirmed(count: int) -> bool:
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("Nobody can answer here: add --yes."))
    return typer.confirm(_("Change the rules of {count}?").format(count=count))


def _policy(file: Path | None) -> Policy:
    return policy_file.load_policy(file or _named("COMPLAINTS_POLICY"))


def _named(variable: str) -> Path | None:
    """The file that a variable of the environment names, if any."""
    return Path(os.environ[variable]) if os.environ.get(variable) else None


def _check(rules: Policy, place: Place) -> None:
    place.contacts.check(rules)


def _tell_that_new_ones_differ() -> None:
    terminal.line(
        _("New complaints still get the worker's rules: name this file in COMPLAINTS_POLICY, and restart it."),
        "yellow",
    )
