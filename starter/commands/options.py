"""Options that many commands share, and how their values are read; light, because `--help` reads it too."""

import getpass
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from complaints.words.catalogue import _


def aware(text: str) -> datetime:
    """An instant with its zone; a naive one is a wrong use, because nobody could say when it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - naive, and so refused below
    if at.tzinfo is None:
        raise typer.BadParameter(
            _("{text!r} is no instant: write date, time and zone, such as 2026-07-22T09:00-05:00.").format(text=text)
        )
    return at


def day(text: str) -> date:
    """A date, `2026-07-22`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_("{text!r} is no date such as 2026-07-22.").format(text=text)) from None


def text_or_stdin(text: str | None) -> str | None:
    """The text, or standard input where it is `-`."""
    if text != "-":
        return text
    return sys.stdin.buffer.read().decode(errors="replace")


def os_user() -> str:
    """Who sits at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"


Number = Annotated[
    str,
    typer.Argument(
        metavar="NUMBER",
        help=_("The complaint's number, such as Q-7KF3-02M9D."),
    ),
]
Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help=_("The folder of `complaints up` (else COMPLAINTS_HOME, or .complaints)."),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=_("Answer in JSON."))]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help=_("Who acts (else the OS user).")),
]
EventId = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="ID",
        help=_("Names this act: repeated, it is applied once."),
    ),
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        parser=aware,
        metavar="INSTANT",
        help=_("When it happened, with its zone (else now)."),
    ),
]
Through = Annotated[
    Literal["cli", "call", "reply", "link"],
    typer.Option(
        "--via",
        help=_("Through what the customer said it: evidence."),
    ),
]
