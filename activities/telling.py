"""What one step of a case tells, within its workflow task: a short attempt, or none while that would be in vain.

Whether there was one is said by the activity's result, and so by the history: the workflow never decides it.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import activity

from activities.at_once import AT_ONCE, Resting
from activities.expected import expected
from activities.letters import LetterActivities
from activities.records import RecordActivities
from complaints.records.errors import Unreachable
from complaints.rules.telling import Step, ToldAtOnce

RECORDS_REST = timedelta(seconds=10)
"""How long rows go by the durable activity after Postgres did not answer a try."""


class TellingActivities:
    """The local activity of each step; worker.py gives it the activities of the records and of letters."""

    def __init__(self, records: RecordActivities, letters: LetterActivities) -> None:
        self._records = records
        self._letters = letters
        self._resting = Resting()

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.tell_at_once]

    @activity.defn
    async def tell_at_once(self, step: Step) -> ToldAtOnce:
        """Writes the rows and then sends the letters, each once for ever: all of it may be repeated.

        Raises where the rows are not kept afterwards, and then no letter was begun; the errors are those of
        `write_records`, or NotAtOnce.
        """
        began = asyncio.get_running_loop().time()
        if step.batch is not None:
            if self._resting.now:
                raise self._not_at_once(step)
            try:
                async with asyncio.timeout(AT_ONCE.total_seconds()):
                    await self._records.write_records(step.batch)
            except (TimeoutError, Unreachable) as error:
                self._resting.begins(RECORDS_REST)
                raise self._not_at_once(step) from error
            except asyncio.CancelledError:  # it began so late that its time was over before ours
                if activity.is_worker_shutdown():
                    raise
                self._resting.begins(RECORDS_REST)
                raise self._not_at_once(step) from None
        used = timedelta(seconds=asyncio.get_running_loop().time() - began)
        letters = await self._letters.at_once(step.letters, within=AT_ONCE - used)
        return ToldAtOnce(letters=tuple(letters), at=step.at)

    @staticmethod
    def _not_at_once(step: Step) -> Exception:
        return expected(f"{step.number}: the records do not answer at once; the rows are written durably.", "NotAtOnce")
