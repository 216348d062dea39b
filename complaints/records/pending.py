"""What waits: complaints taken down while the workflow server was out of reach, and the mail as it came."""

import hashlib
from datetime import datetime

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import NumberTaken, RecordsError, SourceKeyTaken
from complaints.records.keepable import aware, refuse_unkeepable
from complaints.rules.received import ComplaintReceived
from complaints.rules.text import one_line

_KEEP_PENDING = """
INSERT INTO pending_complaints (number, source_key, received, taken_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (number) DO NOTHING
RETURNING number
"""
_PENDING_KEY = "SELECT source_key FROM pending_complaints WHERE number = $1"
_PENDING_NUMBER = "SELECT number FROM pending_complaints WHERE source_key = $1"
_PENDING = (
    "SELECT number, received, taken_at FROM pending_complaints WHERE started_at IS NULL ORDER BY taken_at, number"
)
_STARTED = "UPDATE pending_complaints SET started_at = now() WHERE number = $1 AND started_at IS NULL"

_KEEP_MESSAGE = """
INSERT INTO messages (digest, mailbox, message_id, received_at, raw) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (digest) DO NOTHING
"""
_BELONGS = "UPDATE messages SET number = $2 WHERE digest = $1 RETURNING digest"
_MESSAGES_FOR = """
SELECT digest, mailbox, message_id, received_at, raw, number FROM messages
WHERE number = $1 ORDER BY received_at, digest LIMIT $2
"""


class PendingComplaint(BaseModel):
    """A complaint that has its number and waits for its workflow to be started."""

    model_config = ConfigDict(frozen=True)

    number: str
    received: ComplaintReceived
    taken_at: AwareDatetime


class KeptMessage(BaseModel):
    """A mail as it came."""

    model_config = ConfigDict(frozen=True)

    digest: str
    """SHA-256 of the bytes, in hex."""
    mailbox: str
    message_id: str | None
    received_at: AwareDatetime
    raw: bytes
    number: str | None


class Pending(Connected):
    """The part of the store that keeps what waits, and mail."""

    async def keep_pending(self, number: str, received: ComplaintReceived, taken_at: datetime) -> None:
        """Keep a complaint until its workflow can be started. Safe to repeat.

        Raises `SourceKeyTaken` where the arrival is kept under another number, `NumberTaken` where that is another's.
        """
        words = received.model_dump(mode="json")
        refuse_unkeepable(words, place=f"the complaint {number}")
        source_key = received.source_key or number
        async with self.connection() as connection:
            try:
                kept = await connection.fetchval(
                    _KEEP_PENDING, number, source_key, words, aware(taken_at, place="taken_at")
                )
            except asyncpg.UniqueViolationError:  # taken by another number, or by this one at this very moment
                other = await connection.fetchval(_PENDING_NUMBER, source_key)
                if other != number:
                    raise SourceKeyTaken(number, str(other)) from None
                return
            if kept is None and await connection.fetchval(_PENDING_KEY, number) != source_key:
                raise NumberTaken(number)

    async def pending(self) -> list[PendingComplaint]:
        """What is still to be started, in the order in which it was taken down."""
        async with self.connection() as connection:
            return [PendingComplaint.model_validate(dict(row)) for row in await connection.fetch(_PENDING)]

    async def pending_started(self, number: str) -> None:
        """The workflow runs: nothing is left to do. Safe to repeat."""
        async with self.connection() as connection:
            await connection.execute(_STARTED, number)

    async def keep_message(
        self, raw: bytes, *, mailbox: str, received_at: datetime, message_id: str | None = None
    ) -> str:
        """Keep a mail byte for byte and return its digest. Reading the same mail again is harmless.

        `message_id` is whatever the mail says: it is cleaned, never a reason to lose the mail.
        """
        digest = hashlib.sha256(raw).hexdigest()
        cleaned_id = one_line(message_id) if message_id else None
        async with self.connection() as connection:
            values = (one_line(mailbox), cleaned_id, aware(received_at, place="received_at"), raw)
            await connection.execute(_KEEP_MESSAGE, digest, *values)
        return digest

    async def message_belongs(self, digest: str, number: str) -> None:
        """The mail belongs to this complaint. Safe to repeat."""
        async with self.connection() as connection:
            if await connection.fetchval(_BELONGS, digest, number) is None:
                raise RecordsError(f"No mail is kept under {digest[:12]}…: keep it before it is put to {number}.")

    async def message_for(self, number: str) -> KeptMessage | None:
        """The mail that a complaint came in."""
        return next(iter(await self.messages_for(number, limit=1)), None)

    async def messages_for(self, number: str, *, limit: int = 100) -> list[KeptMessage]:
        """Every mail that belongs to a complaint, oldest first."""
        async with self.connection() as connection:
            return [
                KeptMessage.model_validate(dict(row)) for row in await connection.fetch(_MESSAGES_FOR, number, limit)
            ]
