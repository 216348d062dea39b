"""All that is kept of complaints, for whoever proves that it holds together; and what came of the last proofs."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from complaints.records.cases import WRITTEN_COLUMNS
from complaints.records.connection import Connected, Connection
from complaints.records.kept_bytes import bytes_at_fault
from complaints.rules.after_end import Afterword
from complaints.rules.faults import Fault
from complaints.rules.journal import CallTask
from complaints.rules.kept_letters import KeptLetter
from complaints.rules.letters import LetterKind
from complaints.rules.page_links import all_covered
from complaints.rules.verification import Kept, Verification

_AHEAD = 1_000
"""Numbers that the server-side cursor hands over at a time."""

_NUMBERS = "SELECT number FROM complaints ORDER BY number"
# as written: to compile a statement for a hundred complaints takes longer than to answer it.
_AS_WRITTEN = "SET LOCAL jit = off"
_STATES = f"SELECT {WRITTEN_COLUMNS}, recorded_at FROM complaints WHERE number = ANY ($1) ORDER BY number"  # noqa: S608
_ROWS = """
SELECT number, seq, at, what, by, via, data, recorded_at FROM journal WHERE number = ANY ($1) ORDER BY number, seq
"""
_CALLS = f"""
SELECT number, {", ".join(CallTask.model_fields)}, seq FROM calls WHERE number = ANY ($1) ORDER BY number, task
"""  # noqa: S608 - the columns are the model's fields
_LETTERS = f"""
SELECT number, {", ".join(KeptLetter.model_fields)} FROM letters WHERE number = ANY ($1) ORDER BY number, key
"""  # noqa: S608
_AFTERWORDS = """
SELECT number, event_id, at, what, by, via, data FROM afterwords WHERE number = ANY ($1)
ORDER BY number, at, recorded_at, event_id
"""
# chain: links that do not follow, rows and links without each other, and fields that are not what was written. A field
# whose salt was erased with it is not compared, where an erasure is noted; a column that a later migration added was
# never written. Digest and hash are written out here as `chain_digest` and `chain_hash` have them: called, they take
# three times as long (`convert_to` is no immutable function, so that Postgres does not put their words in their place).
# So are all digests of a link compared at once, and field by field only where they are not the same.
_DIGEST = "encode(sha256(convert_to((salts ->> {name}) || ' ' || {name} || ' ' || {value}, 'UTF8')), 'hex')"
_HASH = "sha256(coalesce(previous, '') || convert_to(source || ' ' || key || ' ' || digests::text, 'UTF8'))"
_CHAIN = f"""
WITH erased AS (
    SELECT number FROM afterwords WHERE number = ANY ($1) AND what = 'erased'
), links AS (
    SELECT *, lag(hash) OVER links AS previous, row_number() OVER links AS place
    FROM chain WHERE number = ANY ($1) WINDOW links AS (PARTITION BY number ORDER BY link)
), written AS (
    SELECT number, 'journal' AS source, seq::text AS key, to_jsonb(journal) AS fields
    FROM journal WHERE number = ANY ($1)
    UNION ALL SELECT number, 'afterwords', event_id, to_jsonb(afterwords) FROM afterwords WHERE number = ANY ($1)
    UNION ALL SELECT number, 'letters', key, chained('letters', to_jsonb(letters)) FROM letters
    WHERE number = ANY ($1) AND message_id IS NOT NULL
), other AS MATERIALIZED (
    SELECT * FROM links JOIN written USING (number, source, key) WHERE digests IS DISTINCT FROM (
        SELECT jsonb_object_agg(name, {_DIGEST.format(name="name", value="value")})
        FROM chain_fields(fields) WHERE digests ? name OR name LIKE 'data.%'
    )
)
SELECT number, 'chain-broken' AS check, source, key, '' AS columns FROM links
WHERE place <> link OR hash <> {_HASH}
UNION ALL
SELECT number, CASE WHEN links.link IS NULL THEN 'unchained' ELSE 'chain-lost' END, source, key, ''
FROM links FULL JOIN written USING (number, source, key) WHERE links.link IS NULL OR written.fields IS NULL
UNION ALL
SELECT number, 'chain', source, key, array_to_string(changed, ', ')
FROM other, LATERAL (
    SELECT array_agg(coalesce(now.name, kept.key) ORDER BY 1)
    FROM chain_fields(fields) AS now FULL JOIN jsonb_each_text(digests) AS kept ON kept.key = now.name
    WHERE (kept.key IS NULL AND now.name LIKE 'data.%')
        OR (salts ? kept.key
            AND (now.name IS NULL OR kept.value <> {_DIGEST.format(name="now.name", value="now.value")}))
        OR (NOT salts ? kept.key AND number NOT IN (SELECT number FROM erased))
) AS found (changed) WHERE changed IS NOT NULL
"""  # noqa: S608 - what is put in is ours
# head: of all chains together; who has it written down elsewhere sees a chain that was rewritten as a whole. One number
# after the other is looked up in the index, and its newest link: to sort every link takes longer than a statement has.
_HEAD = """
WITH RECURSIVE numbers (number) AS (
    (SELECT number FROM chain ORDER BY number LIMIT 1)
    UNION ALL
    SELECT (SELECT chain.number FROM chain WHERE chain.number > numbers.number ORDER BY chain.number LIMIT 1)
    FROM numbers WHERE numbers.number IS NOT NULL
)
SELECT encode(sha256(string_agg(newest.hash, '' ORDER BY numbers.number)), 'hex') FROM numbers, LATERAL (
    SELECT hash FROM chain WHERE chain.number = numbers.number AND (linked_at <= $1 OR $1::timestamptz IS NULL)
    ORDER BY link DESC LIMIT 1
) AS newest
"""
# of nobody: letters of a complaint's kind whose number no complaint has; a tombstone has no kind.
_OF_NOBODY = """
SELECT number, key FROM letters
WHERE NOT EXISTS (SELECT FROM complaints WHERE complaints.number = letters.number) AND (kind = ANY ($1) OR kind IS NULL)
ORDER BY number, key LIMIT $2
"""
_KEEP = "INSERT INTO verifications (at, whole, faults, result) VALUES ($1, $2, $3, $4)"
_NEWEST = "SELECT result FROM verifications WHERE whole ORDER BY at DESC LIMIT 1"
_KINDS = [kind.value for kind in LetterKind]


class Verifications(Connected):
    """The part of the store that shows everything that is kept, and remembers what was proved."""

    async def all_numbers(self) -> AsyncIterator[str]:
        """The number of every complaint there is, through a cursor of the server's: never all of them at once here."""
        async with self.one_moment() as connection:
            async for row in connection.cursor(_NUMBERS, prefetch=_AHEAD):
                yield row["number"]

    async def kept(self, numbers: Sequence[str]) -> list[Kept]:
        """All that is kept of these complaints, as of one moment; of those that are there."""
        async with self.one_moment() as connection:
            await connection.execute(_AS_WRITTEN)
            states = await connection.fetch(_STATES, numbers)
            rows = await _by_number(connection, _ROWS, numbers)
            calls = await _by_number(connection, _CALLS, numbers)
            letters = await _by_number(connection, _LETTERS, numbers)
            afterwords = await _by_number(connection, _AFTERWORDS, numbers)
            chain = await _by_number(connection, _CHAIN, numbers)
            files = await bytes_at_fault(connection, numbers)
        return [
            Kept(
                number=(number := state["number"]),
                state=all_covered(dict(state)),
                rows=rows[number],
                calls=[CallTask.model_validate(call) for call in calls[number]],
                calls_told_to=[call["seq"] for call in calls[number]],
                letters=[KeptLetter.model_validate(letter) for letter in letters[number]],
                afterwords=[Afterword.model_validate(word) for word in afterwords[number]],
                chain=[_chain_fault(number, found) for found in [*chain[number], *files[number]]],
            )
            for state in states
        ]

    async def chain_head(self, at: datetime | None = None) -> str | None:
        """One hash over the newest link of every complaint, in hex: another one where anything before it is another.

        None where nothing was chained by then: a hash of nothing would prove nothing.
        `at`: as it was then, some minutes ago at least: what was being written at that moment may not be there yet.
        """
        async with self.connection() as connection:
            head: str | None = await connection.fetchval(_HEAD, at)
        return head

    async def letters_of_nobody(self, *, limit: int) -> list[tuple[str, str]]:
        """Number and key of letters of a complaint that the records do not know."""
        async with self.connection() as connection:
            return [(row["number"], row["key"]) for row in await connection.fetch(_OF_NOBODY, _KINDS, limit)]

    async def keep_verification(self, result: Verification) -> None:
        """Remembers what came of one: rows are only added."""
        async with self.connection() as connection:
            said = result.model_dump(mode="json")
            await connection.execute(_KEEP, result.at, result.whole, result.found, said)

    async def newest_verification(self) -> Verification | None:
        """What came of the last that looked at everything; None: there was none yet."""
        async with self.connection() as connection:
            found: Any = await connection.fetchval(_NEWEST)
        return Verification.model_validate(found) if found else None


async def _by_number(connection: Connection, statement: str, numbers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await connection.fetch(statement, numbers):
        found[row["number"]].append(_without_number(row))
    return found


def _chain_fault(number: str, found: dict[str, Any]) -> Fault:
    about = {"source": found["source"], "key": found["key"]} | ({"columns": c} if (c := found["columns"]) else {})
    return Fault(number=number, check=found["check"], about=about)


def _without_number(row: asyncpg.Record) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "number"}
