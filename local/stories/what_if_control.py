"""The control of what-if: whether the engine, asked under a case's own rules, tells the journal that is kept."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.journal import Row
from local.stories.what_if_engine import SOON

_SAYS = {
    "late": ("due", "task"),
    "warned": ("due",),
    "escalated": ("level", "to", "reason", "on_schedule"),
    "closed": ("outcome",),
    "call-task": ("task",),
    "call-done": ("task", "outcome"),
    "letter-sent": ("key",),
    "letter-failed": ("key",),
    "letter-uncertain": ("key",),
}
"""What must be the same beside what happened, who did it and when."""

_NOT_COMPARED = frozenset({"ignored", "letter-superseded", "feedback-given", "survey-answered", "message-received"})
"""Did nothing, or may be said before or after the end alike."""


class Unlike(BaseModel):
    """One thing that is told otherwise."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["missing", "new", "moved"]
    """The engine does not tell it, tells it in addition, or at another time."""
    what: str
    at: AwareDatetime
    """As it is kept; of something new, as the engine tells it."""
    told_at: AwareDatetime | None = None
    """Of something moved."""


def unlike(kept: Sequence[Row], told: Sequence[Row], *, until: datetime) -> list[Unlike]:
    """What differs by more than the minutes a letter takes, oldest first; nothing, if the engine can be believed."""
    end = until - SOON  # what was under way when the rows were read
    found = []
    before, after = _by_content(kept), _by_content(told)
    for content in before.keys() | after.keys():
        one, other = before.get(content, []), after.get(content, [])
        for row, again in zip(one, other, strict=False):
            if abs(row.at - again.at) > SOON:
                found.append(Unlike(kind="moved", what=row.what, at=row.at, told_at=again.at))
        found += [Unlike(kind="missing", what=row.what, at=row.at) for row in one[len(other) :] if row.at < end]
        found += [Unlike(kind="new", what=row.what, at=row.at) for row in other[len(one) :] if row.at < end]
    return sorted(found, key=lambda each: (each.at, each.what))


def _by_content(rows: Sequence[Row]) -> dict[tuple[object, ...], list[Row]]:
    found = defaultdict(list)
    for row in rows:
        if row.what not in _NOT_COMPARED:
            says = _SAYS.get(row.what) or _SAYS.get(row.what.partition("/")[0], ())
            content = (row.what, row.by, row.via, *(_plain(row, name) for name in says))
            found[content].append(row)
    return dict(found)


def _plain(row: Row, name: str) -> object:
    value = row.data.get(name)
    # A call's time hangs on the minute in which a letter came back.
    return None if (row.what, name) == ("late/call", "due") else value
