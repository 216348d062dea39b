"""`complaints`: the command line. Each command finds its servers, does one thing, and ends with a true exit code.

0: done. 1: refused, or not found. 2: used wrongly. 3: not known to be applied; repeat with the same --id.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from cli.help_page import of_group
from cli.known import Group
from cli.late import read_when_used
from cli.table import COMPLAINTS
from starter.leaving import leave

with read_when_used():
    from cli import application, failing, usage

NAME = "complaints"


def run(arguments: Sequence[str] | None = None) -> int:
    """One command line; its exit code. No traceback reaches whoever uses it."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if (code := _help_of_the_table(words)) is not None:
            return code
        ended = application.app(words, prog_name=NAME, standalone_mode=False)
        return ended if isinstance(ended, int) else 0
    except KeyboardInterrupt:  # while the command was being read
        return 130
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:
        return usage.told(error) if isinstance(error, usage.TyperException) else failing.told(error)


def _help_of_the_table(words: Sequence[str]) -> int | None:
    """Shows a group's help, which the table knows alone; its exit code, or nothing if something else was asked for."""
    if "_COMPLAINTS_COMPLETE" in os.environ:  # the shell asks what may follow
        return None
    known = COMPLAINTS.commands.get(words[0]) if words and words[0] != "--help" else COMPLAINTS
    if not isinstance(known, Group):
        return None
    rest = words if known is COMPLAINTS else words[1:]
    if rest == ["--help"] or (not rest and not known.lists):
        print(of_group(NAME if known is COMPLAINTS else f"{NAME} {words[0]}", known), end="")
        return 0 if rest else 2  # nothing to do was said
    return None


def main() -> NoReturn:
    """The program `complaints`."""
    leave(run())


if __name__ == "__main__":
    main()
