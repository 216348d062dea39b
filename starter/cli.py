"""`complaints`: the command line. Each command finds its servers, does one thing, and ends with a true exit code.

0: done. 1: refused, or not found. 2: used wrongly. 3: not known to be applied; repeat with the same --id.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from starter.commands import acting, customer, ending, intake, looking, playing, running
from starter.language import say

app = typer.Typer(
    name="complaints",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # what goes wrong is told below, in a sentence
    help=say(
        "Las quejas de la escuela, de la recepción al cierre (§3 a §10).",
        "The school's complaints, from receipt to closing (§3 to §10).",
    ),
)
for part in (running, playing, intake, looking, acting, customer, ending):
    app.add_typer(part.app)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The program `complaints`; no traceback reaches whoever uses it."""
    try:
        app(arguments, prog_name="complaints")
    except Exception as error:
        from starter.failing import told

        sys.exit(told(error))
    sys.exit(0)


if __name__ == "__main__":
    main()
