"""Seeing the procedure at work: a complaint's whole life for a newcomer, any story by the real calendar (§3 to §8)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from pathlib import Path
from typing import Annotated

import typer

from starter.commands.options import AsJson
from starter.language import say, spoken

app = typer.Typer()


@app.command(
    help=say(
        "Muestra una queja de principio a fin: tres semanas en segundos (§3 a §8).",
        "Show one complaint's whole life: three weeks in seconds (§3 to §8).",
    )
)
def demo(
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help=say("Queda en marcha hasta Ctrl-C, para mirarlo.", "Stays up until Ctrl-C, to look.")
        ),
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


@app.command(
    help=say(
        "Juega una historia con el calendario real: qué pasó, cuándo y cuándo vencía (§4 a §8).",
        "Play a story by the real calendar: what happened, when, and when it was due (§4 to §8).",
    )
)
def simulate(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|NAME",
            help=say("Un archivo TOML, o el nombre de una historia de --list.", "A TOML file, or a name from --list."),
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            metavar="FILE",
            help=say("Con otras reglas: un policy.toml.", "With other rules: a policy.toml."),
        ),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help=say("Nombra las historias que hay.", "Name the stories there are."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    if listing:
        _list(as_json=as_json)
    elif scenario is None:
        raise typer.BadParameter(
            say("Diga cuál: un archivo, o un nombre de --list.", "Say which: a file, or a name from --list.")
        )
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
