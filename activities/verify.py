"""The daily look for what does not hold together, and the alarm about it. Safe to repeat."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.colleagues import contacts_at
from complaints.contacts_file import ContactsFile
from complaints.mail.alarm import render_alarm
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.policy_file import PolicyNow
from complaints.records.store import Store
from complaints.rules.verification import Verification
from complaints.rules.verify import NAMED, AlarmOrder
from complaints.verifying import Asked, verified, with_runs

Which = Callable[[Sequence[str]], Awaitable[list[str]]]
"""Picks from these open complaints: those without a run, or those whose workflow tasks fail."""

_HEARTBEAT_EVERY = timedelta(seconds=10)


class VerifyActivities:
    """Activities of the daily check; worker.py gives them store, contacts, the sender of letters and the questions to
    Temporal."""

    def __init__(
        self,
        store: Store,
        contacts: ContactsFile,
        letters: LetterActivities,
        *,
        policy: PolicyNow,
        without_run: Which,
        failing_tasks: Which,
        dsn: str,
        real_time: bool,
    ) -> None:
        self._store, self._contacts, self._letters = store, contacts, letters
        self._policy, self._without_run, self._failing_tasks = policy, without_run, failing_tasks
        self._dsn, self._real_time = dsn, real_time

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.lost_runs, self.verify_records, self.send_alarm]

    @activity.defn
    async def lost_runs(self) -> list[str]:
        """Numbers that are open in Postgres and have no run, neither at the first look nor at the second."""
        found = await self._without_run(await self._store.open_without_closed_at())
        # A run that ended between the two questions has written its last row by now.
        still_open = set(await self._store.open_without_closed_at()) if found else set()
        return [number for number in found if number in still_open]

    @activity.defn
    async def verify_records(self, lost: list[str]) -> Verification:
        """Checks all records in a separate process, by replaying each journal; keeps the result for desk and metrics.

        `lost`: open complaints without a run, which the result names too. The activity's own result names only the
        first faults.
        """
        beating = asyncio.create_task(_beats())
        try:
            asked = Asked(self._dsn, activity.info().current_attempt_scheduled_time, real_time=self._real_time)
            result = await verified(asked, processes=1)
            gone = set(lost)
            running = [number for number in await self._store.open_without_closed_at() if number not in gone]
            failing = await self._failing_tasks(running)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
        result = with_runs(result, lost=lost, failing=failing)
        await self._store.keep_verification(result)
        first = [*result.faults[: len(lost)], *result.faults[len(lost) :][:NAMED]]
        return result.model_copy(update={"faults": tuple(first)})

    @activity.defn
    async def send_alarm(self, order: AlarmOrder) -> str:
        """One letter to the care team: how sending ended."""
        policy = self._policy()
        zone, language = policy.calendar.timezone, policy.language
        contacts = await contacts_at(self._contacts, self._store, order.at, timezone=zone)
        try:
            letter = render_alarm(order, contacts=contacts, timezone=zone, language=language)
        except (AddressUnusable, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return (await self._letters.delivered(order, letter)).state.value


async def _beats() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(_HEARTBEAT_EVERY.total_seconds())
