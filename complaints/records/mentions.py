"""Whom internal notes call by `@account`, until they say that they have read it; the notes stand in the journal."""

from collections.abc import Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected, Connection
from complaints.records.part import Part, part_of
from complaints.rules.facts import Noted
from complaints.rules.journal import Row

# add: whom nobody knows is called by nobody; a batch that is written again changes nothing.
_ADD = """
INSERT INTO mentions (number, seq, account, at)
SELECT $1, seq, account, at FROM unnest($2::integer[], $3::text[], $4::timestamptz[]) AS called (seq, account, at)
WHERE account IN (SELECT account FROM staff)
ON CONFLICT DO NOTHING
"""
_OF = """
SELECT called.number, called.seq, called.at, row.by, row.data ->> 'text' AS text, subject,
       left(description, 300) AS description, count(*) OVER () AS found
FROM mentions AS called JOIN journal AS row USING (number, seq)
     JOIN complaints AS stands ON stands.number = called.number
WHERE account = $1 AND seen_at IS NULL ORDER BY called.at, called.number, called.seq LIMIT $2
"""
_SEE = "UPDATE mentions SET seen_at = now() WHERE account = $1 AND number = $2 AND seq <= $3 AND seen_at IS NULL"


class Mention(BaseModel):
    """A note that calls somebody who has not read it yet."""

    model_config = ConfigDict(frozen=True)

    number: str
    seq: int
    at: AwareDatetime
    by: str | None
    text: str
    subject: str | None
    description: str


class Mentions(Connected):
    """The part of the store that knows whom notes call."""

    async def mentions_of(self, account: str, *, limit: int = 8) -> Part[Mention]:
        """Notes that call them and that they have not read, the oldest first."""
        async with self.connection() as connection:
            found = await connection.fetch(_OF, account, limit)
        return part_of(found, lambda row: Mention.model_validate(dict(row)), 0)

    async def see_mentions(self, account: str, number: str, *, up_to: int) -> None:
        """They have read the notes of that case up to that row. Safe to repeat."""
        async with self.connection() as connection:
            await connection.execute(_SEE, account, number, up_to)


async def add_mentions(connection: Connection, number: str, rows: Sequence[Row]) -> None:
    """Whom these rows of the journal call; in the transaction that writes them."""
    called = [
        (row.seq, str(account), row.at)
        for row in rows
        if row.what == Noted.name
        for account in row.data.get("mentions", ())
    ]
    if called:
        await connection.execute(_ADD, number, *map(list, zip(*called, strict=True)))
