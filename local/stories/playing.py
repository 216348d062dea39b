"""Plays a scenario on a real Temporal server: time is skipped, people report facts, rows of the journal come out."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from complaints.records.store import Store
from complaints.rules.facts import CustomerDissatisfied, Fact
from complaints.rules.number import complaint_number, key_digest
from complaints.rules.policy import Policy
from complaints.rules.refusals import clause
from complaints.rules.requests import Carried, Outcome
from complaints.rules.retelling import told_again
from complaints.rules.stages import CLOSED, Effect
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
from local.stack.supervisor import Stack
from local.stories.scenario import Scenario, Step
from starter.home_keys import ring_of_home
from workflows import names
from workflows.connection import connect
from workflows.key_ring import Keys

PATIENCE = 60.0
"""Seconds of real time in which whatever is waited for comes, or something is wrong."""

POLL = 0.02
"""Seconds between two questions."""

AFTERWORDS = frozenset({"feedback-given", "survey-answered", "message-received", "letter-bounced"})
"""What may still be said of a closed complaint without opening it again (design §2, after closing)."""


class PlayFailed(RuntimeError):
    """The story cannot go on; the message says where it stopped and why."""


class Post(Protocol):
    """The mail server of a stage, which a scenario may take down."""

    away: bool


class Happening(BaseModel):
    """Something that happened, by the complaint's own clock."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    what: str
    """As in the journal (§9)."""
    by: str | None = None
    via: str
    data: dict[str, Any] = {}


@asynccontextmanager
async def behind(stack: Stack) -> AsyncIterator[tuple[Client, Store]]:
    """The Temporal of that stack, read with the keys of its home, and its records."""
    client = await connect(
        address=stack.addresses.temporal,
        namespace=stack.addresses.namespace,
        keys=Keys(ring_of_home(stack.home)),
    )
    store = await Store.connect(stack.addresses.database, max_size=2)
    try:
        yield client, store
    finally:
        await store.close()


class Play:
    """One scenario on one stage. `async for happening in play.happenings()` gives what happens, as it happens."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        client: Client,
        store: Store,
        policy: Policy,
        post: Post | None = None,
        task_queue: str = names.TASK_QUEUE,
        source_key: str | None = None,
    ) -> None:
        self.scenario = scenario
        self.client, self.store, self.post, self.task_queue = client, store, post, task_queue
        self.zone = ZoneInfo(policy.calendar.timezone)
        self.source_key = source_key or scenario.complaint.source_key or f"simulation/{scenario.title.en}"
        self.number = complaint_number(self.source_key)
        self.skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000))
        self.offset = timedelta(0)
        """How far the complaint's clock is from the engine's."""
        self.backlog = False
        """Letters wait for the mail server, so nobody waits for letters."""
        self.seen = 0

    async def happenings(self) -> AsyncIterator[Happening]:
        """The whole story. Raises PlayFailed."""
        await self._complaint_comes_in()
        async for happening in self._news():
            yield happening
        for moment, step in self.scenario.calendar:
            at = self.instant(moment)
            async for happening in self._time_passes(at):
                yield happening
            async for happening in self._happens(step, at):
                yield happening
        async for happening in self._time_passes(self.instant(self.scenario.end)):
            yield happening

    def instant(self, moment: datetime) -> datetime:
        """A time of the scenario as an instant, UTC."""
        return moment.replace(tzinfo=self.zone).astimezone(UTC)

    @property
    def handle(self) -> WorkflowHandle[Any, Outcome]:
        """The complaint's workflow, whichever run."""
        return self.client.get_workflow_handle(self.number, result_type=Outcome)

    # -- what people do ----------------------------------------------------------------------------------------------

    async def _complaint_comes_in(self) -> None:
        """§3: started as any client would, and with a clock of its own."""
        at = self.instant(self.scenario.received)
        self.offset = at - datetime.now(UTC)
        received = self.scenario.complaint.model_copy(
            update={
                "source_key": self.source_key,
                "received_at": at,
                "policy": self.scenario.policy or None,
                "clock_offset": self.offset,
            }
        )
        await self.client.start_workflow(
            names.COMPLAINT,
            received,
            id=self.number,
            task_queue=self.task_queue,
            memo={names.KEY_DIGEST_MEMO: key_digest(self.source_key)},
            static_summary=self.scenario.title.es,
        )
        await self._told()

    async def _happens(self, step: Step, at: datetime) -> AsyncIterator[Happening]:
        if step.mail_server is not None:
            yield self._mail_server(step.mail_server, at)
            return
        fact = step.fact(at, self.zone)
        if not await self._is_over():
            await self.handle.signal(fact.name, fact.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        elif fact.name in AFTERWORDS:
            yield await self._said_afterwards(fact, at)
        elif (reason := await self._reopen(fact, at)) is not None:
            yield Happening(at=at, what="ignored", by=fact.by, via=fact.via, data={"fact": fact.name, "reason": reason})
        async for happening in self._news():
            yield happening

    def _mail_server(self, state: str, at: datetime) -> Happening:
        if self.post is None:
            raise PlayFailed("The mail server of this stage is not ours to take down: leave `mail_server` out.")
        self.post.away = state == "down"
        self.backlog = True
        return Happening(at=at, what=f"mail-server/{state}", via="clock")

    async def _said_afterwards(self, fact: Fact, at: datetime) -> Happening:
        """§8: kept beside the journal of a closed complaint."""
        data = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"by", "via", "at"})
        await self.store.add_afterword(
            self.number, event_id=f"{fact.name}/{at.isoformat()}", at=at, what=fact.name, by=fact.by, via=fact.via,
            data=data,
        )  # fmt: skip
        return Happening(at=at, what=fact.name, by=fact.by, via=fact.via, data=data)

    async def _reopen(self, fact: Fact, at: datetime) -> str | None:
        """§8: a dispute after closing starts a new run with the case as its journal tells it; else why not."""
        if not isinstance(fact, CustomerDissatisfied):
            return clause(CLOSED)
        case = told_again(self.number, await self.store.journal(self.number))
        trial = case.model_copy(deep=True)
        if trial.apply(fact, now=at) is Effect.IGNORED:
            return str(trial.rows[-1].data["reason"])
        self.offset = at - datetime.now(UTC)  # a new run begins on the engine's own clock, which is today
        await self.client.start_workflow(
            names.COMPLAINT,
            Carried(carried=case, clock_offset=self.offset, reopening=fact),
            id=self.number,
            task_queue=self.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=self.scenario.title.es,
        )
        await self._comes_true(lambda status: status.outcome is None)
        return None

    # -- how time passes ---------------------------------------------------------------------------------------------

    async def _time_passes(self, at: datetime) -> AsyncIterator[Happening]:
        """From one deadline of the case to the next, up to `at` or to its end."""
        while not await self._is_over():
            now = await self.skipper.get_current_time(self.handle) + self.offset
            if now >= at:
                return
            due = await self._next_due()
            # A second beyond the deadline, so that it has passed when we look.
            goal = at if due is None else min(at, max(due, now) + timedelta(seconds=1))
            await self._patiently(self.skipper.fast_forward(self.handle, goal - now), f"time to pass until {goal}")
            async for happening in self._news():
                yield happening

    async def _next_due(self) -> datetime | None:
        running: list[DeadlineExplained] = await self._asked(names.EXPLAIN, list[DeadlineExplained])
        return next((one.due for one in running if not one.late), None)

    async def _is_over(self) -> bool:
        return (await self.handle.describe()).status is not WorkflowExecutionStatus.RUNNING

    # -- what one sees -----------------------------------------------------------------------------------------------

    async def _news(self) -> AsyncIterator[Happening]:
        """The rows that came since the last time, once all that is due now is told and written."""
        await self._told()
        rows: list[TimelineEntry] = await self._asked(names.TIMELINE, list[TimelineEntry])
        for row in rows[self.seen :]:
            yield Happening(at=row.at, what=row.what, by=row.by, via=row.via, data=row.data)
        self.seen = len(rows)

    async def _told(self) -> None:
        """Until every letter is over and every row is written; an ended case also ends its run."""

        def quiet(status: Status) -> bool:
            return not status.unwritten_rows and (self.backlog or not status.letters_waiting)

        status = await self._comes_true(quiet)
        if self.backlog and not status.letters_waiting and not (self.post and self.post.away):
            self.backlog = False
        if status.outcome is not None and not status.letters_waiting:
            await self._patiently(self.handle.result(), "the run to end")

    async def _asked(self, query: str, answer: Any) -> Any:
        """An opened case answers; but for a moment it may not, while it hears something (workflows/timely.py)."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self.handle.query(query, result_type=answer)
                except WorkflowQueryFailedError:
                    await asyncio.sleep(POLL)

    async def _comes_true(self, condition: Any) -> Status:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        for attempt in itertools.count():
            try:
                status: Status = await self.handle.query(names.STATUS, result_type=Status)
                if condition(status):
                    return status
            except WorkflowQueryFailedError:  # it is being opened; or it failed at once, and will say why
                if attempt and await self._is_over():
                    await self._patiently(self.handle.result(), "the reason")
            if asyncio.get_running_loop().time() > deadline:
                raise PlayFailed(f"{self.number}: nothing moved for {PATIENCE:.0f} s; the worker's log may say why.")
            await asyncio.sleep(POLL)
        raise AssertionError("the loop above ends by itself")

    async def _patiently(self, waiting: Any, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):  # wait_for may swallow that we are told to stop (3.11)
                await waiting
        except TimeoutError:
            raise PlayFailed(f"{self.number}: waited {PATIENCE:.0f} s for {what}.") from None
        except WorkflowFailureError as failure:
            raise PlayFailed(f"{self.number}: {failure.cause}") from failure
