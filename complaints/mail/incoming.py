"""A message that came in, read: from whom, about what, in which conversation. Bytes in, a reading out; nothing else.

What kind of message it is (a complaint, a reply, a bounce …) is decided by evidence, and joins `Reading` in issue 4.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from complaints.mail import fields as labelled_fields
from complaints.mail import parts
from complaints.mail.headers import safe_message_id
from complaints.mail.language import language_of
from complaints.rules.facts import Channel
from complaints.rules.number import numbers_in
from complaints.rules.received import SOURCE_KEY_LONGEST, ComplaintReceived, Customer, Problem
from complaints.rules.text import LONGEST_LINE, LONGEST_TEXT, cleaned, one_line
from complaints.rules.vocabulary import Language

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_PHONE = re.compile(r"[+0-9 ().\-/x#*]{5,}")

WITHOUT_WORDS = {"es": "(mensaje sin texto)", "en": "(message without text)"}
"""The description of a message that has neither text nor subject: somebody has to ask what it is about."""

EARLIEST = date(2000, 1, 1)
"""No problem is older: a year of two digits, or a slip."""


class CannotAnswer(ValueError):
    """The message gives no way to reach whoever wrote it; it cannot become a complaint by itself."""


@dataclass(frozen=True)
class Reading:
    """What a message says. Every text is cleaned: it can be stored, printed and sent."""

    mailbox: str
    """The address that it came in at."""
    received_at: datetime
    """When the mail server took it (§3); never the Date header."""
    from_name: str | None
    from_address: str | None
    message_id: str | None
    subject: str
    text: str
    language: Language
    source_key: str
    """What makes its arrival unique: Message-ID and sender, else the hash of the bytes."""
    in_reply_to: str | None
    references: tuple[str, ...]
    number: str | None
    """The complaint's number in the subject, if there is one with a right check character."""
    fields: dict[str, str] = field(default_factory=dict)
    """What the customer labelled themselves: `document`, `product`, `occurred_on` (ISO), `phone`, `name` …"""

    def complaint(self) -> ComplaintReceived:
        """The message as a complaint; missing details are no matter. Raises CannotAnswer without any contact."""
        phone = self.fields.get("phone")
        phone = phone if phone and _PHONE.fullmatch(phone) else None
        if not (self.from_address or phone):
            raise CannotAnswer(
                "the message has no sender's address and names no telephone, so nobody could be answered"
            )
        return ComplaintReceived(
            source_key=self.source_key,
            channel=Channel.EMAIL,
            received_at=self.received_at,
            customer=Customer(
                name=self.fields.get("name") or self.from_name,
                document=self.fields.get("document"),
                email=self.from_address,
                phone=phone,
                address=self.fields.get("address"),
                guardian=self.fields.get("guardian"),
            ),
            problem=Problem(
                description=self.text or self.subject or WITHOUT_WORDS[self.language],
                occurred_on=self._occurred_on(),
                remedy_sought=self.fields.get("remedy_sought"),
                amount=self.fields.get("amount"),
            ),
            product=self.fields.get("product"),
            language=self.language,
            in_reply_to=safe if (safe := safe_message_id(self.message_id)) and len(safe) <= LONGEST_LINE else None,
            subject=self.subject or None,
        )

    def _occurred_on(self) -> date | None:
        """A date after the receipt, or long ago, is a slip: dropped, and asked for (§4), never a reason to refuse."""
        written = self.fields.get("occurred_on")
        day = date.fromisoformat(written) if written else None
        return day if day and EARLIEST <= day <= self.received_at.date() else None


def read(raw: bytes, *, mailbox: str, received_at: datetime) -> Reading:
    """What `raw` says. Never raises, whatever the bytes are; `received_at` must be aware."""
    message = parts.parsed(raw)
    name, address = parts.sender(message)
    ids = parts.message_ids(message, "Message-ID")
    subject = one_line(parts.header(message, "Subject"))
    text = cleaned(parts.body(message)[: LONGEST_TEXT * 2])
    answered = parts.message_ids(message, "In-Reply-To")
    numbers = numbers_in(subject)
    usable = _ADDRESS.fullmatch(address) and address == one_line(address)
    sender = address if usable else None
    return Reading(
        mailbox=mailbox,
        received_at=received_at,
        from_name=one_line(name) or None,
        from_address=sender,
        message_id=ids[0] if ids else None,
        subject=subject,
        text=text,
        language=language_of(text if len(text) > 20 else f"{subject} {text}"),
        source_key=_source_key(raw, ids[0] if ids else None, sender),
        in_reply_to=answered[0] if answered else None,
        references=parts.message_ids(message, "References"),
        number=numbers[0] if numbers else None,
        fields={key: one_line(value) for key, value in labelled_fields.labelled(text).items()},
    )


def _source_key(raw: bytes, message_id: str | None, sender: str | None) -> str:
    if message_id and sender:
        key = f"mail:{one_line(message_id, longest=SOURCE_KEY_LONGEST * 2)}:{sender.lower()}"
        if len(key) <= SOURCE_KEY_LONGEST:
            return key
    return f"mail:sha256:{hashlib.sha256(raw).hexdigest()}"
