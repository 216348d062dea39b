"""One reading of telephone numbers, for taking, finding and dialling them: libphonenumber's, in Peru unless said.

What a person typed is kept as they typed it. Here it is read: the numbers in it, each as programs dial it (E.164, ITU),
its extension apart. A number that cannot be read has no reading; nobody is refused for it.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from complaints.rules.stretches import stretches_of_numbers

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

REGION, CODE = "PE", "51"
LIMA = "1"
"""The area whose numbers have seven digits: no other's have. They are said without it."""

LONGEST = 400
"""Characters of a field in which numbers are looked for."""

SHORTEST = 6
"""Digits of a number that can be dialled as it is typed."""

SHORTEST_FROM_ABROAD = 9
"""Digits of a number with its country's code."""

_SEVERAL = re.compile(
    r"\s*(?:[/;,|]|\b[youe]\b|\bu\b|\band\b|\bor\b|[-–—](?=9\d{8}\b)"
    r"|[ ](?=9\d\d[ .-]?\d{3}[ .-]?\d{3}\b))\s*"
)
_EXTENSION = re.compile(r"(?:ext|anexo|anx|int|x|#)\.?\s*\d{1,5}\s*$", re.IGNORECASE)
_EXTENSION_NAMED = re.compile(
    r"[ ,]*[(–-]?[ ]?\b(?:anx|anex[oa]?|an\.|interno|int\.|extensi[oó]n|ext)(?:\b\.?)?[ :.°ºN#]{0,4}(?=\d)",
    re.IGNORECASE,
)
"""What the library does not know as such: `anexo 12`, and `(ext. 12)`."""


_SHAPED = re.compile(
    r"(?=[\d(+])(?:(?<![\w/,-])(?<!\d\.)|(?<=wa\.me/)|(?<=\b[ct]el)|(?<=\bwsp)|(?<=\bfono))"
    r"(?:\+|00)?\(?\+?\d(?:[ \u00a0().–-]{0,3}\d){5,14}"
    r"(?:[ \u00a0,(–-]{0,2}(?:ext(?:ensi[oó]n)?|anexo|anx|interno|int|x|\#)\.?[ :]{0,2}\d{1,5})?(?![\w/@])(?![.,-]\d)",
    re.IGNORECASE,
)
_NO_DIGIT = re.compile(r"\D+")
_MOBILE = re.compile(r"(?:(?:00)?51)?9\d{8}(?:9\d{8})?")
_OF_AN_AREA = re.compile(r"0\d{8}")
_CALLED = re.compile(
    r"(?:\b(?=[tfcmwgualpr])(?:tel(?:[eé]?f)?s?\b|tel[eé]f[oó]n\w{1,4}|t(?:e?l)?fn?[ox]?s?\b|fon[oe]|fijo|celular(?:es)?"
    r"|cels?|celu|m[oó]vil|whats\w{0,5}|wsp|g?[uw]?as[aá]p|wsap|wpp"
    r"|ll[aá]m\w{1,6}|(?:tele)?phone|mobile|cell|call(?:[ ]me)?|reach[ ]me)|[📱📞☎]\ufe0f?)"
    r"\.?(?:[ ](?:al?|es|de|casa|fijo|n[uú]mero|at|on|is|number))*[ \t:.#°º(]{0,4}$"
)
_OF_A_PAYMENT = re.compile(
    r"(?:voucher|operaci[oó]n|pedido|boleta|factura|recibo|orden|ticket|cuenta|c[oó]digo|transacci[oó]n|dep[oó]sito|order"
    r"|constancia|invoice|s/|us\$)[^\n\d]{0,12}$"
)
"""What stands before a number that identifies something else than a person."""

BEFORE = 40
"""Characters before a number that say what it is."""


class Telephone(NamedTuple):
    """One number."""

    e164: str
    """As programs dial it from anywhere: `+51987654321`."""
    extension: str | None
    """What is dialled, or asked for, when somebody answers."""
    start: int
    end: int
    """Where it stands in the text."""
    mobile: bool
    """Whether it can be a mobile, which takes chats."""


def telephones_in(text: str) -> list[Telephone]:
    """The numbers of a field or a label, in order, each once. Never raises."""
    return list(_cached(re.sub(r"\s", " ", text[:LONGEST])))


def telephones_told(text: str) -> Iterator[Telephone]:
    """The numbers that free words tell, in order, as they stand there. Never raises."""
    for start, end in places_of_telephones(text):
        for one in telephones_in(text[start:end]):
            yield one._replace(start=start + one.start, end=start + one.end)


def places_of_telephones(text: str) -> Iterator[tuple[int, int]]:
    """Where free words tell a number: a mobile or one from abroad anywhere, any other by its label or its area's zero.

    What identifies a payment is none; nor is a DNI, a date or an amount.
    """
    for found in _shaped(text):
        written = found[0]
        digits = _NO_DIGIT.sub("", _EXTENSION.sub("", written))
        before = text[max(0, found.start() - BEFORE) : found.start()].lower()
        abroad = written.startswith(("+", "(+", "00")) and len(digits) >= SHORTEST_FROM_ABROAD
        mobile = _MOBILE.fullmatch(digits) is not None
        if not (mobile or (abroad and not written.startswith("00"))):
            said = abroad or _OF_AN_AREA.fullmatch(digits) or _CALLED.search(before)
            if not said or is_of_a_payment(text, found.start()):
                continue
        yield found.span()


def _shaped(text: str) -> Iterator["re.Match[str]"]:
    for start, end in stretches_of_numbers(text, fewest=SHORTEST, apart=3, before=8, after=32):
        yield from _SHAPED.finditer(text, start, end)


def is_of_a_payment(text: str, start: int) -> bool:
    """Whether what begins there is said to identify a payment, an order, an invoice; a telephone's label is nearer."""
    before = text[max(0, start - BEFORE) : start].lower()
    return _OF_A_PAYMENT.search(before) is not None and not _CALLED.search(before)


@lru_cache(maxsize=4_096)
def _cached(text: str) -> tuple[Telephone, ...]:
    found: dict[tuple[str, str | None], Telephone] = {}
    for one in _matched(text) or _pieces(text):
        found.setdefault((one.e164, one.extension), one)
    return tuple(found.values())


def dialled(text: str) -> str:
    """The first number as it is dialled; its digits as typed where it cannot be read, empty where there are none."""
    if found := telephones_in(text):
        return found[0].e164
    digits = re.sub(r"\D", "", _EXTENSION.sub("", text))
    return digits if len(digits) >= SHORTEST else ""


def tel_link(text: str) -> str:
    """What a telephone dials when it is touched, its extension apart (RFC 3966 §5.3); empty where nothing can be."""
    found = telephones_in(text)
    extension = f";ext={found[0].extension}" if found and found[0].extension else ""
    return f"tel:{number}{extension}" if (number := dialled(text)) else ""


def national_digits(text: str) -> list[str]:
    """The numbers of a field without Peru's code, each once, as people remember them: `987654321`, `14567890`."""
    found = [one.e164[1:].removeprefix(CODE) for one in telephones_in(text)]
    return list(dict.fromkeys(found))


def chat_link(text: str, words: str) -> str | None:
    """A WhatsApp chat with the first mobile, its words written already; None where no number can be one."""
    mobile = next((one for one in telephones_in(text) if one.mobile), None)
    return f"https://wa.me/{mobile.e164[1:]}?text={quote(words, safe='')}" if mobile else None


def is_reachable(text: str) -> bool:
    """Whether somebody could be called there: a number that is read, or digits enough to try."""
    return bool(dialled(text))


def _matched(text: str) -> list[Telephone]:
    library = _library()
    plain = _EXTENSION_NAMED.sub(lambda found: "ext".ljust(len(found[0])), text)  # place for place
    matcher = library.PhoneNumberMatcher(plain, REGION, leniency=library.Leniency.POSSIBLE)
    return [read for one in matcher if (read := _read(one.number, one.start, one.end, one.raw_string))]


def _pieces(text: str) -> Iterator[Telephone]:
    """What the library finds no number in as a whole, piece by piece: `987654321-912345678`."""
    library = _library()
    at = 0
    for piece in _SEVERAL.split(text):
        start = text.find(piece, at)
        at = start + len(piece)
        try:
            number = library.parse(piece, REGION)
        except library.NumberParseException:
            continue
        if read := _read(number, start, at, piece):
            yield read


def _read(number: "PhoneNumber", start: int, end: int, written: str) -> Telephone | None:
    library = _library()
    if not library.is_valid_number(number):
        national = str(number.national_number)
        if str(number.country_code) == CODE and len(national) == 7 and "+" not in written:
            local = library.parse(f"0{LIMA}{national}", REGION)
            local.extension = number.extension
            number = local
        elif not (written.lstrip(" (").startswith(("+", "00")) and library.is_possible_number(number)):
            return None
    if not library.is_possible_number(number):
        return None
    kind = library.number_type(number)
    types = library.PhoneNumberType
    return Telephone(
        e164=library.format_number(number, library.PhoneNumberFormat.E164),
        extension=number.extension or None,
        start=start,
        end=end,
        mobile=kind in {types.MOBILE, types.FIXED_LINE_OR_MOBILE},
    )


@cache
def _library() -> ModuleType:
    """Loaded where a number is read: its tables cost every other command a tenth of a second."""
    import phonenumbers

    return phonenumbers
