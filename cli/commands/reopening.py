"""How a complaint begins again (§8)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.base import ActOptions, at_desk, number_meant, tell_status
from cli.commands.options import AsJson, At, By, EventId, Home, Number, Through, text_or_stdin
from cli.late import read_when_used
from complaints.words.catalogue import _

with read_when_used():
    from complaints.rules import facts


def reopen(
    number: Number,
    reason: Annotated[str | None, typer.Option(help=_("The reason, or - to read it from standard input."))] = None,
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    said = ActOptions(home, by, event_id, at, as_json, via).said({"reason": text_or_stdin(reason)})
    fact = facts.CustomerDissatisfied.model_validate(said)
    meant = number_meant(number)
    status = at_desk(home, lambda desk, place: desk.reopen(meant, fact, event_id))
    tell_status(status, home, as_json=as_json)
