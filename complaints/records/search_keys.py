"""How people are found however their data was written: one spelling for the records and for the question."""

import re
import unicodedata

from complaints.rules.journal import CaseRecord
from complaints.rules.number import ALPHABET, as_number
from complaints.rules.same_person import Known, email_key
from complaints.telephones import national_digits

PHONE_DIGITS = 9
"""Digits kept of a telephone number: a whole Peruvian mobile number."""

NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "þ": "th", "ð": "d"}
)
_EXTENSION = re.compile(r"(?:ext|anexo|anx|int|x|#)\.?\s*\d{1,5}\s*$", re.IGNORECASE)
"""At the end, and short: `#967090448` is a whole number in Peru."""
_LABELS = frozenset(
    {"dni", "d", "n", "i", "ce", "c", "e", "ruc", "documento", "document", "doc", "pasaporte", "passport"}
    | {"carne", "carnet", "de", "extranjeria", "identidad", "no", "nro", "num", "numero", "number"}
)
_PHONE_WORDS = frozenset(
    {"t", "f", "tel", "telf", "telefono", "phone", "cel", "celular", "movil", "mobile", "whatsapp", "wsp", "rpm", "rpc"}
    | {"ext", "anexo", "anx", "int", "x"}
)
_GLUED_LABEL = re.compile(r"^(?:dni|ce|ruc)(?=\d)")


def plain_words(text: str | None) -> str:
    """`text` without accents, case and punctuation, its words one space apart: `  PÉREZ-Núñez ` is `perez nunez`."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(NOT_DECOMPOSED))
    letters = (c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def phone_numbers(text: str | None) -> list[str]:
    """Each number of a field by the last nine digits of the national one: `+51 967-090-448`, `0051967090448` are one.

    A Lima landline is `14567890` whether written `(01) 456-7890` or `+51 1 456 7890`. What cannot be read is one number
    by its digits.
    """
    if read := national_digits(text or ""):
        return list(dict.fromkeys(one[-PHONE_DIGITS:] for one in read))
    digits = all_digits(text).lstrip("0")
    if digits.startswith("51") and len(digits) - 2 in (8, 9, 10):
        digits = digits[2:].lstrip("0")
    return [digits[-PHONE_DIGITS:]] if digits else []


def phone_digits(text: str | None) -> str:
    """The same, one space apart, as the records keep them."""
    return " ".join(phone_numbers(text))


def all_digits(text: str | None) -> str:
    """The digits of a telephone number as written, without its extension."""
    return "".join(str(unicodedata.decimal(c)) for c in _EXTENSION.sub("", text or "") if c.isdecimal())


def looks_like_phone(text: str) -> bool:
    """Whether `text` is a telephone number and nothing else but its label: a passport with letters is none."""
    return all(word.isdecimal() or word in _PHONE_WORDS for word in plain_words(text).split())


def document_key(text: str | None) -> str:
    """An identity document without label, spaces and dots, in small letters: `D.N.I. N° 45.678.912` is `45678912`."""
    words = plain_words(text).split()
    while len(words) > 1 and words[0] in _LABELS:
        del words[0]
    return _GLUED_LABEL.sub("", "".join(words))


def known_of(record: CaseRecord) -> Known:
    """A complaint's customer as people are compared."""
    return Known(
        document=document_key(record.document),
        email=email_key(record.email),
        phones=frozenset(phone_numbers(record.phone)),
        name=tuple(plain_words(record.customer_name).split()),
        guarded=bool(record.guardian),
    )


def likely_numbers(text: str) -> list[str]:
    """The numbers of ours that somebody may have meant: one character is wrong, lost or added, or two are exchanged.

    The check character rules out all but about one in 31 of the tries; the records know which of the rest exist.
    """
    body = re.sub(r"[^0-9A-Z]", "", text.upper())
    body = body.removeprefix("Q") if len(body) in (9, 10, 11) else body
    if not 8 <= len(body) <= 10:
        return []
    tries = [body] if len(body) == 9 else []
    tries += [body[:i] + body[i + 1] + body[i] + body[i + 2 :] for i in range(len(body) - 1)]
    tries += [body[:i] + c + body[i + 1 :] for i in range(len(body)) for c in ALPHABET]
    tries += [body[:i] + c + body[i:] for i in range(len(body) + 1) for c in ALPHABET]
    tries += [body[:i] + body[i + 1 :] for i in range(len(body))]
    found = (as_number("Q" + letters) for letters in tries)
    return list(dict.fromkeys(number for number in found if number))
