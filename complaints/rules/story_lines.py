"""A row of the journal as one line of the story that a letter tells: to the customer, or to whoever takes over."""

from complaints.rules.facts import Noted
from complaints.rules.journal import Row
from complaints.rules.letters import StoryLine


def told_to_customer(row: Row) -> StoryLine | None:
    """A row as the customer may read it; None if it is internal."""
    if row.what not in _PUBLIC:
        return None
    text = None
    if row.what == Noted.name:
        if not is_told_note(row):
            return None
        text = row.data.get("text")
    if row.what == "assigned":
        text = row.data.get("department")
    if row.what == "date-promised":
        text = row.data.get("date")
    if row.what == "escalated":
        text = str(row.data.get("level", ""))
    return StoryLine(at=row.at, what=row.what, text=text)


def told_to_staff(row: Row) -> StoryLine | None:
    """A row as who has the case reads it; None if it tells of nothing."""
    if row.what in _NOT_IN_STORY:
        return None
    said = next((str(row.data[field]) for field in _SAYING if row.data.get(field)), None)
    return StoryLine(at=row.at, what=row.what, by=row.by, text=said)


def is_told_note(row: Row) -> bool:
    """A note that the customer reads in the next update."""
    return row.what == Noted.name and bool(row.data.get("for_customer"))


_PUBLIC = frozenset(
    {"assessed", "assigned", "involved", "noted", "details-received", "date-promised", "escalated", "late/promise"}
)
_NOT_IN_STORY = frozenset({"ignored", "letter-superseded"})
_SAYING = ("text", "reason", "words", "notes", "question", "note", "department", "date", "kind", "outcome", "due")
