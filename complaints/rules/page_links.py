"""The key to a customer's own page, wherever text is kept or shown: covered, because whoever reads it could use it.

`…/c/Q-7KF3-02M9D.265a.<mark>` opens a complaint to whoever holds it (design §5.3). It belongs into the bytes of a
letter to that customer and nowhere else: the ledger keeps `PLACE` where it goes, and what people write, quote and
forward keeps `COVERED`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from pydantic import BaseModel

T = TypeVar("T")

PLACE = "https://personal-link.invalid/"
"""Where a letter's link goes when it is sent. No address: `.invalid` never is one (RFC 2606)."""

COVERED = "[personal-link]"
"""What stands in people's words where a key stood; what readers see is `complaints.words.page_links`."""

# A mail program may break the line within an address, and quote what it broke. The day is always four digits (2011 to
# 2179), so that host names are let alone.
_BREAK = r"(?:=?\r?\n[>\t ]*)?"
_DAY = rf"[0-9a-f](?:{_BREAK}[0-9a-f]){{3}}"
_MARK = rf"[a-z2-7](?:{_BREAK}[a-z2-7]){{19}}"
_KEY = re.compile(rf"\.{_BREAK}{_DAY}{_BREAK}\.{_BREAK}{_MARK}")
_ENDS_BEFORE = frozenset(" \t\n\r\xa0<>\"'()[]{}|\\^`")
_AFTER = re.compile(r"[\w/?=&%#;-]*")
_FARTHEST = 400
"""Characters of an address before its key: a mail scanner may have wrapped it into one of its own."""


def covered(text: str, label: str = COVERED) -> str:
    """`text` with `label` for each address of a customer's page. Everything else stays as it is."""
    if "." not in text:
        return text
    told, end = [], 0
    for start, stop in _addresses(text):
        told += [text[end:start], label]
        end = stop
    return "".join([*told, text[end:]]) if told else text


def placed(text: str) -> str:
    """A letter of ours as the ledger keeps it, with the place of the link for a link that was kept."""
    return covered(text, PLACE)


def said(text: str) -> str:
    """What somebody said, as a case keeps it: no key, and no place into which a letter would put one."""
    return covered(text).replace(PLACE, COVERED)


def labelled(value: T, label: str) -> T:
    """Text, or anything that holds text, without keys and with a label where one stood or belongs."""
    return _each(value, lambda text: covered(text, label).replace(PLACE, label).replace(COVERED, label))


def all_covered(value: T) -> T:
    """The same for programs: `COVERED` in every language."""
    return _each(value, said)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where each whole address begins and ends, as far as it can be told."""
    end = 0
    for key in _KEY.finditer(text):
        start, nearest = key.start(), max(end, key.start() - _FARTHEST)
        while start > nearest and text[start - 1] not in _ENDS_BEFORE:
            start -= 1
        after = _AFTER.match(text, key.end())
        end = after.end() if after else key.end()
        yield start, end


def _each(value: T, made: Callable[[str], str]) -> T:
    found: Any = _made(value, made)
    return cast("T", found)


def _made(value: Any, made: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return made(value)
    if isinstance(value, dict):
        return {name: _made(one, made) for name, one in value.items()}
    if isinstance(value, list | tuple):
        each = [_made(one, made) for one in value]
        return each if isinstance(value, list) else tuple(each)
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _made(getattr(value, name), made) for name in type(value).model_fields})
    return value
