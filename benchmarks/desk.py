"""How fast the desk answers with 10,000 open complaints, by page and role, and what a first visit transfers.

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
from starlette.applications import Starlette

import worker
from benchmarks.processor import Processor
from benchmarks.stage import stage
from complaints.contacts_file import ContactsFile
from complaints.passwords import Passwords
from complaints.policy_file import load_policy
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.facts import Assessed, Assigned, Resolved, Withdrawn
from complaints.rules.journal import RecordBatch
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.status import record_of
from complaints.settings import Settings
from desk.app import application
from desk.app_state import AppState
from starter.front_desk import FrontDesk
from tests.counting import CountingStore

CASES = 10_000
ROUNDS, WARM_UP = 200, 10

TARGETS, VISIT_TARGET = {"board": 150.0, "case": 80.0}, 150_000
"""Milliseconds at the server, p95; bytes that a first visit sends over the wire."""

DEPARTMENTS = ("academic", "systems", "finance", None)
NAMES = ("Rosa", "Luis", "Carmen", "Jorge", "Lucía", "Pedro", "Inés", "Raúl")
FAMILIES = ("Quispe", "Huamán", "Flores", "Rojas", "Salas", "Núñez", "Díaz", "Vega")
PASSWORD = "cuatro gatos en el techo 7"
STAFF = {"ana": Role.MANAGER, "luis": Role.AGENT, "dora": Role.DIRECTOR, "rut": Role.QUALITY, "eva": Role.ADMIN}
HANDLING = ("Ana", "Luis", "Dora")
PAGES = {
    "board": "/",
    "board, nothing new": "/board?seen={seen}&poll=1",
    "board, late and a name": "/?late=1&text=rosa",
    "board of a person": "/?person=luis",
    "list, a page far on": "/list?by=customer&page=60",
    "list, late of a person": "/list?person=luis&late=1",
    "list, closed in a month": "/list?closed={month}",
    "list, all that were closed": "/list?closed=all&end=satisfied&by=customer",
    "by person": "/team",
    "calls": "/calls",
    "notices": "/notices?poll=1",
    "case": "/cases/{number}",
    "case, nothing new": "/cases/{number}/news?seen=99&poll=1",
    "case, who is here": "/cases/{number}/here?poll=1",
    "find": "/find?q=quispe+rosa",
    "palette": "/palette?q=quis",
}
"""What the manager looks at; everybody else at what has a target."""


def a_life(index: int, chance: random.Random, policy: Policy, now: datetime, *, ended: bool = False) -> Case:
    """A complaint of the last weeks, as far as its staff have brought it; the clocks have struck.

    `ended`: the customer has taken it back.
    """
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
    for fact in (
        Assessed(),
        Assigned(department=chance.choice(DEPARTMENTS), representative=chance.choice(HANDLING)),
        Resolved(text="Se dictarán."),
    )[:steps]:
        at += timedelta(hours=chance.uniform(1, 30))
        if at < now:
            case.apply(fact.model_copy(update={"at": at}), now=at)
    if ended and not case.ended:
        at = min(at + timedelta(hours=1), now)
        case.apply(Withdrawn(by="ana", at=at), now=at)
    case.settle(now)
    return case


async def seed(store: Store, cases: int) -> None:
    """So many open complaints in the records, and half as many that were closed."""
    chance, policy, now = random.Random(7), load_policy(None), datetime.now(UTC)
    waiting = list(range(cases + cases // 2))

    async def one_writer() -> None:
        while waiting:
            index = waiting.pop()
            case = a_life(index, chance, policy, now, ended=index >= cases)
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


async def timed(client: httpx.AsyncClient, path: str, processor: Processor, *, rounds: int = ROUNDS) -> Took:
    """Of each answer, the first ones left out."""
    took = Took()
    for turn in range(WARM_UP + rounds):
        moment = processor.started()
        began = time.perf_counter()
        answer = await client.get(path)
        ended = time.perf_counter()
        spent = processor.since(moment)
        assert answer.status_code in (200, 204), f"{path}: {answer.status_code}"
        if turn >= WARM_UP:
            took.clock.append((ended - began) * 1000)
            took.processor.append(spent)
    return took


def p95(values: list[float]) -> float:
    """The value that 95 of 100 stay under."""
    return statistics.quantiles(values, n=20)[18]


async def first_visit(client: httpx.AsyncClient, path: str) -> tuple[int, int]:
    """Bytes of the page and of everything that it loads, as they are, and as they are sent."""
    page = await client.get(path)
    files = [page, *[await client.get(file) for file in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))]]
    return sum(len(file.content) for file in files), sum(file.num_bytes_downloaded for file in files)


async def signs_in(client: httpx.AsyncClient, account: str) -> None:
    """As one of the staff of the benchmark."""
    page = (await client.get("/sign-in")).text
    token = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', page))
    answer = await client.post("/sign-in", data={"account": account, "password": PASSWORD, **token})
    assert answer.status_code == 303, answer.text


async def measured(cases: int) -> int:
    """Prints the figures; 1 if one misses its target."""
    async with stage(durable=False) as at:
        settings = Settings.from_env({"DATABASE_URL": at.dsn}).model_copy(update={"smtp": at.sink.smtp})
        store, policy, contacts = await CountingStore.connect(at.dsn), load_policy(None), ContactsFile(None)
        try:
            await seed(store, cases)
            hashed = await Passwords().hashed(PASSWORD)
            for account, role in STAFF.items():
                await store.add_staff(account, name=account.title(), role=role, password_hash=hashed)
                await store.set_password(account, hashed, temporary=False)
            front_desk = FrontDesk(at.client, store, policy=lambda: policy, contacts=contacts)
            app = application(
                AppState(front_desk=front_desk, store=store, contacts=contacts.now, policy_now=lambda: policy)
            )
            async with worker.working(at.client, settings, store=store):
                received = a_life(2 * cases, random.Random(8), policy, datetime.now(UTC)).received
                number = (await front_desk.open(received)).number
                return await _looked_at(app, store, number, cases)
        finally:
            await store.close()


async def _looked_at(app: Starlette, store: CountingStore, number: str, cases: int) -> int:
    transport, processor, missed = httpx.ASGITransport(app=app), await Processor.of(store), 0
    print(f"{cases} open cases, {cases // 2} that were closed")
    for account, role in STAFF.items():
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            await signs_in(client, account)
            seen = re.findall(r"seen=([0-9a-f]+)", (await client.get("/")).text)[0]
            pages = PAGES if role is Role.MANAGER else {name: PAGES[name] for name in TARGETS}
            for name, address in pages.items():
                path = address.format(number=number, seen=seen, month=f"{datetime.now(UTC):%Y-%m}")
                before = store.asked
                await client.get(path)
                asked = store.asked - before
                took = await timed(client, path, processor, rounds=ROUNDS if role is Role.MANAGER else ROUNDS // 4)
                target = TARGETS.get(name)
                missed += target is not None and p95(took.clock) >= target
                aim = f"target {target:.0f}" if target else "no target"
                print(f"{role.value}, {name}: {asked} statements, {took.said()} ({aim})", flush=True)
            if role is Role.MANAGER:
                whole, sent = await first_visit(client, "/")
                missed += sent >= VISIT_TARGET
                print(f"first visit to the board: {whole / 1000:.0f} kB, {sent / 1000:.0f} of them sent (target 150)")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)))
