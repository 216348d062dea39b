"""The servers of a stack as parts: Postgres, Temporal, its page, the mail catcher; and our programs."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from complaints.words.catalogue import N_, _, say
from local.stack.child import Child, Order
from local.stack.logs import log_end
from local.stack.part import Part, PartFailed
from local.stack.plan import Parts, Program
from local.stack.ports import listening
from local.stack.postgres import ensure_database, is_up
from local.stack.postgres_place import PostgresPlace
from local.stack.temporal_program import KNOWN_ATTRIBUTES, FromSource, Place, TemporalPorts, TemporalProgram
from local.stack.temporal_ready import NOT_YET, make_ready
from local.stack.temporal_store import knows_attributes, made_ready, note_attributes


def postgres_part(place: PostgresPlace) -> Part:
    """The database server."""

    async def prepare() -> Order:
        await place.clear()
        return replace(place.order(), grace=2.5)

    async def ready(child: Child) -> None:
        await is_up(place)
        await ensure_database(place)

    return Part("postgres", "Postgres", prepare, ready, ports=_given(place.port))


def temporal_part(program: TemporalProgram, place: Place, parts: Parts) -> Part:
    """The Temporal server; the ports among its services are chosen anew at each start."""
    attributes = [key.name for key in parts.attributes]

    async def prepare() -> Order:
        here = replace(place, ports=TemporalPorts.choose(frontend=place.ports.frontend, ui=place.ports.ui))
        if place.dsn:
            assert isinstance(program, FromSource)
            assert program.tool is not None
            await made_ready(program.tool, place.dsn)
            if await knows_attributes(place.dsn, attributes):
                here = replace(here, dynamic={**here.dynamic, **KNOWN_ATTRIBUTES})
        return program.server_order(here)

    async def ready(child: Child) -> None:
        cluster = program.cluster(place)
        await make_ready(place.address, attributes=parts.attributes, alive=child.is_running, cluster=cluster)
        if place.dsn:
            await note_attributes(place.dsn, attributes)

    return Part("temporal", "Temporal", prepare, ready, ports=(place.ports.frontend,))


def temporal_ui_part(program: TemporalProgram, place: Place) -> Part:
    """Temporal's web page, behind the desk."""

    async def prepare() -> Order:
        order = program.ui_order(place)
        assert order is not None
        return order

    return _answering("temporal_ui", _("Temporal's page"), prepare, place.ports.ui)


def mail_part(home: Path, parts: Parts, *, smtp: int, page: int, env: dict[str, str], log: Path) -> Part:
    """The mail catcher, which also takes complaints in."""
    command = [sys.executable, "-m", "local.stack.mail_catcher", "--folder", str(home / "mail")]
    command += ["--smtp-port", str(smtp), "--http-port", str(page)]
    for address in parts.intake:
        command += ["--intake", address]

    async def prepare() -> Order:
        return Order(command, env=env, log=log, grace=3.0)

    return _answering("mail", _("The mail catcher"), prepare, smtp, page)


#: What people read of our programs, by their names in `stack.json`.
TITLES = {
    "worker": N_("The worker"),
    "desk": N_("The desk"),
    "mailbox": N_("The reader of the mailbox"),
    "backup": N_("The nightly copy"),
}


def program_part(
    program: Program, *, port: int | None, env: dict[str, str], log: Path, client: Callable[[], Awaitable[Client]]
) -> Part:
    """One of our programs."""
    title = say(TITLES[program.name]) if program.name in TITLES else _("The {name}").format(name=program.name)
    env = {name: value for name, value in env.items() if name not in program.without}
    settings = {**env, **program.env, **({"PORT": str(port)} if port else {})}

    async def prepare() -> Order:
        return Order(program.command, env=settings, log=log, grace=program.grace)

    async def polls(child: Child) -> None:
        assert program.task_queue is not None
        started = time.time()
        connected = await client()
        while True:
            try:
                if await polled_since(connected, program.task_queue, started):
                    return
            except RPCError as error:
                if error.status not in NOT_YET:  # as long as its services have not all met; the part's limit ends it
                    raise
            await asyncio.sleep(0.05)

    if program.task_queue:
        return Part(program.name, title, prepare, polls, ports=_given(port))
    return _answering(program.name, title, prepare, *_given(port))


def _answering(name: str, title: str, prepare: Callable[[], Awaitable[Order]], *ports: int) -> Part:
    """A part that is ready when it accepts connections on all its ports."""
    return Part(name, title, prepare, accepting(*ports), ports=ports)


def _given(port: int | None) -> tuple[int, ...]:
    return (port,) if port else ()


def accepting(*ports: int) -> Callable[[Child], Awaitable[object]]:
    """Ready when connections are accepted on all these ports."""

    async def ready(child: Child) -> None:
        for port in ports:
            if not await listening(port, alive=child.is_running, limit=180):
                raise PartFailed(f"nobody answers on port {port}")

    return ready


async def polled_since(client: Client, task_queue: str, since: float) -> bool:
    """Whether a worker has asked for workflow tasks since then (seconds since the epoch)."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    return any(poller.last_access_time.ToMicroseconds() / 1e6 >= since for poller in answer.pollers)


async def client_of(address: str | None) -> Client:
    """A plain client: for our own server by its address, for another as the environment says."""
    if address is not None:
        return await Client.connect(address)
    config = ClientConfig.load_client_connect_config()
    return await Client.connect(**config)


async def run_first(command: list[str], *, env: dict[str, str], log: Path, hold: int) -> None:
    """A command that must have done its work before the programs start.

    Raises:
        PartFailed: it ended with an error.
    """
    child = await Child.start(Order(command, env=env, log=log, hold=(hold,)))
    try:
        code = await child.wait()
    finally:
        await child.stop()
    if code != 0:
        raise PartFailed(f"`{' '.join(command[-2:])}` ended with code {code}. Its log {log} ends: {log_end(log)}")
