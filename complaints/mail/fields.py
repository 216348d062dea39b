"""Lines that a customer labelled: `DNI: 45678912`, `Product: …`; what stands behind them is theirs, word for word."""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

_LABELS_BY_FIELD = """
name: nombre, nombres, nombre completo, nombre y apellido, nombre y apellidos, nombres y apellidos
name: apellidos y nombres, cliente, name, full name, customer, customer name
document: dni, d n i, documento, documento de identidad, numero de documento, nro de documento, nro dni
document: numero de dni, n de dni, no de dni, no de documento
document: carne de extranjeria, carnet de extranjeria, ce, pasaporte
document: identity document, id, id number, document, passport
phone: telefono, tel, telf, celular, cel, movil, whatsapp, telefono de contacto, numero de celular
phone: numero de telefono, phone, telephone, mobile, phone number, cell, contact number
address: direccion, domicilio, address, home address
guardian: apoderado, apoderada, padre, madre, tutor, tutora, padre o apoderado, madre padre o apoderado
guardian: guardian, parent, parent or guardian
product: producto, servicio, producto o servicio, curso, programa, taller, diplomado
product: product, service, product or service, course, programme, program
occurred_on: fecha, fecha del problema, fecha de los hechos, fecha del hecho, fecha del incidente
occurred_on: fecha en que ocurrio, dia del problema
occurred_on: date, date of the problem, date of problem, date of the incident, incident date
remedy_sought: pedido, solicito, solucion esperada, lo que pido, pedido del consumidor
remedy_sought: request, remedy, what i ask for, requested solution
amount: monto, monto reclamado, importe, amount, amount claimed
"""
"""What people write before the colon, without accents, and the field it names."""

_MONTHS_BY_NUMBER = """
enero ene january jan janeiro; febrero feb february fevereiro; marzo mar march marco; abril abr april apr;
mayo may maio; junio jun june junho; julio jul july julho; agosto ago august aug;
septiembre setiembre set sep sept september setembro; octubre oct october outubro;
noviembre nov november novembro; diciembre dic december dec dezembro
"""

MOST_LINES = 400
"""Lines that are looked at: labels stand at the top or near the signature, not in a quoted archive."""

_LABELS = {
    label.strip(): line.partition(":")[0]
    for line in _LABELS_BY_FIELD.strip().split("\n")
    for label in line.partition(":")[2].split(",")
}
_MONTHS = {name: number for number, names in enumerate(_MONTHS_BY_NUMBER.split(";"), start=1) for name in names.split()}
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_MAIL_HEADERS = {"fecha", "date"}
"""Labels that a forwarded mail's own header bears too: believed only where nothing but a day stands behind them."""

_LINE = re.compile(r"^[ \t*•\-]{0,6}([^\W\d_][^:\n]{0,40}?)[ \t]*[:：][ \t]*(\S[^\n]*)$", re.MULTILINE)
_DATES = (
    (re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b"), ("year", "month", "day")),
    (re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b"), ("day", "month", "year")),
    (re.compile(r"(?<![\d/.-])(\d{1,2})([-/])(\d{1,2})\2(\d{2})(?![\d/-])"), ("day", "", "month", "year")),
    (
        re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|ro|er|o)? (?:de |of )?([a-z]{3,10})(?:,| de| del)? (\d{4})\b"),
        ("day", "month", "year"),
    ),
    (re.compile(r"\b([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b"), ("month", "day", "year")),
)


class LabelledLine(NamedTuple):
    """What somebody labelled, and where."""

    field: str
    value: str
    start: int
    end: int


def labelled(text: str) -> dict[str, str]:
    """The labelled lines of a text by field, the first of each; a date as `2026-07-20`, left out if it is unclear."""
    return {line.field: line.value for line in labelled_lines(text)}


def labelled_lines(text: str) -> list[LabelledLine]:
    """The same with the place of each line."""
    found: dict[str, LabelledLine] = {}
    for match in _LINE.finditer("\n".join(text.split("\n")[:MOST_LINES])):
        label = " ".join(re.sub(r"[^\w ]|_", " ", _folded(match[1])).split())
        field = _LABELS.get(label)
        if field is None or field in found:
            continue
        value = _value(field, match[2].strip(" \t*"), strict=label in _MAIL_HEADERS)
        if value:
            found[field] = LabelledLine(field, value, *match.span())
    return list(found.values())


def day_of(text: str, *, nothing_else: bool = False) -> date | None:
    """The day that somebody wrote: `2026-07-20`, `20/07/26`, `20 de julio de 2026`. The day before the month."""
    plain = _folded(text).strip(" .")
    for pattern, order in _DATES:
        match = pattern.fullmatch(plain) if nothing_else else pattern.search(plain)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTHS.get(parts["month"], 0) if parts["month"].isalpha() else int(parts["month"])
            year = int(parts["year"])
            try:
                return date(year if year > 99 else 2000 + year, month, int(parts["day"]))
            except ValueError:
                return None
    return None


def month_of(name: str) -> int | None:
    """The month with that name, in either language; None if it is none."""
    return _MONTHS.get(_folded(name).strip("."))


def _value(field: str, text: str, *, strict: bool) -> str | None:
    if field == "occurred_on":
        day = day_of(text, nothing_else=strict)
        return day.isoformat() if day else None
    if field == "phone":
        match = re.search(r"\(?\+?\(?\d[\d ().\-/]{4,30}\d", text)
        return match[0] if match else None
    if field == "document":
        match = re.search(r"[A-Z0-9][A-Z0-9 .\-]{4,20}[A-Z0-9]", text, re.IGNORECASE)
        return match[0] if match and re.search(r"\d{4}", re.sub(r"[ .\-]", "", match[0])) else None
    return text[:300].strip('"“”«»') if field == "product" else text[:300]


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(_ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower())).split())
