"""Where in a long text it is worth looking for something: around what it cannot be without.

A pattern that may begin with any word is tried at every letter of a text, and most mails hold no date and no document.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_DIGITS = re.compile(r"\d+")
_BEYOND_LATIN = re.compile(r"[^\x00-\xff]+")
_MASK = bytes(0x30 if 0x30 <= octet <= 0x39 else 0x20 for octet in range(256))
"""Every digit as `0`, everything else as a blank: where a number ends is then found as fast as a byte is."""


def stretches(text: str, sign: "re.Pattern[str]", *, before: int, after: int) -> Iterator[tuple[int, int]]:
    """The stretches of `text` from `before` characters before each `sign` to `after` behind it; none overlap.

    Whoever looks in these only misses nothing if what they look for holds a sign, begins no farther before its first,
    and ends, with all that must not follow, no farther behind its last.
    """
    yield from around((found.span() for found in sign.finditer(text)), before=before, after=after)


def stretches_of(text: str, words: Iterable[str], *, before: int, after: int) -> Iterator[tuple[int, int]]:
    """The same around each of `words`, which are plain: they are found many times faster than by a pattern."""
    places = sorted((at, at + len(word)) for word in words for at in places_of(text, word))
    yield from around(places, before=before, after=after)


def stretches_of_numbers(
    text: str, *, before: int, after: int, fewest: int = 1, most: int | None = None, apart: int = 0
) -> Iterator[tuple[int, int]]:
    """The same around each number of `fewest` to `most` digits; up to `apart` characters may group its digits."""
    yield from around(_numbers(text, fewest, most, apart), before=before, after=after)


def places_of(text: str, word: str) -> Iterator[int]:
    """Where the word begins, each time."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


@lru_cache(maxsize=4)
def digits_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where each run of digits begins and ends, found once for all who look for numbers in the text."""
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        if any(one.isdecimal() for beyond in _BEYOND_LATIN.findall(text) for one in beyond):
            return tuple(found.span() for found in _DIGITS.finditer(text))
        octets = text.encode("latin-1", "replace")  # character for character
    masked = octets.translate(_MASK)
    return tuple(_runs(masked))


@lru_cache(maxsize=4)
def in_small(text: str) -> str:
    """The text in small letters, place for place: some capitals are two letters in small, and stay."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def _runs(masked: bytes) -> Iterator[tuple[int, int]]:
    start = masked.find(b"0")
    while start >= 0:
        end = masked.find(b" ", start)
        if end < 0:
            end = len(masked)
        yield start, end
        start = masked.find(b"0", end)


def _numbers(text: str, fewest: int, most: int | None, apart: int) -> Iterator[tuple[int, int]]:
    start = end = -1
    many = 0
    for at, until in digits_of(text):
        if start >= 0 and at - end <= apart:
            end, many = until, many + until - at
            continue
        if start >= 0 and many >= fewest and (most is None or many <= most):
            yield start, end
        start, end, many = at, until, until - at
    if start >= 0 and many >= fewest and (most is None or many <= most):
        yield start, end


def around(places: Iterable[tuple[int, int]], *, before: int, after: int) -> Iterator[tuple[int, int]]:
    """The same around each of these places, which are in order."""
    start = end = -1
    for at, until in places:
        if end < 0 or at - before > end:
            if end >= 0:
                yield start, end
            start = max(0, at - before)
        end = max(end, until + after)
    if end >= 0:
        yield start, end
