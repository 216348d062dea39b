"""Words that were meant: those that the records know and that are one or two slips away from what was typed.

Two words within so many slips share a spelling with as many letters left out (the idea of SymSpell). Every known word
keeps those spellings of its beginning, so that a look into an index finds the few that may be meant.
"""

from collections.abc import Iterable
from itertools import combinations

SHORTEST = 4
"""Letters of a word that is forgiven a slip: shorter ones are all one slip apart."""
LONG = 8
"""Letters from which two slips are forgiven."""
BEGINNING = 7
"""Letters of a word whose spellings are kept."""


def forgiven(word: str) -> int:
    """How many slips: a letter wrong, lost, added, or two exchanged."""
    return 0 if len(word) < SHORTEST or not word.isalpha() else 1 if len(word) < LONG else 2


def spellings(word: str) -> list[str]:
    """The beginning of a word with up to two letters left out; of a short one, with one. None of what is no word."""
    if not forgiven(word):
        return []
    start = word[:BEGINNING]
    left_out = 2 if len(word) >= BEGINNING else 1
    kept = {start}
    for count in range(1, left_out + 1):
        kept.update("".join(letters) for letters in combinations(start, len(start) - count))
    return sorted(kept)


def within(one: str, other: str, slips: int) -> bool:
    """Whether so many slips at most make one word of the other: letters wrong, lost, added, or two exchanged."""
    if abs(len(one) - len(other)) > slips:
        return False
    if not slips:
        return one == other
    at, shorter = 0, min(len(one), len(other))
    while at < shorter and one[at] == other[at]:
        at += 1
    if at == shorter:  # what is left of the longer is as many letters as may be added
        return True
    one, other, left = one[at:], other[at:], slips - 1
    return (
        within(one[1:], other[1:], left)
        or (one[:2] == other[1::-1] and within(one[2:], other[2:], left))
        or within(one[1:], other, left)
        or within(one, other[1:], left)
    )


def nearest(word: str, known: Iterable[str], *, most: int) -> list[str]:
    """Those of the known words that may be meant by one that was typed, the nearest first."""
    rest, near = [one for one in known if one != word], []
    for slips in range(1, forgiven(word) + 1):
        near += sorted(one for one in rest if within(word, one, slips))
        rest = [one for one in rest if one not in near]
    return near[:most]
