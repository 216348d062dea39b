"""What customers say, as staff record it: satisfied or not, calls, feedback, survey, withdrawal (§6 to §8)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cli.commands.base import Act, act
from cli.commands.options import AsJson, At, By, EventId, Home, Number, Through, aware, text_or_stdin
from complaints.words.catalogue import _

_WORDS = _("Their words, or - to read them from standard input.")


def satisfied(
    number: Number,
    words: Annotated[str | None, typer.Option(help=_WORDS)] = None,
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "confirm_satisfied", Act(home, by, event_id, at, as_json, via), words=text_or_stdin(words))


def dissatisfied(
    number: Number,
    reason: Annotated[str | None, typer.Option(help=_WORDS)] = None,
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "dispute", Act(home, by, event_id, at, as_json, via), reason=text_or_stdin(reason))


def call(
    number: Number,
    reached: Annotated[
        bool,
        typer.Option("--reached/--not-reached", help=_("Whether they were reached.")),
    ],
    with_: Annotated[str | None, typer.Option("--with", help=_("Who was spoken to."))] = None,
    notes: Annotated[str | None, typer.Option(help=_WORDS)] = None,
    told: Annotated[
        bool,
        typer.Option(
            "--told/--not-told",
            help=_("Whether they were told where it stands."),
        ),
    ] = True,
    next_at: Annotated[
        datetime | None,
        typer.Option(parser=aware, metavar="INSTANT", help=_("When to call again.")),
    ] = None,
    inbound: Annotated[bool, typer.Option("--inbound", help=_("The customer called."))] = False,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    fields = {
        "reached": reached,
        "direction": "inbound" if inbound else "outbound",
        "with": with_,
        "notes": text_or_stdin(notes),
        "told": told,
        "next_at": next_at,
    }
    act(number, "record_call", Act(home, by, event_id, at, as_json, "call"), **fields)


def feedback(
    number: Number,
    text: Annotated[str, typer.Option(help=_WORDS)],
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "give_feedback", Act(home, by, event_id, at, as_json, via), text=text_or_stdin(text) or "")


def survey(
    number: Number,
    score: Annotated[
        int,
        typer.Option(min=1, max=5, help=_("From 1 (very dissatisfied) to 5 (very satisfied).")),
    ],
    comment: Annotated[str | None, typer.Option(help=_WORDS)] = None,
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    given = Act(home, by, event_id, at, as_json, via)
    act(number, "answer_survey", given, score=score, comment=text_or_stdin(comment))


def withdraw(
    number: Number,
    reason: Annotated[str | None, typer.Option(help=_WORDS)] = None,
    via: Through = "cli",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "withdraw", Act(home, by, event_id, at, as_json, via), reason=text_or_stdin(reason))
