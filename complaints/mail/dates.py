"""One reading of dates (§4): with the year, without it, and as people say them, `ayer`, `el martes pasado`.

The day stands before the month. A problem is never in the future, so a day without its year is the last such day.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from complaints.rules.stretches import around, digits_of, in_small, places_of, stretches, stretches_of

_MONTHS_BY_NUMBER = """
enero ene january jan janeiro; febrero feb february fevereiro; marzo mar march marco; abril abr april apr;
mayo may maio; junio jun june junho; julio jul july julho; agosto ago august aug;
septiembre setiembre set sep sept september setembro; octubre oct october outubro;
noviembre nov november novembro; diciembre dic december dec dezembro
"""

_MONTHS = {name: number for number, names in enumerate(_MONTHS_BY_NUMBER.split(";"), start=1) for name in names.split()}
_ACCENTED = str.maketrans("áéíóúüñ", "aeiouun")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_DATES = (
    (re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b"), ("year", "month", "day")),
    (re.compile(r"\b(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4})\b"), ("day", "month", "year")),
    (re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{2})(?![\d/-]|\.\d)"), ("day", "", "month", "year")),
    (
        re.compile(
            r"\b(\d{1,2})(?:st|nd|rd|th|ro|ero|er|o)?(?:[-/.]| (?:de |of )?)"
            r"([a-z]{3,10})(?:[-/.]|[.,]{0,2}(?: del?)? )(\d{4})\b"
        ),
        ("day", "month", "year"),
    ),
    (re.compile(r"\b([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b"), ("month", "day", "year")),
    (re.compile(r"(?<![\d-])(\d{2}) ?(\d{2}) ?(20\d{2})(?![\d-])"), ("day", "month", "year")),
)
_ORDINAL = r"(?:st|nd|rd|th|°|º|ro|ero|er)?"
_DATED = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4}"
    r"|\d{1,2}/\d{1,2}/\d{2}|\d{1,2}-\d{1,2}-\d{2}(?![\d-])"
    rf"|\d{{1,2}}{_ORDINAL}(?:[-/.]| (?:de |of )?)[a-záéíóúç]{{3,10}}(?:[-/.]|[.,]{{0,2}}(?: del?)? )\d{{4}}"
    r"|[a-z]{3,10} \d{1,2}(?:st|nd|rd|th)?,? \d{4})\b",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(
    rf"\b(\d{{1,2}}|primero){_ORDINAL} (?:de |of )?([a-záéíóúç]{{3,10}})\b(?!,? (?:del? )?\d{{4}})"
    r"|\b(?!del |dia |desde )([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)?\b(?!,? \d{4})"
    r"|\b(?:el|del|d[ií]a|on|desde|no dia)[ ](\d{1,2})(?:/|[ ]del[ ])(\d{1,2})(?![\d/])(?![ ]de)"
    r"|\b(?:el|d[ií]a|desde)[ ](\d{1,2})[-.](0[1-9]|1[0-2])(?![\d/%-]|[.,]\d| ?(?:%|soles|de ))",
    re.IGNORECASE,
)
_DAYS_IN_WORDS = """
uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho
diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve
treinta
"""
_SPELT = {word: number for number, word in enumerate(_DAYS_IN_WORDS.split(), start=1)} | {"treinta y uno": 31}
_BETWEEN = frozenset("-/.")
_OF_A_MONTH = re.compile(r" de (?=[efmajsond])(?:ene|feb|mar|abr|may|jun|jul|ago|se[pt]|oct|nov|dic)")
_DAY_IN_WORDS = re.compile(
    r"\b(?:el|del|d[ií]a)[ ]((?:treinta y )?[a-zéóú]{3,12})[ ]de[ ]([a-z]{4,10})\b(?:,?[ ]del?[ ](\d{4})\b)?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(antes de ayer|anteayer|antier|anteontem|the day before yesterday)|(ayer|anoche|yesterday|last night|ontem)"
    r"|(?<!hasta )(?<!de )(?<!desde )(?<!until )(?<!at[eé] )(hoy|today|hoje|esta mañana|this morning)"
    r"|(?:el )?pasad[oa] ([a-záéíóú]{5,9})|el ([a-záéíóú]{5,9}) pasado|last ([a-z]{6,9}))\b"
)
"""Searched in small letters: without a flag for that, Python's patterns are tried several times faster."""

_SAID = (
    *("ayer", "antier", "anoche", "anteontem", "yesterday", "last ", "ontem", "hoy", "hoje", "today", "this morning"),
    *("esta mañana", "pasad"),
)
"""What no day is without that people tell from the day of writing."""

_NOT_OF_THE_PROBLEM = re.compile(
    r"(?:nac[ií]|nacimiento|born|nascid|vence|caduca|expira|hasta|until|v[aá]lid)\w{0,6}[^.\n]{0,12}$", re.I
)
"""What stands before a date that is another one: a birthday, the end of something."""

_TODAY = re.compile(r"(?:hoy|today|hoje|esta mañana|this morning)\b", re.IGNORECASE)
_DAY_ALONE = re.compile(
    r"(?:(?:el |on )?[a-záéíóú]{5,9},? )?"
    r"(?:(?:el |on )?(?:\d{1,2}|primero)(?:st|nd|rd|th|°|º|ro|ero|er)? (?:de |of )?[a-záéíóúç]{3,10}"
    r"|[a-z]{3,10} \d{1,2}(?:st|nd|rd|th)?|ayer|anteayer|yesterday)",
    re.IGNORECASE,
)
"""A day and nothing else: what may stand behind a label that a mail's own header bears, too."""

OLDEST = timedelta(days=5 * 365)
"""Older dates in a complaint are about something else."""

_WEEKDAYS = (
    ("lunes", "monday", "segunda"), ("martes", "tuesday", "terça"), ("miercoles", "miércoles", "wednesday"),
    ("jueves", "thursday"), ("viernes", "friday"), ("sabado", "sábado", "saturday"), ("domingo", "sunday"),
)  # fmt: skip


class Day(NamedTuple):
    """A day that somebody tells of."""

    value: date
    start: int
    end: int
    """Where it stands in the text."""


def day_of(text: str, *, nothing_else: bool = False) -> date | None:
    """The day that somebody wrote: `2026-07-20`, `20/07/26`, `20 de julio de 2026`. The day before the month."""
    spelt = plain(text).strip(" .")
    for pattern, order in _DATES:
        match = pattern.fullmatch(spelt) if nothing_else else pattern.search(spelt)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTHS.get(parts["month"], 0) if parts["month"].isalpha() else int(parts["month"])
            year = int(parts["year"])
            try:
                return date(year if year > 99 else 2000 + year, month, int(parts["day"]))
            except ValueError:
                return None
    return None


def day_told(text: str, written_on: date, *, nothing_else: bool = False) -> date | None:
    """The day behind a label, the year left out or not; None where none is plain, or it is after `written_on`."""
    if day := day_of(text, nothing_else=nothing_else):
        return day if day <= written_on else None
    if nothing_else and not _DAY_ALONE.fullmatch(text.strip(" .")):
        return None
    return next((told.value for told in days_told(text, written_on)), None)


def days_told(text: str, written_on: date) -> Iterator[Day]:
    """The days of a text, the surest first: with its year, without it, as yesterday. Never after the day of writing."""
    for start, end in around(_years(text), before=32, after=16):
        for dated in _DATED.finditer(text, start, end):
            day = day_of(dated[0])
            if day and written_on - OLDEST <= day <= written_on and not _of_another(text, dated):
                yield Day(day, *dated.span())
    small = in_small(text)
    for at, end in around(_numbered(text, small), before=16, after=32):
        while match := _DAY_AND_MONTH.search(text, at, end):
            day = _last_such_day(match, written_on)
            if day and not _of_another(text, match):
                yield Day(day, *match.span())
            # `lunes 20` of `lunes 20 de julio` is none: the next may begin inside it.
            at = match.start(4) if match[4] and day is None else match.end()
    for start, end in stretches(small, _OF_A_MONTH, before=24, after=24):
        for spelt in _DAY_IN_WORDS.finditer(text, start, end):
            if (day := _day_in_words(spelt, written_on)) and not _of_another(text, spelt):
                yield Day(day, *spelt.span())
    for start, end in stretches_of(small, _SAID, before=20, after=20):
        for said in _RELATIVE.finditer(small, start, end):
            if (day := _relative(said, written_on)) and not _of_another(text, said):
                yield Day(day, *said.span())


def _years(text: str) -> Iterator[tuple[int, int]]:
    """What no day with its year is without: four digits, or two numbers with a mark between them."""
    for start, end in digits_of(text):
        if end - start == 4:
            yield start, end
        elif text[end : end + 1] in _BETWEEN and text[end + 1 : end + 2].isdecimal():
            yield start, end + 2


def _numbered(text: str, small: str) -> list[tuple[int, int]]:
    """What no day with a month is without: a number of one digit or two, or `primero`."""
    days = [place for place in digits_of(text) if place[1] - place[0] <= 2]
    first = [(at, at + len("primero")) for at in places_of(small, "primero")]
    return sorted(days + first) if first else days


def is_today(told: str) -> bool:
    """Whether these words mean the day of writing."""
    return _TODAY.match(told) is not None


def _of_another(text: str, match: "re.Match[str]") -> bool:
    return _NOT_OF_THE_PROBLEM.search(text[max(0, match.start() - 30) : match.start()]) is not None


def _last_such_day(match: "re.Match[str]", written_on: date) -> date | None:
    if match[5] or match[7]:
        month, number = int(match[6] or match[8]), match[5] or match[7]
    else:
        name = plain(match[2] or match[3]).strip(".")
        month, number = _MONTHS.get(name, 0), match[1] or match[4]
    return _last(month, 1 if number.lower() == "primero" else int(number), written_on)


def _day_in_words(match: "re.Match[str]", written_on: date) -> date | None:
    """`el veintiocho de julio`: the last such day, or that of the year which is told."""
    number, month = _SPELT.get(plain(match[1])), _MONTHS.get(plain(match[2]))
    if number is None or month is None:
        return None
    if match[3] is None:
        return _last(month, number, written_on)
    try:
        day = date(int(match[3]), month, number)
    except ValueError:
        return None
    return day if written_on - OLDEST <= day <= written_on else None


def _last(month: int, number: int, written_on: date) -> date | None:
    for year in (written_on.year, written_on.year - 1):
        try:
            day = date(year, month, number)
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


def plain(text: str) -> str:
    """In small letters, without accents, on one line."""
    small = text.lower().translate(_ACCENTED)
    if not small.isascii():
        small = _ACCENTS.sub("", unicodedata.normalize("NFKD", small))
    return " ".join(small.split())
