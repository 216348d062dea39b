"""What a mail says to the records and to a case: the message as it is kept, and the fact that it is."""

from typing import Any

from pydantic import ValidationError

from complaints.mail.incoming import Reading
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.rules.details import FIELD_OF
from complaints.rules.facts import DetailsReceived, Fact, MessageReceived
from complaints.rules.status import Status
from complaints.rules.text import LONGEST_LINE, one_line


def _labelled(reading: Reading) -> dict[str, Any]:
    """What the customer labelled themselves, as a case takes it over; a date after the day of writing is a slip."""
    names = {"document": "document", "product": "product", "phone": "phone", "name": "customer_name"}
    given: dict[str, Any] = {to: reading.fields[name] for name, to in names.items() if reading.fields.get(name)}
    day = reading.fields.get("occurred_on")
    if day and day <= reading.written_on.isoformat():
        given["occurred_on"] = day
    return given


def said(reading: Reading, asked: Status | None, *, proven: bool, **who: Any) -> Fact:
    """Details that we asked for, or a message.

    What the words mean beyond that, people decide: it goes with them as a proposal.

    `asked`: where the case stands, if it may take details from this sender; None: a message came, and nothing else.
    """
    text, read = reading.words, reading.read_details
    if asked is not None:
        given = _labelled(reading)
        evident = {one.field for one in read if one.evident}
        wanted = {FIELD_OF[detail] for detail in asked.missing if detail in FIELD_OF}
        if asked.waiting_for_details or wanted & (evident | given.keys()):
            try:
                return DetailsReceived.model_validate(
                    {"text": text, **given, "read": read, "seems": reading.seems, **who}
                )
            except ValidationError:
                pass  # a field that is none: the words reach the case as they are
    return MessageReceived(
        text=text,
        message_id=one_line(reading.message_id, longest=LONGEST_LINE) if reading.message_id else None,
        sender_proven=proven,
        read=read,
        seems=reading.seems,
        **who,
    )


def to_keep(raw: bytes, reading: Reading) -> MailToKeep:
    """The message with what was read from it, for the records."""
    return MailToKeep(
        raw=raw,
        mailbox=reading.mailbox,
        received_at=reading.received_at,
        message_id=reading.message_id,
        source_key=reading.source_key,
        content=reading.content,
        sender=_writer(reading),
        kind=reading.kind.value,
        score=reading.score,
        evidence=tuple(one.record for one in reading.evidence),
        files=tuple(
            FileToKeep(
                name=one.name, type=one.type, declared=one.declared, size=one.size, digest=one.digest, data=one.data
            )
            for one in reading.attachments
        ),
    )


def _writer(reading: Reading) -> str | None:
    """Whose message it is, as records keep it: what a colleague forwards is that of the customer, never theirs."""
    if reading.held:
        return reading.customer.address if reading.customer else None
    return reading.from_address
