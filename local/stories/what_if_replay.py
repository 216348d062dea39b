"""Plays a past case again on the real engine: its time is skipped from one thing that people did to the next."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from complaints.rules.facts import CustomerDissatisfied, Fact
from complaints.rules.journal import Row
from complaints.rules.policy import Rules
from complaints.rules.requests import Carried
from complaints.rules.retelling import told_again
from complaints.rules.stages import Effect
from complaints.words.catalogue import _
from local.stories.what_if_engine import Engine, Played
from local.stories.what_if_past import PastCase
from workflows import names

PATIENCE = 300.0
"""Seconds of real time for one case on a busy machine; then it is given up."""


class NotPlayed(Exception):
    """The engine did not come to the end of a case; the message says why."""


async def replayed(engine: Engine, past: PastCase, rules: Rules, *, run: str) -> list[Row]:
    """The case's journal as the engine tells it under these rules; `run` tells its runs apart. Raises NotPlayed."""
    replay = _Replay(engine, past, rules, run=run)
    try:
        async with asyncio.timeout(PATIENCE):
            return await replay.rows()
    except TimeoutError:
        raise NotPlayed(
            _("{number}: it did not end within {patience:.0f} s.").format(number=past.number, patience=PATIENCE)
        ) from None
    except RPCError as error:
        answered = f"{error.status.name}: {error.message}"
        raise NotPlayed(
            _("{number}: the engine answered {answered}.").format(number=past.number, answered=answered)
        ) from error
    finally:
        await replay.ends()


class _Replay:
    def __init__(self, engine: Engine, past: PastCase, rules: Rules, *, run: str) -> None:
        self.engine, self.past, self.id = engine, past, run
        self.facts = past.facts_under(rules)
        self.run = Played(past, rules, timedelta(0))
        engine.played[self.id] = self.run
        self._reached = past.received_at
        self._at = 0.0

    async def rows(self) -> list[Row]:
        await self._starts(self.past.received, at=self.past.received_at)
        for fact in self.facts:
            assert fact.at is not None
            goes_on = await self._time_passes(fact.at)
            if not (goes_on and await self._is_said(fact)):
                await self._is_said_after_the_end(fact)
        await self._time_passes(self.past.until)
        return self.run.journal

    async def ends(self) -> None:
        """Nobody looks at this run any more."""
        with suppress(RPCError):
            await self._handle.terminate("played")
        del self.engine.played[self.id]

    @property
    def _handle(self) -> WorkflowHandle[Any, Any]:
        return self.engine.client.get_workflow_handle(self.id)

    async def _starts(self, argument: Any, *, at: datetime) -> None:
        self.run.offset = at - datetime.now(UTC)
        self._reached, self._at = at, time.monotonic()
        said = {"clock_offset": self.run.offset}
        await self.engine.client.start_workflow(
            names.COMPLAINT,
            argument.model_copy(update=said),
            id=self.id,
            task_queue=self.engine.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )

    async def _time_passes(self, at: datetime) -> bool:
        """Up to `at`, whatever falls due on the way; False if the run ends before.

        The engine's clock is at least where it was left plus what has passed here; a moment too far does no harm,
        because every fact says its own time.
        """
        left = at - self._reached - timedelta(seconds=time.monotonic() - self._at)
        if left <= timedelta(0):
            return True
        try:
            if not await self.engine.skipper.fast_forward(self._handle, left):
                return False
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        self._reached, self._at = at, time.monotonic()
        return True

    async def _is_said(self, fact: Fact) -> bool:
        """Whether the run has taken it; it may have ended."""
        try:
            await self._handle.signal(fact.name, fact)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True

    async def _is_said_after_the_end(self, fact: Fact) -> None:
        """§8: a dispute opens the case again; everything else is said too late to change it."""
        if not isinstance(fact, CustomerDissatisfied) or fact.at is None:
            return
        case = told_again(self.id, self.run.journal)
        if case.model_copy(deep=True).apply(fact, now=fact.at) is not Effect.IGNORED:
            await self._starts(Carried(carried=case, reopening=fact), at=fact.at)
