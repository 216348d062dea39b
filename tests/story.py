"""A complaint's story on the real server: people act, days pass, letters arrive; told in the school's own calendar."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import worker
from complaints.records.store import Store
from complaints.rules.requests import Outcome
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
from complaints.settings import Settings
from tests.sink import Sink
from workflows import names

LIMA = ZoneInfo("America/Lima")
PATIENCE = 60.0
"""Seconds of real time after which a wait has failed."""

CUSTOMER = {"name": "Rosa Quispe", "document": "45678912", "email": "rosa@correo.example", "phone": "+51 987 654 321"}
PROBLEM = {"description": "El curso de BIM no tuvo las horas prometidas.", "occurred_on": "2026-07-01"}


def lima(text: str) -> datetime:
    """`2026-07-22 09:00` in Lima, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LIMA).astimezone(UTC)


def shown(at: datetime) -> str:
    """An instant as `2026-07-22 09:00` in Lima."""
    return at.astimezone(LIMA).strftime("%Y-%m-%d %H:%M")


@dataclass
class Story:
    """One complaint, from the outside: a plain Temporal client, a mail server, a database."""

    client: Client
    sink: Sink
    store: Store
    settings: Settings
    number: str = field(default_factory=lambda: f"S-{uuid.uuid4().hex[:12]}")
    offset: timedelta = timedelta(0)

    # -- what happens ------------------------------------------------------------------------------------------------

    async def complaint_arrives(self, at: str, *, channel: str = "email", policy: Any = None, **changes: Any) -> None:
        """A complaint is received at that Lima time, and the case's business clock starts there."""
        customer = {**CUSTOMER, **changes.pop("customer", {})}
        received = {
            "source_key": f"story/{self.number}",
            "channel": channel,
            "received_at": lima(at),
            "customer": {key: value for key, value in customer.items() if value is not None},
            "problem": {**PROBLEM, **changes.pop("problem", {})},
            "product": "Curso de BIM",
            **changes,
        }
        self.offset = lima(at) - datetime.now(UTC)
        received |= {"clock_offset": self.offset.total_seconds()} | ({"policy": policy} if policy else {})
        await self.client.start_workflow(names.COMPLAINT, received, id=self.number, task_queue=self.settings.task_queue)

    async def says(self, signal: str, payload: Any = None, **fields: Any) -> None:
        """Somebody sends a signal: bare, or with these fields."""
        content = fields or payload
        await self.handle.signal(signal, args=[] if content is None else [content])

    async def asks(self, update: str, **fields: Any) -> Status:
        """A member of the staff requests something and gets the new status."""
        return await self.handle.execute_update(update, fields, result_type=Status)

    async def is_refused(self, update: str, **fields: Any) -> str:
        """The sentence with which a request is refused."""
        try:
            await self.asks(update, **fields)
        except WorkflowUpdateFailedError as error:
            return str(error.cause)
        raise AssertionError(f"{update} was not refused")

    async def until(self, at: str) -> None:
        """Time passes on the real server, up to that Lima time of the case."""
        now = await self.skipper.get_current_time(self.handle) + self.offset
        if (left := lima(at) - now) <= timedelta(0):
            return
        await asyncio.wait_for(self.skipper.fast_forward(self.handle, left), PATIENCE)

    async def passes(self, **span: float) -> None:
        """So much time passes."""
        await asyncio.wait_for(self.skipper.fast_forward(self.handle, timedelta(**span)), PATIENCE)

    # -- what one sees -----------------------------------------------------------------------------------------------

    @property
    def handle(self) -> WorkflowHandle[Any, Outcome]:
        return self.client.get_workflow_handle(self.number, result_type=Outcome)

    @property
    def skipper(self) -> TimeSkipper:
        return TimeSkipper(self.client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000))

    async def status(self) -> Status:
        return await self.handle.query(names.STATUS, result_type=Status)

    async def stage(self) -> str:
        return (await self.status()).stage

    async def timeline(self) -> list[TimelineEntry]:
        return await self.handle.query(names.TIMELINE, result_type=list[TimelineEntry])

    async def explains(self) -> dict[str, DeadlineExplained]:
        found = await self.handle.query(names.EXPLAIN, result_type=list[DeadlineExplained])
        return {clock.name: clock for clock in found}

    async def happened(self, *what: str) -> list[str]:
        """What happened and when, in Lima time: only these kinds of rows, or all."""
        return [
            f"{shown(entry.at)} {entry.what}"
            for entry in await self.timeline()
            if not what or entry.what in what or entry.what.split("/")[0] in what
        ]

    async def outcome(self) -> str:
        """How the run ended."""
        return (await asyncio.wait_for(self.handle.result(), PATIENCE)).outcome

    async def is_open(self) -> bool:
        return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def all_is_told(self) -> None:
        """Waits until every letter is over and every row is written."""
        await self.comes_true(lambda status: not status.letters_waiting and not status.unwritten_rows)

    async def comes_true(self, condition: Callable[[Status], bool]) -> Status:
        """Waits, in real time, until the status fulfils this."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not condition(status := await self.status()):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"It did not come true within {PATIENCE:.0f} s: {status}")
            await asyncio.sleep(0.05)
        return status

    def letters(self, to: str = str(CUSTOMER["email"])) -> list[str]:
        """The subjects of the letters somebody got, without the number."""
        return [str(letter["Subject"]).replace(f"[{self.number}] ", "") for letter in self.sink.to(to)]

    async def kinds(self, to: str = str(CUSTOMER["email"])) -> list[str]:
        """The kinds of the letters somebody got, in the order in which the mail server took them."""
        kinds = {row.message_id: row.kind for row in await self.store.letters(self.number)}
        return [kinds[str(letter["Message-ID"])] for letter in self.sink.to(to)]


@asynccontextmanager
async def telling(
    client: Client, sink: Sink, dsn: str, *, contacts: Path | None = None, max_cached_workflows: int = 1000
) -> AsyncIterator[Story]:
    """A story with a worker of its own: own task queue, own database, own mail server."""
    settings = Settings.from_env({"DATABASE_URL": dsn, "COMPLAINTS_SIMULATION": "1"}).model_copy(
        update={"smtp": sink.smtp, "task_queue": f"story-{uuid.uuid4().hex[:12]}", "contacts_file": contacts}
    )
    store = await Store.connect(dsn, max_size=4)
    try:
        async with worker.working(client, settings, store=store, max_cached_workflows=max_cached_workflows):
            yield Story(client, sink, store, settings)
    finally:
        await store.close()
