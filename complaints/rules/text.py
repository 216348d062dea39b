"""What text may be in a case: nothing that a database, a letter or a terminal would choke on."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

LONGEST_TEXT = 100_000
"""Characters of one text in a case. A longer mail is kept whole with the records; the case takes its beginning."""

LONGEST_LINE = 300
"""Characters of one line: a name, an address, a department."""

_ALLOWED_CONTROLS = {"\n", "\t"}
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_SEPARATORS = {"\u2028", "\u2029", "\x85", "\x0b", "\x0c"}


def cleaned(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """`text` as a case may hold it: Unix line ends, no control characters, cut to `longest`; for what we must not refuse."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for separator in _LINE_SEPARATORS:
        text = text.replace(separator, "\n")
    text = "".join(c for c in text if c in _ALLOWED_CONTROLS or not _is_control(c))
    text = text.strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def one_line(text: str, *, longest: int = LONGEST_LINE) -> str:
    """`text` on one line, for names, subjects and summaries."""
    return cleaned(" ".join(cleaned(text, longest=LONGEST_TEXT).split()), longest=longest)


def _is_control(character: str) -> bool:
    # Cc: control; Cs: lone surrogate, which no UTF-8 encoder takes. Cf holds the overrides that reorder what people
    # read, but also the joiners that emoji and some scripts need, so only the overrides go.
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDI_OVERRIDES


def _refuse_controls(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    for character in text:
        if character not in _ALLOWED_CONTROLS and _is_control(character):
            raise ValueError(f"holds the control character U+{ord(character):04X}, which cannot be kept: take it out")
    return text


def _refuse_lines(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("must be one line")
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
