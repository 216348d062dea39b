"""Seeing the procedure at work: a complaint's whole life for a newcomer, any story by the real calendar (§3 to §8)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from pathlib import Path
from typing import Annotated

import typer

from complaints.words.catalogue import _, spoken
from starter.commands.options import AsJson

app = typer.Typer()


@app.command(help=_("Show one complaint's whole life: three weeks in seconds (§3 to §8)."))
def demo(
    keep: Annotated[
        bool,
        typer.Option("--keep", help=_("Stays up until Ctrl-C, to look.")),
    ] = False,
) -> None:
    from local.demo import demo as told
    from local.until_stopped import STOPPED, run_until_stopped
    from starter import show
    from starter.core_log import forward_core_log

    forward_core_log()
    code = run_until_stopped(told(language=spoken(), keep=keep, console=show.console()))
    # With --keep, being stopped is how it ends.
    raise typer.Exit(0 if keep and code > STOPPED else code)


@app.command(help=_("Play a story by the real calendar: what happened, when, and when it was due (§4 to §8)."))
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
    from local.scenario import load
    from local.simulation import simulate
    from local.story_table import show_story
    from local.until_stopped import run_until_stopped
    from starter import show
    from starter.core_log import forward_core_log

    forward_core_log()
    story = load(scenario)

    async def played() -> None:
        told = await simulate(story, policy_file=policy, language=spoken())
        if as_json:
            show.json_of(told)
        else:
            show_story(told, console=show.console(), language=spoken())

    return run_until_stopped(played())


def _list(*, as_json: bool) -> None:
    from local.scenario import load, shipped
    from local.story_table import show_list
    from starter import show

    stories = {name: load(name) for name in shipped()}
    if not as_json:
        show_list(stories, console=show.console(), language=spoken())
        return
    show.json_of(
        [
            {"name": name, "title": story.title.in_(spoken()), "says": story.says.in_(spoken())}
            for name, story in stories.items()
        ]
    )
