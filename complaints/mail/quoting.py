"""What somebody wrote themselves, apart from the history that their mail program quoted and their signature.

Own code, not a library: of our thirteen plain answers mail-parser-reply 1.36 read four right and took over seven
seconds on one hostile line, quotequail 0.5.4 none. Here each line is looked at once, and what stands where is kept, so
that a proposal can show its place in the whole text. What speaks for history is told in `histories`; in doubt a line
is the writer's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from complaints.mail.histories import (
    LONGEST_LINE,
    NOBODY,
    WRAPPED,
    Ours,
    attribution,
    header_after,
    header_at,
    is_dashed,
    is_rule,
    runs_on,
)
from complaints.mail.signatures import is_device, is_signature
from complaints.rules.number import numbers_in

NEARLY_ALL = 0.8
"""The share of the lines at the end that must stand in our letter, where nothing else says that they are quoted."""


FEWEST_BARRED = 4
"""Lines with `|` at their beginning that are a quotation: fewer may be anything."""

_DRAWN = re.compile(r"\s*[-_=*]{3,}[^-_=*].{0,200}?[-_=*]{3,}\s*")
"""A line that begins and ends with a rule: nobody's words."""


_FAR_APART = re.compile(r"\n\n\n+")
_BARE_LINK = re.compile(r"\s*https?://\S{1,200}\s*")
_DASHES = frozenset({"-- ", "--"})


class Line(Enum):
    """Whose words a line holds."""

    OWN = "own"
    HISTORY = "history"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Words:
    """A text, sorted by whose words they are."""

    own: str
    """What they wrote; never empty where there are any words."""
    signed: str
    """The whole text with its history blanked out, place for place: own words and signature, where telephones stand."""
    quotes: bool
    """Whether there is history below or between."""
    bare: bool = False
    """Whether nothing of the writer's is left beside history and signature, so that `own` is one of these."""


def own_words(text: str, *, answering: bool, ours: Ours = NOBODY) -> Words:
    """`text` sorted. Only of an answer history is taken off: what a new complaint quotes belongs to it."""
    lines = text.split("\n")
    marks = _history(_with_marks(lines), ours) if answering else [Line.OWN] * len(lines)
    quotes = Line.HISTORY in marks
    _mark_signature(lines, marks, ours.writer)
    own, signature = (_those(lines, marks, mark) for mark in (Line.OWN, Line.SIGNATURE))
    if not _has_words(own):
        # Nothing was history where nothing else is left; else what a telephone put under a photo.
        if re.search(r"\w", signature) or not quotes:
            return Words(own=signature or text, signed=_blanked(lines, marks), quotes=quotes, bare=True)
        return Words(own=text, signed=text, quotes=quotes, bare=True)
    return Words(own=own, signed=_blanked(lines, marks), quotes=quotes)


def _with_marks(lines: list[str]) -> list[str]:
    """The lines with `>` where a program marks with `|` what it quotes (Zimbra); a table's lines end with one."""
    barred = [line.startswith("|") for line in lines]
    if sum(barred) < FEWEST_BARRED or any(
        line.rstrip().endswith("|") and len(line) > 2 for line in lines if line[:1] == "|"
    ):
        return lines
    return [f">{line[1:]}" if bar else line for line, bar in zip(lines, barred, strict=True)]


def _has_words(own: str) -> bool:
    """Whether anything is written there but lines that a program drew, such as `---- Reenviado por Rosa ----`."""
    return any(re.search(r"\w", line) and not _DRAWN.fullmatch(line[:LONGEST_LINE]) for line in own.split("\n"))


def _those(lines: list[str], marks: list[Line], wanted: Line) -> str:
    if wanted not in marks:
        return ""
    text = "\n".join([line for line, mark in zip(lines, marks, strict=True) if mark is wanted])
    return _FAR_APART.sub("\n\n", text).strip()


def _blanked(lines: list[str], marks: list[Line]) -> str:
    if Line.HISTORY not in marks:
        return "\n".join(lines)
    return "\n".join(" " * len(line) if mark is Line.HISTORY else line for line, mark in zip(lines, marks, strict=True))


def _history(lines: list[str], ours: Ours) -> list[Line]:
    marks = [Line.OWN] * len(lines)
    at, quoted_before = 0, False
    while at < len(lines):
        line = lines[at][:LONGEST_LINE]
        if line.lstrip().startswith(">"):
            end = _end_of_quote(lines, at)
            if quoted_before or _is_our_quote(lines[at:end], ours):
                _mark(marks, at, end)
                quoted_before = True
            at = end
        elif _heads_our_letter(lines, at, ours):
            start = _below_head(lines, at)
            if not _quote_after(lines, start):
                _mark_rest(lines, marks, at, ours)
                break
            # Every line of it is quoted: what stands below is the writer's again.
            _mark(marks, at, start)
            _mark_above(lines, marks, at)
            at, quoted_before = start, True
        elif length := _attribution(lines, at):
            evident = ours.wrote(" ".join(lines[at : at + length]))
            if quote := _quote_after(lines, at + length):
                if evident is not False or ours.has_said_most(_without_marks(quote)):
                    _mark(marks, at, at + length)
                    _mark_above(lines, marks, at)
                    quoted_before = True
            elif evident or (evident is None and _begins_our_letter(lines[at + length :], ours)):
                _mark_rest(lines, marks, at, ours)
                break
            at += length
        else:
            at += 1
    if ours.letter:
        _mark_bare_letter(lines, marks, ours)
    return marks


def _heads_our_letter(lines: list[str], at: int, ours: Ours) -> bool:
    line = lines[at][:LONGEST_LINE]
    if runs_on(line):
        return ours.wrote(line) is True
    if is_dashed(line):
        below = next((place for place in range(at + 1, len(lines)) if lines[place].strip()), at)
        if below > at and attribution(lines, below):
            return False  # which tells whose it is
        header = header_after(lines, at)
        return header.is_ours(ours) if header else ours.wrote(line) is True or _begins_our_letter(lines[at + 1 :], ours)
    header = header_at(lines, at)
    return header is not None and header.is_ours(ours)


def _attribution(lines: Sequence[str], at: int) -> int:
    """The same as `attribution`, and what has its form in any language, if what it announces is quoted."""
    if length := attribution(lines, at):
        return length
    length = attribution(lines, at, with_quote=True)
    return length if length and _quote_after(lines, at + length) else 0


def _below_head(lines: Sequence[str], at: int) -> int:
    """The line below the header block, or the separator, that begins here."""
    head = header_at(lines, at) or header_after(lines, at)
    start = head.start + head.length if head else at + max(1, attribution(lines, at))
    while is_dashed(lines[at][:LONGEST_LINE]) and start < len(lines) and re.match(r"\s*\w", lines[start]):
        start += 1  # headers that were not told one by one
    return start


def _quote_after(lines: Sequence[str], at: int) -> Sequence[str]:
    """The lines with `>` that follow here, nothing else between; none where others do."""
    first = next((place for place in range(at, len(lines)) if lines[place].strip()), None)
    if first is None or not lines[first].lstrip().startswith(">"):
        return []
    return lines[first : _end_of_quote(lines, first)]


def _end_of_quote(lines: Sequence[str], at: int) -> int:
    """Where the lines with `>` end; emptiness between them belongs to them."""
    end = at + 1
    for place in range(at, len(lines)):
        if lines[place].lstrip().startswith(">"):
            end = place + 1
        elif lines[place].strip():
            break
    return end


def _without_marks(lines: Sequence[str]) -> list[str]:
    return [re.sub(r"^[\s>]+", "", line[:LONGEST_LINE]) for line in lines]


def _is_our_quote(quote: Sequence[str], ours: Ours) -> bool:
    """Whether lines with `>` are a letter of ours: it is named in them (Apple Mail), or they say what it says."""
    plain = _without_marks(quote)
    for place in range(min(len(plain), WRAPPED)):
        length = attribution(plain, place)
        if length and ours.wrote(" ".join(plain[place : place + length])) is not False:
            return True
        if (header := header_at(plain, place)) and header.is_ours(ours):
            return True
    return bool(numbers_in(" ".join(plain[:40])[:4_000])) or ours.has_said_most(plain)


def _begins_our_letter(lines: Sequence[str], ours: Ours) -> bool:
    first = [line for line in lines[:20] if line.strip()][:4]
    return ours.has_said_most(first) or bool(numbers_in(" ".join(lines[:40])[:4_000]))


def _mark(marks: list[Line], start: int, end: int) -> None:
    marks[start:end] = [Line.HISTORY] * (end - start)


def _mark_rest(lines: list[str], marks: list[Line], at: int, ours: Ours) -> None:
    """What a program quotes without any mark goes on to the end; where we know our letter, answers between its lines
    are the writer's, up to what it answered in its turn."""
    _mark(marks, at, len(lines))
    _mark_above(lines, marks, at)
    head = header_at(lines, at) or header_after(lines, at)
    start = head.start + head.length if head else at + max(1, attribution(lines, at))
    rest = _older(lines, start)
    if not ours.letter or not ours.has_said_most(lines[start:rest]):
        return
    for place in range(start, rest):
        if (
            re.search(r"\w", lines[place])
            and not lines[place].lstrip().startswith(">")
            and not ours.has_said(lines[place])
        ):
            marks[place] = Line.OWN


def _mark_above(lines: list[str], marks: list[Line], at: int) -> None:
    """What a program draws above a history."""
    above = at - 1
    while above >= 0 and (is_rule(lines[above]) or is_dashed(lines[above])):
        marks[above] = Line.HISTORY
        above -= 1


def _older(lines: Sequence[str], start: int) -> int:
    """Where the next older letter begins in a history."""
    for place in range(start, len(lines)):
        if is_dashed(lines[place]) or header_at(lines, place) or attribution(lines, place):
            return place
    return len(lines)


def _mark_bare_letter(lines: list[str], marks: list[Line], ours: Ours) -> None:
    """Our letter at the end without any sign of quotation, as some telephones have it."""
    written = [place for place, mark in enumerate(marks) if mark is Line.OWN and re.search(r"\w", lines[place])]
    said = [ours.has_said(lines[place]) for place in written]
    left = sum(said)
    for rank, place in enumerate(written):
        # From here on nearly everything is ours: a greeting that both of us use begins no letter.
        begins = said[rank] and all(said[rank + 1 : rank + 3])
        if begins and place and left >= NEARLY_ALL * (len(written) - rank):
            if ours.ends_with_the_letter(lines[place:]):
                _mark(marks, place, len(lines))
            return
        left -= said[rank]


def _mark_signature(lines: list[str], marks: list[Line], writer: str) -> None:
    """What follows `-- ` if it looks like a signature, and the line that a telephone puts under everything."""
    own = (at for at in reversed(range(len(lines))) if marks[at] is Line.OWN and lines[at].strip())
    last = next(own, 0)
    if _BARE_LINK.fullmatch(lines[last]) and last and is_device(lines[last - 1]):
        marks[last] = Line.SIGNATURE
        last -= 1
    alone = last == 0 or not lines[last - 1].strip() or marks[last - 1] is not Line.OWN
    if alone and is_device(lines[last]):
        marks[last] = Line.SIGNATURE
    dashes = [at for at, line in enumerate(lines) if line in _DASHES and marks[at] is Line.OWN]
    for at in (
        dashes if len(dashes) == 1 else [at for at in dashes[-1:] if lines[at] == "-- "]
    ):  # else they divide a text
        if marks[at] is Line.OWN:
            end = next((place for place in range(at, len(lines)) if marks[place] is Line.HISTORY), len(lines))
            if is_signature(lines[at + 1 : end], writer=writer):
                marks[at:end] = [Line.SIGNATURE] * (end - at)
