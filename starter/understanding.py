"""A mail read with what the records know: the letter of ours that it answers, whose text is no word of the writer's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from complaints.mail.incoming import Reading, read
from complaints.mail.people import STAFF_FORWARD
from complaints.mail.replies import answered_letters
from complaints.records.quarantine import QuarantineItem
from complaints.records.store import Store

MOST_ANSWERED = 3
"""Message-IDs that a mail answers, the nearest first, among which our letter is looked for."""

_READER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
"""Reads one message at a time: it takes the processor, so that two at once are no faster and need twice the memory."""


async def understood(
    store: Store, raw: bytes, *, mailbox: str, received_at: datetime, staff: frozenset[str] = frozenset()
) -> Reading:
    """What a mail says; `staff` are colleagues' addresses outside the mailbox's domain, in small letters."""
    reading = await _in_turn(partial(read, raw, mailbox=mailbox, received_at=received_at, staff=staff))
    for message_id in answered_letters(reading)[:MOST_ANSWERED] if reading.by_human else ():
        if letter := await store.letter_by_message_id(message_id):
            knowing = partial(read, raw, mailbox=mailbox, received_at=received_at, staff=staff, answered=letter.text)
            return await _in_turn(knowing)
    return reading


async def understood_item(store: Store, item: QuarantineItem) -> Reading:
    """What an item of the quarantine says, read as when it was put aside: who forwarded it is a colleague still."""
    mail = await store.mail(item.digest)
    assert mail is not None, "the quarantine refers to kept mail"
    staff = frozenset({item.sender.lower()}) if item.reason == STAFF_FORWARD and item.sender else frozenset()
    return await understood(store, mail.raw, mailbox=mail.mailbox, received_at=item.received_at, staff=staff)


async def _in_turn(reading: "partial[Reading]") -> Reading:
    return await asyncio.get_running_loop().run_in_executor(_READER, reading)
