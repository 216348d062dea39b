"""The notice about a message that nobody has looked at (§4). Safe to repeat."""

from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.contacts_file import ContactsFile
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.mail.quarantine import render_notice
from complaints.records.store import Store
from complaints.rules.quarantine import QuarantineNotice


class QuarantineActivities:
    """Joined with a store, the contacts and the sender of letters in worker.py."""

    def __init__(self, store: Store, contacts: ContactsFile, letters: LetterActivities, *, timezone: str) -> None:
        self._store = store
        self._contacts = contacts
        self._letters = letters
        self._timezone = timezone

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.send_quarantine_notice]

    @activity.defn
    async def send_quarantine_notice(self, order: QuarantineNotice) -> str:
        """One letter to the care team, unless somebody has decided: `handled`, or how sending ended."""
        item = await self._store.quarantine_item(order.item)
        if item is None or item.handled_at is not None:
            return "handled"
        try:
            letter = render_notice(order, item.received_at, contacts=self._contacts.now(), timezone=self._timezone)
        except (AddressUnusable, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return (await self._letters.delivered(order, letter)).state.value
