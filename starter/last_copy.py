"""The last copy of a home: when it was made and where it lies, as `doctor` and the desk tell of it."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FILE = "backup.json"


class Made(BaseModel):
    """A copy that was made."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    """By the database's clock, just before its snapshot."""
    path: Path
    bytes: int
    encrypted: bool


def last_copy(home: Path) -> Made | None:
    """The home's last copy; None if none was made."""
    try:
        return Made.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValueError):
        return None
