"""Options that many commands share, and how their values are read; light, because `--help` reads it too."""

import getpass
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from complaints.words.catalogue import _

LONGEST_SPAN = timedelta(days=366)

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


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


def span_of(text: str) -> timedelta:
    """`3d`, `1d12h`, `90m`, `2w`."""
    found = re.findall(r"(\d+)\s*([wdhm])", text.lower())
    rest = re.sub(r"\d+\s*[wdhm]|\s", "", text.lower())
    length = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in found if len(count) < 6), timedelta())
    if rest or not timedelta() < length <= LONGEST_SPAN:
        raise typer.BadParameter(_("{text!r} is no time such as 3d, 36h or 90m, of a year at most.").format(text=text))
    return length


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
Page = Annotated[int, typer.Option("--page", min=1, max=1_000_000, help=_("Which page, of --limit each."))]
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
