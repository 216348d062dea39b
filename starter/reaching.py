"""Reaches the servers of a place that need Temporal's SDK: a client, a front desk.

Apart from the place itself, because the SDK takes longer to load than the records take to answer.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client

from complaints.contacts_file import ContactsFile
from complaints.policy_file import PolicyFile
from complaints.records.store import Store
from starter.clock import utc_now
from starter.core_log import forward_core_log
from starter.front_desk import FrontDesk
from starter.place import Place
from workflows.connection import connect
from workflows.key_ring import Keys, seal_said


async def client_of(place: Place, *, lazy: bool = False) -> Client:
    """A client of its Temporal. Raises TemporalUnreachable, KeysError."""
    forward_core_log()
    file = place.settings.payload_keys_file
    keys = Keys(file, seal=seal_said(place.settings.seal_payloads)) if file else None
    if place.stack is None:
        return await connect(keys=keys, lazy=lazy)
    return await connect(address=place.stack.temporal, namespace=place.stack.namespace, keys=keys, lazy=lazy)


@asynccontextmanager
async def front_desk_of(place: Place, *, lazy: bool = False, connections: int = 4) -> AsyncIterator[FrontDesk]:
    """A front desk; with `lazy` also while Temporal does not answer. Without a database it does without."""
    client = await client_of(place, lazy=lazy)
    if place.settings.database_url is None:
        yield _desk(place, client, None)
        return
    async with place.store(connections=connections) as store:
        yield _desk(place, client, store)


def _desk(place: Place, client: Client, store: Store | None) -> FrontDesk:
    return FrontDesk(
        client,
        store,
        now=None if place.time_skipping else utc_now,
        policy=PolicyFile(place.settings.policy_file).now,
        contacts=ContactsFile(place.settings.contacts_file),
        task_queue=place.settings.task_queue,
    )
