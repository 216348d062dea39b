"""A worker in a process of its own, to be killed at a marker: `python -m tests.worker_process MARKER`.

It prints `ready`, then the marker when it comes to that place in the sending or writing, and stays there for ever.
Leases and heartbeats are short, so that the next worker finds out within seconds. With the marker `true` they are as
in real use, and SIGTERM stops it as a deploy does.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import worker
from activities import letters
from activities.letters import LetterActivities
from complaints.mail.outgoing import Turn
from complaints.records.store import Store
from complaints.settings import Settings
from workflows import options
from workflows.connection import connect

MARKERS = {
    "claimed": (Turn, "send", "before"),
    "sent": (Turn, "send", "after"),
    "settled": (LetterActivities, "_settled", "after"),
    "written": (Store, "write", "after"),
}
"""Marker -> where it is: a method, and whether it has been done."""


def stays_at(marker: str) -> None:
    place, name, when = MARKERS[marker]
    works: Callable[..., Awaitable[Any]] = getattr(place, name)

    async def method(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            await works(*args, **kwargs)
        print(marker, flush=True)
        await asyncio.Event().wait()

    setattr(place, name, method)


async def main(marker: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    if marker != "true":
        letters.LEASE = timedelta(seconds=1)
        letters.HEARTBEAT_EVERY = timedelta(milliseconds=200)
        options.LETTER_OPTIONS["heartbeat_timeout"] = timedelta(seconds=2)
    if marker in MARKERS:
        stays_at(marker)
    client = await connect(address=os.environ["STORY_TEMPORAL"], namespace=os.environ["STORY_NAMESPACE"])
    settings = Settings.from_env({**os.environ, "COMPLAINTS_SIMULATION": "1"})
    settings = settings.model_copy(update={"task_queue": os.environ["STORY_QUEUE"]})
    store = await Store.connect(settings.database_dsn)
    async with worker.working(client, settings, store=store, max_cached_workflows=0):
        print("ready", flush=True)
        await stop.wait()
    await store.close()
    await asyncio.sleep(0.5)  # as worker.py does at its end


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
