"""What representatives do with a complaint: assess, ask for details, assign, involve, promise, resolve (§5, §6)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from cli.commands.base import Act, act
from cli.commands.options import AsJson, At, By, EventId, Home, Number, day, text_or_stdin
from complaints.words.catalogue import _

_TEXT = _("The text, or - to read it from standard input.")


def assess(
    number: Number,
    category: Annotated[str | None, typer.Option(help=_("What it is about."))] = None,
    severity: Annotated[str | None, typer.Option(help=_("How grave it is."))] = None,
    note: Annotated[str | None, typer.Option(help=_TEXT)] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    given = Act(home, by, event_id, at, as_json)
    act(number, "assess", given, category=category, severity=severity, note=text_or_stdin(note))


def request_details(
    number: Number,
    missing: Annotated[
        list[str] | None,
        typer.Option(
            help=_("What is missing: identification, occurred_on, product, or in your words. May be repeated.")
        ),
    ] = None,
    question: Annotated[str | None, typer.Option(help=_TEXT)] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    given = Act(home, by, event_id, at, as_json)
    act(number, "request_details", given, missing=missing, question=text_or_stdin(question))


def receive_details(
    number: Number,
    text: Annotated[str | None, typer.Option(help=_TEXT)] = None,
    document: Annotated[str | None, typer.Option(help=_("Identity document."))] = None,
    name: Annotated[str | None, typer.Option(help=_("The customer's name."))] = None,
    email: Annotated[str | None, typer.Option(help=_("Email."))] = None,
    phone: Annotated[str | None, typer.Option(help=_("Telephone."))] = None,
    address: Annotated[str | None, typer.Option(help=_("Address."))] = None,
    occurred_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help=_("Date of the problem."))
    ] = None,
    product: Annotated[str | None, typer.Option(help=_("Product or service."))] = None,
    still_missing: Annotated[list[str] | None, typer.Option(help=_("What is still missing."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(
        number,
        "receive_details",
        Act(home, by, event_id, at, as_json),
        text=text_or_stdin(text),
        document=document,
        customer_name=name,
        email=email,
        phone=phone,
        address=address,
        occurred_on=occurred_on,
        product=product,
        still_missing=still_missing,
    )


def assign(
    number: Number,
    department: Annotated[str | None, typer.Option(help=_("The department, by key or name."))] = None,
    representative: Annotated[str | None, typer.Option(help=_("Who handles it."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    given = Act(home, by, event_id, at, as_json)
    act(number, "assign", given, department=department, representative=representative)


def note(
    number: Number,
    text: Annotated[str, typer.Option(help=_TEXT)],
    for_customer: Annotated[bool, typer.Option("--for-customer", help=_("Goes into their next update."))] = False,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    given = Act(home, by, event_id, at, as_json)
    act(number, "add_note", given, text=text_or_stdin(text) or "", for_customer=for_customer)


def involve(
    number: Number,
    whom: Annotated[str, typer.Option(help=_("A department, key or address."))],
    question: Annotated[str, typer.Option(help=_TEXT)],
    answer_by: Annotated[date | None, typer.Option(parser=day, metavar="DATE", help=_("By when."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    given = Act(home, by, event_id, at, as_json)
    act(number, "involve", given, whom=whom, question=text_or_stdin(question), answer_by=answer_by)


def promise_date(
    number: Number,
    promised: Annotated[date, typer.Option("--date", parser=day, metavar="DATE", help=_("Such as 2026-07-31."))],
    note: Annotated[str | None, typer.Option(help=_TEXT)] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(number, "promise_date", Act(home, by, event_id, at, as_json), date=promised, note=text_or_stdin(note))


def resolve(
    number: Number,
    text: Annotated[str | None, typer.Option(help=_TEXT)] = None,
    outcome: Annotated[
        Literal["upheld", "partly", "not"] | None,
        typer.Option(
            help=_("Whether the complaint was justified."),
        ),
    ] = None,
    cause: Annotated[str | None, typer.Option(help=_("What caused it."))] = None,
    action: Annotated[
        list[str] | None,
        typer.Option(help=_("A corrective action. May be repeated.")),
    ] = None,
    representative: Annotated[str | None, typer.Option(help=_("Who handles it."))] = None,
    told_in_call: Annotated[
        bool,
        typer.Option("--told-in-call", help=_("The customer was told by telephone.")),
    ] = False,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    act(
        number,
        "resolve",
        Act(home, by, event_id, at, as_json),
        text=text_or_stdin(text),
        outcome=outcome,
        cause=cause,
        corrective_actions=action,
        representative=representative,
        told_in_call=told_in_call,
    )
