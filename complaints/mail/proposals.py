"""What a text seems to say of the details that §4 asks for: proposals with their place in it, never facts.

What the customer labelled themselves (`DNI: 45678912`) is marked as stated. What is evident is understood until
somebody corrects it (`evident`); the rest staff confirm, and letters go on asking.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice, takewhile

from complaints.mail import evident
from complaints.mail.dates import days_told, is_today
from complaints.mail.documents import document_of, documents_in
from complaints.mail.fields import labelled_lines
from complaints.rules.stretches import digits_of, in_small, places_of
from complaints.rules.text import LONGEST_LINE
from complaints.telephones import is_of_a_payment, telephones_told

LOOKED_AT = 10_000
"""Characters of a text in which details are looked for."""

_HEAD = (
    r"(?i:cursos?|taller(?:es)?|programa|diplomado|especializaci[oó]n|m[oó]dulo|clases?|course|workshop|programme|program)"
    r"(?i:[ ]virtual|[ ]online|[ ]presencial|[ ]corto)?"
)
_CAPITALS = (
    r"[A-ZÁÉÍÓÚÑ0-9][\wáéíóúñÁÉÍÓÚÑ+&/-]{1,30}"
    r"(?: (?:(?:de|del|la|el|los|en|con|para|y|e|of|and|for|with|in) ){0,2}"
    r"[A-ZÁÉÍÓÚÑ0-9][\wáéíóúñÁÉÍÓÚÑ+&/-]{0,30}){0,6}"
)
_PRODUCT = re.compile(
    rf"\b{_HEAD}(?i:[ ](?:de|en|sobre|of|on|in))?(?i:[ ]especializaci[oó]n[ ]en|[ ]alta[ ]especializaci[oó]n[ ]en)?"
    rf"[ \t:]{{0,2}}([\"“«'][^\"”»'\n]{{3,80}}[\"”»']|{_CAPITALS})"
)
_PRODUCT_BEFORE = re.compile(
    rf"\b((?!The\b|This\b|My\b|Your\b|Our\b|A\b){_CAPITALS})[ ](?i:course|workshop|programme|program)\b"
)
_HEADING = {
    **dict.fromkeys(("curs", "cours", "taller", "workshop", "program", "diplomado", "especializaci", "clase"), 0),
    "dulo": 2,  # módulo, modulo
}
"""What no course's head is without, and how many letters of it stand before."""

_BEHIND = (" course", " workshop", " program")
_PRODUCT_SMALL = re.compile(rf"\b{_HEAD}[ ](?i:de|en|sobre|of|on)[ ]((?:[a-zñáéíóú][\wáéíóúñ+&/-]{{1,25}}[ ]?){{1,5}})")
_WORDS_AFTER = """
que no me te se el la lo los las un una por pero porque desde hasta con para ya mi mis su sus este esta estos ese eso
en y o a al del ayer hoy mañana donde cuando como pague pagué inicia empieza empezo empezó empezaba ustedes verdad baja
hace todo toda nada tuve tengo hay hubo fue era es son está están estaba llevé tomé compré lunes martes miércoles
jueves viernes sábado domingo the which that is was were from and my your this not i has had have did
"""
_GOES_ON = frozenset(_WORDS_AFTER.split())
"""Words with which a sentence goes on after a product's name."""


MOST = 12
"""Candidates of one detail that are looked at: where a text names more, none is evident."""

SHORT = 400
"""Characters of an answer in which a course may be named without saying that it is one."""

_PRODUCT_IN = re.compile(rf"(?<!\w)(?:en|in) (?:el |the )?({_CAPITALS})")
_PLACES = """
lima perú peru arequipa cusco trujillo piura chiclayo callao huancayo ica tacna puno facebook instagram whatsapp zoom
google youtube gmail indecopi yape plin bcp bbva interbank scotiabank internet enero febrero marzo abril mayo junio
julio agosto setiembre septiembre octubre noviembre diciembre january february march april may june july august
september october november december sistemas finanzas atención customer spanish english español inglés
"""
_NO_PRODUCTS = frozenset(_PLACES.split())
"""What else stands behind `en` with a capital."""

_DOCUMENT_CORRECTED = re.compile(
    r"\b(?:dni|d\.n\.i\.?|documento|pasaporte|passport|id)\b[^.\n\d]{0,12}\b"
    r"(?:(?:no|not) (?:es|era)|(?:is|was) not)[ ]+(?:el[ ]+)?"
    r"[\w.-]{6,14}[,;.]?[ ]*(?:y[ ]+)?(?:sino|si no|es|but|it'?s|it is|el correcto es)(?:[ ]+(?:que[ ]+)?(?:es|el|is))?"
    r"[ :]+([\w.-]{6,14}\w)",
    re.IGNORECASE,
)
_DOCUMENT_DENIED = re.compile(
    r"[neiwNEIW](?<!\w.)(?i:(?<=n)ot? +(?:es|era|is|was)|(?:(?<=e)(?:s|ra)|(?<=i)s|(?<=w)as) +(?:no|not))\b"
)

_DENYING = ("no es ", "no era ", "not es ", "not era ", "is not ", "was not ")
"""What no corrected document is without."""


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
    evident: bool = False
    """It can mean nothing else: labelled, or said so that it is understood until somebody corrects it."""
    corrects: bool = False
    """The words around say that something else was understood before."""


def proposals_in(text: str, *, written_on: date) -> tuple[Proposal, ...]:
    """The likeliest proposal for each field, in the order of the text. A date without a year is the last such day."""
    text = text[:LOOKED_AT].rstrip()  # blanked history at the end costs more than all the words before it
    found = {
        one.field: Proposal(
            one.field,
            _line(one.value),
            _line(text[one.start : one.end]),
            one.start,
            one.end,
            True,
            True,
            evident.is_correction(text, one.start, one.end),
        )
        for one in labelled_lines(text, written_on=written_on)
    }
    for guess in _guesses(text, written_on):
        found.setdefault(guess.field, guess)
    return tuple(sorted(found.values(), key=lambda one: one.start))


def _guesses(text: str, written_on: date) -> Iterator[Proposal]:
    """The likeliest of each field, marked with how sure it is; what is denied is none."""
    if document := next(iter(documents := _documents(text)), None):
        yield _sure(text, document, len({one.value for one in documents}) == 1)
    phones = [one for one in islice(_phones(text), MOST) if not evident.is_denied(text, one.start)]
    if phones:
        numbers = [one.value for one in phones]
        yield _sure(text, phones[0], evident.is_evident_phone(text, numbers, phones[0].start, phones[0].end))
    days = [one for one in islice(_days(text, written_on), MOST) if not evident.is_denied(text, one.start)]
    if days:
        spans = [(one.value, one.start) for one in days]
        told = (one for one in days if not is_today(one.source))
        likely = next((one for one in told if evident.is_evident_day(text, spans, one.value, one.start)), None)
        yield _sure(text, likely or days[0], likely is not None)
    products = [one for one in islice(_products(text), MOST) if not evident.is_denied(text, one.start)]
    if products:
        names = [one.value for one in products]
        by_name = _PRODUCT_SMALL.fullmatch(products[0].source) is None
        named = by_name and evident.is_evident_product(products[0].source, products[0].value, names)
        yield _sure(text, products[0], named)
    elif len(text) <= SHORT and (product := _in_short(text)):
        yield product


def _sure(text: str, one: Proposal, is_evident: bool) -> Proposal:
    corrects = one.corrects or evident.is_correction(text, one.start, one.end)
    return replace(one, evident=is_evident, corrects=corrects)


def _documents(text: str) -> list[Proposal]:
    found = [
        Proposal("document", one.value, _line(text[one.start : one.end]), one.start, one.end, False)
        for one in islice(documents_in(text), MOST)
        if one.kind != "ruc" and not _DOCUMENT_DENIED.search(text[one.start : one.end])
    ]
    denied = bool(digits_of(text)) and any(said in in_small(text) for said in _DENYING)
    for corrected in islice(_DOCUMENT_CORRECTED.finditer(text), MOST) if denied else ():
        if read := document_of(corrected[1], label="dni" if "dni" in corrected[0].lower() else "document"):
            source = _line(corrected[0])
            found.append(
                Proposal("document", read.value, source, corrected.start(), corrected.end(), False, corrects=True)
            )
    return found


def _in_short(text: str) -> Proposal | None:
    """`…, fue el 10/11 en Revit`: in a short answer what stands behind `en` may be the course."""
    for named in _PRODUCT_IN.finditer(text):
        if named[1].split(" ")[0].casefold() not in _NO_PRODUCTS:
            return _guess("product", named[1], named)
    return None


def _phones(text: str) -> Iterator[Proposal]:
    for one in telephones_told(text):
        if not is_of_a_payment(text, one.start):
            written = _line(text[one.start : one.end])
            yield Proposal("phone", written, written, one.start, one.end, False)


def _days(text: str, written_on: date) -> Iterator[Proposal]:
    for told in days_told(text, written_on):
        said = _line(text[told.start : told.end])
        yield Proposal("occurred_on", told.value.isoformat(), said, told.start, told.end, False)


def _products(text: str) -> Iterator[Proposal]:
    small = in_small(text)
    heads = sorted(at - before for head, before in _HEADING.items() for at in places_of(small, head) if at >= before)
    before = _PRODUCT_BEFORE.finditer(text) if any(named in small for named in _BEHIND) else ()
    for named in chain(_at_heads(text, heads, _PRODUCT), before):
        yield _guess("product", named[1].strip("\"“”«»'. "), named)
    for match in _at_heads(text, heads, _PRODUCT_SMALL):
        words = list(takewhile(lambda word: word.lower() not in _GOES_ON, match[1].split()))
        if words and words[-1] == "de":
            words.pop()
        if words:
            yield _guess("product", " ".join(words), match)


def _at_heads(text: str, heads: Iterable[int], pattern: "re.Pattern[str]") -> Iterator["re.Match[str]"]:
    """What begins with what a course is called in general, each behind the end of the one before."""
    end = 0
    for at in heads:
        if at >= end and (found := pattern.match(text, at)):
            end = found.end()
            yield found


def _guess(field: str, value: str, match: "re.Match[str]") -> Proposal:
    return Proposal(field, _line(value), _line(match[0]), match.start(), match.end(), False)


def _line(text: str) -> str:
    """Words of a text that is cleaned already, on one line."""
    return " ".join(text.split())[:LONGEST_LINE]
