"""A letter that leaves without a worker: because somebody at a desk or terminal, or a customer's page, asked for it."""

from datetime import timedelta

from complaints.mail.headers import UnsafeLetter
from complaints.mail.letters import Letter
from complaints.mail.outgoing import NotAccepted, Uncertain
from complaints.mailer import mailer_of
from complaints.records.ledger import Claim
from complaints.records.store import Store
from complaints.rules.letters import LetterState, Order
from complaints.settings import Settings


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
    store: Store, settings: Settings, order: Order, letter: Letter, claim: Claim
) -> tuple[LetterState, str | None]:
    """Sends what was claimed and settles it: how it ended, and why if it did not go out. Raises SettingsError."""
    mailer = mailer_of(settings)
    state, why = LetterState.SENT, None
    try:
        await mailer.send(
            letter.as_bytes(), sender=letter.envelope_from, to=letter.envelope_to, envelope_id=letter.envelope_id
        )
    except (NotAccepted, UnsafeLetter) as error:
        state, why = LetterState.FAILED, str(error)
    except Uncertain as error:
        state, why = LetterState.UNCERTAIN, error.reason
    finally:
        await mailer.close()
    await store.settle(order.number, order.key, state, reason=why or None, attempt=claim.attempts)
    return state, why
