"""Taking complaints in: typed by staff, or from a mail as a file (§3)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import uuid4

import typer

from cli import show
from cli.commands.base import at_desk
from cli.commands.form import filled
from cli.commands.options import AsJson, By, EventId, Home, aware, day, os_user, text_or_stdin
from cli.late import read_when_used
from cli.quarantine_words import said_of
from complaints.rules.number import in_groups
from complaints.words.catalogue import Language, _
from starter.clock import utc_now

with read_when_used():
    from complaints.rules import received as arrivals
    from starter import intake as taking
    from starter import place as places

if TYPE_CHECKING:
    from starter.intake import Taken

Channel = Literal["email", "phone", "web"]


def open_(
    description: Annotated[
        str | None,
        typer.Option(help=_("What happened, or - to read it from stdin; without it everything is asked.")),
    ] = None,
    channel: Annotated[Channel, typer.Option(help=_("Through what it came."))] = "phone",
    name: Annotated[str | None, typer.Option(help=_("The customer's name."))] = None,
    document: Annotated[str | None, typer.Option(help=_("Identity document."))] = None,
    email: Annotated[str | None, typer.Option(help=_("Email; or a telephone."))] = None,
    phone: Annotated[str | None, typer.Option(help=_("Telephone; or an email."))] = None,
    address: Annotated[str | None, typer.Option(help=_("Address."))] = None,
    guardian: Annotated[str | None, typer.Option(help=_("Parent or guardian of a minor."))] = None,
    product: Annotated[str | None, typer.Option(help=_("Product or service."))] = None,
    occurred_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help=_("Date of the problem."))
    ] = None,
    remedy: Annotated[str | None, typer.Option(help=_("What is asked for."))] = None,
    amount: Annotated[str | None, typer.Option(help=_("The amount claimed."))] = None,
    kind: Annotated[Literal["reclamo", "queja"] | None, typer.Option(help=_("As the law tells them apart."))] = None,
    language: Annotated[Language | None, typer.Option(help=_("The customer's language."))] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(parser=aware, metavar="INSTANT", help=_("When it was received.")),
    ] = None,
    source_key: Annotated[
        str | None,
        typer.Option(help=_("Names this arrival: repeated, it is one.")),
    ] = None,
    number: Annotated[str | None, typer.Option(help=_("A number of your own."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    if description is None:
        form = filled(name=name, document=document, email=email, phone=phone, occurred_on=occurred_on, product=product)
        name, document, email, phone = form.name, form.document, form.email, form.phone
        occurred_on, product, description = form.occurred_on, form.product, form.description
    customer = {
        "name": name, "document": document, "email": email, "phone": phone, "address": address, "guardian": guardian,
    }  # fmt: skip
    problem = {
        "description": text_or_stdin(description), "occurred_on": occurred_on, "remedy_sought": remedy,
        "amount": amount, "kind": kind,
    }  # fmt: skip
    key = source_key or (None if number else f"cli/{event_id or uuid4()}")
    content: dict[str, Any] = {
        "source_key": key, "channel": channel, "received_at": received_at, "customer": _given(customer),
        "problem": _given(problem), "product": product, "language": language, "by": by or os_user(),
    }  # fmt: skip
    received = arrivals.ComplaintReceived.model_validate(_given(content))

    async def ask(desk: Any, place: Any) -> tuple[Any, tuple[str, ...]]:
        missing = tuple(detail.value for detail in received.missing(place.policy.required_details))
        return await desk.open(received, number=number), missing

    opened, missing = at_desk(home, ask, lazy=True)
    _tell(opened, as_json=as_json, missing=missing)
    if not as_json and channel == "phone" and not opened.already:
        _to_say_now(opened.number, missing, home, with_email=email is not None)


def intake(
    file: Annotated[Path, typer.Argument(metavar="FILE.eml", help=_("The mail, or - for standard input."))],
    mailbox: Annotated[str | None, typer.Option(help=_("The mailbox that it came in at."))] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(parser=aware, metavar="INSTANT", help=_("When the mail server took it.")),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    raw = _bytes_of(file)

    async def take(desk: Any, place: Any) -> Taken:
        contacts = place.contacts
        box, at = mailbox or contacts.intake.emails[0], received_at or utc_now()
        return await taking.taken_in(
            desk, raw, mailbox=box, received_at=at, ours=taking.Ours.of(place.settings, contacts)
        )

    taken = at_desk(home, take)
    _tell(taken, as_json=as_json)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _bytes_of(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(
            _("{file} cannot be read ({strerror}).").format(file=file, strerror=error.strerror)
        ) from error


def _to_say_now(number: str, missing: tuple[str, ...], home: Path | None, *, with_email: bool) -> None:
    """§4 by telephone: what is said before the customer hangs up, and exactly what is still to be asked."""
    words = places.place_of(home).wording
    show.line("")
    show.line(_("Say before you hang up:"), "bold")
    groups = in_groups(number)
    show.line(
        _(
            "  «Your complaint is registered under number {groups}. Please note it: with it we can help you faster.»"
        ).format(groups=groups)
    )
    if with_email:
        show.line(_("  «You will also get an email.»"))
    if not missing:
        return
    show.line("")
    show.line(_("Ask, for this is missing:"), "bold")
    for detail in missing:
        show.line(f"  - {words.missing(detail)}")
    options = " ".join(_OPTIONS[detail] for detail in missing if detail in _OPTIONS)
    show.line(f"  complaints receive-details {number} {options}".rstrip(), show.QUIET)


_OPTIONS = {"identification": "--document …", "occurred_on": "--occurred-on …", "product": "--product …"}
"""Of `complaints receive-details`."""


def _tell(opened: Any, *, as_json: bool, missing: tuple[str, ...] | None = None) -> None:
    """The number, so that it can be read out."""
    if as_json:
        show.json_of(opened if missing is None else {**opened.model_dump(mode="json"), "missing": missing})
        return
    if (reason := getattr(opened, "quarantined", None)) and not getattr(opened, "reply", False):
        why = said_of(reason)
        show.line(_("{number} · in the quarantine: {why}").format(number=opened.number, why=why))
        return
    if getattr(opened, "reply", False):
        said = _("an answer to a complaint that exists")
    elif opened.pending:
        said = _("kept; Temporal does not answer, it is started when it is back")
    elif opened.already:
        said = _("was opened before")
    else:
        said = _("opened")
    show.line(f"{opened.number} · {said}")
    show.line(_("To read out: ") + in_groups(opened.number), show.QUIET)
