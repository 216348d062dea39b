"""Letters tried in a local activity, within the workflow task: for how long, and when to skip the try."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from complaints.rules.letters import LetterOutcome, Order

AT_ONCE = timedelta(seconds=2)
"""How long an attempt within a workflow task may take: a signal to the case waits for so long."""


class Resting:
    """Whether tries are suspended in this process after one that failed. Affects speed only: the durable activity takes
    over, and no result of a case depends on it."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def now(self) -> bool:
        """Whether tries are suspended now."""
        return asyncio.get_running_loop().time() < self._until

    def begins(self, span: timedelta) -> None:
        """Suspends tries for `span` from now on, or for longer where that was said before."""
        self._until = max(self._until, asyncio.get_running_loop().time() + span.total_seconds())


KEPT_FOR = timedelta(minutes=1)
"""How long a finished attempt is kept for the activity that asks for its result."""


class Attempts:
    """Letters begun in a local activity that go on in the background when it has to return."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], asyncio.Task[LetterOutcome]] = {}
        self._forgetting: dict[tuple[str, str], asyncio.TimerHandle] = {}
        """When an ended one is kept no more. With its letter each holds some 30 KiB, so none longer than it is asked
        for."""

    def begins(self, order: Order, sending: Coroutine[Any, Any, LetterOutcome]) -> asyncio.Task[LetterOutcome]:
        """Starts an attempt in a task of its own, which the caller's cancellation does not reach."""
        attempt = asyncio.create_task(sending)
        self._of[order.number, order.key] = attempt
        attempt.add_done_callback(lambda _: self._has_ended(order, attempt))
        return attempt

    def of(self, order: Order) -> asyncio.Task[LetterOutcome] | None:
        """The attempt at that letter that goes on here, or has just ended."""
        return self._of.get((order.number, order.key))

    def taken(self, order: Order) -> asyncio.Task[LetterOutcome] | None:
        """The same, removed: the caller reports its outcome from now on."""
        if forgetting := self._forgetting.pop((order.number, order.key), None):
            forgetting.cancel()
        return self._of.pop((order.number, order.key), None)

    async def close(self) -> None:
        """Cancels all attempts and waits until each has ended."""
        going = list(self._of.values())
        for attempt in going:
            attempt.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    def _has_ended(self, order: Order, attempt: asyncio.Task[LetterOutcome]) -> None:
        if not attempt.cancelled():
            attempt.exception()  # whoever takes it hears of it; if nobody does, the letter is tried again anyway
        if self.of(order) is attempt:
            later = asyncio.get_running_loop().call_later(KEPT_FOR.total_seconds(), self.taken, order)
            self._forgetting[order.number, order.key] = later
