"""Taking a complaint down while the customer is on the telephone: what is asked, in the order that people tell it."""

import sys
from dataclasses import dataclass
from datetime import date

import typer

from starter.commands.options import day
from starter.language import say


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
        raise typer.BadParameter(
            say("falta --description: qué pasó, o - para leerlo.", "--description is missing: what happened, or -.")
        )
    name = name or _asked(say("Nombre", "Name"))
    phone = phone or _asked(say("Teléfono", "Telephone"))
    email = email or _asked(say("Correo (Enter si no tiene)", "Email (Enter if none)"))
    description = ""
    while not description:
        description = _asked(say("Qué pasó", "What happened")) or ""
    return Form(
        name=name,
        phone=phone,
        email=email,
        description=description,
        occurred_on=occurred_on or _day(say("Cuándo ocurrió (AAAA-MM-DD)", "When it happened (YYYY-MM-DD)")),
        product=product or _asked(say("Producto o servicio", "Product or service")),
        document=document or _asked(say("Documento de identidad", "Identity document")),
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
