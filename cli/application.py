"""`complaints` as Typer runs it: the commands of the table, and what stands before a command."""

from typing import Annotated, Any

import typer

from cli.groups import Commands, LateGroup
from cli.help_page import ROOT_OPTIONS
from cli.late import read_when_used
from cli.table import COMPLAINTS
from complaints.words.catalogue import say

with read_when_used():
    from importlib import metadata


class Complaints(LateGroup):
    """The commands of the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.known, self.commands = COMPLAINTS, Commands(COMPLAINTS.commands)


app = typer.Typer(
    name="complaints",
    cls=Complaints,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # what goes wrong is told by `main`, in a sentence
    help=COMPLAINTS.help,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"complaints {metadata.version('complaint-desk')}")
        raise typer.Exit


@app.callback()
def complaints(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=say(ROOT_OPTIONS[0][1])),
    ] = False,
) -> None:
    """What stands before a command."""
