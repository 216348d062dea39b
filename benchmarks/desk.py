"""How fast the desk answers with 10,000 open complaints: the board, a case, and what a first visit transfers.

uv run python -m benchmarks.desk [CASES]
"""

import asyncio
import random
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

import worker
from benchmarks.processor import Processor
from benchmarks.stage import stage
from complaints.contacts_file import ContactsFile
from complaints.passwords import Passwords
from complaints.policy_file import load_policy
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.facts import Assessed, Assigned, Resolved
from complaints.rules.journal import RecordBatch
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.status import record_of
from complaints.settings import Settings
from desk.app import application
from desk.app_state import AppState
from starter.front_desk import FrontDesk

CASES = 10_000
ROUNDS, WARM_UP = 200, 10

BOARD_TARGET, CASE_TARGET, VISIT_TARGET = 150.0, 80.0, 150_000
"""Milliseconds at the server, p95; bytes of a first visit."""

DEPARTMENTS = ("academic", "systems", "finance", None)
NAMES = ("Rosa", "Luis", "Carmen", "Jorge", "Lucía", "Pedro", "Inés", "Raúl")
FAMILIES = ("Quispe", "Huamán", "Flores", "Rojas", "Salas", "Núñez", "Díaz", "Vega")
PASSWORD = "cuatro gatos en el techo 7"


def a_life(index: int, chance: random.Random, policy: Policy, now: datetime) -> Case:
    """A complaint of the last weeks, as far as its staff have brought it; the clocks have struck."""
    received_at = now - timedelta(hours=chance.expovariate(1 / 120))
    received = ComplaintReceived.model_validate(
        {
            "source_key": f"bench/{index}",
            "channel": chance.choice(["email", "email", "phone", "web"]),
            "received_at": received_at,
            "customer": {
                "name": f"{chance.choice(NAMES)} {chance.choice(FAMILIES)} {chance.choice(FAMILIES)}",
                "document": f"{40_000_000 + index}",
                "email": f"c{index}@correo.example",
                "phone": f"9{10_000_000 + index}",
            },
            "problem": {"description": "El curso no tuvo las horas prometidas. " * 8, "occurred_on": "2026-07-01"},
            "product": "Curso de BIM",
        }
    )
    rules = rules_in_force(policy, received_at.date())
    case = Case.opened(received, number=f"B-{index}", rules=rules, now=received_at)
    at, steps = received_at, chance.randrange(4)
    for fact in (Assessed(), Assigned(department=chance.choice(DEPARTMENTS)), Resolved(text="Se dictarán."))[:steps]:
        at += timedelta(hours=chance.uniform(1, 30))
        if at < now:
            case.apply(fact.model_copy(update={"at": at}), now=at)
    case.settle(now)
    return case


async def seed(store: Store, cases: int) -> None:
    """So many open complaints in the records."""
    chance, policy, now = random.Random(7), load_policy(None), datetime.now(UTC)
    waiting = list(range(cases))

    async def one_writer() -> None:
        while waiting:
            case = a_life(waiting.pop(), chance, policy, now)
            await store.write(RecordBatch(record=record_of(case), rows=tuple(case.rows), calls=tuple(case.calls)))

    await asyncio.gather(*(one_writer() for _ in range(8)))
    async with store.connection() as connection:
        await connection.execute("ANALYZE")


@dataclass
class Took:
    """Milliseconds of each answer: by the clock, and of a processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def said(self) -> str:
        """Both, for a reader."""
        return (
            f"p50 {statistics.median(self.clock):.0f} ms, p95 {p95(self.clock):.0f} ms; of processor time "
            f"p50 {statistics.median(self.processor):.0f} ms, p95 {p95(self.processor):.0f} ms"
        )


async def timed(client: httpx.AsyncClient, path: str, processor: Processor) -> Took:
    """Of each answer, the first ones left out."""
    took = Took()
    for turn in range(WARM_UP + ROUNDS):
        moment = processor.started()
        began = time.perf_counter()
        answer = await client.get(path)
        ended = time.perf_counter()
        spent = processor.since(moment)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        if turn >= WARM_UP:
            took.clock.append((ended - began) * 1000)
            took.processor.append(spent)
    return took


def p95(values: list[float]) -> float:
    """The value that 95 of 100 stay under."""
    return statistics.quantiles(values, n=20)[18]


async def first_visit(client: httpx.AsyncClient, path: str) -> int:
    """Bytes of the page and of everything that it loads, uncompressed."""
    page = (await client.get(path)).text
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return len(page.encode()) + sum([len((await client.get(file)).content) for file in files])


async def signs_in(client: httpx.AsyncClient) -> None:
    """As the manager of the benchmark."""
    page = (await client.get("/sign-in")).text
    token = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', page))
    answer = await client.post("/sign-in", data={"account": "ana", "password": PASSWORD, **token})
    assert answer.status_code == 303, answer.text


async def measured(cases: int) -> int:
    """Prints the figures; 1 if one misses its target."""
    async with stage(durable=False) as at:
        settings = Settings.from_env({"DATABASE_URL": at.dsn}).model_copy(update={"smtp": at.sink.smtp})
        store, policy, contacts = await Store.connect(at.dsn), load_policy(None), ContactsFile(None)
        try:
            await seed(store, cases)
            hashed = await Passwords().hashed(PASSWORD)
            await store.add_staff("ana", name="Ana Torres", role=Role.MANAGER, password_hash=hashed)
            await store.set_password("ana", hashed, temporary=False)
            front_desk = FrontDesk(at.client, store, policy=lambda: policy, contacts=contacts)
            app = application(
                AppState(front_desk=front_desk, store=store, contacts=contacts.now, policy_now=lambda: policy)
            )
            transport = httpx.ASGITransport(app=app)
            async with (
                worker.working(at.client, settings, store=store),
                httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client,
            ):
                received = a_life(cases, random.Random(8), policy, datetime.now(UTC)).received
                number = (await front_desk.open(received)).number
                await signs_in(client)
                processor = await Processor.of(store)
                board, late, case, found = [
                    await timed(client, path, processor)
                    for path in ("/", "/?late=1&text=rosa", f"/cases/{number}", "/find?q=quispe+rosa")
                ]
                visit = await first_visit(client, "/")
        finally:
            await store.close()
    for name, values, target in (
        ("board", board, f"target {BOARD_TARGET:.0f}"),
        ("board, late and a name", late, f"target {BOARD_TARGET:.0f}"),
        ("case", case, f"target {CASE_TARGET:.0f}"),
        ("find", found, "no target"),
    ):
        print(f"{name}: {values.said()} ({target}), {cases} open cases")
    print(f"first visit to the board: {visit / 1000:.0f} kB (target {VISIT_TARGET / 1000:.0f})")
    return int(p95(board.clock) >= BOARD_TARGET or p95(case.clock) >= CASE_TARGET or visit >= VISIT_TARGET)


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)))
