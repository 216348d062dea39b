"""`complaints simulate`: a scenario played on the real server in seconds, as a table or as JSON (§4 to §8)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.commands.options import AsJson
from starter.language import say, spoken

if TYPE_CHECKING:
    from local.scenario import Scenario

app = typer.Typer()


@app.command(
    help=say(
        "Juega una historia con el calendario real: qué pasó, cuándo, y cuándo vencía (§4 a §8).",
        "Play a story by the real calendar: what happened, when, and when it was due (§4 to §8).",
    )
)
def simulate(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|NAME",
            help=say("Un archivo TOML, o una historia que viene con el programa.", "A TOML file, or a shipped story."),
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option("--policy", metavar="FILE", help=say("Otras reglas: su policy.toml.", "Other rules: your file.")),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help=say("Nombra las historias que hay.", "Name the stories there are."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from local.scenario import ScenarioError, load

    if listing:
        _list(as_json=as_json)
        return
    if scenario is None:
        raise typer.BadParameter(
            say(
                "Diga cuál: un archivo o un nombre; --list los nombra.",
                "Say which: a file or a name; --list names them.",
            )
        )
    try:
        story = load(scenario)
    except ScenarioError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(_play(story, policy, as_json=as_json))


def _play(story: "Scenario", policy: Path | None, *, as_json: bool) -> int:
    from rich.console import Console

    from complaints.contacts import ContactsError
    from complaints.policy_file import PolicyError
    from local.simulation import CANNOT_PLAY, simulate
    from local.story_table import show
    from local.until_stopped import run_until_stopped

    async def played() -> None:
        told = await simulate(story, policy_file=policy, language=spoken(), say=lambda line: typer.echo(line, err=True))
        if as_json:
            typer.echo(told.model_dump_json(indent=2))
        else:
            show(told, console=Console(), language=spoken())

    try:
        return run_until_stopped(played())
    except (PolicyError, ContactsError) as error:
        typer.echo(str(error), err=True)
        return 2
    except CANNOT_PLAY as error:
        typer.echo(str(error), err=True)
        return 1


def _list(*, as_json: bool) -> None:
    import json

    from local.scenario import load, shipped

    stories = {name: load(name) for name in shipped()}
    if as_json:
        said = [
            {"name": name, "title": story.title.in_(spoken()), "says": story.says.in_(spoken())}
            for name, story in stories.items()
        ]
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from local.story_table import show_list

    show_list(stories, console=Console(), language=spoken())
