"""Lines that a customer labelled: `DNI: 45678912`, `Product: …`; what stands behind them is theirs, word for word."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from complaints.mail.dates import day_told, plain
from complaints.mail.documents import document_of
from complaints.telephones import telephones_in

_LABELS_BY_FIELD = """
name: nombre, nombres, nombre completo, nombre y apellido, nombre y apellidos, nombres y apellidos
name: apellidos y nombres, cliente, name, full name, customer, customer name
document: dni, d n i, documento, documento de identidad, numero de documento, nro de documento, nro dni
document: numero de dni, n de dni, no de dni, no de documento
document: carne de extranjeria, carnet de extranjeria, ce, ptp, cpp, pasaporte, dni ce, dni o ce, dni ruc, dni pasaporte
document: identity document, id, id number, document, passport, documento dni, dni numero, dni nro
ruc: ruc, numero de ruc, nro de ruc, n de ruc, no de ruc
phone: telefono, tel, telf, celular, cel, movil, whatsapp, telefono de contacto, numero de celular
phone: telefono celular, telefono fijo, telefono de casa, telefonos, celulares, nro de telefono, nro de celular
phone: telefono y celular, celular y telefono, celular o telefono, telefono o celular, tel cel, celular whatsapp, fono
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

MOST_LINES = 400
"""Lines that are looked at: labels stand at the top or near the signature, not in a quoted archive."""

_LABELS = {
    label.strip(): line.partition(":")[0]
    for line in _LABELS_BY_FIELD.strip().split("\n")
    for label in line.partition(":")[2].split(",")
}
_KINDS = {
    label: kind
    for kind, word in (
        ("dni", "dni"),
        ("dni", "d n i"),
        ("ce", "extranjeria"),
        ("passport", "pasaporte"),
        ("passport", "passport"),
    )
    for label in _LABELS
    if word in label
} | {"ce": "ce", "dni ce": "document", "dni o ce": "document", "dni ruc": "document", "dni pasaporte": "document"}
"""Which document a label names."""

_PLAIN = str.maketrans("áéíóúàèìòùâêôãõäëïöüçñ", "aeiouaeiouaeoaoaeioucn")
_SPELT = "|".join(
    re.escape(label).replace(r"\ ", r"[ ._/°º-]{1,3}") for label in sorted(_LABELS, key=len, reverse=True)
)
_INNER = re.compile(
    r"(?<![\w@.])(?<!\bmi )(?<!\bel )(?<!\bla )(?<!\bsu )(?<!\bde )(?<!\bdel )(?<!\bmy )(?<!\bthe )"
    rf"(?:({_SPELT})\.?[ \t]{{0,3}}[:：=][ \t]*"
    r"|(d\.?n\.?i\.?|ruc|telefono|telf?|celular|cel|movil|whatsapp|pasaporte|phone|mobile|passport)\b\.?[ \t]*"
    r"(?:n(?:[°º.]|ro\.?)[ \t]*)?(?=\+?\(?\d))"
)
"""A label within a line that began with one; without a colon only where digits follow."""

_MAIL_HEADERS = {"fecha", "date"}
"""Labels that a forwarded mail's own header bears too: believed there only if nothing but a day stands behind them."""

_HEADER = re.compile(
    r"^[ \t>*]{0,4}(?:de|from|para|to|asunto|subject|enviado(?: el)?|sent|cc)\*?[ \t]?:", re.IGNORECASE | re.MULTILINE
)

_MOMENT = re.compile(r"\W*[^\W\d_]{2,10}\.?,? .*\d[:.]\d\d")
"""A day of the week, and a time of the day: a program wrote it."""

_LINE = re.compile(r"^[ \t*•\-]{0,6}([^\W\d_][^:\n]{0,40}?)[ \t]*[:：][ \t]*(\S[^\n]*)$", re.MULTILINE)


_NO_LETTER = re.compile(r"[^\w ]|_")


class LabelledLine(NamedTuple):
    """What somebody labelled, and where."""

    field: str
    value: str
    start: int
    end: int


def labelled(text: str, *, written_on: date) -> dict[str, str]:
    """The labelled lines of a text by field, the first of each; a date as `2026-07-20`, left out if it is unclear."""
    return {line.field: line.value for line in labelled_lines(text, written_on=written_on)}


def labelled_lines(text: str, *, written_on: date) -> list[LabelledLine]:
    """The same with the place of each: from its label to the end of its value, which is where the next label begins."""
    found: dict[str, LabelledLine] = {}
    for line in _LINE.finditer("\n".join(text.split("\n")[:MOST_LINES])):
        for label, start, value_at, end in _labels_of(line):
            field = _LABELS[label]
            if field in found:
                continue
            written = line.string[value_at:end]
            in_header = label in _MAIL_HEADERS and (_MOMENT.match(written) is not None or _is_in_a_header(line))
            value = _value(field, written.strip(" \t*"), label=label, written_on=written_on, in_header=in_header)
            if value:
                found[field] = LabelledLine(field, value, start, value_at + len(written.rstrip(" \t*,;|/·•–—-")))
    return list(found.values())


def _labels_of(line: "re.Match[str]") -> Iterator[tuple[str, int, int, int]]:
    """Each label of a line that begins with one: which, where it begins, and where its value begins and ends."""
    first = _spelt(plain(line[1]))
    if first not in _LABELS:
        return
    starts = [(first, line.start(), line.start(2))]
    for inner in _INNER.finditer(line[2].lower().translate(_PLAIN)):
        label = _spelt(inner[1] or inner[2])
        starts.append((label, line.start(2) + inner.start(), line.start(2) + inner.end()))
    ends = [start for _, start, _ in starts[1:]] + [line.end()]
    for (label, start, value_at), end in zip(starts, ends, strict=True):
        if label in _LABELS:
            yield label, start, value_at, end


def _spelt(label: str) -> str:
    return " ".join(_NO_LETTER.sub(" ", label).split())


def _is_in_a_header(line: "re.Match[str]") -> bool:
    """Whether the lines around are those of a mail's own header."""
    text = line.string
    above = text.rfind("\n", 0, max(0, text.rfind("\n", 0, line.start()))) + 1
    below = text.find("\n", line.end() + 1)
    return _HEADER.search(text, above, below if below >= 0 else len(text)) is not None


def _value(field: str, text: str, *, label: str, written_on: date, in_header: bool) -> str | None:
    if field == "occurred_on":
        day = day_told(text, written_on, nothing_else=in_header)
        return day.isoformat() if day else None
    if field == "phone":
        found = telephones_in(text)
        if found:
            return text[found[0].start : found[-1].end]
        match = re.search(r"[(+]{0,2}\d[\d ().\-/]{4,30}\d", text)
        return match[0] if match else None
    if field in {"document", "ruc"}:
        document = document_of(text, label=_KINDS.get(label, "document"))
        return document.value if document and (field == "document" or document.kind == "ruc") else None
    text = text.rstrip(" \t,;|/·•–—-")
    return text[:300].strip('"“”«»') if field == "product" else text[:300]
