"""`complaints`: the command line. Each command finds its servers, does one thing, and ends with a true exit code.

0: done. 1: refused, or not found. 2: used wrongly. 3: not known to be applied; repeat with the same --id.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from complaints.words.catalogue import _
from starter import usage
from starter.commands import (
    acting,
    calls,
    customer,
    desk,
    ending,
    exporting,
    intake,
    letters,
    link,
    looking,
    mail,
    mailbox,
    playing,
    policy,
    quarantine,
    report,
    review,
    running,
    token,
    what_if,
)
from starter.leaving import leave

app = typer.Typer(
    name="complaints",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # what goes wrong is told below, in a sentence
    help=_("The school's complaints, from receipt to closing (§3 to §10)."),
)
for part in (
    running,
    desk,
    token,
    playing,
    what_if,
    policy,
    intake,
    mailbox,
    quarantine,
    looking,
    mail,
    acting,
    customer,
    ending,
    letters,
    link,
    calls,
    exporting,
    report,
    review,
):
    app.add_typer(part.app)


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
        from starter.failing import told

        return told(error)


def main() -> NoReturn:
    """The program `complaints`."""
    leave(run())


if __name__ == "__main__":
    main()
