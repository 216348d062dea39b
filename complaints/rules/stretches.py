"""Where in a long text it is worth looking for something: around what it cannot be without.

A pattern that may begin with any word is tried at every letter of a text, and most mails hold no date and no document.
"""

import re
from collections.abc import Iterable, Iterator


def stretches(text: str, sign: "re.Pattern[str]", *, before: int, after: int) -> Iterator[tuple[int, int]]:
    """The stretches of `text` from `before` characters before each `sign` to `after` behind it; none overlap.

    Whoever looks in these only misses nothing if what they look for holds a sign, begins no farther before its first,
    and ends, with all that must not follow, no farther behind its last.
    """
    start = end = -1
    for found in sign.finditer(text):
        if end < 0 or found.start() - before > end:
            if end >= 0:
                yield start, end
            start = max(0, found.start() - before)
        end = found.end() + after
    if end >= 0:
        yield start, end


def stretches_of(text: str, words: Iterable[str], *, before: int, after: int) -> Iterator[tuple[int, int]]:
    """The same around each of `words`, which are plain: they are found many times faster than by a pattern."""
    places: list[tuple[int, int]] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            places.append((at, at + len(word)))
            at = text.find(word, at + len(word))
    start = end = -1
    for at, until in sorted(places):
        if end < 0 or at - before > end:
            if end >= 0:
                yield start, end
            start = max(0, at - before)
        end = max(end, until + after)
    if end >= 0:
        yield start, end
