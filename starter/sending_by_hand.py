"""A letter that leaves without a worker: because somebody at a desk or terminal, or a customer's page, asked for it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from complaints.mail.headers import UnsafeLetter
from complaints.mail.letters import Letter
from complaints.mail.outgoing import Mailer, NotAccepted, Uncertain
from complaints.mail.unbroken import to_its_end
from complaints.mailer import mailer_of
from complaints.records.ledger import Claim
from complaints.records.store import Store
from complaints.rules.letters import LetterState, Order
from complaints.settings import Settings

T = TypeVar("T")

_under_way: set[asyncio.Future[Any]] = set()


async def in_one_piece(settings: Settings, work: Callable[[Mailer], Coroutine[Any, Any, T]]) -> T:
    """Shields a letter's claim, sending and settling from cancellation (Ctrl-C, the desk stops).

    After its final dot the answer is waited for, before it the letter is given up at once. Raises SettingsError.
    """
    mailer = mailer_of(settings)
    piece = asyncio.ensure_future(work(mailer))
    _under_way.add(piece)
    piece.add_done_callback(_under_way.discard)
    try:
        return await to_its_end(piece, when_stopped=mailer.stop)
    finally:
        await mailer.close()


async def all_ended() -> None:
    """Waits for every piece that is under way in this process; the records must stay open until then."""
    while _under_way:
        await asyncio.wait(_under_way)


async def claimed(store: Store, order: Order, letter: Letter, *, lease: timedelta) -> Claim:
    """Claimed before the socket opens: whoever dies in between leaves it uncertain. Raises StillClaimed."""
    return await store.claim(
        order,
        message_id=letter.message_id,
        to_address=letter.envelope_to[0],
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        lease=lease,
    )


async def sent(
    store: Store, mailer: Mailer, order: Order, letter: Letter, claim: Claim, *, raw: bytes | None = None
) -> tuple[LetterState, str | None]:
    """Sends what was claimed and settles it: how it ended, and why if it did not go out.

    `raw`: its bytes where they hold what the ledger does not keep: the link to the customer's page.
    """
    state, why = LetterState.SENT, None
    try:
        await mailer.send(
            raw or letter.as_bytes(), sender=letter.envelope_from, to=letter.envelope_to, envelope_id=letter.envelope_id
        )
    except (NotAccepted, UnsafeLetter) as error:
        state, why = LetterState.FAILED, str(error)
    except Uncertain as error:
        state, why = LetterState.UNCERTAIN, error.reason
    await store.settle(order.number, order.key, state, reason=why or None, attempt=claim.attempts)
    return state, why
