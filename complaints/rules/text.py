"""What text may be in a case: nothing that a database, a letter or a terminal would choke on, and no key to a page."""

import re
import unicodedata
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, StringConstraints

from complaints.rules.page_links import said
from complaints.rules.refusals import invalid

LONGEST_TEXT = 100_000
"""Characters of one text in a case. A longer mail is kept whole with the records; the case takes its beginning."""

LONGEST_LINE = 300
"""Characters of one line: a name, an address, a department."""

_LINE_SEPARATORS = {"\u2028", "\u2029", "\x85", "\x0b", "\x0c"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Every control character but tab and line feed (Cc), lone surrogates, which no UTF-8 encoder takes (Cs), and the
overrides that reorder what people read; not the joiners that emoji and some scripts need. A pattern, because mails are
long: character by character, a few long texts took a workflow task beyond its 2 seconds on a busy machine."""

_LATIN_CONTROLS = bytes([*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
_NOT_IN_A_LINE = _LINE_SEPARATORS | {"\n", "\t"}


def without_accents(text: str) -> str:
    """In small letters and without accents: people write a name both ways."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def cleaned(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """`text` as a case may hold it, for what is never refused: plain, and without the key to a customer's page."""
    return plain(said(text), longest=longest)


def plain(text: str, *, longest: int) -> str:
    """Unix line ends, no control characters, not too long."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for separator in _LINE_SEPARATORS:
        text = text.replace(separator, "\n")
    text = (_CONTROL.sub("", text) if _may_control(text) else text).strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _may_control(text: str) -> bool:
    """Whether `_CONTROL` may find something: most texts are Latin, and their bytes are gone through in no time."""
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        return True
    return len(octets.translate(None, _LATIN_CONTROLS)) < len(octets)


def one_line(text: str, *, longest: int = LONGEST_LINE) -> str:
    """`text` on one line, for names, subjects and summaries."""
    return cleaned(" ".join(cleaned(text, longest=LONGEST_TEXT).split()), longest=longest)


def _refuse_controls(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if found := _CONTROL.search(text):
        raise invalid("text.control", character=f"U+{ord(found[0]):04X}")
    return said(text)


def _refuse_lines(text: str) -> str:
    if not _NOT_IN_A_LINE.isdisjoint(text):
        raise invalid("text.lines")
    return text


Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_refuse_controls)]
"""Words of any length up to `LONGEST_TEXT`, without control characters."""

Line = Annotated[
    str, StringConstraints(max_length=LONGEST_LINE), AfterValidator(_refuse_controls), AfterValidator(_refuse_lines)
]
"""One line of words: a name, an address, a key."""

WrittenText = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words that may not be empty."""

WrittenLine = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1)]
"""One line that may not be empty."""

EmailAddress = Annotated[Line, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]
"""One address to which a letter can be tried; whether it takes letters, its server says."""

Telephone = Annotated[Line, StringConstraints(pattern=r"^(?:\D*\d){5}")]
"""A telephone number in any spelling, with an extension, or two of them; kept as typed, read by whoever dials it."""


def keepable(data: Any) -> Any:
    """Data of no model of ours as records can keep it, whatever is wrong with it: no control characters in keys and
    texts, and no number that JSON has not."""
    if isinstance(data, str):
        return _CONTROL.sub("", data)
    if isinstance(data, float) and not isfinite(data):
        return None
    if isinstance(data, dict):
        return {_CONTROL.sub("", str(key)): keepable(value) for key, value in data.items()}
    return [keepable(value) for value in data] if isinstance(data, list | tuple) else data


def without_blanks(data: Any, model: type[BaseModel]) -> Any:
    """`data` for `model` without its empty strings: forms send them for what nobody filled in. Required fields stay."""
    if not isinstance(data, dict):
        return data
    fields = model.model_fields
    return {
        name: value
        for name, value in data.items()
        if not (
            isinstance(value, str | bytes) and not value.strip() and name in fields and not fields[name].is_required()
        )
    }
