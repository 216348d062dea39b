"""A mailbox reader in a process of its own, to be killed at a marker: `python -m tests.mailbox_process MARKER`.

It prints `ready`, then the marker when it comes to that step of a message, and stays there for ever.
"""

import asyncio
import os
import sys
import threading
from typing import Any

from imap_tools import BaseMailBox
from temporalio.client import Client

from complaints.contacts_file import ContactsFile
from complaints.records.store import Store
from complaints.settings import Settings
from starter.front_desk import FrontDesk
from starter.mailbox import imap as imap_reader
from starter.mailbox.delivery import Intake
from starter.mailbox.reader import reader_of
from tests import receipts
from workflows.connection import connect

MARKERS: dict[str, tuple[Any, str, str]] = {
    "fetched": (imap_reader, "fetched", "after"),
    "kept": (Store, "keep_mail", "after"),
    "opened": (FrontDesk, "open", "after"),
    "told": (FrontDesk, "tell", "after"),
    "put aside": (Store, "quarantine", "after"),
    "noted": (Store, "mail_taken", "after"),
    "not seen yet": (BaseMailBox, "flag", "before"),
    "seen": (BaseMailBox, "flag", "after"),
}
"""Marker -> where it is, in the order of the steps: a function, and whether it has been done."""

IN_THREAD = {"fetched", "flag"}


def stays_at(marker: str) -> None:
    place, name, when = MARKERS[marker]
    works = getattr(place, name)

    async def on_loop(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            await works(*args, **kwargs)
        print(marker, flush=True)
        await asyncio.Event().wait()

    def in_thread(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            works(*args, **kwargs)
        print(marker, flush=True)
        threading.Event().wait()

    setattr(place, name, in_thread if name in IN_THREAD else on_loop)


async def main(marker: str) -> None:
    if marker:
        stays_at(marker)
    setattr(Client, "connect", receipts.watched())  # noqa: B010 - for mypy a method cannot be replaced
    client = await connect(address=os.environ["STORY_TEMPORAL"], namespace=os.environ["STORY_NAMESPACE"])
    settings = Settings.from_env(os.environ)
    assert settings.imap is not None
    store = await Store.connect(settings.database_dsn)
    contacts = ContactsFile(None)
    desk = FrontDesk(client, store, contacts=contacts, task_queue=os.environ["STORY_QUEUE"])
    reader = reader_of(Intake(desk, settings, contacts), settings.imap, settings)
    await asyncio.to_thread(reader.run, threading.Event(), ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
