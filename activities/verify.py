"""The daily look for complaints that lost their run, and the alarm about them. Safe to repeat."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.contacts_file import ContactsFile
from complaints.mail.alarm import render_alarm
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.records.store import Store
from complaints.rules.policy import Policy
from complaints.rules.verify import AlarmOrder

WithoutRun = Callable[[Sequence[str]], Awaitable[list[str]]]
"""Of these open complaints, those that have no run."""


class VerifyActivities:
    """Joined with a store, the contacts, the sender of letters and Temporal's own answer in worker.py."""

    def __init__(
        self,
        store: Store,
        contacts: ContactsFile,
        letters: LetterActivities,
        *,
        policy: Policy,
        without_run: WithoutRun,
    ) -> None:
        self._store, self._contacts, self._letters = store, contacts, letters
        self._policy, self._without_run = policy, without_run

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.lost_runs, self.send_alarm]

    @activity.defn
    async def lost_runs(self) -> list[str]:
        """Numbers that are open in Postgres and have no run, neither at the first look nor at the second."""
        found = await self._without_run(await self._store.open_without_closed_at())
        # A run that ended between the two questions has written its last row by now.
        still_open = set(await self._store.open_without_closed_at()) if found else set()
        return [number for number in found if number in still_open]

    @activity.defn
    async def send_alarm(self, order: AlarmOrder) -> str:
        """One letter to the care team: how sending ended."""
        zone, language = self._policy.calendar.timezone, self._policy.language
        try:
            letter = render_alarm(order, contacts=self._contacts.now(), timezone=zone, language=language)
        except (AddressUnusable, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return (await self._letters.delivered(order, letter)).state.value
