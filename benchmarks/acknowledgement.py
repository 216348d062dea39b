"""How long a customer waits on an idle machine: from `front_desk.open()` until the mail server has the acknowledgement.

uv run python -m benchmarks.acknowledgement
"""

import asyncio
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime

import worker
from benchmarks.stage import Stage, stage
from complaints.records.store import Store
from complaints.rules.received import ComplaintReceived
from complaints.settings import Settings
from starter.front_desk import FrontDesk

TARGET = 250.0
"""Milliseconds, the middle of all."""

ROUNDS, WARM_UP = 40, 5


async def one(desk: FrontDesk, at: Stage) -> tuple[float, float]:
    """Milliseconds until `open` had its answer, and until the acknowledgement was accepted."""
    received = ComplaintReceived.model_validate(
        {
            "source_key": f"bench/{uuid.uuid4().hex}",
            "channel": "web",
            "received_at": datetime.now(UTC),
            "customer": {"name": "Rosa Quispe", "document": "45678912", "email": f"r{uuid.uuid4().hex}@correo.example"},
            "problem": {"description": "El curso no abre.", "occurred_on": "2026-07-01"},
            "product": "Curso de Revit",
        }
    )
    address = received.customer.email or ""
    before = time.perf_counter()
    await desk.open(received)
    opened = time.perf_counter()
    while not at.sink.to(address):
        at.sink.arrived.clear()
        await asyncio.wait_for(at.sink.arrived.wait(), 30)
    return (opened - before) * 1000, (time.perf_counter() - before) * 1000


async def measured() -> int:
    """Prints the figures; 1 if the middle one misses its target."""
    async with stage(durable=True) as at:
        settings = Settings.from_env({"DATABASE_URL": at.dsn}).model_copy(update={"smtp": at.sink.smtp})
        store = await Store.connect(at.dsn)
        try:
            async with worker.working(at.client, settings, store=store):
                desk = FrontDesk(at.client, store)
                took = []
                for _ in range(WARM_UP + ROUNDS):
                    took.append(await one(desk, at))
                    await asyncio.sleep(0.25)  # idle: the case before has written and said everything
        finally:
            await store.close()
    for name, values in (
        ("open() answered", [o for o, _ in took[WARM_UP:]]),
        ("accepted", [a for _, a in took[WARM_UP:]]),
    ):
        cuts = statistics.quantiles(values, n=20)
        print(f"{name}: p50 {statistics.median(values):.0f} ms, p95 {cuts[18]:.0f} ms, longest {max(values):.0f} ms")
    middle = statistics.median(a for _, a in took[WARM_UP:])
    print(f"target: p50 of accepted under {TARGET:.0f} ms, over {ROUNDS} complaints one after the other")
    return 0 if middle < TARGET else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(measured()))
