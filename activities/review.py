"""What the periodic review asks for (§10): the month's figures, and one letter with them. Safe to repeat."""

from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.contacts_file import ContactsFile
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.mail.review import render_review
from complaints.records.store import Store
from complaints.rules.letters import LetterOutcome
from complaints.rules.review import Month, MonthFigures, ReviewOrder


class ReviewActivities:
    """Joined with a store, the contacts and the sender of letters in worker.py."""

    def __init__(self, store: Store, contacts: ContactsFile, letters: LetterActivities, *, timezone: str) -> None:
        self._store = store
        self._contacts = contacts
        self._letters = letters
        self._timezone = timezone

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.compile_review, self.send_review]

    @activity.defn
    async def compile_review(self, month: Month) -> MonthFigures:
        """The month's figures, from the journal; the same whenever they are asked for."""
        return await self._store.month(month.first, month.after, month.timezone)

    @activity.defn
    async def send_review(self, order: ReviewOrder) -> LetterOutcome:
        """One letter to one reader. Raises what is worth repeating; everything else is an outcome."""
        try:
            letter = render_review(order, contacts=self._contacts.now(), timezone=self._timezone)
        except (AddressUnusable, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return await self._letters.delivered(order, letter)
