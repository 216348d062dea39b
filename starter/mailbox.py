"""The door for mail of other processes, such as the mail catcher: connects as the environment says, once."""

import asyncio
import os
from datetime import datetime

from complaints.contacts_file import ContactsFile
from complaints.policy_file import load_policy
from complaints.records.store import Store
from complaints.settings import Settings
from starter.front_desk import FrontDesk, utc_now
from starter.intake import taken_in
from workflows.connection import connect

_opening = asyncio.Lock()
_desks: dict[asyncio.AbstractEventLoop, FrontDesk] = {}


async def take_in(raw: bytes, *, mailbox: str, received_at: datetime) -> str:
    """Keeps a mail, and opens its complaint or passes on what it answers; the complaint's number.

    Returns only when Temporal and Postgres have it. Raises otherwise: then whoever has the mail must try again.
    """
    desk = await _front_desk()
    return (await taken_in(desk, raw, mailbox=mailbox, received_at=received_at)).number


async def _front_desk() -> FrontDesk:
    """One for this process; made when the first mail comes, because the servers may come up later than we do."""
    loop = asyncio.get_running_loop()
    async with _opening:
        if loop not in _desks:
            settings = Settings.from_env(os.environ)
            client = await connect()
            store = await Store.connect(settings.database_dsn, max_size=4)
            _desks[loop] = FrontDesk(
                client,
                store,
                now=None if settings.simulation else utc_now,
                policy=load_policy(settings.policy_file),
                contacts=ContactsFile(settings.contacts_file),
                task_queue=settings.task_queue,
            )
        return _desks[loop]
