"""Storms: many complaints that arrive at once, and many deadlines in one second; does the queue wait in Temporal?

uv run python -m benchmarks.storm [--arrivals 300] [--deadlines 300] [--embedded]

A case that is none of the storm's says something meanwhile, and how long its row takes is told. Workflow tasks are read
from the histories; a row is told twice where the worker wrote it twice, because a task was done again.
"""

import argparse
import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

import worker
from benchmarks.abreast import abreast
from benchmarks.contestant import resident
from benchmarks.lives import cpu_of
from benchmarks.mail_counter import MailCounter, mail_counter
from benchmarks.temporal_over_postgres import roomy_postgres, served
from complaints import long_running
from complaints.policy_file import load_policy
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.rules.journal import RecordBatch
from complaints.rules.policy import rules_in_force
from complaints.settings import Settings
from local.stack.temporal_server import TemporalServer
from starter.private_files import write_private
from workflows import names
from workflows.connection import connect
from workflows.key_ring import Key, KeyRing, Keys

PILOT = 40
"""Complaints that are opened before a storm of deadlines, to see how long one takes."""

AT_ONCE = 20
"""Complaints of it that are being opened at a time."""

CALLS_AT_ONCE = 50
"""Calls to Temporal in one moment, as fast as it answers: they are sealed in the worker's own process here, and all at
once would hold up the worker for ten seconds, which callers elsewhere do not."""

MOST_MINUTES = 30.0
"""After so long a storm is told as far as it has come."""

ASKED_EVERY = 1.0
"""Seconds between two signals to the case that is none of the storm's."""


class CountingStore(Store):
    """The store, which counts how often each row is told."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.told: Counter[tuple[str, int]] = Counter()
        self.at: dict[tuple[str, str], float] = {}
        self.changed = asyncio.Event()

    async def write(self, batch: RecordBatch) -> None:
        """As the store does."""
        await super().write(batch)
        for row in batch.rows:
            self.told[batch.record.number, row.seq] += 1
            self.at.setdefault((batch.record.number, row.what), time.perf_counter())
            if "event_id" in row.data:
                self.at[batch.record.number, row.data["event_id"]] = time.perf_counter()
        self.changed.set()

    async def has(self, *wanted: tuple[str, str]) -> None:
        """Until each of these numbers has such a row, or a row of that event."""
        missing = list(reversed(wanted))
        while missing:
            if missing[-1] in self.at:
                missing.pop()
                continue
            self.changed.clear()
            await self.changed.wait()

    @property
    def told_twice(self) -> int:
        """Rows that were told more than once."""
        return sum(times > 1 for times in self.told.values())


@dataclass
class Tasks:
    """The workflow tasks of some cases, as the server saw them."""

    longest: float = 0.0
    """Seconds from its start to its end."""
    over: int = 0
    """How many took more than 2 s."""
    lost: int = 0
    """How many failed or timed out."""
    count: int = 0

    @classmethod
    async def of(cls, client: Client, numbers: list[str]) -> "Tasks":
        """All of these cases' tasks."""
        tasks = cls()
        await abreast(10, numbers, partial(tasks._add, client))
        return tasks

    async def _add(self, client: Client, number: str) -> None:
        began = 0.0
        async for event in client.get_workflow_handle(number).fetch_history_events():
            at = event.event_time.seconds + event.event_time.nanos / 1e9
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                began, self.count = at, self.count + 1
            elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                self.longest = max(self.longest, at - began)
                self.over += at - began > LONG
            elif event.event_type in (
                EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
                EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
            ):
                self.lost += 1


LONG = 2.0
"""Seconds that a workflow task should not take."""


class Collections:
    """How long Python's garbage collector held everything up; a workflow task that it meets takes so much longer."""

    def __init__(self) -> None:
        self.longest = 0.0
        """Seconds."""
        self._began = 0.0

    def __enter__(self) -> Self:
        gc.callbacks.append(self._noted)
        return self

    def __exit__(self, *_: object) -> None:
        gc.callbacks.remove(self._noted)

    def _noted(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.longest = max(self.longest, time.perf_counter() - self._began)


@dataclass
class Storm:
    """How a storm went."""

    name: str
    count: int
    told: list[float]
    """Seconds until each was told, in order."""
    cpu: float
    tasks: Tasks
    told_twice: int
    other: float
    """The longest that a signal to another case took to its row, in seconds."""
    memory: int = 0
    """MiB of this process at its end: the worker, and what looks at it."""
    collected: float = 0.0
    """The longest that the garbage collector took, in seconds."""

    def figures(self) -> dict[str, float]:
        """By name."""
        cuts = statistics.quantiles(self.told, n=100)
        return {
            "seconds": self.told[-1],
            "not told": self.count - len(self.told),
            "told a second": len(self.told) / self.told[-1],
            "p50 s": cuts[49],
            "p99 s": cuts[98],
            "CPU each ms": self.cpu / self.count * 1000,
            "longest workflow task s": self.tasks.longest,
            "tasks over 2 s": self.tasks.over,
            "tasks lost": self.tasks.lost,
            "rows told twice": self.told_twice,
            "signal to another case s": self.other,
            "memory of the worker, MiB": self.memory,
            "longest garbage collection s": self.collected,
        }

    def line(self) -> str:
        """All of it."""
        return f"{self.name}, {self.count}: " + ", ".join(f"{what} {x:.4g}" for what, x in self.figures().items())


@dataclass
class Stage:
    """What a storm happens on."""

    client: Client
    store: CountingStore
    mail: MailCounter
    settings: Settings
    pids: list[int]
    dsn: str
    server: str
    keys: Path
    other: str = f"S-{uuid4().hex[:10]}"
    """A case that is none of a storm's."""

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """The real worker, in this process."""
        async with worker.working(self.client, self.settings, store=self.store):
            long_running.settle()  # as a worker's own process is
            yield

    def cpu(self) -> float:
        """Seconds of processor time so far, all processes."""
        return sum(map(cpu_of, self.pids)) + time.process_time()

    async def opens_other(self) -> None:
        """Opens the case that is none of a storm's, and waits until it is told."""
        await self.opens(self.other, datetime.now(UTC), timedelta(0))
        await self.store.has((self.other, "letter-sent"))

    async def opens(self, number: str, received_at: datetime, offset: timedelta) -> None:
        """A complaint by telephone, whose business clock is ahead by `offset`: it waits for no acknowledgement."""
        received = {
            "source_key": f"storm/{number}",
            "channel": "phone",
            "received_at": received_at,
            "customer": {"name": "Rosa Quispe", "document": "45678912", "email": f"{number.lower()}@correo.example"},
            "problem": {"description": "El curso no tuvo las horas prometidas. " * 8, "occurred_on": "2026-07-01"},
            "product": "Curso de Revit",
            "clock_offset": offset.total_seconds(),
        }
        await self.client.start_workflow(names.COMPLAINT, received, id=number, task_queue=self.settings.task_queue)


@asynccontextmanager
async def place(*, embedded: bool) -> AsyncIterator[Stage]:
    """A server, a Postgres that waits for the disk, a mail server that says yes; and no worker."""
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)))
        postgres = await stack.enter_async_context(roomy_postgres(folder / "pg"))
        server = await stack.enter_async_context(
            TemporalServer.started(folder / "temporal", attributes=names.SEARCH_ATTRIBUTES)
            if embedded
            else served(postgres, folder / "temporal")
        )
        dsn = await postgres.create_database("storm_records")
        await migrate(dsn)
        mail = await stack.enter_async_context(mail_counter())
        store = await CountingStore.connect(dsn)
        stack.push_async_callback(store.close)
        keys = folder / "payload.keys"
        write_private(keys, KeyRing((Key.made(),)).text())
        client = await connect(address=server.address, keys=Keys(keys))
        settings = Settings.from_env({"DATABASE_URL": dsn, "COMPLAINTS_SIMULATION": "1"})
        settings = settings.model_copy(update={"smtp": mail.smtp})
        yield Stage(client, store, mail, settings, [server.pid, postgres.pid], dsn, server.address, keys)
    await asyncio.sleep(0.5)  # Temporal's core may crash an interpreter that ends while its threads wind down


@asynccontextmanager
async def stage(*, embedded: bool) -> AsyncIterator[Stage]:
    """The place with the real worker, and a case that is none of a storm's."""
    async with place(embedded=embedded) as at, at.working():
        await at.opens_other()
        yield at


async def another_case_speaks(at: Stage, took: list[float]) -> None:
    """Signals to the case of before the storm, and how long each takes until its row is kept; until cancelled."""
    number = at.other
    while True:
        event, began = uuid4().hex, time.perf_counter()
        await at.client.get_workflow_handle(number).signal("noted", {"text": "Llamó.", "event_id": event})
        await at.store.has((number, event))
        took.append(at.store.at[number, event] - began)
        await asyncio.sleep(ASKED_EVERY)


async def measured(at: Stage, name: str, numbers: list[str], what: str, began: float, cpu: float) -> Storm:
    """Waits until each number has that row, or for as long as one would."""
    took: list[float] = []
    speaking = asyncio.create_task(another_case_speaks(at, took))
    with Collections() as collections, suppress(TimeoutError):
        async with asyncio.timeout(MOST_MINUTES * 60):
            await at.store.has(*((number, what) for number in numbers))
    speaking.cancel()
    told = sorted(at.store.at[number, what] - began for number in numbers if (number, what) in at.store.at)
    cpu, memory = at.cpu() - cpu, resident() >> 20
    tasks = await Tasks.of(at.client, numbers)
    other = max(took, default=0.0)
    return Storm(name, len(numbers), told, cpu, tasks, at.store.told_twice, other, memory, collections.longest)


async def arrivals(at: Stage, count: int) -> Storm:
    """So many that arrive at once, until each is journalled and its customer has a letter or a number."""
    numbers = new_numbers(count)
    began, cpu, now = time.perf_counter(), at.cpu(), datetime.now(UTC)

    async def arrives(number: str) -> None:
        await at.opens(number, now, timedelta(0))

    async with asyncio.TaskGroup() as arriving:
        arriving.create_task(abreast(CALLS_AT_ONCE, numbers, arrives))
        return await measured(at, "arrivals", numbers, "letter-sent", began, cpu)


async def deadlines(at: Stage, count: int) -> Storm:
    """So many whose assessment is late in the same second (§5.1): a row and a letter to the care team each."""
    numbers, strikes = await opened_for(at, count)
    await asyncio.sleep(max(0.0, (strikes - datetime.now(UTC)).total_seconds()))
    return await measured(at, "deadlines", numbers, LATE, time.perf_counter(), at.cpu())


LATE = "late/assessment"
"""The row of a window that has ended (§5.1)."""


def new_numbers(count: int) -> list[str]:
    """Workflow ids that nobody had."""
    return [f"S-{uuid4().hex[:10]}" for _ in range(count)]


async def opened_for(at: Stage, count: int, *, apart: float = 0.0) -> tuple[list[str], datetime]:
    """So many, open, acknowledged and told, whose assessment is late at the instant that comes with them; or at that
    one, and then each so many seconds after the one before."""
    day, policy = date(2026, 7, 22), load_policy(None)
    calendar = rules_in_force(policy, day).calendar
    received_at = calendar.opens(day) + timedelta(hours=1)
    ends = calendar.deadline(received_at, policy.windows.assessment)

    async def opens(numbers: list[str], strikes: datetime) -> None:
        async def one(place_and_number: tuple[int, str]) -> None:
            place, number = place_and_number
            await at.opens(number, received_at, ends - strikes - timedelta(seconds=apart * place))
            await at.store.has((number, "letter-sent"))

        await abreast(AT_ONCE, enumerate(numbers), one)

    began = time.perf_counter()
    await opens(new_numbers(PILOT), datetime.now(UTC) + timedelta(days=1))
    each = (time.perf_counter() - began) / PILOT
    strikes, numbers = datetime.now(UTC) + timedelta(seconds=10 + 1.5 * each * count), new_numbers(count)
    await opens(numbers, strikes)
    if (late := (datetime.now(UTC) - strikes).total_seconds()) > 0:
        raise SystemExit(f"opening {count} complaints took {late:.0f} s too long: fewer, or a quieter machine")
    return numbers, strikes


async def storms(options: argparse.Namespace) -> list[Storm]:
    """One after the other, on one stage."""
    async with stage(embedded=options.embedded) as at:
        found = []
        for storm, count in ((arrivals, options.arrivals), (deadlines, options.deadlines)):
            if count:
                found.append(await storm(at, count))
                print(found[-1].line(), file=sys.stderr, flush=True)
    return found


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.storm")
    parser.add_argument("--arrivals", type=int, default=300)
    parser.add_argument("--deadlines", type=int, default=300)
    parser.add_argument("--embedded", action="store_true")
    print("\n".join(storm.line() for storm in long_running.run(storms(parser.parse_args()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
