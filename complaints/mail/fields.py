"""Lines that a customer labelled: `DNI: 45678912`, `Product: …`; what stands behind them is theirs, word for word."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from complaints.mail.dates import day_told, plain
from complaints.mail.documents import document_of
from complaints.telephones import telephones_in

_LABELS_BY_FIELD = """
name: nombre, nombres, nombre completo, nombre y apellido, nombre y apellidos, nombres y apellidos
name: apellidos y nombres, cliente, name, full name, customer, customer name, nombre del reclamante, reclamante
name: nombre del cliente, nombre del consumidor, consumidor, mi nombre, mi nombre es, mi nombre completo
name: mi nombre completo es, nombres completos, apellidos y nombres completos, nombres y apellidos completos, my name
document: dni, d n i, documento, documento de identidad, numero de documento, nro de documento, nro dni
document: numero de dni, n de dni, no de dni, no de documento, mi dni, mi dni es, mi documento, dnl
document: numero de documento de identidad, nro de documento de identidad, n de documento de identidad
document: carne de extranjeria, carnet de extranjeria, ce, ptp, cpp, pasaporte, dni ce, dni o ce, dni ruc, dni pasaporte
document: identity document, id, id number, document, passport, documento dni, dni numero, dni nro
ruc: ruc, numero de ruc, nro de ruc, n de ruc, no de ruc
phone: telefono, tel, telf, celular, cel, movil, whatsapp, telefono de contacto, numero de celular
phone: telefono celular, telefono fijo, telefono de casa, telefonos, celulares, nro de telefono, nro de celular
phone: telefono y celular, celular y telefono, celular o telefono, telefono o celular, tel cel, celular whatsapp, fono
phone: numero de telefono, phone, telephone, mobile, phone number, cell, contact number, wsp, wsap, wasap, wpp
phone: mi celular, mi celular es, mi telefono, mi whatsapp, mi numero, mi numero es, mi cel, numero de contacto
phone: nro de contacto, numero telefonico, rpc, rpm, celular de contacto, telefono movil, telefono 1, numero de whatsapp
address: direccion, domicilio, address, home address, direccion actual, direccion domiciliaria, mi direccion
address: direccion de domicilio, domicilio actual, direccion de casa
guardian: apoderado, apoderada, padre, madre, tutor, tutora, padre o apoderado, madre padre o apoderado
guardian: guardian, parent, parent or guardian, nombre del apoderado, nombre de la apoderada, padre o madre
guardian: apoderado a, nombre del padre o apoderado, nombre del padre, nombre de la madre, representante legal
product: producto, servicio, producto o servicio, curso, programa, taller, diplomado
product: product, service, product or service, course, programme, program, producto servicio, curso programa
product: servicio contratado, producto contratado, bien contratado, producto o servicio contratado, curso matriculado
product: curso contratado, curso comprado, curso o programa, programa o curso, programa curso, nombre del curso
product: nombre del programa, nombre del producto, curso en el que estoy matriculado, curso taller, bien o servicio
product: bien o servicio contratado
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
    re.escape(label).replace(r"\ ", r"[ ._/°º-]{1,3}")
    for label in sorted(_LABELS, key=len, reverse=True)
    if label[:3] not in {"mi ", "my "}
)
_INNER = re.compile(
    r"(?<![^\W\d])(?<![@.])(?<!\bmi )(?<!\bel )(?<!\bla )(?<!\bsu )(?<!\bde )(?<!\bdel )(?<!\bmy )(?<!\bthe )"
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

_MARK = r"(?:[ \t*•·▪◦●►✔✓✅☑➡👉📌_–—\ufe0f-]|\d{1,2}[.)-](?=\D)|[a-h]\)){0,8}"
"""What stands before the lines of a list."""

_FIRST_WORD = re.compile(rf"{_MARK}([^\W\d_]+)")
_FIRST_WORDS = frozenset(label.split()[0] for label in _LABELS)
_LINE = re.compile(
    rf"^{_MARK}([^\W\d_][^:=\n]{{0,40}}?)(?:[ \t_*]*[:：=]|\.-)[ \t]*(?:[_*]{{1,2}} )?(\S[^\n]*)$", re.MULTILINE
)
_APART = re.compile(rf"{_MARK}([^\W\d_][^:\n|]{{0,40}}?)(?:[ ]+[-–—|]+[ ]+|[ ]?\t[ ]?)(\S[^\n]*)")
_MARKS_BETWEEN = ("\t", "|", " - ", " – ", " — ")
_HEADING = re.compile(rf"{_MARK}([^\W\d_][^:\n]{{0,40}}?)[ \t*_]*[:：]?[ \t*_]*")
_REMARK = re.compile(r"\((?![^()]*\b(?:de|del|of)\b)[^()]*\)")
"""`(8 dígitos)` beside a label; whose it is would be another thing."""


_NO_LETTER = re.compile(r"[^\w ]|_")


_ABBREVIATED = re.compile(r"\b\w{1,2}\.$")
_NO_NAME = re.compile(r"\d{4}|[:@]")
"""What no name holds: another label's value runs into it."""

LONGEST_HEADING = 80
"""Characters of a line in which a label without a colon is looked for."""


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
    lines = text.split("\n")[:MOST_LINES]
    text = "\n".join(lines)
    for label, start, value_at, end in chain(_in_lines(text, lines), _in_columns(lines)):
        field = _LABELS[label]
        if field in found:
            continue
        written = text[value_at:end]
        in_header = label in _MAIL_HEADERS and (
            _MOMENT.match(written) is not None or _is_in_a_header(text, value_at, end)
        )
        value = _value(field, written.strip(" \t*"), label=label, written_on=written_on, in_header=in_header)
        if value:
            found[field] = LabelledLine(field, value, start, value_at + len(written.rstrip(" \t*,;|/·•–—-")))
    return list(found.values())


def _in_lines(text: str, lines: list[str]) -> Iterator[tuple[str, int, int, int]]:
    """The labels of the lines that begin with one."""
    at = 0
    for line in lines:
        head = line[:LONGEST_HEADING]
        marked = ":" in head or "=" in head or ".-" in head or "：" in head
        if marked and _may_begin_with_a_label(head) and (found := _LINE.match(text, at, at + len(line))):
            yield from _labels_of(found)
        at += len(line) + 1


def _may_begin_with_a_label(line: str) -> bool:
    """Whether the line's first word is the first of a label; most lines with a colon are sentences."""
    first = _FIRST_WORD.match(line)
    if first is None:
        return False
    combined = "\u0300" <= line[first.end() : first.end() + 1] <= "\u036f"
    return combined or plain(first[1]) in _FIRST_WORDS


def _in_columns(lines: list[str]) -> Iterator[tuple[str, int, int, int]]:
    """Labels without a colon, beside their values or above them, as forms and tables have them: two, or it is none."""
    found: list[tuple[str, int, int, int]] = []
    beside = any(mark in line for mark in _MARKS_BETWEEN for line in lines)
    at, above = 0, None
    for line in lines:
        if line:
            if above is not None and line.strip():
                if _label(line) is None and ":" not in line[:40]:
                    found.append((*above, at, at + len(line)))
                above = None
            if len(line) <= LONGEST_HEADING and (label := _label(line)):
                above = label, at
            elif beside and (apart := _APART.match(line)) and (named := _spelt(plain(apart[1]))) in _LABELS:
                found.append((named, at, at + apart.start(2), at + len(line)))
        at += len(line) + 1
    yield from found if len({_LABELS[one[0]] for one in found}) > 1 else ()


def _label(line: str) -> str | None:
    """The label that stands alone on the line; None where there is none, or more."""
    match = _HEADING.fullmatch(line)
    label = _spelt(plain(_REMARK.sub(" ", match[1]))) if match else None
    return label if label in _LABELS else None


def _labels_of(line: "re.Match[str]") -> Iterator[tuple[str, int, int, int]]:
    """Each label of a line that begins with one: which, where it begins, and where its value begins and ends."""
    first = _spelt(plain(_REMARK.sub(" ", line[1])))
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


def _is_in_a_header(text: str, start: int, end: int) -> bool:
    """Whether the lines around are those of a mail's own header."""
    line = text.rfind("\n", 0, start) + 1
    above = text.rfind("\n", 0, max(0, line - 1)) + 1
    line_end = text.find("\n", end)
    below = text.find("\n", line_end + 1) if line_end >= 0 else -1
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
    text = text.rstrip(" \t,;|/·•–—-")[:300]
    if field in {"name", "product"} and not _ABBREVIATED.search(text):
        text = text.rstrip(".")
    if field == "name" and _NO_NAME.search(text):
        return None
    return text.strip('"“”«»') if field == "product" else text
