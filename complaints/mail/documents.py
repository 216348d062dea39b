"""One reading of identity documents (§4): DNI, carné de extranjería, passport, RUC; which, its number, and its place.

A DNI has eight digits, a RUC eleven that begin with 10, 15, 17 or 20; a carné nine or more; a passport letters, too. No
loose word belongs to a number: `45871236 Telefono` is a document and the beginning of something else.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from complaints.rules.stretches import stretches_of_numbers
from complaints.telephones import is_of_a_payment

Kind = Literal["dni", "ce", "passport", "ruc", "document"]

SHORTEST, LONGEST = 6, 12
"""Letters and digits of a document's number."""

_NUMBER = (
    r"(?:\d{2}[,'’´]\d{3}[,'’´]\d{3}(?!\d)|(?:[A-Z]{1,3}[ .-]?)?\d(?:[ .-]?\d){4,13}(?:-?[A-Z](?![\w]))?"
    r"|(?=(?:[OIl]?\d){6})[\dOIl]{8}(?!\w))"
)
"""The last is a DNI as a scanner reads it: letters that look like digits among these."""

_LABEL = re.compile(
    r"\b(?=[cdip])"
    r"(?:(?P<dni>d\.?[ ]?n\.?[ ]?[il]\b\.?|dni(?=\d)|documento[ ]nacional[ ]de[ ]identidad)"
    r"|(?P<ce>carn[eé]t?(?:[ ]de)?[ ]extranjer[ií]a|(?-i:CE\b|C\.E\.))"
    r"|(?P<passport>pasaporte|passport)"
    r"|(?P<document>doc(?:umento\b|\.|\b)(?:[ ](?:de[ ])?identidad)?|identity[ ](?:document|card)|id[ ]number"
    r"|cpf\b|(?-i:ID\b|PTP\b|CPP\b)))"
    r"[ \t]{0,3}(?:n(?:[°ºªo.]|0(?=[ .:])|ro\.?|[uú]m(?:ero)?\.?|umber)?[°ºª.]{0,2}|#)?"
    r"(?:[ \t:;=|*°º.(#–-]{0,5}(?:(?:es|is|el|é|actual|n[uú]mero|nro\.?)(?!\w)[ ]){0,4}"
    r"|[ \t:*]{0,3}\n[ \t*]{0,3}(?=\d{8}\b))"
    rf"({_NUMBER})(?![\d@])(?![a-z]{{1,2}}\d)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?<![\w.,/-])(\d{8})(?: \((?:mi )?dni\)| (?:es|is) (?:el n[uú]mero de )?(?:mi|my) (?:dni|d\.n\.i|documento)\b)",
    re.IGNORECASE,
)
"""The label behind the number: `45678912 es mi DNI`."""

FEWEST_DIGITS = 5
"""Of a number behind a label, no more than one character between them; the longest label with all that may stand
after it has 80 letters."""

_ALONE = re.compile(rf"(?<![\w-]){_NUMBER}", re.IGNORECASE)
_GOES_ON = re.compile(r"[\d@_]|[^\W\d_]{1,2}(?![^\W\d_])")
"""A number that goes on is no number; one that a word is stuck to has ended: `45678912Tel`."""

_AS_SCANNED = str.maketrans("OoIlL", "00111")
_RUC = re.compile(r"(?:10|15|17|20)\d{9}")
_SHAPED = re.compile(
    r"(?<![\w./-])(?:"
    r"(?:10|15|17|20)\d{9}"  # RUC
    r"|0\d{8,11}"  # a foreigner's card
    r"|\d{8}(?:-[A-Z0-9])?"  # DNI
    r"|[A-Z]{1,3}-?\d{6,9}"  # passport
    r")(?![\w/])(?![.,-]\d)"
)
_NAMED_AGAIN = re.compile(
    r"\s*(?:(dni|d\.n\.i\.)|(c\.?e\.?)|(pasaporte|pas|passport))\b[ .:°º-]*(?:n[°ºo.]*)?[ ]*(?=[\dA-Z])", re.I
)
"""Behind a general label people name the kind: `Documento: CE 001234567`."""


class Document(NamedTuple):
    """A number that identifies somebody."""

    kind: Kind
    value: str
    """Without what only groups its digits."""
    start: int
    end: int
    """Where it stands, its label included if it was found by that."""


def documents_in(text: str) -> Iterator[Document]:
    """The documents of a text by their labels, in order. A company's RUC identifies nobody, and is none."""
    for found in _labelled(text):
        kind = next(name for name in ("dni", "ce", "passport", "document") if found[name])
        if read := _read(found[5], kind):
            yield Document(read[0], read[1], found.start(), found.end())
    for start, end in stretches_of_numbers(text, fewest=8, most=8, before=1, after=56):
        for found in _BEHIND.finditer(text, start, end):
            yield Document("dni", found[1], found.start(), found.end())


def places_of_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of such documents stand, labels left out, in order: for whoever may not read them.

    Also those without any label that can be nothing else; what identifies a payment is none, but a RUC always is one.
    """
    places = [found.span(5) for found in _labelled(text) if len(re.sub(r"[ .-]", "", found[5])) >= SHORTEST]
    labelled = list(places)
    for found in _SHAPED.finditer(text):
        known = any(start < found.end() and found.start() < end for start, end in labelled)
        if not known and (_RUC.fullmatch(found[0]) or not is_of_a_payment(text, found.start())):
            places.append(found.span())
    yield from sorted(places)


def _labelled(text: str) -> Iterator["re.Match[str]"]:
    """Where a label with a number behind it stands."""
    for start, end in stretches_of_numbers(text, fewest=FEWEST_DIGITS, apart=1, before=96, after=32):
        yield from _LABEL.finditer(text, start, end)


def document_of(value: str, *, label: str = "document") -> Document | None:
    """The document in what somebody wrote behind a label; None where no number of one is there."""
    at = 0
    if again := _NAMED_AGAIN.match(value):
        label = "dni" if again[1] else "ce" if again[2] else "passport"
        at = again.end()
    for found in _ALONE.finditer(value, at):
        if _GOES_ON.match(value, found.end()):
            return None
        if read := _read(found[0], label):
            return Document(read[0], read[1], found.start(), found.end())
    return None


def _read(written: str, label: str) -> tuple[Kind, str] | None:
    if again := _NAMED_AGAIN.match(written):
        label, written = ("dni" if again[1] else "ce" if again[2] else "passport"), written[again.end() :]
    value = re.sub(r"[ .,'’´-]", "", written)
    if label in {"dni", "document"} and re.fullmatch(r"(?=(?:\D?\d){6})[\dOIlL]{8}", value):
        value = value.translate(_AS_SCANNED)
    value = value.upper()
    if label == "dni" and re.fullmatch(r"\d{8}[A-Z0-9]", value) and re.search(r"-[A-Z0-9]$", written, re.IGNORECASE):
        value = value[:8]  # with the character that checks it, as the card has it
    if not SHORTEST <= len(value) <= LONGEST:
        return None
    if _RUC.fullmatch(value) and label not in {"ce", "passport"}:
        return "ruc", value
    if label in {"ce", "passport"}:
        return ("ce" if label == "ce" else "passport"), value
    if re.fullmatch(r"\d{8}", value):
        return "dni", value
    return ("passport" if value[0].isalpha() else "document"), value
