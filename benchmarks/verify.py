"""How long `complaints verify` takes with 100,000 complaints in the records, letters and calls with them.

Some hundreds of lives are played by the real case and kept by the real store, as if lived in real time; then copied.

uv run python -m benchmarks.verify [CASES]
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from benchmarks.report import ENDS, Player
from complaints.policy_file import load_policy
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.rules.contents import letter_order
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOrder, LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.status import record_of
from complaints.verifying import Asked, verified
from local.stack.postgres import Postgres
from local.stack.postgres_place import SUPERUSER
from tests.records.lived import in_real_time

CASES = 100_000
PLAYED = 200
TARGET = 300.0
"""Seconds, for so many."""


class Writer(Player):
    """A player whose letters have Message-IDs of their own, and are kept in the ledger."""

    def post(self) -> None:
        self.sent: list[tuple[LetterOrder, str]] = getattr(self, "sent", [])
        while waiting := lanes(self.case):
            for recipient in waiting:
                if notice := next_letter(self.case, recipient):
                    message_id = f"<{len(self.sent)}.{self.case.number}@x.example>"
                    self.sent.append((letter_order(self.case, notice, staff_language="es"), message_id))
                    notice.state = LetterState.CLAIMED.value
                    letter_ended(self.case, notice.key, LetterOutcome(state=LetterState.SENT, message_id=message_id))


_COPIES = (
    """
    INSERT INTO complaints SELECT (jsonb_populate_record(c, jsonb_build_object(
        'number', c.number || '-' || copy, 'source_key', c.source_key || '/' || copy))).*
    FROM complaints c, generate_series($1::integer, $2::integer) copy WHERE number NOT LIKE '%-%-%'
    """,
    """
    INSERT INTO journal (number, seq, at, what, by, via, data, recorded_at)
    SELECT number || '-' || copy, seq, at, what, by, via,
        CASE WHEN seq = 1 THEN jsonb_set(data, '{received,source_key}',
                to_jsonb((data #>> '{received,source_key}') || '/' || copy))
            WHEN data ? 'message_id' THEN jsonb_set(data, '{message_id}', to_jsonb(copy || (data ->> 'message_id')))
            ELSE data END, recorded_at
    FROM journal, generate_series($1::integer, $2::integer) copy WHERE number NOT LIKE '%-%-%'
    """,
    """
    INSERT INTO letters SELECT (jsonb_populate_record(l, jsonb_build_object(
        'number', l.number || '-' || copy, 'message_id', copy || l.message_id))).*
    FROM letters l, generate_series($1::integer, $2::integer) copy WHERE number NOT LIKE '%-%-%'
    """,
)
# links: what the trigger would write, a link of all copies at a time; of most fields the digest is the first one's.
_LINKS = """
INSERT INTO chain (number, link, source, key, salts, digests, hash)
SELECT new.number, $3, new.source, new.key, new.salts, new.digests,
    chain_hash(before.hash, new.source, new.key, new.digests)
FROM (
    SELECT one.number || '-' || copy AS number, one.source, one.key, one.salts, one.digests || (
        SELECT jsonb_object_agg(field, chain_digest(one.salts ->> field, field, value::text)) FROM (
            SELECT 'number' AS field, to_jsonb(one.number || '-' || copy) AS value
            UNION ALL SELECT 'data.' || name, row.data -> name
            FROM unnest('{received,message_id}'::text[]) AS name WHERE one.salts ? ('data.' || name)
            UNION ALL SELECT 'message_id', to_jsonb(letter.message_id) WHERE one.source = 'letters'
        ) AS other
    ) AS digests
    FROM chain AS one CROSS JOIN generate_series($1::integer, $2::integer) AS copy
    LEFT JOIN journal AS row ON one.source = 'journal' AND row.number = one.number || '-' || copy
        AND row.seq::text = one.key
    LEFT JOIN letters AS letter ON one.source = 'letters' AND letter.number = one.number || '-' || copy
        AND letter.key = one.key
    WHERE one.link = $3 AND one.number NOT LIKE '%-%-%'
) AS new LEFT JOIN chain AS before ON before.number = new.number AND before.link = $3 - 1
"""
_COPIED_AT_ONCE = 50


async def seeded(store: Store, superuser: str, cases: int) -> None:
    """Fills the records."""
    chance, policy = random.Random(7), load_policy(None)
    played = min(PLAYED, cases)
    for index in range(played):
        player = Writer(index, chance, policy)
        case = player.lives()
        case.settle(ENDS)
        player.post()
        await store.write(RecordBatch(record=record_of(case), rows=tuple(case.rows), calls=tuple(case.calls)))
        for order, message_id in player.sent:
            to, lease = order.customer_email or "staff@escuela.example", timedelta(minutes=1)
            await store.claim(order, message_id=message_id, to_address=to, subject="…", text="…", html="…", lease=lease)
            await store.settle(order.number, order.key, LetterState.SENT)
        over = [row.data["key"] for row in case.rows if row.what == "letter-superseded"]
        await store.supersede(case.number, over)
    await in_real_time(superuser)
    connection = await asyncpg.connect(superuser)
    try:
        await connection.execute("SET session_replication_role = replica")  # no triggers; and times in the chain's zone
        await connection.execute("SET timezone = 'UTC'")
        links = await connection.fetchval("SELECT max(link) FROM chain")
        for first in range(1, cases // played, _COPIED_AT_ONCE):
            last = min(first + _COPIED_AT_ONCE, cases // played) - 1
            for statement in _COPIES:
                await connection.execute(statement, first, last)
            await connection.execute("ANALYZE")
            for link in range(1, links + 1):
                await connection.execute(_LINKS, first, last, link)
            print(f"{(last + 1) * played:,} complaints", flush=True)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def measured(cases: int) -> int:
    """Prints the figures; 1 if the target is missed or anything is found that is none."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        async with Postgres.started(Path(name) / "pg", durable=False) as postgres:
            await migrate(postgres.dsn())
            store = await Store.connect(postgres.dsn())
            before = time.perf_counter()
            await seeded(store, _superuser(postgres), cases)
            await store.close()
            print(f"seeded in {time.perf_counter() - before:.0f} s")
            own = os.times()
            result = await verified(Asked(postgres.dsn(), _look_at()))
            used = os.times()
    spent = used.children_user + used.children_system - own.children_user - own.children_system
    spent += used.user + used.system - own.user - own.system
    print(
        f"{result.complaints:,} complaints, {result.rows:,} rows, {result.letters:,} letters: {result.took:.1f} s with "
        f"{os.cpu_count()} processes, {1000 * spent / max(1, result.complaints):.1f} ms of processor time each"
    )
    print(f"faults: {result.found} {[fault.model_dump() for fault in result.faults[:3]]}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; target {TARGET:.0f} s")
    return int(result.took >= TARGET * cases / CASES or bool(result.found))


def _superuser(postgres: Postgres) -> str:
    database = urlsplit(postgres.dsn()).path.removeprefix("/")
    return postgres.place.dsn(database, role=SUPERUSER)


def _look_at() -> datetime:
    return ENDS + timedelta(minutes=30)


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)))
