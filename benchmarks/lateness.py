"""How late a deadline is told: in calm, one after the other; and after a worker was away while many fell due.

uv run python -m benchmarks.lateness [--calm 60] [--away 2000]

A row of the journal counts, as it is kept. What fell due while the worker was away is not in its memory when it comes
back: each case is replayed first.
"""

import argparse
import asyncio
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.storm import LATE, Stage, Storm, measured, opened_for, place
from complaints import long_running

APART = 1.0
"""Seconds between two deadlines in calm."""

TARGET = 1.5
"""Seconds of a deadline in calm, 99 of 100."""


@dataclass
class Late:
    """What was found."""

    calm: list[float]
    """Seconds from each deadline to its row."""
    away: Storm | None

    def figures(self) -> dict[str, dict[str, float]]:
        """By name; the storm's seconds count from the worker's return."""
        found = {}
        if self.calm:
            cuts = statistics.quantiles(self.calm, n=100)
            found[f"in calm, {len(self.calm)} deadlines"] = {
                "p50 s": cuts[49],
                "p99 s": cuts[98],
                "longest s": max(self.calm),
            }
        if self.away:
            found[f"a worker away with {self.away.count:,} due"] = self.away.figures()
        return found


async def in_calm(at: Stage, count: int) -> list[float]:
    """Seconds from each deadline to its row."""
    numbers, strikes = await opened_for(at, count, apart=APART)
    clock = time.perf_counter() - time.time()
    await at.store.has(*((number, LATE) for number in numbers))
    due = (strikes + timedelta(seconds=APART * place_) for place_ in range(count))
    return [at.store.at[number, LATE] - (when.timestamp() + clock) for number, when in zip(numbers, due, strict=True)]


async def after_being_away(at: Stage, count: int) -> Storm:
    """So many fall due in one second, while no worker is there; told from the moment at which one comes back."""
    async with at.working():
        await at.opens_other()
        numbers, strikes = await opened_for(at, count)
    await asyncio.sleep(max(0.0, (strikes - datetime.now(UTC)).total_seconds()) + 2)
    began, cpu = time.perf_counter(), at.cpu()
    async with at.working():
        return await measured(at, "away", numbers, LATE, began, cpu)


async def found(calm: int, away: int, *, embedded: bool = False) -> Late:
    """One after the other, on one stage."""
    async with place(embedded=embedded) as at:
        took = []
        if calm:
            async with at.working():
                took = await in_calm(at, calm)
        storm = await after_being_away(at, away) if away else None
    return Late(took, storm)


def main() -> int:
    """Prints the figures; 1 if one in calm misses its target."""
    parser = argparse.ArgumentParser(prog="benchmarks.lateness")
    parser.add_argument("--calm", type=int, default=60)
    parser.add_argument("--away", type=int, default=2000)
    parser.add_argument("--embedded", action="store_true")
    options = parser.parse_args()
    late = long_running.run(found(options.calm, options.away, embedded=options.embedded))
    for name, figures in late.figures().items():
        print(f"{name}: " + ", ".join(f"{what} {value:.3g}" for what, value in figures.items()))
    return int(bool(late.calm) and statistics.quantiles(late.calm, n=100)[98] > TARGET)


if __name__ == "__main__":
    sys.exit(main())
