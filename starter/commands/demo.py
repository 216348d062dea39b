"""`complaints demo`: the main job in one command, for whoever sees it for the first time."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from typing import Annotated

import typer

from starter.language import say, spoken

app = typer.Typer()


@app.command(
    help=say(
        "Una queja entra por correo y pasan tres semanas en segundos (§3 a §8).",
        "A complaint comes in by mail, and three weeks pass in seconds (§3 to §8).",
    )
)
def demo(
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help=say("Queda en pie hasta Ctrl-C, para verlo.", "Stays up to look at, until Ctrl-C.")
        ),
    ] = False,
) -> None:
    from rich.console import Console

    from local.demo import demo as told
    from local.simulation import CANNOT_PLAY
    from local.until_stopped import STOPPED, run_until_stopped

    try:
        code = run_until_stopped(told(language=spoken(), keep=keep, console=Console()))
    except CANNOT_PLAY as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    # With --keep, being stopped is how it ends.
    raise typer.Exit(0 if keep and code == STOPPED else code)
