"""Sending one letter, effectively once: claimed in the ledger before the socket opens, settled after (design §5.2)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.at_once import AT_ONCE, Attempts, Resting
from activities.expected import expected
from complaints.attaching import FileGone, FilesToSend, sent_with_files
from complaints.colleagues import contacts_at
from complaints.contacts import Contacts, UnknownDepartment, UnknownRole
from complaints.contacts_file import ContactsFile
from complaints.mail.audience import WrongAudience
from complaints.mail.headers import AddressUnusable, UnsafeLetter, address
from complaints.mail.letters import PLAIN, Letter, OwnAddresses, render
from complaints.mail.outgoing import Mailer, NotAccepted, Turn, Uncertain
from complaints.mail.recipients import People
from complaints.mail.tokens import bounce_address
from complaints.mail.unbroken import to_its_end
from complaints.own_pages import NoLinks, OwnPages
from complaints.records.errors import MessageIdTaken, RecordsError, StillClaimed, Unkeepable, Unreachable
from complaints.records.ledger import Claim
from complaints.records.links import LinksOf
from complaints.records.store import Store
from complaints.rules.letters import COLLEAGUE, LetterKind, LetterOrder, LetterOutcome, LetterState, Order
from complaints.rules.telling import LetterAtOnce
from complaints.scanning import NotLookedAt

LEASE = timedelta(seconds=45)
"""How long a claim keeps others away once its attempt is not heard of any more; a living one renews it.

Longer than Temporal's heartbeat timeout, after which another attempt begins; whoever holds the letter and slept for
longer than this gives it up before the final dot.
"""

HEARTBEAT_EVERY = timedelta(seconds=5)
"""To Temporal, and to the ledger once the letter is claimed."""

SETTLE_WITHIN = timedelta(minutes=10)
"""How long an attempt that knows its letter's outcome tries to write it while Postgres is away."""

TURN_WITHIN = timedelta(minutes=2)
"""How long an attempt waits for its turn at the mail server before it fails and is retried."""

TURN_AT_ONCE = AT_ONCE / 4
"""The same within a workflow task: in a storm letters wait in Temporal, not in tasks that hold a case."""

MAIL_IS_BUSY = "MailIsBusy"
"""The error type of an attempt whose turn did not come: nothing was claimed."""

RESTS = {"NotAcceptedYet": timedelta(seconds=30), "Unreachable": timedelta(seconds=30), MAIL_IS_BUSY: AT_ONCE / 2}
"""Failures after which no letter is tried within a workflow task, and for how long."""

SLOW_REST = timedelta(seconds=5)
"""The same after a try that took too long. Short: on a busy machine tries cost less than durable activities; a mail
server that is away fails the next try anyway."""


class LetterActivities:
    """Activities that send letters; worker.py gives them their store, mailer and contacts."""

    def __init__(
        self,
        store: Store,
        mailer: Mailer,
        contacts: ContactsFile,
        *,
        timezone: str,
        public_url: str | None = None,
        customers_url: str | None = None,
        own: OwnAddresses = PLAIN,
        scanner: str | None = None,
    ) -> None:
        self._store = store
        self._mailer = mailer
        self._contacts = contacts
        self._timezone = timezone
        self._public_url = public_url
        self._own = own
        self._files = FilesToSend(store, scanner)
        self._pages = OwnPages(store, customers_url or public_url, own, timezone)
        self._attempts = Attempts()
        self._resting = Resting()

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.send_letter]

    @activity.defn
    async def send_letter(self, order: LetterOrder) -> LetterOutcome:
        """Sends one letter to one recipient. Raises what is worth retrying; everything else is an outcome."""
        if begun := self._attempts.taken(order):  # within a workflow task; its end is this attempt's
            async with _heartbeat(_nothing_to_hold):
                try:
                    return await to_its_end(begun, when_stopped=begun.cancel)
                except ApplicationError as error:
                    if error.type != MAIL_IS_BUSY:  # it was in a hurry, and this one is not
                        raise
        return await self._sent_once(order)

    async def at_once(self, orders: Sequence[LetterOrder], *, within: timedelta) -> list[LetterAtOnce]:
        """Tries letters in a local activity; one that takes longer goes on, and its own `send_letter` waits for it."""
        if not orders or self._resting.now:
            return [LetterAtOnce() for _ in orders]
        attempts = [
            self._attempts.of(order) or self._attempts.begins(order, self._sent_once(order, turn_within=TURN_AT_ONCE))
            for order in orders
        ]
        await asyncio.wait(attempts, timeout=max(within.total_seconds(), 0))
        return [self._end_at_once(order, attempt) for order, attempt in zip(orders, attempts, strict=True)]

    def _end_at_once(self, order: LetterOrder, attempt: asyncio.Task[LetterOutcome]) -> LetterAtOnce:
        if not attempt.done():
            self._resting.begins(SLOW_REST)
            return LetterAtOnce(begun=True)
        self._attempts.taken(order)
        try:
            return LetterAtOnce(outcome=attempt.result())
        except ApplicationError as error:
            if error.non_retryable:
                return LetterAtOnce(outcome=LetterOutcome(state=LetterState.FAILED, reason=error.message))
            kind = error.type or ""
        except (asyncio.CancelledError, Exception) as error:
            kind = type(error).__name__
        if kind in RESTS:
            self._resting.begins(RESTS[kind])
        after = order.resend_after_hours if kind == "UncertainYet" else 0
        return LetterAtOnce(begun=kind != MAIL_IS_BUSY, after_hours=after)

    async def close(self) -> None:
        """Ends the attempts in the background: before the final dot given back, after it the answer is awaited."""
        await self._attempts.close()

    async def _sent_once(self, order: LetterOrder, *, turn_within: timedelta | None = None) -> LetterOutcome:
        contacts = await contacts_at(self._contacts, self._store, order.at, timezone=self._timezone)
        if order.kind is LetterKind.MENTION and order.recipient.removeprefix(COLLEAGUE) not in contacts.representatives:
            return LetterOutcome(state=LetterState.SUPERSEDED, reason="their account has no address: the desk tells")
        letter = self._rendered(order, contacts, replace(self._own, secret=await self._store.letters_secret()))
        if activity.info().attempt == 1 and not order.begun and self._told_already(order, contacts):
            return LetterOutcome(state=LetterState.SUPERSEDED, reason="the same person is told in another role")
        return await self.delivered(order, letter, turn_within=turn_within)

    def _told_already(self, order: LetterOrder, contacts: Contacts) -> bool:
        if not order.told_too:
            return False
        day = order.at.astimezone(ZoneInfo(self._timezone)).date()
        return People(contacts, order.contents, day).told_already(order)

    async def delivered(self, order: Order, letter: Letter, *, turn_within: timedelta | None = None) -> LetterOutcome:
        """Sends the letter once, whoever orders it how often: later orders get the first one's outcome.

        From the claim on it is not cut off where this attempt is cancelled (another took over, the worker stops): after
        the final dot the server's answer is waited for, before it the letter is given back.
        """
        held = _Held(self._store, order)
        # The turn comes before the claim: whatever is claimed goes out at once.
        async with _heartbeat(held.renewed), self._turn(order, turn_within or TURN_WITHIN) as turn:
            return await to_its_end(self._handed_over(turn, order, letter, held), when_stopped=turn.stop)

    async def _handed_over(self, turn: Turn, order: Order, letter: Letter, held: "_Held") -> LetterOutcome:
        known = await self._pages.known_for(order)
        claim = await self._claimed(order, letter, held)
        if claim.state is LetterState.UNCERTAIN and _may_go_again(order, claim):
            claim = await self._resumed(order, held)
        if claim.state is not LetterState.CLAIMED:
            told = _told(letter) if claim.state is LetterState.SENT else ()
            return LetterOutcome(state=claim.state, message_id=claim.message_id, reason=claim.reason, told=told)
        held.attempt = claim.attempts
        end = await self._sent(turn, order, letter, claim, held, known)
        held.attempt = None
        return await self._over(order, claim, end)

    @asynccontextmanager
    async def _turn(self, order: Order, within: timedelta) -> AsyncIterator[Turn]:
        """A turn at the mail server. Raises MailIsBusy, retryable: nothing was claimed."""
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(within.total_seconds()):
                    turn = await stack.enter_async_context(self._mailer.turn())
            except TimeoutError:
                said = f"{order.number}: the mail server is busy with other letters; this one waits for its turn."
                raise expected(said, MAIL_IS_BUSY) from None
            yield turn

    def _rendered(self, order: LetterOrder, contacts: Contacts, own: OwnAddresses) -> Letter:
        try:
            return render(
                order,
                contacts=contacts,
                public_url=self._public_url,
                timezone=self._timezone,
                own=own,
            )
        except (WrongAudience, AddressUnusable, UnknownDepartment, UnknownRole, UnsafeLetter) as error:
            # A header or an address does not get better by repeating it.
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error

    async def _claimed(self, order: Order, letter: Letter, held: "_Held") -> Claim:
        held.begins()
        try:
            return await self._store.claim(
                order,
                message_id=letter.message_id,
                to_address=letter.envelope_to[0],
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                files=letter.files,
                lease=LEASE,
            )
        except StillClaimed as error:
            raise _again(error) from None
        except (MessageIdTaken, Unkeepable) as error:  # no repeat helps
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error

    async def _resumed(self, order: Order, held: "_Held") -> Claim:
        held.begins()
        try:
            return await self._store.resume_uncertain(order.number, order.key, LEASE)
        except StillClaimed as error:
            raise _again(error) from None

    async def _sent(
        self, turn: Turn, order: Order, letter: Letter, claim: Claim, held: "_Held", known: LinksOf | None
    ) -> "_End":
        """Sends what the claim says: the same letter for ever, also if the contacts or templates changed meanwhile.

        The link to the customer's page is in the bytes alone.
        """
        same = replace(
            letter, subject=claim.subject, text=claim.text, html=claim.html, message_id=claim.message_id,
            files=claim.files,
        )  # fmt: skip
        if self._own.bounces and letter.comes_back_to:  # to the letter that the ledger knows
            bounces = bounce_address(self._own.bounces, claim.message_id, keys=self._own.keys)
            same = replace(same, comes_back_to=bounces)
        if claim.to_address != letter.envelope_to[0]:
            same = replace(same, to=(address(claim.to_address, role=f"recipient {order.recipient!r}"),))
        try:
            send = partial(
                turn.send, sender=same.envelope_from, to=same.envelope_to, envelope_id=same.envelope_id,
                may_go=held.surely,
            )  # fmt: skip
            bare = self._pages.put_into(same, order, known)
            how = await sent_with_files(bare, self._files, send, number=order.number, on_page=same.wants_page)
        except NotAccepted as error:
            return _End(LetterState.DUE if error.temporary else LetterState.FAILED, error.reason)
        except (UnsafeLetter, FileGone) as error:
            return _End(LetterState.FAILED, str(error))
        except RecordsError:
            return _End(LetterState.DUE, "the records do not answer, which have the files that go with it")
        except (NoLinks, NotLookedAt) as error:
            return _End(LetterState.DUE, str(error))
        except Uncertain as error:
            return _End(LetterState.UNCERTAIN, error.reason)
        return _End(LetterState.SENT, how, told=_told(same))

    async def _over(self, order: Order, claim: Claim, end: "_End") -> LetterOutcome:
        """Writes the outcome to the ledger; raises where the letter is to go again, at the pace of the retry policy."""
        outcome = await self._settled(order, claim, end.state, reason=end.reason, told=end.told)
        if end.state is LetterState.DUE:
            raise expected(f"{order.number}: {end.reason}", "NotAcceptedYet")
        if end.state is LetterState.UNCERTAIN and _may_go_again(order, claim):
            raise expected(
                f"{order.number}: {end.reason} It is sent again later, as the same letter.",
                "UncertainYet",
                next_retry_delay=timedelta(hours=order.resend_after_hours),
            )
        return outcome

    async def _settled(
        self,
        order: Order,
        claim: Claim,
        state: LetterState,
        *,
        reason: str | None = None,
        told: tuple[str, ...] = (),
    ) -> LetterOutcome:
        """Writes the outcome to the ledger. Only this attempt knows it, so it waits where Postgres is away."""
        ended = asyncio.get_running_loop().time()
        pause = 0.2
        while True:
            try:
                await self._store.settle(
                    order.number,
                    order.key,
                    state,
                    reason=reason,
                    ago=timedelta(seconds=asyncio.get_running_loop().time() - ended),
                    attempt=claim.attempts,
                )
                break
            except Unreachable:
                if asyncio.get_running_loop().time() - ended > SETTLE_WITHIN.total_seconds():
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)
        return LetterOutcome(state=state, message_id=claim.message_id, reason=reason, told=told)


_MOST_SENDINGS = 5
"""Attempts at a letter whose outcome stays unknown; after these people decide."""


@dataclass(frozen=True)
class _End:
    """How handing a letter to the mail server ended; DUE: surely not accepted, and it may go again."""

    state: LetterState
    reason: str | None = None
    told: tuple[str, ...] = ()


def _may_go_again(order: Order, claim: Claim) -> bool:
    return order.resend_uncertain and claim.attempts < _MOST_SENDINGS


def _told(letter: Letter) -> tuple[str, ...]:
    return (letter.recipient_name,) if letter.recipient_name else ()


def _again(error: StillClaimed) -> ApplicationError:
    """A retryable error: another attempt holds the letter, retry when its lease is over."""
    return expected(str(error), "StillClaimed", next_retry_delay=error.left + timedelta(seconds=1))


class _Held:
    """One attempt's lease on a letter, and until when it surely holds. Spans are measured here, times by Postgres."""

    def __init__(self, store: Store, order: Order) -> None:
        self._store = store
        self._order = order
        self._since = 0.0
        self.attempt: int | None = None
        """None: it is not claimed yet, or over."""

    def begins(self) -> None:
        """Call just before claiming: the lease lasts from now on, at least."""
        self._since = self._now()

    async def renewed(self) -> None:
        """Renews the lease, where the letter is claimed; without Postgres the old one has to do."""
        with suppress(RecordsError):
            await self._is_renewed()

    async def surely(self) -> bool:
        """Whether the lease surely still holds: the process may have been frozen since it was claimed."""
        if self._now() - self._since < LEASE.total_seconds() / 3:
            return True
        try:
            return await self._is_renewed()
        except RecordsError:
            return self._now() - self._since < LEASE.total_seconds() * 2 / 3

    async def _is_renewed(self) -> bool:
        if self.attempt is None:
            return False
        asked = self._now()
        order = self._order
        if not await self._store.renew(order.number, order.key, attempt=self.attempt, lease=LEASE):
            return False
        self._since = asked
        return True

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def _nothing_to_hold() -> None:
    """Another attempt of this process holds the letter."""


@asynccontextmanager
async def _heartbeat(also: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Heartbeats while the block runs: a dead worker's letter is taken up within half a minute. Calls `also`, too."""

    async def beat() -> None:
        while True:
            if not activity.info().is_local:
                activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())
            await also()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
