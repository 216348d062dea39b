"""The piece of a text in which somebody finds what they asked for, its words marked."""

import re
import unicodedata
from collections.abc import Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.asked import Term, as_one

BEFORE, LENGTH = 50, 180
"""Characters shown before the first word that is marked, and of the whole piece."""
_SEPARATED = r"[\s.()/-]{0,2}"
_INSIDE = r"[^\W_]"


class Part(BaseModel):
    """Some characters of a snippet."""

    model_config = ConfigDict(frozen=True)

    text: str
    marked: bool = False


class Snippet(BaseModel):
    """Where it was found, and in which words."""

    model_config = ConfigDict(frozen=True)

    place: str
    """`subject`, `description`, `file`, or the field of a fact."""
    what: str | None = None
    """The fact that says it; None: the complaint's own words."""
    at: AwareDatetime | None = None
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The words without their marks."""
        return "".join(part.text for part in self.parts)


class Written(BaseModel):
    """A text that somebody wrote, with its place."""

    model_config = ConfigDict(frozen=True)

    place: str
    text: str
    what: str | None = None
    at: AwareDatetime | None = None


def _flattened() -> dict[int, str]:
    """Each Latin letter with an accent as its letter without, so that a text keeps its length."""
    table = {0x130: "i"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letters = unicodedata.normalize("NFKD", chr(code))
        if len(letters) > 1 and all(unicodedata.combining(one) for one in letters[1:]):
            table[code] = letters[0]
    return table


_FLAT = _flattened()


def snippet_of(written: Sequence[Written], terms: Sequence[Term]) -> Snippet | None:
    """The first of those texts that hold the most of what was asked for; None where none holds any of it."""
    patterns = [pattern for pattern in [*map(_pattern, terms), _joined(terms)] if pattern]
    best: tuple[int, Written] | None = None
    for one in written:
        plain = _plain(one.text)
        count = sum(1 for pattern in patterns if re.search(pattern, plain))
        if count > (best[0] if best else 0):
            best = (count, one)
    return _cut(best[1], re.compile("|".join(patterns))) if best else None


def _cut(one: Written, wanted: re.Pattern[str]) -> Snippet:
    text = unicodedata.normalize("NFC", one.text)
    first = wanted.search(_plain(text))
    start = _word_start(text, max(0, first.start() - BEFORE)) if first else 0
    piece = re.sub(r"\s", " ", text[start : start + LENGTH])
    parts, at = [Part(text="…")] if start else [], 0
    for found in wanted.finditer(_plain(piece)):
        if found.start() > at:
            parts.append(Part(text=piece[at : found.start()]))
        parts.append(Part(text=piece[found.start() : found.end()], marked=True))
        at = found.end()
    parts.append(Part(text=piece[at:] + ("…" if start + LENGTH < len(text) else "")))
    return Snippet(place=one.place, what=one.what, at=one.at, parts=tuple(part for part in parts if part.text))


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + BEFORE // 2) if at else -1
    return space + 1 if space >= 0 else at


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_FLAT).lower()


def _pattern(term: Term) -> str:
    if term.word.isdecimal() and len(term.word) >= 6:
        spaced = [_SEPARATED.join(word) for word in (term.word, *term.also)]
        return rf"(?:{'|'.join(spaced)})\d*"
    begun = [re.escape(form) for form in (term.word, *term.stems)]
    exact = [rf"{re.escape(form)}(?!{_INSIDE})" for form in term.near]
    return rf"(?<!{_INSIDE})(?:(?:{'|'.join(begun)}){_INSIDE}*{''.join('|' + one for one in exact)})"


def _joined(terms: Sequence[Term]) -> str | None:
    one = as_one(terms)
    return rf"(?<!{_INSIDE}){re.escape(one)}{_INSIDE}*" if one else None
