"""Sending one letter, effectively once: claimed in the ledger before the socket opens, settled after (design §5.2)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from complaints.contacts import UnknownDepartment, UnknownRole
from complaints.contacts_file import ContactsFile
from complaints.mail.audience import WrongAudience
from complaints.mail.headers import AddressUnusable, UnsafeLetter, address
from complaints.mail.letters import Letter, render
from complaints.mail.outgoing import Mailer, NotAccepted, Uncertain
from complaints.records.errors import MessageIdTaken, StillClaimed, Unkeepable, Unreachable
from complaints.records.ledger import Claim
from complaints.records.store import Store
from complaints.rules.letters import LetterOrder, LetterOutcome, LetterState, Order

LEASE = timedelta(minutes=2)
"""How long a claim keeps others away. An attempt that is alive longer has passed the final dot and only waits."""

HEARTBEAT_EVERY = timedelta(seconds=10)

SETTLE_WITHIN = timedelta(minutes=10)
"""How long an attempt that knows the end of its letter tries to write it down while Postgres is away."""


class LetterActivities:
    """Joined with a store, a mailer and the contacts in worker.py."""

    def __init__(
        self, store: Store, mailer: Mailer, contacts: ContactsFile, *, timezone: str, public_url: str | None = None
    ) -> None:
        self._store = store
        self._mailer = mailer
        self._contacts = contacts
        self._timezone = timezone
        self._public_url = public_url

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.send_letter]

    @activity.defn
    async def send_letter(self, order: LetterOrder) -> LetterOutcome:
        """One letter to one recipient. Raises what is worth repeating; everything else is an outcome."""
        return await self.delivered(order, self._rendered(order))

    async def delivered(self, order: Order, letter: Letter) -> LetterOutcome:
        """That letter, once for ever: whoever orders it again gets the outcome of the first."""
        async with _heartbeat():
            claim = await self._claimed(order, letter)
            match claim.state:
                case LetterState.CLAIMED:
                    return await self._sent(order, letter, claim)
                case LetterState.UNCERTAIN if order.resend_uncertain and claim.attempts < _MOST_SENDINGS:
                    return await self._sent(order, letter, await self._resumed(order))
                case _:
                    told = _told(letter) if claim.state is LetterState.SENT else ()
                    return LetterOutcome(state=claim.state, message_id=claim.message_id, reason=claim.reason, told=told)

    def _rendered(self, order: LetterOrder) -> Letter:
        try:
            return render(order, contacts=self._contacts.now(), public_url=self._public_url, timezone=self._timezone)
        except (WrongAudience, AddressUnusable, UnknownDepartment, UnknownRole, UnsafeLetter) as error:
            # A header or an address does not get better by repeating it.
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error

    async def _claimed(self, order: Order, letter: Letter) -> Claim:
        try:
            return await self._store.claim(
                order,
                message_id=letter.message_id,
                to_address=letter.envelope_to[0],
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                lease=LEASE,
            )
        except StillClaimed as error:
            raise _again(error) from error
        except (MessageIdTaken, Unkeepable) as error:  # no repeat helps
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error

    async def _resumed(self, order: Order) -> Claim:
        try:
            return await self._store.resume_uncertain(order.number, order.key, LEASE)
        except StillClaimed as error:
            raise _again(error) from error

    async def _sent(self, order: Order, letter: Letter, claim: Claim) -> LetterOutcome:
        """Sends what the claim says: the same letter for ever, also if the contacts or templates changed meanwhile."""
        same = replace(letter, subject=claim.subject, text=claim.text, html=claim.html, message_id=claim.message_id)
        if claim.to_address != letter.envelope_to[0]:
            same = replace(same, to=(address(claim.to_address, role=f"recipient {order.recipient!r}"),))
        try:
            await self._mailer.send(same.as_bytes(), sender=same.envelope_from, to=list(same.envelope_to))
        except NotAccepted as error:
            if error.temporary:
                await self._settled(order, claim, LetterState.DUE, reason=error.reason)
                raise ApplicationError(f"{order.number}: {error}", type="NotAcceptedYet") from error
            return await self._settled(order, claim, LetterState.FAILED, reason=error.reason)
        except UnsafeLetter as error:
            return await self._settled(order, claim, LetterState.FAILED, reason=str(error))
        except Uncertain as error:
            outcome = await self._settled(order, claim, LetterState.UNCERTAIN, reason=str(error))
            if order.resend_uncertain and claim.attempts < _MOST_SENDINGS:
                raise ApplicationError(
                    f"{order.number}: {error} It is sent again later, as the same letter.",
                    type="UncertainYet",
                    next_retry_delay=timedelta(hours=order.resend_after_hours),
                ) from error
            return outcome
        return await self._settled(order, claim, LetterState.SENT, told=_told(same))

    async def _settled(
        self,
        order: Order,
        claim: Claim,
        state: LetterState,
        *,
        reason: str | None = None,
        told: tuple[str, ...] = (),
    ) -> LetterOutcome:
        """Writes the end down; only this attempt knows it, so it waits for Postgres rather than lose it."""
        deadline = asyncio.get_running_loop().time() + SETTLE_WITHIN.total_seconds()
        pause = 0.2
        while True:
            try:
                await self._store.settle(
                    order.number,
                    order.key,
                    state,
                    reason=reason,
                    sent_at=datetime.now(UTC) if state is LetterState.SENT else None,
                    attempt=claim.attempts,
                )
                break
            except Unreachable:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)
        return LetterOutcome(state=state, message_id=claim.message_id, reason=reason, told=told)


_MOST_SENDINGS = 5
"""However often a letter's end stays unknown: after so many it is left to people."""


def _told(letter: Letter) -> tuple[str, ...]:
    return (letter.recipient_name,) if letter.recipient_name else ()


def _again(error: StillClaimed) -> ApplicationError:
    """Worth repeating as soon as the other attempt's lease is over."""
    wait = max(error.until - datetime.now(UTC), timedelta(0)) + timedelta(seconds=1)
    return ApplicationError(str(error), type="StillClaimed", next_retry_delay=wait)


@asynccontextmanager
async def _heartbeat() -> AsyncIterator[None]:
    """Tells Temporal that this attempt lives, so that a dead worker's letter is taken up within half a minute."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
