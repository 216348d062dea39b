"""Answering one message of the quarantine: who may get a letter, and handing it over, once (§3, design §5.2)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from complaints.contacts import Contacts
from complaints.contacts_file import ContactsFile
from complaints.mail import parts
from complaints.mail.headers import AddressUnusable
from complaints.mail.incoming import Reading
from complaints.mail.kinds import Kind
from complaints.mail.letters import Letter
from complaints.mail.outgoing import Mailer
from complaints.mail.quarantine import render_answer
from complaints.mailer import own_addresses
from complaints.records.errors import StillClaimed
from complaints.records.quarantine import QuarantineItem
from complaints.records.store import Store
from complaints.rules.letters import CUSTOMER, LetterState
from complaints.rules.policy import Policy
from complaints.rules.quarantine import ANSWER, QuarantineAnswer, answer_key, letters_number
from complaints.rules.same_person import email_key
from complaints.settings import Settings
from complaints.words.catalogue import N_
from starter.errors import Refused
from starter.sending_by_hand import claimed, in_one_piece, sent

LEASE = timedelta(minutes=15)
"""Longer than the longest answer of a mail server: nobody else sends it meanwhile."""

TO_ONE_ADDRESS = 3
"""Answers that one address gets in a day, whoever wants more: a program on the other side would answer them all."""

DAY = timedelta(days=1)

_NEVER = frozenset({Kind.BOUNCE, Kind.OWN})
_BY_A_PROGRAM = frozenset({Kind.AUTO_REPLY, Kind.BULK, Kind.SPAM_LIKE})


@dataclass(frozen=True)
class Answer:
    """What is to be said, and by whom it is decided."""

    item: QuarantineItem
    raw: bytes
    """The message as it came."""
    reading: Reading
    words: str
    by: str
    forced: bool
    """Somebody wants it sent although a program seems to have written, or there were too many."""


async def handed_over(store: Store, settings: Settings, answer: Answer, *, policy: Policy) -> LetterState:
    """SENT, or UNCERTAIN where the mail server's word was lost: then it is never sent again.

    Raises Refused: it may not be sent, or the mail server surely did not take it.
    """
    number = letters_number(answer.item.name)
    before = await store.letters(number)
    answers = [row for row in before if row.kind == ANSWER]
    begun = next((row for row in answers if row.state is not LetterState.FAILED), None)
    if begun is None:
        order, letter = await _written(store, settings, answer, number, attempt=len(answers) + 1, policy=policy)
        return await _sent(store, settings, order, letter)
    if begun.being_sent:
        raise _being_sent(answer.item.name)
    return begun.state if begun.state is LetterState.SENT else LetterState.UNCERTAIN


async def as_it_will_be(store: Store, settings: Settings, answer: Answer, *, policy: Policy) -> Letter:
    """The letter as `handed_over` would send it now; nothing is sent. Raises Refused where it may not be."""
    _, letter = await _written(store, settings, answer, letters_number(answer.item.name), attempt=1, policy=policy)
    return letter


async def _written(
    store: Store, settings: Settings, answer: Answer, number: str, *, attempt: int, policy: Policy
) -> tuple[QuarantineAnswer, Letter]:
    """Raises Refused where it may not be sent."""
    contacts = ContactsFile(settings.contacts_file).now()
    await _may_be_sent(store, contacts, answer)
    order = ordered(answer, number, attempt=attempt, policy=policy)
    try:
        own = replace(own_addresses(settings), secret=await store.letters_secret())
        return order, render_answer(order, contacts=contacts, timezone=policy.calendar.timezone, own=own)
    except AddressUnusable:
        raise _nobody(answer.item) from None


async def _may_be_sent(store: Store, contacts: Contacts, answer: Answer) -> None:
    """RFC 3834 §2, and our own counts. Raises Refused."""
    item, reading = answer.item, answer.reading
    to = reading.answer_to
    paths = parts.headers(parts.parsed(answer.raw), "Return-Path")
    ours = {contacts.sender.address, contacts.care_team.email, *contacts.intake.emails}
    if to and email_key(to) in set(map(email_key, ours)):
        raise Refused(
            N_("{name}: it came from an address of ours, which is not answered by itself.", name=item.name),
        )
    if not to or (paths and paths[0].strip() == "<>") or reading.kind in _NEVER:
        raise _nobody(item)
    if (reading.kind in _BY_A_PROGRAM or item.reason == "loop") and not answer.forced:
        raise Refused(
            N_("{name}: a program seems to have written it, and programs get no answer.", name=item.name),
            N_(
                "{name}: a program seems to have written it ({reason}), and programs get no answer; if a "
                "person did: --even-automatic.",
                name=item.name,
                reason=item.reason,
            ),
        )
    if await store.answers_to(to, within=DAY) >= TO_ONE_ADDRESS:
        raise Refused(
            N_(
                "{name}: that address has had {to_one_address} answers in a day; wait until tomorrow, or "
                "drop the message.",
                name=item.name,
                to_one_address=TO_ONE_ADDRESS,
            ),
        )


def ordered(answer: Answer, number: str, *, attempt: int, policy: Policy) -> QuarantineAnswer:
    """The letter to whoever wrote: in their language where `customer_languages` has it, else in the school's."""
    return QuarantineAnswer(
        number=number,
        key=answer_key(attempt),
        kind=ANSWER,
        recipient=CUSTOMER,
        language=policy.language_for(answer.reading.language),
        at=datetime.now(UTC),
        resend_uncertain=False,
        to_email=answer.reading.answer_to or "",
        received_at=answer.item.received_at,
        words=answer.words.strip(),
        of_case=answer.item.reason == "after-closing",
        in_reply_to=answer.reading.message_id,
    )


async def _sent(store: Store, settings: Settings, order: QuarantineAnswer, letter: Letter) -> LetterState:
    """Claimed before the socket opens, settled after: whoever dies in between leaves it uncertain, never twice."""
    name = order.number.removeprefix("quarantine-")

    async def work(mailer: Mailer) -> tuple[LetterState, str | None]:
        claim = await claimed(store, order, letter, lease=LEASE)
        if claim.state is not LetterState.CLAIMED:
            return claim.state if claim.state is LetterState.SENT else LetterState.UNCERTAIN, None
        return await sent(store, mailer, order, letter, claim)

    try:
        state, why = await in_one_piece(settings, work)
    except StillClaimed:
        raise _being_sent(name) from None
    if state is LetterState.FAILED:
        raise Refused(
            N_(
                "{name}: the answer did not go out, and the message is still in the quarantine: {why} Try "
                "again, or call.",
                name=name,
                why=why,
            ),
        )
    return state


def _nobody(item: QuarantineItem) -> Refused:
    return Refused(
        N_("{name}: there is nobody to answer (no sender, or a letter that came back); drop it.", name=item.name),
    )


def _being_sent(name: str) -> Refused:
    return Refused(
        N_("{name}: somebody is sending the answer at this moment.", name=name),
        N_(
            "{name}: somebody is sending the answer at this moment; see `complaints letters quarantine-{name}`.",
            name=name,
        ),
    )
