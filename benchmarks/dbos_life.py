"""The same complaint on DBOS, written as its documentation says: one workflow, a step for each touch of the world.

Rules, rows, letters, mail server and records are ours, so that what differs is the engine. Without a ledger a letter
whose step's end was lost goes out twice; with one (`ledger=True`) it has the promise of ours.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS

from complaints.contacts import Contacts
from complaints.mail.letters import OwnAddresses, render
from complaints.mail.outgoing import Mailer
from complaints.records.store import Store
from complaints.rules.case import Case, parsed
from complaints.rules.contents import letter_order
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOrder, LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.status import record_of

TOPIC = "facts"


class World:
    """What the steps use; set before DBOS is launched."""

    store: Store
    mailer: Mailer
    contacts: Contacts
    policy: Policy
    own: OwnAddresses
    ledger = False


@DBOS.step()
async def now() -> datetime:
    """The time, once for ever."""
    return datetime.now(UTC)


@DBOS.step()
async def write(batch: RecordBatch) -> datetime:
    """The rows; and when."""
    await World.store.write(batch)
    return datetime.now(UTC)


@DBOS.step()
async def send(order: LetterOrder) -> tuple[LetterOutcome, datetime]:
    """One letter; and when it was accepted."""
    letter = render(
        order,
        contacts=World.contacts,
        public_url=None,
        timezone=World.policy.calendar.timezone,
        own=World.own,
    )
    if World.ledger:
        await World.store.claim(
            order,
            message_id=letter.message_id,
            to_address=letter.envelope_to[0],
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            lease=timedelta(seconds=45),
        )
    raw = letter.as_bytes()
    await World.mailer.send(raw, sender=letter.envelope_from, to=letter.envelope_to, envelope_id=letter.envelope_id)
    if World.ledger:
        await World.store.settle(order.number, order.key, LetterState.SENT)
    told = (letter.recipient_name,) if letter.recipient_name else ()
    return LetterOutcome(state=LetterState.SENT, message_id=letter.message_id, told=told), datetime.now(UTC)


@DBOS.workflow()
async def complaint(number: str, received: dict[str, Any]) -> str:
    """§3 to §8."""
    start = ComplaintReceived.model_validate(received)
    at = await now()
    rules = rules_in_force(World.policy, at.date())
    case = Case.opened(start, number=number, rules=rules, now=at, run=number)
    at = await _told(case, at)
    while not case.ended:
        clock = case.next_clock
        wait = (clock.due - at).total_seconds() if clock else timedelta(days=365).total_seconds()
        said = await DBOS.recv_async(TOPIC, timeout_seconds=max(wait, 0))
        at = await now()
        case.settle(at, inclusive=said is None)
        if said is not None:
            case.apply(parsed(said["name"], (said["fact"],)), now=at)
        at = await _told(case, at)
    return case.outcome or ""


async def _told(case: Case, at: datetime) -> datetime:
    """Rows first, then the letters that they order, until there is nothing to tell."""
    while True:
        if rows := tuple(case.rows[case.recorded :]):
            at = await write(RecordBatch(record=record_of(case), rows=rows, calls=tuple(case.calls)))
            case.recorded = rows[-1].seq
        if not (waiting := lanes(case)):
            return at
        for recipient in waiting:
            if notice := next_letter(case, recipient):
                outcome, at = await send(letter_order(case, notice, staff_language=case.policy.language))
                case.settle(at, inclusive=False)
                letter_ended(case, notice.key, outcome)
