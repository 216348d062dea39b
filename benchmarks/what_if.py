"""How long `complaints what-if` takes for a thousand past complaints, each played twice on the real engine.

uv run python -m benchmarks.what_if [CASES]
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from complaints.records.migrate import migrate
from complaints.records.store import Store
from local.stack.postgres import Postgres
from tests.past_september import SEPTEMBER, is_kept

TARGET = 600.0
"""Seconds for 1,000 complaints on two cores."""

CASES = 1_000
OTHER = 'version = "seven days"\n[escalation]\nafter = 7\n[windows]\nassessment = 1\n'


async def measured(cases: int) -> int:
    """Prints the figures; 1 if a case is not told as it was, or a thousand would take too long."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "other.toml").write_text(OTHER, encoding="utf-8")
        async with Postgres.started(folder / "pg", durable=False) as postgres:
            await migrate(postgres.dsn())
            store = await Store.connect(postgres.dsn())
            kept = await is_kept(store, times=-(-cases // len(SEPTEMBER)))
            rows = sum([len(await store.journal(number)) for number in kept[: len(SEPTEMBER)]])
            await store.close()
            began, before = time.monotonic(), _cpu()
            answer = await _asked(folder, postgres.dsn())
            took, spent = time.monotonic() - began, _cpu() - before
    told = sum(case["why_not"] is None and not case["unlike"] for case in answer["cases"])
    a_thousand = took / len(kept) * 1_000
    print(
        f"{len(kept)} complaints, {rows / len(SEPTEMBER):.0f} rows each, played twice: {took:.0f} s, "
        f"{spent:.0f} s of CPU"
    )
    print(f"told as they were: {told} of {len(kept)}")
    print(f"a thousand: {a_thousand / 60:.1f} min; target: under {TARGET / 60:.0f} min on two cores")
    return 0 if told == len(kept) and a_thousand < TARGET else 1


def _cpu() -> float:
    """Seconds of CPU that the command and its server have used: on a busy machine they say more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _asked(folder: Path, dsn: str) -> dict[str, list[dict[str, object]]]:
    days = ("--from", "2025-09-01", "--to", "2025-09-30")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", "what-if", "--policy", str(folder / "other.toml"), *days, "--json"),
        env={**os.environ, "DATABASE_URL": dsn, "COMPLAINTS_HOME": str(folder / "home")},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    answer: dict[str, list[dict[str, object]]] = json.loads(out)
    return answer


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)))
