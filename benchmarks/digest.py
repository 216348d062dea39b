"""How fast a morning's digest is put together with 10,000 open complaints, and a review with a month's closings.

uv run python -m benchmarks.digest [CASES]
"""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.desk import CASES, seed
from complaints.contacts import load_contacts
from complaints.digest import digests_of
from complaints.mail.digest import render_digest
from complaints.policy_file import load_policy
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.rules.digest import DigestDay, digest_order
from complaints.rules.policy import rules_in_force
from complaints.rules.report.review import Month
from local.stack.postgres import Postgres

MONTH = Month.named("2026-01", timezone="America/Lima")
_CLOSE_ALL = """
INSERT INTO journal (number, seq, at, what, by, via, data)
SELECT number, seq + 1, $1, 'closed', 'bench', 'cli', '{"outcome": "satisfied"}' FROM complaints
"""


async def measured(cases: int) -> None:
    """Prints the figures."""
    policy, contacts, now = load_policy(None), load_contacts(), datetime.now(UTC)
    calendar = rules_in_force(policy, now.date()).calendar
    day = DigestDay.of(calendar.local_date(now), calendar, at=now)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        async with Postgres.started(Path(folder) / "pg", durable=False) as postgres:
            dsn = await postgres.create_database("digest")
            await migrate(dsn)
            store = await Store.connect(dsn)
            await seed(store, cases)
            began = time.perf_counter()
            standing = await store.standing(day)
            asked = time.perf_counter()
            found = digests_of(standing, (), day=day, contacts=contacts, policy=policy)
            for one in found:
                render_digest(
                    digest_order(one.key, day, language="es"), one.person, cases=one.cases, actions=one.actions,
                    contacts=contacts, timezone="America/Lima", calendar=calendar,
                )  # fmt: skip
            made = time.perf_counter()
            async with store.connection() as connection:
                await connection.execute(_CLOSE_ALL, MONTH.begins)
            opening = time.perf_counter()
            await store.open_review(MONTH, at=now)
            opened = time.perf_counter()
            await store.review(MONTH.name, limit=100)
            shown = time.perf_counter()
            await store.close()
    print(f"digest: asked in {(asked - began) * 1000:.0f} ms, {len(standing)} of {cases} open cases matter today")
    print(f"digest: {len(found)} people's letters made in {(made - asked) * 1000:.0f} ms")
    print(f"review: opened with {cases} closed complaints in {(opened - opening) * 1000:.0f} ms")
    print(f"review: a page of it read in {(shown - opened) * 1000:.0f} ms")


if __name__ == "__main__":
    asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES))
