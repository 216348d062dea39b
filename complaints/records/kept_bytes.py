"""Whether the bytes that complaints tell of are those that came: mail, what was attached to it, and files of staff."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from complaints.records.connection import Connection

AT_ONCE = 50_000_000
"""Bytes that are looked at by one statement, or one message or file that is larger: Postgres has 15 s for it."""

# told: what rows and letters tell of, and what came by mail or by a form. What was taken back may be gone; of who is
# erased everything is.
_TOLD = """
WITH named AS (
    SELECT number, 'journal' AS source, seq::text AS key, file ->> 'digest' AS digest
    FROM journal, jsonb_array_elements(CASE jsonb_typeof(data -> 'files') WHEN 'array' THEN data -> 'files'
        ELSE '[]' END) AS file WHERE number = ANY ($1)
    UNION ALL SELECT number, 'letters', key, file ->> 'digest' FROM letters, jsonb_array_elements(files) AS file
    WHERE number = ANY ($1)
), told AS (
    SELECT * FROM named WHERE number NOT IN
        (SELECT number FROM afterwords WHERE number = ANY ($1) AND what = 'erased')
    UNION ALL SELECT number, 'messages', left(message, 12) || '/' || place, attachment
    FROM message_attachments JOIN messages ON messages.digest = message WHERE number = ANY ($1)
)
SELECT number, source, key, digest, octet_length(data) AS size, 'attachments' AS lies_in
FROM told LEFT JOIN attachments USING (digest)
UNION ALL
SELECT number, 'messages', left(digest, 12), digest, octet_length(raw), 'messages'
FROM messages WHERE number = ANY ($1)
ORDER BY number, source, key
"""
_OTHERS = {
    "attachments": "SELECT digest FROM attachments WHERE digest = ANY ($1) AND encode(sha256(data), 'hex') <> digest",
    "messages": "SELECT digest FROM messages WHERE digest = ANY ($1) AND encode(sha256(raw), 'hex') <> digest",
}


async def bytes_at_fault(connection: Connection, numbers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """By number: which file or message is gone (`file-gone`), or is another than its digest says (`file`, `mail`)."""
    told = [dict(row) for row in await connection.fetch(_TOLD, numbers)]
    other: dict[str, set[str]] = {}
    for lies_in, statement in _OTHERS.items():
        sizes = {row["digest"]: row["size"] for row in told if row["lies_in"] == lies_in and row["size"] is not None}
        other[lies_in] = {
            found["digest"] for some in _portions(sizes) for found in await connection.fetch(statement, some)
        }
    faults: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in told:
        check = "mail" if row["lies_in"] == "messages" else "file"
        if row["size"] is None:
            check = "file-gone"
        elif row["digest"] not in other[row["lies_in"]]:
            continue
        faults[row["number"]].append({"check": check, "source": row["source"], "key": row["key"], "columns": ""})
    return faults


def _portions(sizes: dict[str, int]) -> Iterator[list[str]]:
    """All of them, so many at a time that they can be looked at in the time that a statement has."""
    portion: list[str] = []
    together = 0
    for digest, size in sizes.items():
        if portion and together + size > AT_ONCE:
            yield portion
            portion, together = [], 0
        portion.append(digest)
        together += size
    if portion:
        yield portion
