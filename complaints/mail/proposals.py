"""What a text seems to say of the details that §4 asks for: proposals with their place in it, never facts.

Staff or the customer confirm them; the acknowledgement goes on asking. What the customer labelled themselves
(`DNI: 45678912`) is marked as stated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from complaints.mail.fields import day_of, labelled_lines, month_of
from complaints.rules.text import one_line

LOOKED_AT = 10_000
"""Characters of a text in which details are looked for."""

_DOCUMENT = re.compile(
    r"\b(?:d\.?\s?n\.?\s?i\.?|documento(?: de identidad)?|c\.?e\.?|carn[eé]t? de extranjer[ií]a|pasaporte|passport"
    r"|identity (?:document|card)|id number)\b[ \t]{0,3}(?:n[°ºo.]{0,2}|nro\.?|num(?:ero)?|number|es|is|:|#)?"
    r"[ \t:°º.]{0,5}(?:es |is )?([A-Z]{0,3}\d{6,12})\b",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?<![\d/-])(?:\+?51[ .-]?)?9\d{2}[ .-]?\d{3}[ .-]?\d{3}(?![\d/-])")
_LANDLINE = re.compile(
    r"\b(?:tel[eé]fono|tel[fe]?\.?|fono|llam\w{1,6}(?: al)?|phone|call me (?:at|on))[ \t:.]{0,5}"
    r"(\+?\(?\d[\d ().-]{5,18}\d)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:de |of )?[a-záéíóú]{3,10}(?:,| de| del)? \d{4}"
    r"|[a-z]{3,10} \d{1,2}(?:st|nd|rd|th)?,? \d{4})\b",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)? (?:de |of )?([a-záéíóú]{3,10})\b|\b([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"\b(?:curso|taller|programa|diplomado|especializaci[oó]n|m[oó]dulo|clases?|course|workshop|programme|program)"
    r"(?: virtual| online| presencial| corto)?(?: de| en| sobre| of| on| in)?[ \t]{0,2}"
    r"([\"“«'][^\"”»'\n]{3,80}[\"”»']|[A-ZÁÉÍÓÚÑ0-9][\wáéíóúñÁÉÍÓÚÑ+&/-]{1,30}"
    r"(?: (?:(?:de|del|la|el|los|en|con|para|y|e|of|and|for|with|in) ){0,2}"
    r"[A-ZÁÉÍÓÚÑ0-9][\wáéíóúñÁÉÍÓÚÑ+&/-]{0,30}){0,6})"
)


@dataclass(frozen=True)
class Proposal:
    """One detail that somebody may confirm."""

    field: str
    """`document`, `phone`, `occurred_on`, `product` … as in a complaint."""
    value: str
    source: str
    """The words that it was read from."""
    start: int
    end: int
    """Where these words stand in the whole text."""
    stated: bool
    """The customer labelled it; else it is our guess."""


def proposals_in(text: str, *, written_on: date) -> tuple[Proposal, ...]:
    """The likeliest proposal for each field, in the order of the text. A date without a year is the last such day."""
    text = text[:LOOKED_AT]
    found = {
        one.field: Proposal(
            one.field, one_line(one.value), one_line(text[one.start : one.end]), one.start, one.end, True
        )
        for one in labelled_lines(text)
    }
    for guess in _guesses(text, written_on):
        found.setdefault(guess.field, guess)
    return tuple(sorted(found.values(), key=lambda one: one.start))


def _guesses(text: str, written_on: date) -> Iterator[Proposal]:
    if match := _DOCUMENT.search(text):
        yield _guess("document", match[1].upper(), match)
    if match := _MOBILE.search(text):
        yield _guess("phone", match[0].strip(), match)
    elif match := _LANDLINE.search(text):
        yield _guess("phone", match[1], match)
    for match in _DATED.finditer(text):
        day = day_of(match[0])
        if day and day <= written_on:
            yield _guess("occurred_on", day.isoformat(), match)
            break
    else:
        yield from _without_year(text, written_on)
    if match := _PRODUCT.search(text):
        yield _guess("product", match[1].strip("\"“”«»'. "), match)


def _without_year(text: str, written_on: date) -> Iterator[Proposal]:
    for match in _DAY_AND_MONTH.finditer(text):
        month = month_of(match[2] or match[3])
        if month is None:
            continue
        for year in (written_on.year, written_on.year - 1):
            try:
                day = date(year, month, int(match[1] or match[4]))
            except ValueError:
                continue
            if day <= written_on:
                yield _guess("occurred_on", day.isoformat(), match)
                return


def _guess(field: str, value: str, match: "re.Match[str]") -> Proposal:
    return Proposal(field, one_line(value), one_line(match[0]), match.start(), match.end(), False)
