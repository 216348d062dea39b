"""One reading of identity documents (§4): DNI, carné de extranjería, passport, RUC; which, its number, and its place.

A DNI has eight digits, a RUC eleven that begin with 10, 15, 17 or 20; a carné nine or more; a passport letters, too. No
loose word belongs to a number: `45871236 Telefono` is a document and the beginning of something else.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["dni", "ce", "passport", "ruc", "document"]

SHORTEST, LONGEST = 6, 12
"""Letters and digits of a document's number."""

_NUMBER = r"(?:[A-Z]{1,3}[ .-]?)?\d(?:[ .-]?\d){4,13}(?:-?[A-Z](?![\w]))?"
_LABEL = re.compile(
    r"(?:(?P<dni>\bd\.?[ ]?n\.?[ ]?i\b\.?|\bdni(?=\d)|\bdocumento[ ]nacional[ ]de[ ]identidad)"
    r"|(?P<ce>\bcarn[eé]t?(?:[ ]de)?[ ]extranjer[ií]a|(?-i:\bCE\b|\bC\.E\.))"
    r"|(?P<passport>\bpasaporte|\bpassport)"
    r"|(?P<document>\bdocumento(?:[ ]de[ ]identidad)?|\bidentity[ ](?:document|card)|\bid[ ]number"
    r"|\bcpf\b|(?-i:\bID\b)))"
    r"[ \t]{0,3}(?:n(?:[°ºo.]|ro\.?|[uú]m(?:ero)?\.?|umber)?[°º.]{0,2}|#)?"
    rf"[ \t:°º.(#-]{{0,5}}(?:(?:es|is|el|é)\b[ ]){{0,2}}({_NUMBER})(?![\d@])",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?<![\w-]){_NUMBER}(?![\w@])", re.IGNORECASE)
_RUC = re.compile(r"(?:10|15|17|20)\d{9}")


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
    for found in _LABEL.finditer(text):
        kind = next(name for name in ("dni", "ce", "passport", "document") if found[name])
        if read := _read(found[5], kind):
            yield Document(read[0], read[1], found.start(), found.end())


def places_of_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of such documents stand, their labels left out; for whoever may not read them."""
    for found in _LABEL.finditer(text):
        if len(re.sub(r"[ .-]", "", found[5])) >= SHORTEST:
            yield found.span(5)


def document_of(value: str, *, label: str = "document") -> Document | None:
    """The document in what somebody wrote behind a label; None where no number of one is there."""
    for found in _ALONE.finditer(value):
        if read := _read(found[0], label):
            return Document(read[0], read[1], found.start(), found.end())
    return None


def _read(written: str, label: str) -> tuple[Kind, str] | None:
    value = re.sub(r"[ .-]", "", written).upper()
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
