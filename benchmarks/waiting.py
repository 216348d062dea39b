"""What complaints cost that are open and wait, at several sizes, and how each figure grows from one to the next.

uv run --group bench python -m benchmarks.waiting [--sizes 100,1000,10000,50000] [--lives 200] [--tables]

At each size: bytes in each store and memory of a complaint more (the slope since the size before, so that what an empty
host weighs does not count), processor time while nothing happens, a signal to the complaints that wait longest (beyond
1,000 they are not in memory) and to the last, and what a whole life costs beside them, in turns with lives on a second
host where the first size stays: within the half hour that 50,000 take to be opened, the same work costs this machine a
fifth more or less.
"""

import argparse
import asyncio
import math
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Self

import asyncpg

from benchmarks.lives import Ring, cpu_of, ring
from benchmarks.temporal_over_postgres import STORES
from local.stack.postgres import Postgres

KIB = 1024
QUIET = 10.0
"""Seconds in which nothing happens."""

BY_FEW = "CPU of a life beside them, by that beside the first size, in turns"

TURN = 50
"""Lives of a turn."""

SPOKEN_TO = 20
"""Complaints that hear something, of the first and of the last."""

DATABASES = {
    "our records": "ours_records",
    "Temporal's runs": STORES["default"][0],
    "Temporal's lists": STORES["visibility"][0],
}

_WEIGHTS = """
SELECT c.relname AS name, pg_relation_size(c.oid) AS rows, pg_indexes_size(c.oid) AS indexes,
    pg_total_relation_size(c.oid) AS whole
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'm')
"""


@dataclass(frozen=True)
class Weight:
    """What everything weighs at one moment."""

    tables: dict[str, dict[str, tuple[int, int, int]]]
    """Of each store: bytes of each table's rows, of its indexes, of all of it."""
    resident: int
    """Bytes of the worker's process."""

    def bytes_in(self, store: str) -> int:
        """All tables, with their indexes."""
        return sum(whole for _, _, whole in self.tables[store].values())

    @classmethod
    async def of(cls, at: Ring) -> Self:
        """Vacuumed, and with nothing in memory that nobody needs."""
        answer = await at.contestants["ours"].ask(waiting=0)
        return cls(await tables_of(at.postgres), answer["resident"])


@dataclass
class Waiting:
    """What was found with so many open."""

    count: int
    weight: Weight
    left: Weight
    """The same after what was said and lived at this size, from which the next one counts."""
    opened_a_second: float = 0.0
    idle: dict[str, float] = field(default_factory=dict)
    """Of each program, the part of a core while nothing happens."""
    said: dict[str, list[float]] = field(default_factory=dict)
    a_life: float = 0.0
    """Seconds of processor time of a whole life beside them."""
    a_life_beside_few: float = 0.0
    """The same on the host where only the first size is open, lived in turns with these."""

    def since(self, before: "Waiting") -> dict[str, float]:
        """Figures of this size; bytes of a complaint more since the size before."""
        more = self.count - before.count
        weight, then = self.weight, before.left
        stores = {name: (weight.bytes_in(name) - then.bytes_in(name)) / more / KIB for name in DATABASES}
        cuts = {which: statistics.quantiles(took, n=20) for which, took in self.said.items()}
        return {
            **{f"{name}, KiB each": kib for name, kib in stores.items()},
            "Temporal's stores, KiB each": sum(kib for name, kib in stores.items() if name.startswith("Temporal")),
            "memory of the worker, KiB each": (weight.resident - then.resident) / more / KIB,
            "opened a second": self.opened_a_second,
            **{f"{name} while nothing happens, % of a core": part * 100 for name, part in self.idle.items()},
            **{
                f"signal to row, the {which} opened, {name} ms": cut[at] * 1000
                for which, cut in cuts.items()
                for name, at in (("p50", 9), ("p95", 18))
            },
            "CPU of a life beside them, ms": self.a_life * 1000,
            **({BY_FEW: self.a_life / self.a_life_beside_few} if self.a_life_beside_few else {}),
        }


@dataclass
class Grown:
    """Several sizes; the first is the empty host."""

    sizes: list[Waiting]

    def figures(self) -> dict[str, dict[str, float]]:
        """By size."""
        return {
            f"{one.count:,} open": one.since(before) for before, one in zip(self.sizes, self.sizes[1:], strict=False)
        }

    def growth(self) -> dict[str, float]:
        """By how much each figure is more with ten times as many, in parts of the first; 0: it stays the same."""
        found = list(self.figures().values())
        tens = math.log10(self.sizes[-1].count / self.sizes[1].count) if len(found) > 1 else 0
        return {name: (found[-1][name] / first - 1) / tens for name, first in found[0].items() if first > 0 and tens}

    def table_lines(self) -> list[str]:
        """KiB that each table grew by for a complaint, between the last two sizes."""
        before, after = self.sizes[-2:]
        more, lines = after.count - before.count, []
        for store, tables in after.weight.tables.items():
            for name, now in sorted(tables.items(), key=lambda item: -item[1][2]):
                then = before.left.tables[store].get(name, (0, 0, 0))
                rows, indexes, whole = ((x - y) / more / KIB for x, y in zip(now, then, strict=True))
                if whole >= 0.05:
                    out = whole - rows - indexes
                    lines.append(
                        f"{store:16} {name:28} {whole:6.2f} KiB: {rows:.2f}, indexes {indexes:.2f}, out {out:.2f}"
                    )
        return lines


async def tables_of(postgres: Postgres) -> dict[str, dict[str, tuple[int, int, int]]]:
    """Bytes of every table, vacuumed."""
    found = {}
    for store, database in DATABASES.items():
        connection = await asyncpg.connect(postgres.dsn(database))
        try:
            await connection.execute("VACUUM ANALYZE", timeout=600)
            rows = await connection.fetch(_WEIGHTS)
        finally:
            await connection.close()
        found[store] = {row["name"]: (row["rows"], row["indexes"], row["whole"]) for row in rows}
    return found


def spent(at: Ring) -> dict[str, float]:
    """Seconds of processor time so far, by program."""
    pids = {"server": at.server.pid, "Postgres": at.postgres.pid, "worker": at.contestants["ours"].pid}
    return {name: cpu_of(pid) for name, pid in pids.items()}


async def lived(at: Ring, lives: int) -> float:
    """Seconds of processor time that so many lives took."""
    before = sum(spent(at).values())
    await at.contestants["ours"].ask(lives=lives, at_once=10)
    return sum(spent(at).values()) - before


async def at_size(at: Ring, few: Ring, before: Waiting, count: int, lives: int) -> Waiting:
    """So many are open in all, and on the other host as few as at first."""
    ours, began = at.contestants["ours"], time.perf_counter()
    await ours.ask(waiting=count - before.count)
    took = time.perf_counter() - began
    weight = await Weight.of(at)
    now = Waiting(count, weight, weight, (count - before.count) / took)
    before_quiet = spent(at)
    await asyncio.sleep(QUIET)
    now.idle = {name: (used - before_quiet[name]) / QUIET for name, used in spent(at).items()}
    if lives:
        now.said = await ours.ask(speaking=min(SPOKEN_TO, count // 4))
        turn = min(lives, TURN)
        for _ in range(turns := lives // turn):
            now.a_life_beside_few += await lived(few, turn) / turn / turns
            now.a_life += await lived(at, turn) / turn / turns
        now.left = await Weight.of(at)
    return now


async def waited(sizes: list[int], lives: int, *, embedded: bool = False) -> Grown:
    """One size after the other, on one host. The first life of all, and the first cases in memory, are not counted."""
    async with ring(["ours"], embedded=embedded) as at, ring(["ours"], embedded=embedded) as few:
        await few.contestants["ours"].ask(waiting=sizes[0])
        empty = await Weight.of(at)
        found = [Waiting(0, empty, empty)]
        for count in sizes:
            found.append(await at_size(at, few, found[-1], count, lives))
            print(f"{count:,} open after {found[-1].opened_a_second:.1f} a second", file=sys.stderr, flush=True)
    return Grown(found)


def lines(found: Grown) -> list[str]:
    """All of it."""
    said = []
    for size, figures in found.figures().items():
        said += [f"{size}:", *(f"  {name}: {value:.4g}" for name, value in figures.items())]
    if growth := found.growth():
        said += ["with ten times as many, more by:", *(f"  {name}: {part:+.0%}" for name, part in growth.items())]
    return said


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.waiting")
    parser.add_argument("--sizes", default="100,1000,10000,50000")
    parser.add_argument("--lives", type=int, default=200)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--embedded", action="store_true")
    options = parser.parse_args()
    found: Any = asyncio.run(
        waited([int(size) for size in options.sizes.split(",")], options.lives, embedded=options.embedded)
    )
    print("\n".join(lines(found) + (found.table_lines() if options.tables else [])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
