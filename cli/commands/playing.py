"""Seeing the procedure at work: a complaint's whole life for a newcomer, any story by the real calendar (§3 to §8)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import show
from cli.commands.options import AsJson
from cli.late import read_when_used
from complaints.words.catalogue import _, spoken
from local.stack.until_stopped import STOPPED, run_until_stopped

with read_when_used():
    from local.stories import demo as stage
    from local.stories import scenario as scenarios
    from local.stories import simulation
    from local.stories import table as story_table
    from starter import core_log


def demo(
    keep: Annotated[
        bool,
        typer.Option("--keep", help=_("Stays up until Ctrl-C, to look.")),
    ] = False,
) -> None:
    core_log.forward_core_log()
    code = run_until_stopped(stage.demo(language=spoken(), keep=keep, console=show.console()))
    # With --keep, being stopped is how it ends.
    raise typer.Exit(0 if keep and code > STOPPED else code)


def simulate(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|NAME",
            help=_("A TOML file, or a name from --list."),
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            metavar="FILE",
            help=_("With other rules: a policy.toml."),
        ),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help=_("Name the stories there are."))] = False,
    as_json: AsJson = False,
) -> None:
    if listing:
        _list(as_json=as_json)
    elif scenario is None:
        raise typer.BadParameter(_("Say which: a file, or a name from --list."))
    else:
        raise typer.Exit(_play(scenario, policy, as_json=as_json))


def _play(scenario: str, policy: Path | None, *, as_json: bool) -> int:
    core_log.forward_core_log()
    story = scenarios.load(scenario)

    async def played() -> None:
        told = await simulation.simulate(story, policy_file=policy, language=spoken())
        if as_json:
            show.json_of(told)
        else:
            story_table.show_story(told, console=show.console(), language=spoken())

    return run_until_stopped(played())


def _list(*, as_json: bool) -> None:
    stories = {name: scenarios.load(name) for name in scenarios.shipped()}
    if not as_json:
        story_table.show_list(stories, console=show.console(), language=spoken())
        return
    show.json_of(
        [
            {"name": name, "title": story.title.in_(spoken()), "says": story.says.in_(spoken())}
            for name, story in stories.items()
        ]
    )
