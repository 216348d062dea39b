"""How fast mail is taken in: bytes stored and the complaint's workflow started, each durable, 8 side by side.

uv run python -m benchmarks.intake
"""

import asyncio
import sys
import time
import uuid
from datetime import UTC, datetime

from benchmarks.stage import stage
from complaints.contacts_file import ContactsFile
from complaints.records.store import Store
from starter.front_desk import FrontDesk
from starter.intake import Ours, taken_in

TARGET = 60.0
"""Messages a second, on two cores."""

MESSAGES, WARM_UP = 400, 40

READERS = 8
"""Messages side by side, as several readers take them in."""

UNBRAKED = Ours(new_at_once=MESSAGES * 10)

BOX = "soporte@escuelaconstrucciondigital.com"


def a_mail() -> bytes:
    name = uuid.uuid4().hex
    head = f"From: Rosa Quispe <r{name}@correo.example>\r\nMessage-ID: <{name}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\n{'El curso no abre y nadie responde. ' * 40}\r\n".encode()


async def measured() -> int:
    """Prints the figure; 1 if it misses its target."""
    async with stage(durable=True) as at:
        store = await Store.connect(at.dsn)
        try:
            desk = FrontDesk(at.client, store, contacts=ContactsFile(None))
            await _all(desk, WARM_UP)
            before = time.perf_counter()
            await _all(desk, MESSAGES)
            rate = MESSAGES / (time.perf_counter() - before)
        finally:
            await store.close()
    print(f"intake to durable start: {rate:.0f} messages/s, {READERS} side by side (target: {TARGET:.0f})")
    return int(rate < TARGET)


async def _all(desk: FrontDesk, messages: int) -> None:
    waiting = [a_mail() for _ in range(messages)]

    async def one_reader() -> None:
        while waiting:
            await taken_in(desk, waiting.pop(), mailbox=BOX, received_at=datetime.now(UTC), ours=UNBRAKED)

    await asyncio.gather(*(one_reader() for _ in range(READERS)))


if __name__ == "__main__":
    sys.exit(asyncio.run(measured()))
