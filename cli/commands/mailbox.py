"""The mailbox reader: what customers write becomes complaints and answers (§3)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from cli.commands.base import log_to_stderr
from cli.commands.options import Home, aware
from cli.late import read_when_used
from complaints.words.catalogue import _

with read_when_used():
    from starter import place as places
    from starter.mailbox import reader as reading_mail


def mailbox(
    once: Annotated[bool, typer.Option("--once", help=_("Only what is there now."))] = False,
    since: Annotated[
        datetime | None,
        typer.Option(parser=aware, metavar="INSTANT", help=_("Look again at what came since then, seen or not.")),
    ] = None,
    home: Home = None,
) -> None:
    log_to_stderr(home)
    all_taken = asyncio.run(
        reading_mail.read_mail(places.place_of(home), once=once, since=since, ready=lambda: print("ready", flush=True))
    )
    if not all_taken:
        raise typer.Exit(1)
