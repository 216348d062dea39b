"""What a text seems to say of the details that §4 asks for: proposals with their place in it, never facts.

What the customer labelled themselves (`DNI: 45678912`) is marked as stated. What is evident is understood until
somebody corrects it (`evident`); the rest staff confirm, and letters go on asking.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, takewhile

from complaints.mail import evident
from complaints.mail.documents import document_of, documents_in
from complaints.mail.fields import day_of, labelled_lines, month_of
from complaints.rules.text import one_line

LOOKED_AT = 10_000
"""Characters of a text in which details are looked for."""

_MOBILE = re.compile(r"(?<![\w/-])(?:(?:\+|00)?51[ .-]?)?9(?:[ .-]?\d){8}(?![\d/-])")
_OF_A_PAYMENT = re.compile(
    r"(?:voucher|operaci[oó]n|pedido|boleta|factura|recibo|orden|ticket|cuenta|c[oó]digo|transacci[oó]n|dep[oó]sito|order"
    r"|constancia|invoice|pagu[eé]|\bs/|us\$|\bruc)[^\n]{0,8}$",
    re.IGNORECASE,
)
"""What stands before a number that is no telephone."""

_LANDLINE = re.compile(
    r"\b(?:tel[eé]fon[oe]|tel[fe]?\.?|fon[oe]|llam\w{1,6}(?:[ ]al)?|phone|call[ ]me[ ](?:at|on))"
    r"(?:[ ](?:fijo|de[ ]casa|es))?[ \t:.]{0,5}(\+?\(?\d[\d ().-]{5,18}\d)"
    r"|(?<![\w(])(\(0\d{1,2}\)[ .-]?\d{3}[ .-]?\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_ORDINAL = r"(?:st|nd|rd|th|°|º|ro|er)?"
_DATED = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}/\d{1,2}/\d{2}|\d{1,2}-\d{1,2}-\d{2}(?![\d-])"
    rf"|\d{{1,2}}{_ORDINAL} (?:de |of )?[a-záéíóúç]{{3,10}}(?:,| de| del)? \d{{4}}"
    r"|[a-z]{3,10} \d{1,2}(?:st|nd|rd|th)?,? \d{4})\b",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(
    rf"\b(\d{{1,2}}|primero){_ORDINAL} (?:de |of )?([a-záéíóúç]{{3,10}})\b(?!,? (?:del? )?\d{{4}})"
    r"|\b([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)?\b(?!,? \d{4})"
    r"|\b(?:el|del|d[ií]a|on|desde|no dia)[ ](\d{1,2})/(\d{1,2})(?![\d/])",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(antes de ayer|anteayer|antier|anteontem|the day before yesterday)|(ayer|anoche|yesterday|last night|ontem)"
    r"|(?<!hasta )(?<!de )(?<!desde )(?<!until )(?<!at[eé] )(hoy|today|hoje|esta mañana|this morning)"
    r"|(?:el )?pasad[oa] ([a-záéíóú]{5,9})|el ([a-záéíóú]{5,9}) pasado|last ([a-z]{6,9}))\b",
    re.IGNORECASE,
)
_NOT_OF_THE_PROBLEM = re.compile(
    r"(?:nac[ií]|nacimiento|born|nascid|vence|caduca|expira|hasta|until|v[aá]lid)\w{0,6}[^.\n]{0,12}$", re.I
)
"""What stands before a date that is another one: a birthday, the end of something."""

OLDEST = timedelta(days=5 * 365)
"""Older dates in a complaint are about something else."""

_WEEKDAYS = (
    ("lunes", "monday", "segunda"), ("martes", "tuesday", "terça"), ("miercoles", "miércoles", "wednesday"),
    ("jueves", "thursday"), ("viernes", "friday"), ("sabado", "sábado", "saturday"), ("domingo", "sunday"),
)  # fmt: skip
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
_DOCUMENT_DENIED = re.compile(r"\b(?:no|not) +(?:es|era|is|was)\b|\b(?:es|era|is|was) +(?:no|not)\b", re.IGNORECASE)
_TODAY = re.compile(r"(?:hoy|today|hoje|esta mañana|this morning)\b", re.IGNORECASE)


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
            one_line(one.value),
            one_line(text[one.start : one.end]),
            one.start,
            one.end,
            True,
            True,
            evident.is_correction(text, one.start, one.end),
        )
        for one in labelled_lines(text)
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
        likely = [one for one in days if evident.is_evident_day(text, spans, one.value, one.start)]
        likely = [one for one in likely if not _TODAY.match(one.source)]
        yield _sure(text, (likely or days)[0], bool(likely))
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
        Proposal("document", one.value, one_line(text[one.start : one.end]), one.start, one.end, False)
        for one in islice(documents_in(text), MOST)
        if one.kind != "ruc" and not _DOCUMENT_DENIED.search(text[one.start : one.end])
    ]
    for corrected in islice(_DOCUMENT_CORRECTED.finditer(text), MOST) if _DOCUMENT_DENIED.search(text) else ():
        if read := document_of(corrected[1], label="dni" if "dni" in corrected[0].lower() else "document"):
            source = one_line(corrected[0])
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
    for match in _MOBILE.finditer(text):
        if not _OF_A_PAYMENT.search(text[max(0, match.start() - 30) : match.start()]):
            yield _guess("phone", match[0].strip(), match)
    if landline := _LANDLINE.search(text):
        yield _guess("phone", landline[1] or landline[2], landline)


def _days(text: str, written_on: date) -> Iterator[Proposal]:
    """The surest first: with its year, without it, as yesterday. Never after the day of writing."""
    for dated in _DATED.finditer(text):
        day = day_of(dated[0])
        if day and written_on - OLDEST <= day <= written_on and not _of_another(text, dated):
            yield _guess("occurred_on", day.isoformat(), dated)
    at = 0
    while match := _DAY_AND_MONTH.search(text, at):
        day = _last_such_day(match, written_on)
        if day and not _of_another(text, match):
            yield _guess("occurred_on", day.isoformat(), match)
        # `lunes 20` of `lunes 20 de julio` is none: the next may begin inside it.
        at = match.start(4) if match[4] and day is None else match.end()
    for said in _RELATIVE.finditer(text):
        if (day := _relative(said, written_on)) and not _of_another(text, said):
            yield _guess("occurred_on", day.isoformat(), said)


def _of_another(text: str, match: "re.Match[str]") -> bool:
    return _NOT_OF_THE_PROBLEM.search(text[max(0, match.start() - 30) : match.start()]) is not None


def _last_such_day(match: "re.Match[str]", written_on: date) -> date | None:
    if match[5]:
        month, number = int(match[6]), match[5]
    else:
        month, number = month_of(match[2] or match[3]) or 0, match[1] or match[4]
    for year in (written_on.year, written_on.year - 1):
        try:
            day = date(year, month, 1 if number.lower() == "primero" else int(number))
        except ValueError:
            continue
        if day <= written_on:
            return day
    return None


def _relative(match: "re.Match[str]", written_on: date) -> date | None:
    for group, days in ((1, 2), (2, 1), (3, 0)):
        if match[group]:
            return written_on - timedelta(days=days)
    name = (match[4] or match[5] or match[6]).lower()
    weekday = next((number for number, names in enumerate(_WEEKDAYS) if name in names), None)
    if weekday is None:
        return None
    return written_on - timedelta(days=(written_on.weekday() - weekday - 1) % 7 + 1)


def _products(text: str) -> Iterator[Proposal]:
    for pattern in (_PRODUCT, _PRODUCT_BEFORE):
        for named in pattern.finditer(text):
            yield _guess("product", named[1].strip("\"“”«»'. "), named)
    for match in _PRODUCT_SMALL.finditer(text):
        words = list(takewhile(lambda word: word.lower() not in _GOES_ON, match[1].split()))
        if words and words[-1] == "de":
            words.pop()
        if words:
            yield _guess("product", " ".join(words), match)


def _guess(field: str, value: str, match: "re.Match[str]") -> Proposal:
    return Proposal(field, one_line(value), one_line(match[0]), match.start(), match.end(), False)
