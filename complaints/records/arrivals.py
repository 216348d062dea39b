"""Arrivals by mail: the first message of each source key, and how many may become complaints in a while."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.keepable import aware
from complaints.rules.text import one_line

FLOOD_LASTS = timedelta(hours=24)
"""What is held back within so long of its beginning belongs to one flood, and has one notice."""

_COUNTED = 0x436F6D706C
"""The advisory lock under which new complaints by mail, and floods, are counted: readers do so one after the other."""

_ARRIVED = """
INSERT INTO arrivals AS known (source_key, content, message) VALUES ($1, $2, $3)
ON CONFLICT (source_key) DO UPDATE SET content = EXCLUDED.content, message = EXCLUDED.message
WHERE known.message = ''
"""
_FIRST = """
SELECT arrivals.content, arrivals.message, messages.number, messages.taken_as
FROM arrivals LEFT JOIN messages ON digest = message WHERE arrivals.source_key = $1
"""
_UNREAD = """
SELECT raw FROM arrivals JOIN messages ON digest = message WHERE arrivals.source_key = $1 AND content IS NULL
"""
_READ = "UPDATE arrivals SET content = $2 WHERE source_key = $1 AND content IS NULL"
_LOCK = "SELECT pg_advisory_xact_lock($1)"
_KNOWN = "INSERT INTO arrivals (source_key, message) VALUES ($1, '') ON CONFLICT (source_key) DO NOTHING"
_ADMITTED = "SELECT admitted_at IS NOT NULL FROM arrivals WHERE source_key = $1"
# The fullest span of that length that the receipt lies in: readers do not take mail in in the order of its receipt.
_COUNT_ADMITTED = """
SELECT max((SELECT count(*) FROM arrivals WHERE admitted_at > ended - $2::interval AND admitted_at <= ended))
FROM (
    SELECT $1::timestamptz AS ended
    UNION SELECT admitted_at FROM arrivals
    WHERE admitted_at > $1::timestamptz AND admitted_at < $1::timestamptz + $2::interval
) AS spans
"""
_ADMIT = "UPDATE arrivals SET admitted_at = $2 WHERE source_key = $1"
_COUNT_HELD = """
SELECT count(*) FROM quarantine
WHERE received_at > $1::timestamptz - $2::interval AND received_at < $1::timestamptz + $2::interval AND digest <> $3
"""
_RUNNING = "SELECT max(began_at) FROM floods WHERE began_at > $1 AND began_at <= $2"
_BEGIN = "INSERT INTO floods (began_at) VALUES ($1) ON CONFLICT (began_at) DO NOTHING"
_WAITING = "SELECT count(*), min(received_at) FROM quarantine WHERE flood = $1 AND handled_at IS NULL"


class FirstArrival(BaseModel):
    """The first message of a source key."""

    model_config = ConfigDict(frozen=True)

    content: str | None
    message: str
    """Its digest."""
    number: str | None = None
    """The complaint that it became or reached."""
    taken_as: str | None = None
    """What was done with it; None: nothing yet."""


class FloodWaiting(BaseModel):
    """What of a flood nobody has looked at."""

    model_config = ConfigDict(frozen=True)

    count: int
    oldest: AwareDatetime | None


class Arrivals(Connected):
    """The part of the store that knows which mail is the same as another, and when there is too much of it."""

    async def _first_of(self, connection: Any, source_key: str, content: str, digest: str) -> str | None:
        """The content of the first message with that key, which is this one unless another came before."""
        await connection.execute(_ARRIVED, source_key, content, digest)
        found = await connection.fetchrow(_FIRST, source_key)
        return str(found["content"]) if found and found["content"] is not None else None

    async def first_arrival(self, source_key: str) -> FirstArrival | None:
        """The first message with that key, and what became of it."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_FIRST, source_key_kept(source_key))
        return FirstArrival.model_validate(dict(found)) if found else None

    async def unread_arrival(self, source_key: str) -> bytes | None:
        """The first message with that key as it came, where its content is not known: it came before schema 0010."""
        async with self.connection() as connection:
            raw: bytes | None = await connection.fetchval(_UNREAD, source_key_kept(source_key))
        return raw

    async def arrival_read(self, source_key: str, content: str) -> None:
        """Says what its content is. Safe to repeat."""
        async with self.connection() as connection:
            await connection.execute(_READ, source_key_kept(source_key), content)

    async def admitted(self, source_key: str, at: datetime, *, most: int, within: timedelta) -> bool:
        """Whether this mail may become a complaint by itself: at most so many do that were received `within` so long.

        Readers are counted together, one after the other; whoever was let through once stays so.
        """
        at, key = aware(at, place="at"), source_key_kept(source_key)
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_LOCK, _COUNTED)
            await connection.execute(_KNOWN, key)
            if await connection.fetchval(_ADMITTED, key):
                return True
            if await connection.fetchval(_COUNT_ADMITTED, at, within) >= most:
                return False
            await connection.execute(_ADMIT, key, at)
        return True

    async def flood_at(
        self, at: datetime, *, digest: str, most: int, within: timedelta, certain: bool = False
    ) -> datetime | None:
        """When the flood began that this quarantined message belongs to; None: it is one of few.

        It is one of many where so many others came into the quarantine around its receipt, or `certain`.
        """
        at = aware(at, place="at")
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_LOCK, _COUNTED)
            if not certain and await connection.fetchval(_COUNT_HELD, at, within, digest) < most:
                return None
            # Readers do not take mail in in the order of its receipt: a little before its beginning is the same flood.
            running: datetime | None = await connection.fetchval(_RUNNING, at - FLOOD_LASTS, at + within)
            if running is None:
                await connection.execute(_BEGIN, at)
            return running or at

    async def flood_waiting(self, began_at: datetime) -> FloodWaiting:
        """How much of a flood nobody has looked at."""
        async with self.connection() as connection:
            row = await connection.fetchrow(_WAITING, aware(began_at, place="began_at"))
        return FloodWaiting(count=row[0], oldest=row[1]) if row else FloodWaiting(count=0, oldest=None)


def source_key_kept(source_key: str) -> str:
    """A source key as the records keep it."""
    return one_line(source_key, longest=2_000)
