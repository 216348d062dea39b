"""A complaint's story on the real server: people act, days pass, letters arrive; told in the school's own calendar."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import worker
from complaints.records.store import Store
from complaints.rules.number import complaint_number
from complaints.rules.received import ComplaintReceived
from complaints.rules.requests import Outcome
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
from complaints.settings import Settings
from tests.chance import new_name
from tests.pools import store_on
from tests.sink import Sink
from tests.waiting import PATIENCE, comes
from workflows import names
from workflows.handlers import NOT_YET

LIMA = ZoneInfo("America/Lima")
CATCHES_UP = 2.0
"""Seconds that a clock which was skipped over gets to strike."""

MANAGER = "administracion@escuelaconstrucciondigital.com"
DIRECTOR = "estrategia@escuelaconstrucciondigital.com"
CARE_TEAM = "atencion@escuelaconstrucciondigital.com"
HEAD = "academica@escuelaconstrucciondigital.com"
"""The head of the department `academic`, in the contacts that come with the program."""
SYSTEMS = "sistemas@escuelaconstrucciondigital.com"

QUIET: dict[str, Any] = {"updates": {"every_days": 300}, "confirmation": {"remind_every_days": 300}}
"""A policy without letters every 3 days, for stories about other clocks."""

CUSTOMER = {"name": "Rosa Quispe", "document": "45678912", "email": "rosa@correo.example", "phone": "+51 987 654 321"}
PROBLEM = {"description": "El curso de BIM no tuvo las horas prometidas.", "occurred_on": "2026-07-01"}


NOBODYS = complaint_number("a source key that nothing has")
"""A complaint's number that no complaint has."""


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
    number: str = field(default_factory=lambda: f"S-{new_name(12)}")
    offset: timedelta = timedelta(0)
    max_cached_workflows: int = 1000
    recorded: bool = False
    """Whether a complaint that arrives is waited for until the records have it too: a page of it needs them."""
    _worker: AsyncExitStack | None = None

    # -- who works ---------------------------------------------------------------------------------------------------

    async def worker_starts(self) -> None:
        """A worker on this story's own task queue."""
        assert self._worker is None
        stack = AsyncExitStack()
        await stack.enter_async_context(
            worker.working(self.client, self.settings, store=self.store, max_cached_workflows=self.max_cached_workflows)
        )
        self._worker = stack

    async def worker_stops(self) -> None:
        """Nobody works any more; nothing happens if nobody does."""
        stack, self._worker = self._worker, None
        if stack:
            await stack.aclose()

    def another(self) -> "Story":
        """A second complaint, with the same worker, database and mail server."""
        return replace(self, number=f"S-{new_name(12)}", _worker=None)

    # -- what happens ------------------------------------------------------------------------------------------------

    async def complaint_arrives(
        self, at: str, *, channel: str = "email", policy: Any = None, opened: bool = True, **changes: Any
    ) -> None:
        """A complaint is received at that Lima time, and the case's business clock starts there; it is waited for
        until the case is open, unless what comes next shall find it opening."""
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
        self.offset_for(at)
        received |= {"clock_offset": self.offset.total_seconds()} | ({"policy": policy} if policy else {})
        await self.client.start_workflow(names.COMPLAINT, received, id=self.number, task_queue=self.settings.task_queue)
        if opened:
            await self.is_opened()
        if opened and self.recorded:
            await self.is_recorded()

    def offset_for(self, at: str) -> timedelta:
        """Moves this story's business clock to that Lima time, for a run that starts now."""
        self.offset = lima(at) - datetime.now(UTC)
        return self.offset

    def begins(self, at: str) -> None:
        """It is that Lima time now, for every complaint that anybody starts through this story's client."""
        self.offset_for(at)

    def clock(self) -> datetime:
        """What a clock on the wall shows in this story, as long as nobody skips any time."""
        return datetime.now(UTC) + self.offset

    async def is_opened(self) -> None:
        """Waits until the case answers."""
        await self.status()

    async def is_recorded(self) -> None:
        """Waits until the records know it."""
        await comes(lambda: self.store.record(self.number), "record")

    async def says(self, signal: str, payload: Any = None, **fields: Any) -> None:
        """Somebody sends a signal: bare, or with these fields."""
        content = fields or payload
        await self.handle.signal(signal, args=[] if content is None else [content])

    async def asks(self, update: str, **fields: Any) -> Status:
        """A member of the staff requests something and gets the new status."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    status: Status = await self.handle.execute_update(update, fields, result_type=Status)
                except WorkflowUpdateFailedError as error:
                    if not (isinstance(error.cause, ApplicationError) and error.cause.type == NOT_YET):
                        raise
                    await asyncio.sleep(0.01)  # a new run is being opened
                else:
                    return status

    async def is_refused(self, update: str, **fields: Any) -> str:
        """The sentence with which a request is refused."""
        try:
            await self.asks(update, **fields)
        except WorkflowUpdateFailedError as error:
            return str(error.cause)
        raise AssertionError(f"{update} was not refused")

    async def until(self, at: str) -> None:
        """Time passes on the real server, up to that Lima time of the case."""
        while (left := lima(at) - await self.now()) > timedelta(0):
            await self._is_at_rest()
            # Time that is skipped is one run's: where another run begins meanwhile, the rest is that one's.
            await asyncio.wait_for(self.skipper.fast_forward(self.handle, left), PATIENCE)
            if (await self.handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return
        await self._has_caught_up(lima(at))

    async def _is_at_rest(self) -> None:
        """Waits until no task of the case is under way, if somebody works: a skip would pass the clock that the task is
        only about to set, and what is then due at once is not told as it would have been. A task that fails again and
        again is waited for a moment."""
        deadline = asyncio.get_running_loop().time() + CATCHES_UP
        while self._worker is not None and asyncio.get_running_loop().time() < deadline:
            run = await self.handle.describe()
            under_way = run.raw_description.HasField("pending_workflow_task")
            if run.status is not WorkflowExecutionStatus.RUNNING or not under_way:
                return
            await asyncio.sleep(0.02)

    async def _has_caught_up(self, at: datetime) -> None:
        """Waits until the case has told of a deadline that was skipped over.

        A skip that begins while a task is under way may pass a clock that this task is only about to set; it then
        strikes at once, at its own time. Where a deadline is paused nothing strikes, and that is waited for a moment.
        """
        if self._worker is None:
            return
        deadline = asyncio.get_running_loop().time() + CATCHES_UP
        while asyncio.get_running_loop().time() < deadline and await self.is_open():
            status = await self.status()
            if status.late or status.due is None or status.due > at:
                return
            await asyncio.sleep(0.02)

    async def now(self) -> datetime:
        """The case's own time."""
        return await self.skipper.get_current_time(self.handle) + self.offset

    async def passes(self, **span: float) -> None:
        """So much time passes."""
        await self._is_at_rest()
        await asyncio.wait_for(self.skipper.fast_forward(self.handle, timedelta(**span)), PATIENCE)

    # -- what one sees -----------------------------------------------------------------------------------------------

    @property
    def handle(self) -> WorkflowHandle[Any, Outcome]:
        return self.client.get_workflow_handle(self.number, result_type=Outcome)

    @property
    def skipper(self) -> TimeSkipper:
        return TimeSkipper(self.client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000))

    async def status(self) -> Status:
        status: Status = await self._asks_what(names.STATUS, Status)
        return status

    async def _asks_what(self, query: str, answer: Any) -> Any:
        """A query's answer, also of a case that is being opened or continued, or that is just hearing something."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self.handle.query(query, result_type=answer)
                except WorkflowQueryFailedError as error:
                    if "ask again in a moment" not in str(error):
                        raise
                except RPCError as error:
                    if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                        raise
                await asyncio.sleep(0.01)

    async def stage(self) -> str:
        return (await self.status()).stage

    async def timeline(self) -> list[TimelineEntry]:
        rows: list[TimelineEntry] = await self._asks_what(names.TIMELINE, list[TimelineEntry])
        return rows

    async def explains(self) -> dict[str, DeadlineExplained]:
        found = await self._asks_what(names.EXPLAIN, list[DeadlineExplained])
        return {clock.name: clock for clock in found}

    async def happened(self, *what: str) -> list[str]:
        """What happened and when, in Lima time: only these kinds of rows, or all."""
        return [
            f"{shown(entry.at)} {entry.what}"
            for entry in await self.timeline()
            if not what or entry.what in what or entry.what.split("/")[0] in what
        ]

    async def sent(self, kind: str) -> list[str]:
        """When letters of this kind were accepted by the mail server, in the case's Lima time."""
        rows = await self.timeline()
        return [shown(row.at) for row in rows if row.what == "letter-sent" and row.data["kind"] == kind]

    async def dates(self, *what: str) -> list[str]:
        """Like `happened`, without the clock times."""
        return [f"{line[:10]} {line[17:]}" for line in await self.happened(*what)]

    async def why_ignored(self) -> list[str]:
        """What could not apply, with the reasons."""
        return [f"{row.data['fact']}: {row.data['reason']}" for row in await self.timeline() if row.what == "ignored"]

    async def outcome(self) -> str:
        """How the run ended."""
        return (await asyncio.wait_for(self.handle.result(), PATIENCE)).outcome

    async def is_open(self) -> bool:
        return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def all_is_told(self) -> None:
        """Waits until every letter is over and every row is written: also what the task that is under way leads to."""
        await self._is_at_rest()
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
        kinds = {row.message_id: str(row.kind) for row in await self.store.letters(self.number)}
        return [kinds[str(letter["Message-ID"])] for letter in self.sink.to(to) if str(letter["Message-ID"]) in kinds]

    async def text(self, kind: str, to: str = str(CUSTOMER["email"])) -> str:
        """The words of the newest letter of that kind that somebody got."""
        kinds = {row.message_id: str(row.kind) for row in await self.store.letters(self.number)}
        letters = [letter for letter in self.sink.to(to) if kinds.get(str(letter["Message-ID"])) == kind]
        assert letters, f"{to} got no letter of the kind {kind}"
        body = letters[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


@asynccontextmanager
async def telling(
    client: Client, sink: Sink, dsn: str, *, contacts: Path | None = None, max_cached_workflows: int = 1000
) -> AsyncIterator[Story]:
    """A story with a worker of its own: own task queue, own database, own mail server."""
    settings = Settings.from_env({"DATABASE_URL": dsn, "COMPLAINTS_SIMULATION": "1"}).model_copy(
        update={"smtp": sink.smtp, "task_queue": f"story-{new_name(12)}", "contacts_file": contacts}
    )
    async with store_on(dsn, max_size=4) as store:
        told = Story(client, sink, store, settings, max_cached_workflows=max_cached_workflows)
        told.client = on_the_clock_of(told)
        try:
            await told.worker_starts()
            yield told
        finally:
            await told.worker_stops()
            await _forgotten(client, settings.task_queue)


def on_the_clock_of(story: Story) -> Client:
    """The story's client: a complaint that anybody starts through it lives on the story's clock."""
    config = story.client.config()
    config["interceptors"] = [_StoryClock(story), *config.get("interceptors", ())]
    return Client(**config)


class _StoryClock(Interceptor):
    """Gives each complaint that is started the story's offset, as only a stack made for simulation may."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - Temporal's name
        story = self._story

        class Starts(OutboundInterceptor):
            async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002
                start = input.args[0] if input.args else None
                if isinstance(start, ComplaintReceived) and not start.clock_offset and story.offset:
                    input.args = [start.model_copy(update={"clock_offset": story.offset}), *input.args[1:]]
                return await super().start_workflow(input)

        return Starts(next)


async def _forgotten(client: Client, task_queue: str) -> None:
    """Nobody will work on that queue again: what is still open there would only keep the server busy."""
    async for left in client.list_workflows(f"TaskQueue = '{task_queue}' AND ExecutionStatus = 'Running'"):
        with suppress(RPCError):  # it has ended meanwhile
            await client.get_workflow_handle(left.id).terminate("the story is told")
