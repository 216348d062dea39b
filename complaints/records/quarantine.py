"""The quarantine: mail that somebody must look at before it counts. Nothing in it is lost; each item has a clock."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.keepable import aware
from complaints.records.part import Part, part_of
from complaints.rules.page_links import all_covered
from complaints.rules.text import one_line

_COLUMNS = (
    "quarantine.digest, reason, quarantine.number, quarantine.sender, subject, quarantine.received_at, due, "
    "quarantined_at, handled_at, handled_as, handled_by, handled_why, kind, score, evidence, flood"
)
_ADD = """
INSERT INTO quarantine (digest, reason, number, sender, subject, received_at, due, flood)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (digest) DO NOTHING
"""
_FLOOD = "SELECT flood FROM quarantine WHERE digest = $1"
_LIST = f"""
SELECT {_COLUMNS}, count(*) OVER () AS found FROM quarantine JOIN messages USING (digest)
WHERE $1 OR handled_at IS NULL ORDER BY handled_at IS NOT NULL, due, quarantine.digest LIMIT $2 OFFSET $3
"""  # noqa: S608 - constants of ours
_FIND = f"""
SELECT {_COLUMNS} FROM quarantine JOIN messages USING (digest) WHERE starts_with(quarantine.digest, $1) LIMIT 2
"""  # noqa: S608
_AFTER_THE_END = f"""
SELECT {_COLUMNS} FROM quarantine JOIN messages USING (digest)
WHERE quarantine.number = $1 AND reason = 'after-closing' AND handled_at IS NULL ORDER BY quarantine.received_at
"""  # noqa: S608
WAITING_AFTER_THE_END = """
SELECT number, count(*)::integer AS waiting, min(received_at) AS since, min(due) AS answer_by FROM quarantine
WHERE reason = 'after-closing' AND handled_at IS NULL AND number IS NOT NULL GROUP BY number
"""
"""What customers wrote on closed complaints and nobody has answered or read yet, by complaint."""

_HANDLE = """
UPDATE quarantine SET handled_at = now(), handled_as = $2, handled_by = $3, handled_why = $4,
    number = coalesce($5, number)
WHERE digest = $1 AND handled_at IS NULL RETURNING digest
"""


class QuarantineItem(BaseModel):
    """One message that waits for somebody, or had one."""

    model_config = ConfigDict(frozen=True)

    digest: str
    """Of the message; its first twelve characters name the item."""
    reason: str
    number: str | None
    sender: str | None
    subject: str
    received_at: AwareDatetime
    due: AwareDatetime
    quarantined_at: AwareDatetime
    handled_at: AwareDatetime | None
    handled_as: str | None
    handled_by: str | None
    handled_why: str | None
    kind: str | None
    score: float | None
    evidence: list[dict[str, object]] | None
    flood: AwareDatetime | None = None
    """The flood whose one notice stands for this item; None: it has one of its own."""

    @property
    def name(self) -> str:
        """Short enough to type."""
        return self.digest[:12]


class Quarantine(Connected):
    """The part of the store that keeps what must be looked at."""

    async def quarantine(
        self,
        digest: str,
        *,
        reason: str,
        sender: str | None,
        subject: str,
        received_at: datetime,
        due: datetime,
        number: str | None = None,
        flood: datetime | None = None,
    ) -> datetime | None:
        """Put a kept message there; the flood that it belongs to. Safe to repeat; what was handled stays so."""
        async with self.connection() as connection:
            await connection.execute(
                _ADD,
                digest,
                reason,
                number,
                one_line(sender) if sender else None,
                one_line(subject),
                aware(received_at, place="received_at"),
                aware(due, place="due"),
                aware(flood, place="flood") if flood else None,
            )
            kept: datetime | None = await connection.fetchval(_FLOOD, digest)
        return kept

    async def quarantined(self, *, handled_too: bool = False, limit: int = 200, skip: int = 0) -> Part[QuarantineItem]:
        """What waits, the most urgent first; with `handled_too` also what does not any more."""
        async with self.connection() as connection:
            found = await connection.fetch(_LIST, handled_too, limit, skip)
        return part_of(found, lambda row: QuarantineItem.model_validate(all_covered(dict(row))), skip)

    async def written_after_the_end(self, number: str) -> list[QuarantineItem]:
        """What the customer wrote since the end, and nobody has answered or read yet; the oldest first."""
        async with self.connection() as connection:
            found = await connection.fetch(_AFTER_THE_END, number)
        return [QuarantineItem.model_validate(all_covered(dict(row))) for row in found]

    async def quarantine_item(self, name: str) -> QuarantineItem | None:
        """The one whose digest begins like that; None where none or several do."""
        async with self.connection() as connection:
            rows = await connection.fetch(_FIND, name.strip().lower())
        return QuarantineItem.model_validate(all_covered(dict(rows[0]))) if len(rows) == 1 else None

    async def quarantine_handled(
        self, digest: str, *, how: str, by: str, why: str | None = None, number: str | None = None
    ) -> bool:
        """Somebody decided: `released`, `dropped` or `answered`. False where somebody had decided before."""
        async with self.connection() as connection:
            said = one_line(why, longest=2_000) if why else None
            return await connection.fetchval(_HANDLE, digest, how, one_line(by), said, number) is not None
