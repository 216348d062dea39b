"""Storms: many complaints that arrive at once, and many deadlines in one second; does the queue wait in Temporal?

uv run python -m benchmarks.storm [--arrivals 300] [--deadlines 300] [--embedded]

A case that is none of the storm's says something meanwhile, and how long its row takes is told. Workflow tasks are read
from the histories; a row is told twice where the worker wrote it twice, because a task was done again.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

import worker
from benchmarks.lives import cpu_of
from benchmarks.mail_counter import MailCounter, mail_counter
from benchmarks.temporal_over_postgres import roomy_postgres, served
from complaints.policy_file import load_policy
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.rules.journal import RecordBatch
from complaints.rules.policy import rules_in_force
from complaints.settings import Settings
from local.stack.temporal_server import TemporalServer
from workflows import names
from workflows.connection import connect

AN_ARRIVAL = 0.35
"""Seconds that one complaint may take to be opened before the deadlines strike, on a busy machine."""

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
        while not all(one in self.at for one in wanted):
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
        for number in numbers:
            began = 0.0
            async for event in client.get_workflow_handle(number).fetch_history_events():
                at = event.event_time.seconds + event.event_time.nanos / 1e9
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                    began, tasks.count = at, tasks.count + 1
                elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                    tasks.longest = max(tasks.longest, at - began)
                    tasks.over += at - began > 2
                elif event.event_type in (
                    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
                    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
                ):
                    tasks.lost += 1
        return tasks


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

    def figures(self) -> dict[str, float]:
        """By name."""
        cuts = statistics.quantiles(self.told, n=100)
        return {
            "seconds": self.told[-1],
            "told a second": self.count / self.told[-1],
            "p50 s": cuts[49],
            "p99 s": cuts[98],
            "CPU each ms": self.cpu / self.count * 1000,
            "longest workflow task s": self.tasks.longest,
            "tasks over 2 s": self.tasks.over,
            "tasks lost": self.tasks.lost,
            "rows told twice": self.told_twice,
            "signal to another case s": self.other,
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
    other: str = f"S-{uuid4().hex[:10]}"
    """A case that is none of a storm's."""

    def cpu(self) -> float:
        """Seconds of processor time so far, all processes."""
        return sum(map(cpu_of, self.pids)) + time.process_time()

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
async def stage(*, embedded: bool) -> AsyncIterator[Stage]:
    """A server, a Postgres that waits for the disk, a mail server that says yes, and the real worker."""
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
        client = await connect(address=server.address)
        settings = Settings.from_env({"DATABASE_URL": dsn, "COMPLAINTS_SIMULATION": "1"})
        settings = settings.model_copy(update={"smtp": mail.smtp})
        await stack.enter_async_context(worker.working(client, settings, store=store))
        at = Stage(client, store, mail, settings, [server.pid, postgres.pid])
        await at.opens(at.other, datetime.now(UTC), timedelta(0))
        await at.store.has((at.other, "letter-sent"))
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
    """Waits until each number has that row."""
    took: list[float] = []
    speaking = asyncio.create_task(another_case_speaks(at, took))
    await at.store.has(*((number, what) for number in numbers))
    speaking.cancel()
    told = sorted(at.store.at[number, what] - began for number in numbers)
    cpu = at.cpu() - cpu
    tasks = await Tasks.of(at.client, numbers)
    return Storm(name, len(numbers), told, cpu, tasks, at.store.told_twice, max(took, default=0.0))


async def arrivals(at: Stage, count: int) -> Storm:
    """So many that arrive at once, until each is journalled and its customer has a letter or a number."""
    numbers = [f"S-{uuid4().hex[:10]}" for _ in range(count)]
    began, cpu, now = time.perf_counter(), at.cpu(), datetime.now(UTC)
    await asyncio.gather(*(at.opens(number, now, timedelta(0)) for number in numbers))
    return await measured(at, "arrivals", numbers, "letter-sent", began, cpu)


async def deadlines(at: Stage, count: int) -> Storm:
    """So many whose assessment is late in the same second (§5.1): a row and a letter to the care team each."""
    day, policy = date(2026, 7, 22), load_policy(None)
    calendar = rules_in_force(policy, day).calendar
    received_at = calendar.opens(day) + timedelta(hours=1)
    strikes = calendar.deadline(received_at, policy.windows.assessment)
    at_once = datetime.now(UTC) + timedelta(seconds=count * AN_ARRIVAL + 5)
    numbers = [f"S-{uuid4().hex[:10]}" for _ in range(count)]
    for number in numbers:
        await at.opens(number, received_at, strikes - at_once)
    await at.store.has(*((number, "received") for number in numbers))
    left = (at_once - datetime.now(UTC)).total_seconds()
    if left < 0:
        raise SystemExit(f"opening {count} complaints took {-left:.0f} s too long: fewer, or a quieter machine")
    await asyncio.sleep(left)
    return await measured(at, "deadlines", numbers, "late/assessment", time.perf_counter(), at.cpu())


async def storms(options: argparse.Namespace) -> list[Storm]:
    """One after the other, on one stage."""
    async with stage(embedded=options.embedded) as at:
        found = [
            await storm(at, count)
            for storm, count in ((arrivals, options.arrivals), (deadlines, options.deadlines))
            if count
        ]
    await asyncio.sleep(0.5)  # Temporal's core may crash an interpreter that ends while its threads wind down
    return found


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.storm")
    parser.add_argument("--arrivals", type=int, default=300)
    parser.add_argument("--deadlines", type=int, default=300)
    parser.add_argument("--embedded", action="store_true")
    print("\n".join(storm.line() for storm in asyncio.run(storms(parser.parse_args()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
