"""What came by mail: kept as it came, then a new complaint, or an answer passed on to its complaint (§3)."""

import hashlib
from datetime import datetime

from complaints.mail.incoming import CannotAnswer, Reading, read
from complaints.rules.facts import MessageReceived, Via
from complaints.rules.text import LONGEST_LINE, one_line
from starter.errors import NotFound, Refused
from starter.front_desk import FrontDesk, Opened


class Taken(Opened):
    """What became of a mail."""

    reply: bool = False
    """It belongs to a complaint that exists, and was passed on to it."""


async def taken_in(desk: FrontDesk, raw: bytes, *, mailbox: str, received_at: datetime) -> Taken:
    """Takes a mail in. Safe to repeat: the same mail is one complaint, or one message of it.

    Raises Refused for what cannot be a complaint (the mail is kept), Away and the records' errors where it must be
    taken in again later.
    """
    reading = read(raw, mailbox=mailbox, received_at=received_at)
    digest = None
    if desk.store is not None:
        digest = await desk.store.keep_message(
            raw, mailbox=mailbox, received_at=received_at, message_id=reading.message_id
        )
    taken = await _our_own(desk, reading) or await _passed_on(desk, reading, raw) or await _opened(desk, reading)
    if desk.store is not None and digest is not None:
        await desk.store.message_belongs(digest, taken.number)
    return taken


async def _our_own(desk: FrontDesk, reading: Reading) -> Taken | None:
    """A letter of ours that came back to us is no complaint: taken for one, it would be answered for ever."""
    if desk.store is None or not reading.message_id:
        return None
    letter = await desk.store.letter_by_message_id(reading.message_id)
    return Taken(number=letter.number, already=True) if letter else None


async def _opened(desk: FrontDesk, reading: Reading) -> Taken:
    try:
        received = reading.complaint()
    except CannotAnswer as error:
        raise Refused(
            "El mensaje no dice a quién responder: ni remitente ni teléfono. Quedó guardado.",
            f"This mail cannot be a complaint: {error}. It is kept.",
        ) from error
    return Taken.model_validate((await desk.open(received)).model_dump())


async def _passed_on(desk: FrontDesk, reading: Reading, raw: bytes) -> Taken | None:
    """To the complaint that it answers: by a letter of ours that it refers to, else by the number in its subject."""
    number = await _number_answered(desk, reading)
    if number is None:
        return None
    said = MessageReceived(
        text=reading.text or reading.subject or None,
        message_id=one_line(reading.message_id, longest=LONGEST_LINE) if reading.message_id else None,
        by="customer",
        via=Via.REPLY,
        at=reading.received_at if desk.stamps else None,
        event_id=f"mail/{hashlib.sha256(raw).hexdigest()[:40]}",
    )
    try:
        await desk.tell(number, said)
    except NotFound:
        return None  # a number that we never gave: whatever it says, somebody wrote to us
    return Taken(number=number, already=True, reply=True)


async def _number_answered(desk: FrontDesk, reading: Reading) -> str | None:
    if desk.store is not None:
        answered = [reading.in_reply_to] if reading.in_reply_to else []
        for message_id in (*answered, *reversed(reading.references)):
            if letter := await desk.store.letter_by_message_id(message_id):
                return letter.number
    return reading.number
