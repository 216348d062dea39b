"""The piece of a text in which somebody finds what they asked for, its words marked."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.asked import SHORTEST_BEGINNING, Term, as_one
from complaints.records.lexemes import SEPARATED, SHORTEST_END, folded, mended

BEFORE, LENGTH = 50, 180
"""Characters shown before the first word that is marked, and of the whole piece."""
_INSIDE = r"[^\W_]"
_BREAK = re.compile(r"-[ \t]*\n[ \t>]*")


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


@dataclass(frozen=True)
class Best:
    """A text with how much it holds of what was asked for."""

    count: int
    written: Written


@dataclass(frozen=True)
class Sought:
    """One thing that was asked for, as texts are looked through for it."""

    forms: tuple[str, ...]
    """Letters of which a text must hold some, which is seen at once; none: only the pattern tells."""
    typed: re.Pattern[str]
    """As it was typed, or as it was meant."""
    akin: re.Pattern[str]
    """The same and other forms of the word."""

    def in_text(self, plain: str) -> int:
        """2 where it is in a folded text as it was meant, 1 in another form, else 0."""
        if self.forms and not any(form in plain for form in self.forms):
            return 0
        return 2 if self.typed.search(plain) else 1 if self.akin.search(plain) else 0


class Seeker:
    """Finds in texts what was asked for, as the index of words found it."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._sought = [*map(_sought, terms)]
        if one := as_one(terms):
            self._sought.append(_sought(Term(one)))
        self._all = re.compile("|".join(each.akin.pattern for each in self._sought)) if self._sought else None
        self.most = 2 * len(terms)
        """What a text counts that holds all of it."""

    def best(self, written: Sequence[Written]) -> Best | None:
        """The first of those texts that hold the most of it; None where none holds any."""
        best: Best | None = None
        for one in written:
            count = self.count(one.text)
            if count > (best.count if best else 0):
                best = Best(count, one)
            if count == self.most:
                break
        return best

    def count(self, text: str) -> int:
        """How much of it a text holds."""
        plain = folded(text)
        found = sum(each.in_text(plain) for each in self._sought)
        if found < self.most and _BREAK.search(text):
            found = max(found, sum(each.in_text(mended(plain)) for each in self._sought))
        return min(found, self.most)

    def snippet(self, one: Written) -> Snippet:
        """The piece of a text that holds it."""
        text = unicodedata.normalize("NFC", one.text)
        spans = self._spans(text)
        first = next(spans, None)
        start = _word_start(text, max(0, first[0] - BEFORE)) if first else 0
        end, parts, at = start + LENGTH, [Part(text="…")] if start else [], start
        while first and first[0] < end:
            parts += [Part(text=_on_a_line(text[at : first[0]]))]
            parts += [Part(text=_on_a_line(text[first[0] : min(first[1], end)]), marked=True)]
            at, first = min(first[1], end), next(spans, None)
        parts += [Part(text=_on_a_line(text[at:end]) + ("…" if end < len(text) else ""))]
        return Snippet(place=one.place, what=one.what, at=one.at, parts=tuple(part for part in parts if part.text))

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where each word stands that was asked for."""
        if self._all is None:
            return
        plain, places = _with_places(text)
        if self._all.search(plain) is None and _BREAK.search(text):
            plain, places = _with_places(text, whole=True)
        for found in self._all.finditer(plain):
            end = places[found.end() - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            yield places[found.start()], end


def _with_places(text: str, *, whole: bool = False) -> tuple[str, Sequence[int]]:
    """A text as it is compared, and where each of its characters stands in it. `whole`: divided words mended."""
    plain = folded(text)
    if not whole and plain == _one_by_one(text):
        return plain, range(len(plain))
    letters, places, skipped = [], [], _BREAK.finditer(text) if whole else iter(())
    gap = next(skipped, None)
    for place, letter in enumerate(text):
        if gap and place >= gap.end():
            gap = next(skipped, None)
        if gap and place >= gap.start():
            continue
        for each in _folded_letter(letter):
            letters.append(each)
            places.append(place)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    return folded(letter)


def _flattened() -> dict[int, str]:
    """Each Latin letter with an accent as its letter without, so that a text keeps its length."""
    table = {0x130: "i"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letters = unicodedata.normalize("NFKD", chr(code))
        if len(letters) > 1 and all(unicodedata.combining(one) for one in letters[1:]):
            table[code] = letters[0]
    return table


_FLAT = _flattened()


def _one_by_one(text: str) -> str:
    """Letter for letter, as most texts are folded; where it is not how this one is, its letters are counted."""
    return text.translate(_FLAT).lower()


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + BEFORE // 2) if at else -1
    return space + 1 if space >= 0 else at


def _on_a_line(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _sought(term: Term) -> Sought:
    if term.word.isdecimal() and len(term.word) >= SHORTEST_END:
        spaced = "|".join(SEPARATED.join(word) for word in (term.word, *term.also))
        pattern = re.compile(rf"(?:{spaced})\d*")
        return Sought((), pattern, pattern)
    exact = "|".join(re.escape(form) for form in (term.word, *term.near))
    begun = [form for form in (term.word, *term.stems) if len(form) >= SHORTEST_BEGINNING]
    typed = rf"(?<!{_INSIDE})(?:(?:{exact})(?!{_INSIDE})"
    if begun[:1] == [term.word]:
        typed += rf"|{re.escape(term.word)}{_INSIDE}*"
    akin = "".join(rf"|{re.escape(form)}{_INSIDE}*" for form in begun)
    forms = (term.word, *term.near, *begun)
    return Sought(forms, re.compile(f"{typed})"), re.compile(f"{typed}{akin})"))
