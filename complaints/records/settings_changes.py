"""Changes of the school's settings that were made on a page: who, when, the file before and after."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.keepable import aware, refuse_unkeepable
from complaints.records.part import Part, part_of

_KEEP = """
INSERT INTO settings_changes (at, by, account, file, before, after) VALUES ($1, $2, $3, $4, $5, $6)
"""
_LATEST = """
SELECT at, by, before, after, count(*) OVER () AS found FROM settings_changes
WHERE file = $1 ORDER BY id DESC LIMIT $2
"""

SettingsFile = Literal["contacts.toml", "policy.toml"]
"""Which of the school's files, whatever the installation calls it."""


class SettingsChange(BaseModel):
    """One change."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    by: str
    before: str
    after: str


class SettingsChanges(Connected):
    """The part of the store that remembers who set what."""

    async def keep_settings_change(
        self, *, at: datetime, by: str, account: str, file: SettingsFile, before: str, after: str
    ) -> None:
        """Keeps it; before the file is written, so that no change is without its name."""
        refuse_unkeepable({"by": by, "before": before, "after": after}, place="a change of the settings")
        async with self.connection() as connection:
            await connection.execute(_KEEP, aware(at, place="at"), by, account, file, before, after)

    async def settings_changes(self, file: SettingsFile, *, limit: int) -> Part[SettingsChange]:
        """The latest of that file, the newest first."""
        async with self.connection() as connection:
            found = await connection.fetch(_LATEST, file, limit)
        return part_of(found, lambda row: SettingsChange.model_validate(dict(row)), 0)
