"""What came through customers' links lately: counted on the wall clock, so that no link floods the school."""

from datetime import datetime, timedelta
from enum import StrEnum

from complaints.records.connection import Connected

# One after the other for each complaint: of many forms at once no more than the limit pass.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('link_uses/' || $1::text || '/' || $2::text, 0))"
_USE = """
INSERT INTO link_uses (number, what)
SELECT $1::text, $2::text
WHERE (SELECT count(*) FROM link_uses WHERE number = $1 AND what = $2 AND used_at > now() - $3::interval) < $4::integer
RETURNING true
"""
_BYTES = """
SELECT coalesce(sum(attachments.size), 0) FROM messages
JOIN message_attachments ON message_attachments.message = messages.digest
JOIN attachments ON attachments.digest = message_attachments.attachment
WHERE messages.number = $1 AND messages.mailbox = $2 AND messages.received_at > $3
"""


class LinkUse(StrEnum):
    """What a link was used for."""

    SENT = "sent"
    """A form of the customer's page."""
    ASKED = "asked"
    """A new link was asked for."""


class Links(Connected):
    """The part of the store that counts."""

    async def use_link(self, number: str, what: LinkUse, *, most: int, within: timedelta) -> bool:
        """Counts one use; False, and nothing is counted, where there were `most` of them in that time already."""
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_TURN, number, what.value)
            return bool(await connection.fetchval(_USE, number, what.value, within, most))

    async def bytes_sent(self, number: str, mailbox: str, *, since: datetime) -> int:
        """Bytes of the files that reached a complaint that way since then."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_BYTES, number, mailbox, since))
