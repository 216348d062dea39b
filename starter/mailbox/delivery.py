"""Takes mail from other processes, such as the mail catcher: connects as the environment says, once."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from complaints.contacts_file import ContactsFile
from complaints.policy_file import PolicyFile
from complaints.records.store import Store
from complaints.settings import Settings
from starter.clock import utc_now
from starter.front_desk import FrontDesk
from starter.intake import Ours, Taken, taken_in
from starter.place import Place
from starter.reaching import front_desk_of
from workflows.connection import connect

_opening = asyncio.Lock()
_intakes: dict[asyncio.AbstractEventLoop, "Intake"] = {}


@dataclass(frozen=True)
class Intake:
    """What every reader of mail hands its messages to."""

    desk: FrontDesk
    settings: Settings
    contacts: ContactsFile

    async def take_in(self, raw: bytes, *, mailbox: str, received_at: datetime) -> Taken:
        """Returns only when Temporal and Postgres have it; else raises, and the message stays where it is."""
        ours = Ours.of(self.settings, self.contacts.now())
        return await taken_in(self.desk, raw, mailbox=mailbox, received_at=received_at, ours=ours)

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """The addresses at which customers complain."""
        return tuple(self.contacts.now().intake.emails)


@asynccontextmanager
async def intake_of(place: Place) -> AsyncIterator[Intake]:
    """An intake with the servers of that place, which may be away for now."""
    async with front_desk_of(place, lazy=True) as desk:
        yield Intake(desk, place.settings, ContactsFile(place.settings.contacts_file))


async def take_in(raw: bytes, *, mailbox: str, received_at: datetime) -> str:
    """Keeps a mail, and opens its complaint or passes on what it answers; the complaint's number, or the quarantine's.

    Returns only when Temporal and Postgres have it. Raises otherwise: then whoever has the mail must try again.
    """
    intake = await _intake()
    return (await intake.take_in(raw, mailbox=mailbox, received_at=received_at)).number


async def _intake() -> Intake:
    """One for this process; made when the first mail comes, because the servers may come up later than we do."""
    loop = asyncio.get_running_loop()
    async with _opening:
        if loop not in _intakes:
            settings = Settings.from_env(os.environ)
            client = await connect()
            store = await Store.connect(settings.database_dsn, max_size=4)
            contacts = ContactsFile(settings.contacts_file)
            desk = FrontDesk(
                client,
                store,
                now=None if settings.simulation else utc_now,
                policy=PolicyFile(settings.policy_file).now,
                contacts=contacts,
                task_queue=settings.task_queue,
            )
            _intakes[loop] = Intake(desk, settings, contacts)
        return _intakes[loop]
