"""Three workers share the work of many arrivals, and one of them is lost in the midst: what that costs, and whom.

uv run python -m benchmarks.several_workers [--arrivals 300] [--workers 3]

Each is a process of its own. When a third of all letters is out one is killed. What it had in its hands waits until
Temporal gives it to another; no letter goes out twice.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.storm import MOST_MINUTES, Stage, Tasks, new_numbers, place
from workflows.key_ring import VARIABLE

_WORKER = """
import asyncio, os, worker
from complaints.settings import Settings
asyncio.run(worker.run(Settings.from_env(os.environ)))
"""

KILLED_AFTER = 1 / 3
"""Of the letters."""


@dataclass
class Shared:
    """How it went."""

    workers: int
    count: int
    told: list[float]
    """Seconds until each complaint's letter, in order."""
    lost_at: float
    letters_twice: int
    tasks: Tasks

    def figures(self) -> dict[str, float]:
        """By name."""
        cuts = statistics.quantiles(self.told, n=100)
        gaps = [later - earlier for earlier, later in zip(self.told, self.told[1:], strict=False)]
        return {
            "seconds": self.told[-1],
            "without a letter": self.count - len(self.told),
            "told a second": len(self.told) / self.told[-1],
            "p50 s": cuts[49],
            "p99 s": cuts[98],
            "one lost after s": self.lost_at,
            "longest pause of all s": max(gaps),
            "tasks done again": self.tasks.lost,
            "letters twice": self.letters_twice,
        }


@asynccontextmanager
async def one_worker(at: Stage) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own, ready."""
    environ = {
        **os.environ,
        "DATABASE_URL": at.dsn,
        "TEMPORAL_ADDRESS": at.server,
        "SMTP_URL": f"smtp://127.0.0.1:{at.mail.port}?tls=none",
        VARIABLE: str(at.keys),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout
        while await process.stdout.readline() not in (b"ready\n", b""):
            pass
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def shared(at: Stage, count: int, workers: int) -> Shared:
    """So many arrive at once, and are told by what is left of so many workers."""
    numbers, now, told, enough = new_numbers(count), datetime.now(UTC), list[float](), asyncio.Event()

    async def arrives(number: str) -> None:
        await at.opens(number, now, timedelta(0))
        await at.mail.until(number, 1)
        told.append(time.perf_counter() - began)
        if len(told) >= count * KILLED_AFTER:
            enough.set()

    async with AsyncExitStack() as stack:
        working = [await stack.enter_async_context(one_worker(at)) for _ in range(workers)]
        began = time.perf_counter()
        arriving = asyncio.gather(*(arrives(number) for number in numbers))
        await enough.wait()
        working[0].send_signal(signal.SIGKILL)
        lost_at = time.perf_counter() - began
        with suppress(TimeoutError):
            await asyncio.wait_for(arriving, MOST_MINUTES * 60)
        tasks = await Tasks.of(at.client, numbers)
    twice = sum(at.mail.letters[number] > 1 for number in numbers)
    return Shared(workers, count, told, lost_at, twice, tasks)


async def found(count: int, workers: int, *, embedded: bool = False) -> Shared:
    """On a stage of its own."""
    async with place(embedded=embedded) as at:
        return await shared(at, count, workers)


def main() -> int:
    """Prints the figures; 1 where a letter went out twice or not at all."""
    parser = argparse.ArgumentParser(prog="benchmarks.several_workers")
    parser.add_argument("--arrivals", type=int, default=300)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--embedded", action="store_true")
    options = parser.parse_args()
    result = asyncio.run(found(options.arrivals, options.workers, embedded=options.embedded))
    print(", ".join(f"{what} {value:.4g}" for what, value in result.figures().items()))
    return int(result.letters_twice > 0 or len(result.told) < options.arrivals)


if __name__ == "__main__":
    sys.exit(main())
