"""The one place that joins settings, store, mailer and activities into a Temporal worker."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.worker import Worker

from activities.digest import DigestActivities
from activities.expected import OneLine
from activities.letters import LetterActivities
from activities.quarantine import QuarantineActivities
from activities.records import RecordActivities
from activities.retention import RetentionActivities
from activities.review import ReviewActivities
from activities.telling import TellingActivities
from activities.verify import VerifyActivities
from complaints import long_running
from complaints.contacts_file import ContactsFile
from complaints.mailer import mailer_of, own_addresses
from complaints.policy_file import PolicyFile, PolicyNow
from complaints.records.errors import NotErasable, Unreachable
from complaints.records.store import Store
from complaints.rules.policy import Policy
from complaints.settings import Settings
from complaints.stopping import ANSWERED_WITHIN, FINISH_WITHIN
from workflows import names
from workflows.complaint import Complaint
from workflows.connection import TemporalUnreachable, connect
from workflows.digest import DailyDigest
from workflows.forgetting import StillRuns, forget_runs
from workflows.key_ring import Keys
from workflows.lost import failing_tasks, without_run
from workflows.quarantine import QuarantineWatch
from workflows.retention import Retention
from workflows.review import QualityReview
from workflows.sealing import keys_of
from workflows.timely import Timely
from workflows.verify import Verify

log = logging.getLogger("complaints.worker")

LONGEST_WAIT = timedelta(minutes=2)
"""How long a starting worker waits for a Temporal server that is still coming up."""

TASKS_AT_ONCE = 8
"""Workflow tasks that a worker has in its hands. One process is one core's worth of Python, and a task uses it but for
the moments in which Postgres and the mail server answer: with more of them each only takes longer, up to the 10 s after
which Temporal has it done again. So in a storm the queue waits in Temporal (docs/performance.md)."""


class CannotStart(Exception):
    """The worker must not start as things are. The message says why and which command mends it."""


async def run(settings: Settings) -> None:
    """Works until SIGINT or SIGTERM. Raises CannotStart, or the settings', policy's and contacts' own errors."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    client = await _connected(stop)
    if client is None:
        return
    await check_search_attributes(client)
    store = await Store.connect(settings.database_dsn)
    try:
        await _check_records(store, keys_of(client))
        async with working(client, settings, store=store, max_cached_workflows=settings.cases_in_memory):
            long_running.settle()
            log.info("The worker is ready: task queue %s, namespace %s.", settings.task_queue, client.namespace)
            print("ready", flush=True)
            await stop.wait()
            most = ANSWERED_WITHIN.total_seconds() / 60
            log.info("The worker stops; a letter that is handed over waits for its answer, %.0f minutes at most.", most)
    finally:
        await store.close()
        # Temporal's core may crash an interpreter that ends while its threads wind down (docs/upstream.md).
        await asyncio.sleep(0.5)


@asynccontextmanager
async def working(
    client: Client, settings: Settings, *, store: Store, policy: Policy | None = None, max_cached_workflows: int = 1000
) -> AsyncIterator[Worker]:
    """A running worker on that client and store. Contacts and policy are checked before it takes the first task."""
    contacts = ContactsFile(settings.contacts_file)
    rules = _always(policy) if policy else PolicyFile(settings.policy_file, fits=contacts.check).now
    contacts.check(policy := rules())
    mailer = mailer_of(settings)
    letters = LetterActivities(
        store,
        mailer,
        contacts,
        timezone=policy.calendar.timezone,
        public_url=settings.public_url,
        customers_url=settings.customer_url,
        own=own_addresses(settings),
        scanner=settings.file_scanner,
    )
    records = RecordActivities(store, rules, simulation=settings.simulation)
    told = TellingActivities(records, letters)
    review = ReviewActivities(
        store, contacts, letters, timezone=policy.calendar.timezone, public_url=settings.public_url
    )
    digest = DigestActivities(store, contacts, letters, policy=rules, public_url=settings.public_url)
    verify = VerifyActivities(
        store,
        contacts,
        letters,
        policy=rules,
        without_run=lambda numbers: without_run(client, numbers),
        failing_tasks=lambda numbers: failing_tasks(client, numbers),
        dsn=settings.database_dsn,
        real_time=not settings.simulation,
    )
    quarantine = QuarantineActivities(
        store, contacts, letters, timezone=policy.calendar.timezone, public_url=settings.public_url
    )

    async def forget(number: str) -> int:
        try:
            return await forget_runs(client, number)
        except StillRuns as error:
            raise NotErasable(number, held=False) from error

    retention = RetentionActivities(store, policy=rules, forget_runs=forget)
    worker = Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[Complaint, QualityReview, QuarantineWatch, DailyDigest, Verify, Retention],
        activities=[
            activity
            for group in (records, letters, told, review, digest, verify, quarantine, retention)
            for activity in group.all()
        ],
        workflow_runner=Timely(),
        interceptors=[OneLine()],
        max_cached_workflows=max_cached_workflows,
        max_concurrent_workflow_tasks=TASKS_AT_ONCE,
        graceful_shutdown_timeout=FINISH_WITHIN,
    )
    try:
        async with worker:
            yield worker
    finally:
        await letters.close()
        await mailer.close()


def _always(policy: Policy) -> PolicyNow:
    return lambda: policy


async def check_search_attributes(client: Client) -> None:
    """Raises CannotStart while one is missing: a case that sets an unregistered one freezes."""
    found = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key.name for key in names.SEARCH_ATTRIBUTES if key.name not in found.custom_attributes]
    if missing:
        raise CannotStart(
            f"Namespace {client.namespace} lacks the search attributes {', '.join(missing)}: run `complaints setup`."
        )


async def check_keys(store: Store, keys: Keys | None) -> None:
    """Raises CannotStart while a key is missing that has sealed: a worker without it would refuse what is ours."""
    known, ring = await store.payload_keys(), keys.ring if keys else None
    have = {key.id: key.fingerprint for key in ring.keys} if ring else {}
    if missing := [id_ for id_, fingerprint in known.items() if have.get(id_) != fingerprint]:
        where = f"The key ring {keys.path}" if keys else "No key ring is named in PAYLOAD_KEYS_FILE; a ring"
        raise CannotStart(
            f"{where} lacks {', '.join(missing)}, with which payloads in Temporal are sealed: put it back from your "
            f"copy. If it is lost for good: `complaints keys forget {missing[0]}`; every case goes on from its journal."
        )
    await store.know_payload_keys(have)


async def _connected(stop: asyncio.Event) -> Client | None:
    """A client, with patience: workers often boot before the server. None if asked to stop meanwhile."""
    deadline = asyncio.get_running_loop().time() + LONGEST_WAIT.total_seconds()
    pause = 0.2
    while not stop.is_set():
        try:
            return await connect()
        except TemporalUnreachable:
            if asyncio.get_running_loop().time() > deadline:
                raise
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            pause = min(pause * 2, 5)
    return None


async def _check_records(store: Store, keys: Keys | None) -> None:
    """A wrong or unmigrated database is refused; one out of reach is not: the clocks go on without it (design §5.1)."""
    try:
        await store.check_schema()
        await check_keys(store, keys)
    except Unreachable as error:
        log.warning("Degraded: %s The procedure's clocks go on; letters and records follow when it is back.", error)
