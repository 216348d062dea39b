"""What every form of the desk brings along: its own id, what its page showed, local times."""

from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from desk.request import PageRequest


def event_id_of(request: PageRequest) -> str:
    """The form's own id, so that a form sent twice is one act; one that is none gets another."""
    assert request.form is not None
    try:
        return f"desk/{UUID(str(request.form.get('event_id')).removeprefix('desk/'))}"
    except ValueError:
        return f"desk/{uuid4()}"


def seen_by(text: object) -> int | None:
    """The last journal row that a page showed; None where it does not say."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


def instant(text: str, zone: ZoneInfo) -> str:
    """A browser's local time as an instant; what is none is left for the model to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        return text


def words_of(request: PageRequest, name: str) -> str:
    """What was typed into a field, its ends trimmed."""
    assert request.form is not None
    return str(request.form.get(name) or "").strip().replace("\r\n", "\n")
