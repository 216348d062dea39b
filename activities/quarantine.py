"""The notice about a message that nobody has looked at (§4). Safe to repeat."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.colleagues import contacts_at
from complaints.contacts_file import ContactsFile
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.mail.quarantine import render_notice
from complaints.records.store import Store
from complaints.rules.quarantine import QuarantineNotice, flood_of


class QuarantineActivities:
    """The activity about quarantined mail; worker.py gives it store, contacts and the sender of letters."""

    def __init__(
        self,
        store: Store,
        contacts: ContactsFile,
        letters: LetterActivities,
        *,
        timezone: str,
        public_url: str | None = None,
    ) -> None:
        self._store = store
        self._contacts = contacts
        self._letters = letters
        self._timezone = timezone
        self._public_url = public_url

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.send_quarantine_notice]

    @activity.defn
    async def send_quarantine_notice(self, order: QuarantineNotice) -> str:
        """One letter to the care team, unless somebody has decided: `handled`, or how sending ended."""
        if (began_at := flood_of(order.item)) is not None:
            flood = await self._store.flood_waiting(began_at)
            if not flood.count:
                return "handled"
            return await self._sent(order, flood.oldest or began_at, waiting=flood.count)
        item = await self._store.quarantine_item(order.item)
        if item is None or item.handled_at is not None:
            return "handled"
        return await self._sent(order, item.received_at)

    async def _sent(self, order: QuarantineNotice, received_at: datetime, *, waiting: int = 0) -> str:
        contacts = await contacts_at(self._contacts, self._store, order.at, timezone=self._timezone)
        try:
            letter = render_notice(
                order,
                received_at,
                contacts=contacts,
                timezone=self._timezone,
                waiting=waiting,
                desk_url=self._public_url,
            )
        except (AddressUnusable, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return (await self._letters.delivered(order, letter)).state.value
