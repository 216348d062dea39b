"""`complaints`: the command line. Each command finds its servers, does one thing, and ends with a true exit code.

0: done. 1: refused, or not found. 2: used wrongly. 3: not known to be applied; repeat with the same --id.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException

from cli import usage
from cli.groups import Commands, LateGroup
from cli.late import read_when_used
from cli.table import TABLE
from complaints.words.catalogue import _
from starter.leaving import leave

with read_when_used():
    from importlib import metadata

    from cli import failing


class Complaints(LateGroup):
    """The commands of the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands(TABLE)


app = typer.Typer(
    name="complaints",
    cls=Complaints,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # what goes wrong is told below, in a sentence
    help=_("The school's complaints, from receipt to closing (§3 to §10)."),
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"complaints {metadata.version('complaint-desk')}")
        raise typer.Exit


@app.callback()
def complaints(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version.")),
    ] = False,
) -> None:
    """What stands before a command."""


def run(arguments: Sequence[str] | None = None) -> int:
    """One command line; its exit code. No traceback reaches whoever uses it."""
    try:
        usage.frame_help(sys.argv[1:] if arguments is None else arguments)
        ended = app(arguments, prog_name="complaints", standalone_mode=False)
        return ended if isinstance(ended, int) else 0
    except KeyboardInterrupt:  # while the command was being read
        return 130
    except TyperException as error:
        return usage.told(error)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:
        return failing.told(error)


def main() -> NoReturn:
    """The program `complaints`."""
    leave(run())


if __name__ == "__main__":
    main()
