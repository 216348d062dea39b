"""How a complaint ends otherwise than by the customer's word, and how it begins again (§7, §8)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.base import Act, act, at_desk, number_meant, tell_status
from cli.commands.options import AsJson, At, By, EventId, Home, Number, Through, text_or_stdin
from cli.late import read_when_used
from complaints.words.catalogue import _

with read_when_used():
    from complaints.rules import facts as known

_REASON = _("The reason, or - to read it from standard input.")


def dismiss(
    number: Number,
    reason: Annotated[str | None, typer.Option(help=_REASON)] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "dismiss", Act(home, by, event_id, at, as_json), reason=text_or_stdin(reason))


def merge(
    number: Number,
    into: Annotated[str, typer.Argument(metavar="INTO", help=_("The complaint that goes on."))],
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    fact = known.Merged.model_validate(Act(home, by, event_id, at, as_json).said({}))
    one, other = number_meant(number), number_meant(into)
    status = at_desk(home, lambda desk, place: desk.merge(one, other, fact, event_id))
    tell_status(status, home, as_json=as_json)


def close(
    number: Number,
    reason: Annotated[str, typer.Option(help=_REASON)],
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "close_by_decision", Act(home, by, event_id, at, as_json), reason=text_or_stdin(reason) or "")


def reopen(
    number: Number,
    reason: Annotated[str | None, typer.Option(help=_REASON)] = None,
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    said = Act(home, by, event_id, at, as_json, via).said({"reason": text_or_stdin(reason)})
    fact = known.CustomerDissatisfied.model_validate(said)
    meant = number_meant(number)
    status = at_desk(home, lambda desk, place: desk.reopen(meant, fact, event_id))
    tell_status(status, home, as_json=as_json)
