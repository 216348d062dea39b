"""Seeing the procedure at work: the demonstration (design §6)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from typing import Annotated

import typer

from starter.language import say, spoken

app = typer.Typer()


@app.command(help=say("Muestra una queja de principio a fin (§3 a §8).", "Show one complaint's whole life (§3 to §8)."))
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help=say("Lo deja en marcha para mirarlo.", "Leave it running, to look at it."))
    ] = False,
) -> None:
    from local.demo import demo as told
    from local.until_stopped import run_until_stopped
    from starter import show

    raise typer.Exit(run_until_stopped(told(language=spoken(), keep=keep, console=show.console())))
