"""The engine on which past cases are played again: a Temporal server of its own, in memory, and a worker whose letters
and rows go nowhere. Nothing of a case is written to a disk."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from complaints.rules.journal import Row
from complaints.rules.letters import CUSTOMER, LetterState
from complaints.rules.policy import Rules
from complaints.rules.requests import TOLD_DIFFERENTLY
from local.stack.temporal_server import TemporalServer
from local.stack.voice import Say, to_stderr
from local.stories.what_if_past import PastCase
from workflows import names, options
from workflows.complaint import Complaint
from workflows.connection import connect

SOON = timedelta(minutes=5)
"""A letter that left within so long of its occasion leaves at once when it is played again."""

LOOKS_AGAIN = timedelta(hours=5)
"""A letter that took longer is tried again so often, until it has taken as long as it did; less than the 6 hours after
which its lane looks anew, or the lane would turn on the spot."""

AT_ONCE = 1_000
"""Runs that the worker keeps in memory."""


@dataclass
class Played:
    """One run of a past case: what its activities must know, and what they were told."""

    past: PastCase
    rules: Rules
    offset: timedelta
    """From the engine's clock, were no time skipped, to the case's."""
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def journal(self) -> list[Row]:
        """What was told so far."""
        return [Row.model_validate(row) for row in self.rows]


class Engine:
    """Where cases are played. `async with Engine.running() as engine:` gives it, and leaves nothing behind."""

    def __init__(self, client: Client, *, task_queue: str = names.TASK_QUEUE) -> None:
        self.client, self.task_queue = client, task_queue
        self.skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=10_000))
        self.played: dict[str, Played] = {}
        """By the run's workflow id."""

    @classmethod
    @asynccontextmanager
    async def running(cls, *, say: Say = to_stderr) -> AsyncIterator["Engine"]:
        """A server and a worker in a temporary home, whatever servers the environment names.

        Raises TemporalMissing, NotReady: the message says what to do.
        """
        with tempfile.TemporaryDirectory(prefix="complaints-", ignore_cleanup_errors=True) as folder:
            async with TemporalServer.started(
                Path(folder), time_skipping=True, attributes=names.SEARCH_ATTRIBUTES, say=say
            ) as server:
                client = await connect(address=server.address, namespace=server.namespace)
                async with cls(client).working() as engine:
                    yield engine

    @asynccontextmanager
    async def working(self) -> AsyncIterator["Engine"]:
        """With a worker on its task queue."""
        worker = Worker(
            self.client,
            task_queue=self.task_queue,
            workflows=[Complaint],
            activities=self._activities(),
            workflow_runner=UnsandboxedWorkflowRunner(),  # the same code; what the sandbox forbids is tested elsewhere
            max_cached_workflows=AT_ONCE,
        )
        try:
            async with worker:
                yield self
        finally:
            # Temporal's core may crash an interpreter that ends while its threads wind down (docs/upstream.md).
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.5)

    def _activities(self) -> Sequence[Callable[..., Any]]:
        return [self.rules_in_force, self.tell_at_once, self.write_records, self.read_journal, self.send_letter]

    def _of_this_run(self) -> Played:
        return self.played[activity.info().workflow_id or ""]

    # What these take stays as JSON: nothing of it is needed but some names, and there are thousands.

    @activity.defn(name=options.RULES_IN_FORCE)
    async def rules_in_force(self, request: Any) -> Rules:
        """Those under which the case is played."""
        return self._of_this_run().rules

    @activity.defn(name=options.TELL_AT_ONCE)
    async def tell_at_once(self, step: Any) -> dict[str, Any]:
        """Keeps the rows. The letters go by activities of their own: a local one's clock is this machine's, not the
        story's."""
        if step["batch"] is not None:
            await self.write_records(step["batch"])
        return {"letters": [{} for _ in step["letters"]]}

    @activity.defn(name=options.WRITE_RECORDS)
    async def write_records(self, batch: Any) -> None:
        """Keeps the rows in memory; as the records do, it takes no other story than the one it was told first."""
        kept = self._of_this_run().rows
        for row in batch["rows"]:
            known = kept[row["seq"] - 1] if row["seq"] <= len(kept) else None
            if known is None:
                kept.append(row)
            elif known != row:
                raise ApplicationError("told differently", type=TOLD_DIFFERENTLY, non_retryable=True)

    @activity.defn(name=options.READ_JOURNAL)
    async def read_journal(self, number: str) -> list[dict[str, Any]]:
        """What was kept."""
        return self._of_this_run().rows

    @activity.defn(name=options.SEND_LETTER)
    async def send_letter(self, order: Any) -> dict[str, Any]:
        """Sends nothing: the letter ends as it ended then and takes as long; one that is new under the other rules goes
        out at once, unless the customer's address took none any more."""
        run, info = self._of_this_run(), activity.info()
        past = run.past.letters.get(order["key"])
        now = info.current_attempt_scheduled_time + run.offset
        if past is None:
            fails = order["recipient"] == CUSTOMER and not run.past.mail_works(now)
            return {"state": (LetterState.FAILED if fails else LetterState.SENT).value}
        left = datetime.fromisoformat(order["at"]) + past.took - now
        if left > SOON:
            raise ApplicationError(
                "not yet", next_retry_delay=min(left, LOOKS_AGAIN), category=ApplicationErrorCategory.BENIGN
            )
        return past.outcome.model_dump(mode="json", exclude_none=True)
