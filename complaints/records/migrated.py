"""What a migration did, and what every way of one keeps to."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from complaints.records.errors import SchemaOutOfDate
from complaints.records.schema import expect_head

MIGRATIONS = Path(__file__).parent / "migrations"

ONE_MIGRATOR = 0x51_2D_C0_4D
"""The advisory lock: a second migrator waits here until the first has committed, then finds nothing to do."""


class Migrated(BaseModel):
    """What a migration did."""

    model_config = ConfigDict(frozen=True)

    before: str | None
    """The revision found; None: an empty database."""
    after: str

    @property
    def changed(self) -> bool:
        """Whether there was anything to do."""
        return self.before != self.after


def refuse_foreign(found: str | None) -> None:
    """Raise `DatabaseNewer` or `DatabaseRefused` for a schema that no step of ours leads from."""
    try:
        expect_head(found)
    except SchemaOutOfDate:
        return  # what we are here to mend
