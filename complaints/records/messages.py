"""Mail that came in: its bytes, what was attached, what it was taken for, and how many came from whom."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.arrivals import Arrivals, source_key_kept
from complaints.records.indexing import add_words
from complaints.records.keepable import aware
from complaints.rules.same_person import email_key
from complaints.rules.text import one_line

_KEEP = """
INSERT INTO messages AS kept
    (digest, mailbox, message_id, received_at, raw, source_key, sender, kind, score, evidence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (digest) DO UPDATE SET source_key = EXCLUDED.source_key, sender = EXCLUDED.sender,
    kind = EXCLUDED.kind, score = EXCLUDED.score, evidence = EXCLUDED.evidence
WHERE kept.taken_at IS NULL
"""
KEEP_BYTES = """
INSERT INTO attachments (digest, type, size, data) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING
"""
_ATTACH = """
INSERT INTO message_attachments (message, place, attachment, name, declared) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (message, place) DO NOTHING
"""
_KEPT = "SELECT digest, received_at, number, taken_as, source_key FROM messages WHERE digest = $1"
_TAKEN = """
UPDATE messages SET taken_as = $2, taken_at = now(), number = coalesce($3, number) WHERE digest = $1
"""
_MESSAGE = "SELECT digest, mailbox, message_id, received_at, raw, number, source_key FROM messages WHERE digest = $1"
_FROM_SENDER = """
SELECT count(DISTINCT source_key) FROM messages
WHERE sender = $1 AND received_at > $2 AND received_at <= $3 AND source_key <> $4
"""
_TO_CASE = """
SELECT count(DISTINCT source_key) FROM messages
WHERE number = $1 AND received_at > $2 AND received_at <= $3 AND source_key <> $4
"""
# Of complaints, the address that they came in with or have now; of mail, whoever wrote what is on the case already.
_BELONGS = """
SELECT EXISTS (SELECT FROM complaints WHERE number = $1 AND email_folded = $2)
    OR EXISTS (SELECT FROM messages WHERE number = $1 AND sender = $3 AND taken_as IN ('complaint', 'reply')),
    EXISTS (SELECT FROM complaints WHERE number = $1)
    OR EXISTS (SELECT FROM messages WHERE number = $1 AND taken_as = 'complaint')
"""
_OPEN_OF_SENDER = """
SELECT number FROM complaints WHERE email_folded = $1 AND closed_at IS NULL AND received_at > $3
UNION
SELECT number FROM messages WHERE sender = $2 AND taken_as = 'complaint' AND received_at > $3
    AND NOT EXISTS (SELECT FROM complaints WHERE complaints.number = messages.number AND closed_at IS NOT NULL)
ORDER BY 1
"""
# The same message may lie in two mailboxes: it is shown once, as it came first.
_OF_CASE = """
SELECT * FROM (
    SELECT DISTINCT ON (coalesce(source_key, digest)) digest, mailbox, message_id, received_at, raw, number
    FROM messages WHERE number = $1 ORDER BY coalesce(source_key, digest), received_at, digest
) AS once ORDER BY received_at, digest
"""
# heads: the same, without the bytes, which may be many; with what was attached to each.
_HEADS = """
SELECT * FROM (
    SELECT DISTINCT ON (coalesce(source_key, digest)) digest, received_at, source_key, sender, taken_as
    FROM messages WHERE number = $1 ORDER BY coalesce(source_key, digest), received_at, digest
) AS once ORDER BY received_at, digest
"""
_FILES_OF = """
SELECT message, name, type, declared, size, attachment AS digest FROM message_attachments
JOIN attachments ON attachments.digest = attachment WHERE message = ANY ($1) ORDER BY message, place
"""
_ATTACHMENTS = """
SELECT name, type, declared, size, attachment AS digest FROM message_attachments
JOIN attachments ON attachments.digest = attachment WHERE message = $1 ORDER BY place
"""
_NAMES_OF_FILES = "SELECT name FROM message_attachments WHERE message = $1 ORDER BY place"
_ATTACHMENT = "SELECT data FROM attachments WHERE digest = $1"


class AttachedFile(BaseModel):
    """An attachment without its bytes."""

    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    declared: str
    size: int
    digest: str


class FileToKeep(AttachedFile):
    """An attachment with its bytes."""

    data: bytes


class MailToKeep(BaseModel):
    """A message with what was read from it."""

    model_config = ConfigDict(frozen=True)

    raw: bytes
    mailbox: str
    received_at: AwareDatetime
    message_id: str | None
    source_key: str
    sender: str | None
    kind: str
    score: float
    evidence: tuple[dict[str, Any], ...]
    content: str = ""
    """Digest of what was written, without what a route adds: two messages of one source key may differ in it. Empty:
    that of the bytes."""
    files: tuple[FileToKeep, ...] = ()


class Kept(BaseModel):
    """A message that is in the records."""

    model_config = ConfigDict(frozen=True)

    digest: str
    received_at: AwareDatetime
    """The first time that it was received: the same bytes may be read again later."""
    number: str | None
    taken_as: str | None
    """What was done with it; None: nothing yet, or nobody knows."""
    source_key: str | None
    """Under which it counts: its own, or where another message had that before, one of its content besides."""
    beside: bool = False
    """Another message had its source key before, and says something else."""


class MailRow(BaseModel):
    """A message as it came."""

    model_config = ConfigDict(frozen=True)

    digest: str
    mailbox: str
    message_id: str | None
    received_at: AwareDatetime
    raw: bytes
    number: str | None
    source_key: str | None = None


class MailHead(BaseModel):
    """A message of a complaint without its bytes."""

    model_config = ConfigDict(frozen=True)

    digest: str
    received_at: AwareDatetime
    source_key: str | None
    sender: str | None
    taken_as: str | None
    files: tuple[AttachedFile, ...] = ()


class Messages(Arrivals):
    """The part of the store that keeps what came by mail."""

    async def keep_mail(self, mail: MailToKeep) -> Kept:
        """Keep it byte for byte, with its attachments. Safe to repeat, also by several readers at once.

        Who used a Message-ID before decides nothing about what another wrote: other content is another arrival.
        """
        digest = hashlib.sha256(mail.raw).hexdigest()
        async with self.connection() as connection, connection.transaction():
            source_key = source_key_kept(mail.source_key)
            content = mail.content or digest
            if await self._first_of(connection, source_key, content, digest) != content:
                source_key = key_beside(source_key, content)
            await connection.execute(
                _KEEP,
                digest,
                one_line(mail.mailbox),
                one_line(mail.message_id) if mail.message_id else None,
                aware(mail.received_at, place="received_at"),
                mail.raw,
                source_key,
                _sender(mail.sender),
                mail.kind,
                mail.score,
                [_clean(sign) for sign in mail.evidence],
            )
            await self._attach(connection, digest, mail.files)
            found = dict(await connection.fetchrow(_KEPT, digest) or {})
        return Kept.model_validate(found | {"beside": source_key != source_key_kept(mail.source_key)})

    async def _attach(self, connection: Any, digest: str, files: Sequence[FileToKeep]) -> None:
        # In the order of their digests: two readers that keep the same two files never wait for each other.
        for file in sorted(files, key=lambda one: one.digest):
            await connection.execute(KEEP_BYTES, file.digest, one_line(file.type), file.size, file.data)
        for place, file in enumerate(files, start=1):
            await connection.execute(_ATTACH, digest, place, file.digest, one_line(file.name), one_line(file.declared))

    async def mail_taken(
        self, digest: str, taken_as: str, number: str | None = None, *, wrote: Sequence[str] = ()
    ) -> None:
        """Everything is done with it. Safe to repeat.

        `wrote`: by what its complaint is found besides what the case was told, a signature say; the names of what was
        attached are found anyway.
        """
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_TAKEN, digest, taken_as, number)
            if number:
                names = [row["name"] for row in await connection.fetch(_NAMES_OF_FILES, digest)]
                await add_words(connection, number, [*wrote, *names])

    async def mail(self, digest: str) -> MailRow | None:
        """A message as it came."""
        async with self.connection() as connection:
            row = await connection.fetchrow(_MESSAGE, digest)
        return MailRow.model_validate(dict(row)) if row else None

    async def mails_of(self, number: str) -> list[MailRow]:
        """Every message that belongs to a complaint, as it came, oldest first."""
        async with self.connection() as connection:
            return [MailRow.model_validate(dict(row)) for row in await connection.fetch(_OF_CASE, number)]

    async def mail_heads_of(self, number: str) -> list[MailHead]:
        """The messages of a complaint without their bytes, oldest first, each with what came attached."""
        async with self.connection() as connection:
            heads = [dict(row) for row in await connection.fetch(_HEADS, number)]
            rows = await connection.fetch(_FILES_OF, [head["digest"] for head in heads]) if heads else []
        files: dict[str, list[AttachedFile]] = {}
        for row in rows:
            files.setdefault(row["message"], []).append(AttachedFile.model_validate(dict(row)))
        return [MailHead.model_validate(head | {"files": files.get(head["digest"], [])}) for head in heads]

    async def mails_from(self, sender: str, *, until: datetime, within: timedelta, beside: str) -> int:
        """How many other messages that address sent in the time before; `beside` is this one's source key."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_FROM_SENDER, _sender(sender), until - within, until, beside))

    async def mails_to(self, number: str, *, until: datetime, within: timedelta, beside: str) -> int:
        """How many other messages the case got in the time before."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_TO_CASE, number, until - within, until, beside))

    async def sender_belongs(self, number: str, address: str) -> bool | None:
        """Whether the complaint is this address's; None where the records know no such complaint."""
        async with self.connection() as connection:
            row = await connection.fetchrow(_BELONGS, number, email_key(address) or "\x01", _sender(address) or "")
        return bool(row[0]) if row and row[1] else None

    async def open_cases_of(self, address: str, *, since: datetime) -> list[str]:
        """The open complaints that came from this address since then."""
        async with self.connection() as connection:
            rows = await connection.fetch(_OPEN_OF_SENDER, email_key(address) or "\x01", _sender(address), since)
        return [row["number"] for row in rows]

    async def attachments(self, digest: str) -> list[AttachedFile]:
        """What came with a message, in its order."""
        async with self.connection() as connection:
            return [AttachedFile.model_validate(dict(row)) for row in await connection.fetch(_ATTACHMENTS, digest)]

    async def attachment(self, digest: str) -> bytes | None:
        """An attachment's bytes."""
        async with self.connection() as connection:
            data: bytes | None = await connection.fetchval(_ATTACHMENT, digest)
        return data


def key_beside(source_key: str, content: str) -> str:
    """The source key of a message whose own another message had before it."""
    return f"mail:sha256:{hashlib.sha256(f'{source_key}#{content}'.encode(errors='replace')).hexdigest()}"


def _sender(address: str | None) -> str | None:
    return email_key(one_line(address)) if address else None


def _clean(value: Any) -> Any:
    """Texts on one line, however deep: a header may hold what the database does not take."""
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return one_line(value) if isinstance(value, str) else value
