"""One contestant in a process of its own: `ours`, `dbos` or `dbos-ledger`; `benchmarks.lives` tells it what to live.

A line of JSON in, a line out: `{"lives": 50, "at_once": 20}` lives so many, `{"waiting": 300}` opens so many that stay
open, `{"speaking": 20}` says something to so many of these, the first and the last, `{"history": true}` tells what one
life leaves in its history.
"""

import asyncio
import gc
import json
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import worker
from benchmarks.abreast import abreast
from benchmarks.mail_counter import MailCounter, mail_counter
from complaints import long_running
from complaints.contacts import load_contacts
from complaints.mailer import mailer_of, own_addresses
from complaints.policy_file import load_policy
from complaints.records.store import Store
from complaints.rules.facts import Assigned, CustomerSatisfied, Fact, Noted, Resolved
from complaints.rules.journal import RecordBatch
from complaints.rules.received import ComplaintReceived
from complaints.settings import Settings
from starter.front_desk import FrontDesk
from workflows.connection import connect

SAID: tuple[tuple[Fact, int], ...] = (
    (Assigned(department="academic", by="Ana Flores"), 2),
    (Resolved(text="Se dictarán las horas que faltan.", by="Ana Flores"), 3),
    (CustomerSatisfied(by="customer"), 4),
)
"""What is said in a life, and how many letters have gone out then."""

ROWS, LETTERS = 10, 4
"""Of a life that ends: what every contestant must have done."""

Open = Callable[[ComplaintReceived], Awaitable[str]]
Say = Callable[[str, Fact], Awaitable[None]]


class NotingStore(Store):
    """The store, which notes when a row was kept."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._kept: dict[str, dict[str, asyncio.Future[None]]] = {}

    def row(self, number: str, what: str) -> asyncio.Future[None]:
        """Done once such a row of that complaint is kept."""
        return self._kept.setdefault(number, {}).setdefault(what, asyncio.get_running_loop().create_future())

    def forget(self, number: str) -> None:
        """Notes no more of what that complaint has told: what waits weighs as in a worker."""
        self._kept.pop(number, None)

    async def write(self, batch: RecordBatch) -> None:
        """As the store does."""
        await super().write(batch)
        for row in batch.rows:
            future = self.row(batch.record.number, f"#{row.seq}" if row.seq == ROWS else row.what)
            if not future.done():
                future.set_result(None)


class Lives:
    """Complaints that are lived, and how long each took."""

    def __init__(self, store: NotingStore, mail: MailCounter, open_: Open, say: Say) -> None:
        self.store, self.mail, self.open, self.say = store, mail, open_, say
        self.waiting: list[str] = []
        self.whole: list[float] = []
        self.acknowledged: list[float] = []
        self.said: list[float] = []

    async def live(self, lives: int, at_once: int) -> dict[str, Any]:
        """So many lives, so many at the same time."""
        self.whole, self.acknowledged, self.said = [], [], []

        async def one(_: int) -> None:
            await asyncio.wait_for(self.one(), 120)

        began, cpu = time.perf_counter(), time.process_time()
        await abreast(at_once, range(lives), one)
        took = time.perf_counter() - began
        return {
            "seconds": took,
            "python": time.process_time() - cpu,
            "life": self.whole,
            "acknowledged": self.acknowledged,
            "said": self.said,
        }

    async def one(self) -> str:
        """From receipt to closing; a life is over when its last row is kept."""
        began = time.perf_counter()
        number = await self.open(received())
        await self.mail.until(number, 1)
        self.acknowledged.append(time.perf_counter() - began)
        for fact, letters in SAID:
            said = time.perf_counter()
            row = self.store.row(number, fact.name)
            await self.say(number, fact)
            await row
            self.said.append(time.perf_counter() - said)
            await self.mail.until(number, letters)
        await self.store.row(number, f"#{ROWS}")
        self.whole.append(time.perf_counter() - began)
        return number

    async def wait(self, count: int) -> dict[str, Any]:
        """So many more that are opened, acknowledged and stay open; what the process holds before and after."""
        before = resident()

        async def opens(_: int) -> None:
            number = await self.open(received())
            await self.mail.until(number, 1)
            await self.store.row(number, "acknowledged")
            self.store.forget(number)
            self.waiting.append(number)

        await abreast(20, range(count), opens)
        return {"before": before, "resident": resident()}

    async def speak(self, count: int) -> dict[str, Any]:
        """Seconds from a signal to its row, one after the other: to those that wait longest, and to the last."""
        took: dict[str, list[float]] = {"first": [], "last": []}
        for which, numbers in (("first", self.waiting[:count]), ("last", self.waiting[-count:])):
            for number in numbers:
                began, row = time.perf_counter(), self.store.row(number, Noted.name)
                await self.say(number, Noted(text="Llamó la madre.", by="Ana Flores"))
                await asyncio.wait_for(row, 60)
                took[which].append(time.perf_counter() - began)
                self.store.forget(number)
        self.waiting = self.waiting[count:-count]  # each is asked once: it is in memory then
        return took


def resident() -> int:
    """Bytes of memory that this process holds, without what nobody needs any more."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def received() -> ComplaintReceived:
    """A complaint of a customer whom nobody knows."""
    return ComplaintReceived.model_validate(
        {
            "source_key": f"bench/{uuid.uuid4().hex}",
            "channel": "web",
            "received_at": datetime.now(UTC),
            "customer": {"name": "Rosa Quispe", "document": "45678912", "email": f"r{uuid.uuid4().hex}@correo.example"},
            "problem": {"description": "El curso no tuvo las horas prometidas. " * 8, "occurred_on": "2026-07-01"},
            "product": "Curso de Revit",
        }
    )


@asynccontextmanager
async def ours(store: NotingStore, mail: MailCounter) -> AsyncIterator[tuple[Lives, Any]]:
    """The real worker and the front desk."""
    client = await connect(address=os.environ["BENCH_TEMPORAL"])
    settings = Settings.from_env({"DATABASE_URL": os.environ["BENCH_DSN"]}).model_copy(update={"smtp": mail.smtp})
    desk = FrontDesk(client, store)

    async def opened(received: ComplaintReceived) -> str:
        return (await desk.open(received)).number

    async def says(number: str, fact: Fact) -> None:
        await client.get_workflow_handle(number).signal(fact.name, fact)

    async def history(number: str) -> dict[str, Any]:
        handle = client.get_workflow_handle(number)
        await handle.result()
        events = (await handle.fetch_history()).events
        return {"events": len(events), "bytes": sum(event.ByteSize() for event in events)}

    async with worker.working(client, settings, store=store):
        yield Lives(store, mail, opened, says), history


@asynccontextmanager
async def on_dbos(store: NotingStore, mail: MailCounter, *, ledger: bool) -> AsyncIterator[tuple[Lives, Any]]:
    """DBOS, launched; it comes with no server."""
    from dbos import DBOS, DBOSConfig, SetWorkflowID

    from benchmarks.dbos_life import TOPIC, World, complaint

    settings = Settings.from_env({"DATABASE_URL": os.environ["BENCH_DSN"]}).model_copy(update={"smtp": mail.smtp})
    World.store, World.contacts, World.policy = store, load_contacts(), load_policy(None)
    World.mailer, World.own, World.ledger = mailer_of(settings), own_addresses(settings), ledger
    DBOS(config=DBOSConfig(name="complaints", system_database_url=os.environ["BENCH_DBOS"], log_level="WARNING"))
    DBOS.launch()

    async def opened(received: ComplaintReceived) -> str:
        number = f"D-{uuid.uuid4().hex[:10]}"
        with SetWorkflowID(number):
            await DBOS.start_workflow_async(complaint, number, received.model_dump(mode="json"))
        return number

    async def says(number: str, fact: Fact) -> None:
        await DBOS.send_async(number, {"name": fact.name, "fact": fact.model_dump(mode="json")}, TOPIC)

    async def history(number: str) -> dict[str, Any]:
        return {}

    try:
        yield Lives(store, mail, opened, says), history
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=5)
        await World.mailer.close()


async def main(who: str) -> None:
    """Answers until the input ends."""
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        mail = await stack.enter_async_context(mail_counter())
        store = await NotingStore.connect(os.environ["BENCH_DSN"])
        stack.push_async_callback(store.close)
        entered = ours(store, mail) if who == "ours" else on_dbos(store, mail, ledger=who == "dbos-ledger")
        lives, history = await stack.enter_async_context(entered)
        long_running.settle()  # as our worker's, and for everybody: it is the process's matter, not the engine's
        print("ready", flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            match json.loads(line):
                case {"lives": count, "at_once": at_once}:
                    answer = await lives.live(count, at_once)
                case {"waiting": count}:
                    answer = await lives.wait(count)
                case {"speaking": count}:
                    answer = await lives.speak(count)
                case _:
                    answer = await history(await lives.one())
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    long_running.run(main(sys.argv[1]))
