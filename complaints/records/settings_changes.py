"""Changes of the school's settings that were made on a page: who, when, the file before and after."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.keepable import aware, refuse_unkeepable

_KEEP = """
INSERT INTO settings_changes (at, by, account, before, after) VALUES ($1, $2, $3, $4, $5)
"""
_LATEST = "SELECT at, by, before, after FROM settings_changes ORDER BY id DESC LIMIT $1"


class SettingsChange(BaseModel):
    """One change."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    by: str
    before: str
    after: str


class SettingsChanges(Connected):
    """The part of the store that remembers who set what."""

    async def keep_settings_change(self, *, at: datetime, by: str, account: str, before: str, after: str) -> None:
        """Keeps it; before the file is written, so that no change is without its name."""
        refuse_unkeepable({"by": by, "before": before, "after": after}, place="a change of the settings")
        async with self.connection() as connection:
            await connection.execute(_KEEP, aware(at, place="at"), by, account, before, after)

    async def settings_changes(self, *, limit: int) -> list[SettingsChange]:
        """The latest, the newest first."""
        async with self.connection() as connection:
            return [SettingsChange.model_validate(dict(row)) for row in await connection.fetch(_LATEST, limit)]
