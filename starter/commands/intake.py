"""Taking complaints in: typed by staff, or from a mail as a file (§3)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from starter.commands.options import AsJson, By, EventId, Home, aware, day, os_user, text_or_stdin
from starter.language import say
from starter.quarantine_words import said_of

app = typer.Typer()

Channel = Literal["email", "phone", "web"]


@app.command("open", help=say("Abre una queja, por ejemplo de una llamada (§3).", "Open a complaint (§3)."))
def open_(
    description: Annotated[
        str | None,
        typer.Option(
            help=say(
                "Qué pasó, o - para leerlo de la entrada; sin esto se pregunta todo.",
                "What happened, or - to read it from stdin; without it everything is asked.",
            )
        ),
    ] = None,
    channel: Annotated[Channel, typer.Option(help=say("Por dónde llegó.", "Through what it came."))] = "phone",
    name: Annotated[str | None, typer.Option(help=say("Nombre del cliente.", "The customer's name."))] = None,
    document: Annotated[str | None, typer.Option(help=say("Documento de identidad.", "Identity document."))] = None,
    email: Annotated[str | None, typer.Option(help=say("Correo; o un teléfono.", "Email; or a telephone."))] = None,
    phone: Annotated[str | None, typer.Option(help=say("Teléfono; o un correo.", "Telephone; or an email."))] = None,
    address: Annotated[str | None, typer.Option(help=say("Domicilio.", "Address."))] = None,
    guardian: Annotated[
        str | None, typer.Option(help=say("Madre, padre o apoderado.", "Parent or guardian of a minor."))
    ] = None,
    product: Annotated[str | None, typer.Option(help=say("Producto o servicio.", "Product or service."))] = None,
    occurred_on: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help=say("Fecha del problema.", "Date of the problem."))
    ] = None,
    remedy: Annotated[str | None, typer.Option(help=say("Qué pide.", "What is asked for."))] = None,
    amount: Annotated[str | None, typer.Option(help=say("Monto reclamado.", "The amount claimed."))] = None,
    kind: Annotated[
        Literal["reclamo", "queja"] | None, typer.Option(help=say("Según la ley.", "As the law tells them apart."))
    ] = None,
    language: Annotated[
        Literal["es", "en"] | None, typer.Option(help=say("Idioma del cliente.", "The customer's language."))
    ] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(parser=aware, metavar="INSTANT", help=say("Cuándo se recibió.", "When it was received.")),
    ] = None,
    source_key: Annotated[
        str | None,
        typer.Option(
            help=say("Distingue esta llegada: repetida, es la misma queja.", "Names this arrival: repeated, it is one.")
        ),
    ] = None,
    number: Annotated[
        str | None, typer.Option(help=say("Un número propio (si no: se calcula).", "A number of your own."))
    ] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    from uuid import uuid4

    from complaints.rules.received import ComplaintReceived
    from starter.commands.base import at_desk

    if description is None:
        from starter.commands.form import filled

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
    received = ComplaintReceived.model_validate(_given(content))

    async def ask(desk: Any, place: Any) -> tuple[Any, tuple[str, ...]]:
        missing = tuple(detail.value for detail in received.missing(place.policy.required_details))
        return await desk.open(received, number=number), missing

    opened, missing = at_desk(home, ask, lazy=True)
    _tell(opened, as_json=as_json, missing=missing)
    if not as_json and channel == "phone" and not opened.already:
        _to_say_now(opened.number, missing, home, with_email=email is not None)


@app.command(help=say("Toma un correo guardado como archivo (§3).", "Take in a mail that is kept as a file (§3)."))
def intake(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.eml", help=say("El correo, o -.", "The mail, or - for standard input."))
    ],
    mailbox: Annotated[
        str | None, typer.Option(help=say("El buzón al que llegó.", "The mailbox that it came in at."))
    ] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(parser=aware, metavar="INSTANT", help=say("Cuándo llegó.", "When the mail server took it.")),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    from complaints.contacts_file import ContactsFile
    from starter.commands.base import at_desk
    from starter.front_desk import utc_now
    from starter.intake import Ours, Taken, taken_in

    raw = _bytes_of(file)

    async def take(desk: Any, place: Any) -> Taken:
        contacts = ContactsFile(place.settings.contacts_file).now()
        box, at = mailbox or contacts.intake.emails[0], received_at or utc_now()
        return await taken_in(desk, raw, mailbox=box, received_at=at, ours=Ours.of(place.settings, contacts))

    taken = at_desk(home, take)
    _tell(taken, as_json=as_json)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _bytes_of(file: Path) -> bytes:
    import sys

    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(
            say(f"No se puede leer {file} ({error.strerror}).", f"{file} cannot be read ({error.strerror}).")
        ) from error


def _to_say_now(number: str, missing: tuple[str, ...], home: Path | None, *, with_email: bool) -> None:
    """§4 by telephone: what is said before the customer hangs up, and exactly what is still to be asked."""
    from complaints.rules.number import in_groups
    from starter import show
    from starter.place import place_of

    words = place_of(home).wording
    show.line("")
    show.line(say("Diga antes de colgar:", "Say before you hang up:"), "bold")
    groups = in_groups(number)
    show.line(
        say(
            f"  «Su queja quedó registrada con el número {groups}. Por favor, anótelo: así le atendemos más rápido.»",
            f"  «Your complaint is registered under number {groups}. Please note it: with it we can help you faster.»",
        )
    )
    if with_email:
        show.line(say("  «Le llegará también un correo.»", "  «You will also get an email.»"))
    if not missing:
        return
    show.line("")
    show.line(say("Pregunte, pues falta:", "Ask, for this is missing:"), "bold")
    for detail in missing:
        show.line(f"  - {words.missing(detail)}")
    options = " ".join(_OPTIONS[detail] for detail in missing if detail in _OPTIONS)
    show.line(f"  complaints receive-details {number} {options}".rstrip(), show.QUIET)


_OPTIONS = {"identification": "--document …", "occurred_on": "--occurred-on …", "product": "--product …"}
"""Of `complaints receive-details`."""


def _tell(opened: Any, *, as_json: bool, missing: tuple[str, ...] | None = None) -> None:
    """The number, so that it can be read out."""
    from complaints.rules.number import in_groups
    from starter import show

    if as_json:
        show.json_of(opened if missing is None else {**opened.model_dump(mode="json"), "missing": missing})
        return
    if (reason := getattr(opened, "quarantined", None)) and not getattr(opened, "reply", False):
        why = said_of(reason)
        show.line(say(f"{opened.number} · en cuarentena: {why}", f"{opened.number} · in the quarantine: {why}"))
        return
    if getattr(opened, "reply", False):
        said = say("respuesta a una queja que ya existe", "an answer to a complaint that exists")
    elif opened.pending:
        said = say(
            "anotada; Temporal no responde y se iniciará cuando vuelva",
            "kept; Temporal does not answer, it is started when it is back",
        )
    elif opened.already:
        said = say("ya estaba abierta", "was opened before")
    else:
        said = say("abierta", "opened")
    show.line(f"{opened.number} · {said}")
    show.line(say("Para leer en voz alta: ", "To read out: ") + in_groups(opened.number), show.QUIET)
