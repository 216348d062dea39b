"""Whole lives of complaints, ours and the same on DBOS, in turns in one run on the same Postgres, which waits for disk.

uv run --group bench python -m benchmarks.lives [--lives 40] [--at-once 1,20,100] [--waiting 300] [--rounds 2]
    [--only ours,dbos,dbos-ledger] [--embedded]

A life: receipt, acknowledgement, three signals, closing: 4 letters and 10 rows. `--embedded` runs ours on the server
that `complaints up` starts for trying, over SQLite in memory.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from benchmarks.temporal_over_postgres import STORES, roomy_postgres, served
from complaints.records.migrate import migrate
from local.stack.postgres import Postgres
from local.stack.temporal_server import TemporalServer
from starter.private_files import write_private
from workflows import names
from workflows.key_ring import VARIABLE, Key, KeyRing

WARM_UP = 10
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What a contestant needed for its lives at one degree of concurrency; all rounds together."""

    lives: int = 0
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    life: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    said: list[float] = field(default_factory=list)

    def add(self, answer: dict[str, Any], server: float, postgres: float) -> None:
        """One more round."""
        self.lives += len(answer["life"])
        self.seconds += answer["seconds"]
        for part, used in (("Python", answer["python"]), ("server", server), ("Postgres", postgres)):
            self.cpu[part] = self.cpu.get(part, 0.0) + used
        self.life += answer["life"]
        self.acknowledged += answer["acknowledged"]
        self.said += answer["said"]

    @property
    def a_second(self) -> float:
        """Whole lives a second."""
        return self.lives / self.seconds

    @property
    def cpu_a_life(self) -> float:
        """Milliseconds of processor time, all processes."""
        return sum(self.cpu.values()) / self.lives * 1000

    def line(self) -> str:
        """All of it."""
        parts = ", ".join(f"{part} {used / self.lives * 1000:.0f}" for part, used in self.cpu.items() if used)
        return (
            f"{self.a_second:5.1f} lives/s; CPU a life {self.cpu_a_life:.0f} ms ({parts}); "
            f"life {_cuts(self.life)}; acknowledged {_cuts(self.acknowledged)}; signal to row {_cuts(self.said)}"
        )


def _cuts(values: list[float]) -> str:
    if len(values) < 2:
        return "–"
    cuts = statistics.quantiles(values, n=100)
    return "/".join(f"{cuts[at] * 1000:.0f}" for at in (49, 94, 98)) + " ms"


class Contestant:
    """A child process that lives complaints when it is told to."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, who: str, environ: dict[str, str]) -> Self:
        """Once it is ready."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.contestant", who, env={**os.environ, **environ},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24,
        )  # fmt: skip
        one = cls(process)
        while await one._line() != b"ready":
            pass
        return one

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    async def ask(self, **request: Any) -> dict[str, Any]:
        """Its answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        while not (line := await self._line()).startswith(b"{"):
            print(line.decode(errors="replace"), file=sys.stderr)  # what a library has to say
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def stop(self) -> None:
        """Lets it end by itself."""
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()

    async def _line(self) -> bytes:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        if not line:
            raise SystemExit("a contestant has ended: see what it said above")
        return line.strip()


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process, its children and those that it has buried."""
    total = 0.0
    for one in _family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / TICKS
    return total


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


async def sizes(postgres: Postgres) -> dict[str, int]:
    """Bytes of each database, after a checkpoint's worth of settling."""
    import asyncpg

    connection = await asyncpg.connect(postgres.dsn())
    try:
        rows = await connection.fetch("SELECT datname, pg_database_size(datname) AS size FROM pg_database")
    finally:
        await connection.close()
    return {row["datname"]: row["size"] for row in rows}


@dataclass(frozen=True)
class Ring:
    """Where they live: one Postgres, one Temporal server, a process for each contestant."""

    postgres: Postgres
    server: TemporalServer
    contestants: dict[str, Contestant]


@asynccontextmanager
async def ring(who: Sequence[str], *, embedded: bool = False) -> AsyncIterator[Ring]:
    """All of it up; every contestant has lived some lives, and its code is warm."""
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)))
        postgres = await stack.enter_async_context(roomy_postgres(folder / "pg"))
        server = await stack.enter_async_context(
            TemporalServer.started(folder / "temporal", attributes=names.SEARCH_ATTRIBUTES)
            if embedded
            else served(postgres, folder / "temporal")
        )
        keys = folder / "payload.keys"
        write_private(keys, KeyRing((Key.made(),)).text())
        await postgres.create_database("dbos")
        contestants = {}
        for name in who:
            database = name.replace("-", "_") + "_records"
            dsn = await postgres.create_database(database)
            await migrate(dsn)
            dbos = await postgres.create_database(database + "_dbos")
            sealed = {VARIABLE: str(keys)} if name == "ours" else {}
            contestants[name] = await Contestant.start(
                name, {"BENCH_DSN": dsn, "BENCH_DBOS": dbos, "BENCH_TEMPORAL": server.address, **sealed}
            )
            stack.push_async_callback(contestants[name].stop)
            await contestants[name].ask(lives=WARM_UP, at_once=5)
        yield Ring(postgres, server, contestants)


@dataclass
class Measured:
    """What a run found."""

    figures: dict[str, dict[int, Figures]]
    """Of each contestant, by how many lives at once."""
    history: dict[str, int] = field(default_factory=dict)
    """`events` and `bytes` of one of our lives."""
    waiting: dict[str, float] = field(default_factory=dict)
    """KiB that one of ours takes that is open and acknowledged: by database, and `memory` of the worker."""

    def ratios(self, at_once: int) -> dict[str, float]:
        """Ours by DBOS."""
        mine, peer = self.figures["ours"][at_once], self.figures["dbos"][at_once]
        return {
            "lives/s": mine.a_second / peer.a_second,
            "CPU a life": mine.cpu_a_life / peer.cpu_a_life,
            "p50 of a life": statistics.median(mine.life) / statistics.median(peer.life),
        }


async def measured(options: argparse.Namespace) -> Measured:
    """Every contestant at every degree of concurrency, in turns."""
    who = options.only.split(",")
    figures: dict[str, dict[int, Figures]] = {name: {} for name in who}
    async with ring(who, embedded=options.embedded) as at:
        for at_once in map(int, options.at_once.split(",")):
            for _ in range(options.rounds):
                for name in who:
                    lives = max(options.lives, at_once) if at_once > 1 else options.lives // 2
                    server_cpu, postgres_cpu = cpu_of(at.server.pid), cpu_of(at.postgres.pid)
                    answer = await at.contestants[name].ask(lives=lives, at_once=at_once)
                    figures[name].setdefault(at_once, Figures()).add(
                        answer,
                        (cpu_of(at.server.pid) - server_cpu) if name == "ours" else 0.0,
                        cpu_of(at.postgres.pid) - postgres_cpu,
                    )
        found = Measured(figures)
        if "ours" in who:
            found.history = await at.contestants["ours"].ask(history=True)
            if options.waiting:
                found.waiting = await _waiting(options.waiting, at.contestants["ours"], at.postgres)
    return found


async def _waiting(count: int, contestant: Contestant, postgres: Postgres) -> dict[str, float]:
    before = await sizes(postgres)
    answer = await contestant.ask(waiting=count)
    after = await sizes(postgres)
    kept = {name: (after[name] - before[name]) / count / 1024 for name in after if name in before}
    shown = (*(name for name, _ in STORES.values()), "ours_records")
    return {name: kept[name] for name in shown if name in kept} | {
        "memory": (answer["resident"] - answer["before"]) / count / 1024
    }


def main() -> int:
    """Prints the figures, each with its ratio to DBOS."""
    parser = argparse.ArgumentParser(prog="benchmarks.lives")
    parser.add_argument("--lives", type=int, default=40)
    parser.add_argument("--at-once", default="1,20,100")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--waiting", type=int, default=300)
    parser.add_argument("--only", default="ours,dbos")
    parser.add_argument("--embedded", action="store_true")
    found = asyncio.run(measured(parser.parse_args()))
    if found.history:
        print("ours: a life's history:", found.history)
    if found.waiting:
        print("ours, open and acknowledged:", ", ".join(f"{name} {kib:.1f} KiB" for name, kib in found.waiting.items()))
    for at_once in next(iter(found.figures.values())):
        for name, by_rate in found.figures.items():
            print(f"{name}, {at_once} at once: {by_rate[at_once].line()}")
        if {"dbos", "ours"} <= found.figures.keys():
            shown = ", ".join(f"{what} {ratio:.2f}" for what, ratio in found.ratios(at_once).items())
            print(f"ours / DBOS, {at_once} at once: {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
