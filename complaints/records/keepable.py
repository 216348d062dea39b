"""Values that Postgres cannot hold, refused before they are sent: such a value would fail every later retry, too."""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from complaints.records.errors import Unkeepable


def refuse_unkeepable(value: Any, *, place: str) -> None:
    """Raise `Unkeepable`, naming the place, never the value, if something within can be neither text nor jsonb."""
    if isinstance(value, str):
        _refuse_text(value, place)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unkeepable(f"{place} is not a finite number (NaN or infinity), which JSON cannot hold.")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_text(str(key), f"a key of {place}")
            refuse_unkeepable(inner, place=f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            refuse_unkeepable(inner, place=f"{place}[{position}]")


def _refuse_text(text: str, place: str) -> None:
    if "\x00" in text:
        raise Unkeepable(
            f"{place} holds a NUL character, which Postgres cannot keep: clean the text before it is recorded."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unkeepable(
            f"{place} holds half of a character pair, which Postgres cannot keep: clean the text first."
        ) from None


def aware(at: datetime, *, place: str) -> datetime:
    """`at`, if it says its offset; a naive time could mean any hour of the day, so it never enters."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise Unkeepable(f"{place} is a time without an offset: say which, for example +00:00.")
    return at


def as_json(value: Any) -> str:
    """`value` for a jsonb parameter; what it holds was checked before."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
