"""The daily digest: who has something today, and one letter to each. Safe to repeat."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letters import LetterActivities
from complaints.colleagues import contacts_at
from complaints.contacts import Contacts
from complaints.contacts_file import ContactsFile
from complaints.digest import Digest, digests_of
from complaints.mail.digest import render_digest
from complaints.mail.headers import AddressUnusable, UnsafeLetter
from complaints.policy_file import PolicyNow
from complaints.records.store import Store
from complaints.rules.digest import DigestDay, DigestOrder
from complaints.rules.policy import rules_in_force

_WRITTEN_BY_NOW = timedelta(minutes=5)
"""Journal rows older than this are all written: the chain's head at that moment no longer changes."""


class DigestActivities:
    """Activities of the daily digest; worker.py gives them store, contacts and the sender of letters."""

    def __init__(
        self,
        store: Store,
        contacts: ContactsFile,
        letters: LetterActivities,
        *,
        policy: PolicyNow,
        public_url: str | None = None,
    ) -> None:
        self._store = store
        self._contacts = contacts
        self._letters = letters
        self._policy = policy
        self._public_url = public_url

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.whom_to_tell, self.send_digest]

    @activity.defn
    async def whom_to_tell(self, day: DigestDay) -> list[str]:
        """The keys of everybody for whom something waits that day; no history keeps what it is."""
        return [digest.key for digest in await self._digests(day)]

    @activity.defn
    async def send_digest(self, order: DigestOrder) -> str:
        """One digest, as things stand now: how sending ended, or `nothing` where all has been done meanwhile."""
        digest = next((one for one in await self._digests(order.day) if one.key == order.recipient), None)
        if digest is None:
            return "nothing"
        head, policy = None, self._policy()
        if order.recipient in policy.escalation.levels:  # who answers for the records keeps a copy outside of them
            at = activity.info().scheduled_time.replace(second=0, microsecond=0) - _WRITTEN_BY_NOW
            chained = await self._store.chain_head(at)
            head = (at, chained) if chained else None
        contacts = await self._people(order.day)
        try:
            letter = render_digest(
                order, digest.person, cases=digest.cases, actions=digest.actions, contacts=contacts,
                timezone=policy.calendar.timezone, desk_url=self._public_url,
                calendar=rules_in_force(policy, order.day.day).calendar,
                head=head, requests=digest.requests,
            )  # fmt: skip
        except (AddressUnusable, UnsafeLetter) as error:
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
        return (await self._letters.delivered(order, letter)).state.value

    async def _digests(self, day: DigestDay) -> list[Digest]:
        standing = await self._store.standing(day)
        actions = await self._store.actions_due(day.next_day)
        return digests_of(
            standing, actions, day=day, contacts=await self._people(day), policy=self._policy(),
            requests=await self._store.privacy_requests(),
        )  # fmt: skip

    async def _people(self, day: DigestDay) -> Contacts:
        return await contacts_at(self._contacts, self._store, day.at, timezone=self._policy().calendar.timezone)
