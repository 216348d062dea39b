"""Taking a complaint down while the customer is on the telephone: what is asked, in the order that people tell it."""

import sys
from dataclasses import dataclass
from datetime import date

import typer

from cli.commands.options import day
from complaints.words.catalogue import _


@dataclass(frozen=True)
class Form:
    """What was said; nothing but the description and a way to reach them is needed (§3)."""

    name: str | None
    phone: str | None
    email: str | None
    description: str
    occurred_on: date | None
    product: str | None
    document: str | None


def filled(
    *,
    name: str | None,
    document: str | None,
    email: str | None,
    phone: str | None,
    occurred_on: date | None,
    product: str | None,
) -> Form:
    """Asks for what was not given as an option; Enter leaves a field empty. Only at a terminal: a program says all."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("--description is missing: what happened, or -."))
    name = name or _asked(_("Name"))
    phone = phone or _asked(_("Telephone"))
    email = email or _asked(_("Email (Enter if none)"))
    description = ""
    while not description:
        description = _asked(_("What happened")) or ""
    return Form(
        name=name,
        phone=phone,
        email=email,
        description=description,
        occurred_on=occurred_on or _day(_("When it happened (YYYY-MM-DD)")),
        product=product or _asked(_("Product or service")),
        document=document or _asked(_("Identity document")),
    )


def _asked(label: str) -> str | None:
    answer: str = typer.prompt(label, default="", show_default=False)
    return answer.strip() or None


def _day(label: str) -> date | None:
    """Asked again until it is a date, or nothing."""
    while (said := _asked(label)) is not None:
        try:
            return day(said)
        except typer.BadParameter as error:
            typer.echo(error.format_message(), err=True)
    return None
