"""What staff typed into the form of an act and have not sent: theirs alone, until it is sent or emptied (§5, §6)."""

from typing import Any

from complaints.records.connection import Connected

_OF = "SELECT act, fields FROM drafts WHERE number = $1 AND account = $2"
# keep: not for a complaint that the records do not know yet; the words stay in the browser until they do.
_KEEP = """
INSERT INTO drafts (number, act, account, fields)
SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM complaints WHERE number = $1)
ON CONFLICT (number, act, account) DO UPDATE SET fields = excluded.fields, saved_at = now()
RETURNING act
"""
_DROP = "DELETE FROM drafts WHERE number = $1 AND act = $2 AND account = $3"

Fields = dict[str, str | list[str]]
"""What was typed, by field; a field of several ticks has a list."""


class Drafts(Connected):
    """The part of the store that keeps words which are not sent yet."""

    async def drafts_of(self, number: str, account: str) -> dict[str, Fields]:
        """What somebody began to type on this complaint, by act."""
        async with self.connection() as connection:
            rows: list[Any] = await connection.fetch(_OF, number, account)
        return {row["act"]: row["fields"] for row in rows}

    async def keep_draft(self, number: str, act: str, account: str, fields: Fields) -> bool:
        """Keep it, in the place of the one before; False if the records do not know the complaint."""
        async with self.connection() as connection:
            return await connection.fetchval(_KEEP, number, act, account, fields) is not None

    async def drop_draft(self, number: str, act: str, account: str) -> None:
        """It was sent, or emptied. Safe to repeat."""
        async with self.connection() as connection:
            await connection.execute(_DROP, number, act, account)
