"""A message that came in, read: from whom, about what, in which conversation. Bytes in, a reading out; nothing else.

What kind of message it is, is decided in `kinds` by the signs of `signs`; which case it belongs to, in `replies`.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from complaints.mail import parts
from complaints.mail.attachments import Attachment, attachments_of
from complaints.mail.bounces import Bounce, bounce_of
from complaints.mail.content import content_digest
from complaints.mail.examined import Subject
from complaints.mail.headers import safe_message_id
from complaints.mail.kinds import HUMAN_KINDS, Evidence, Kind, Verdict, verdict
from complaints.mail.language import language_of
from complaints.mail.phrases import is_forwarded, is_passed_on
from complaints.mail.proposals import Proposal, proposals_in
from complaints.mail.quoting import own_words
from complaints.mail.signs import signs_of
from complaints.rules.facts import Channel
from complaints.rules.number import numbers_in
from complaints.rules.received import SOURCE_KEY_LONGEST, ComplaintReceived, Customer, Problem
from complaints.rules.text import LONGEST_LINE, LONGEST_TEXT, cleaned, one_line
from complaints.words.vocabulary import Language

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_PHONE = re.compile(r"[+0-9 ().\-/x#*]{5,}")

_OF_A_PERSON = frozenset({"document", "phone", "product", "occurred_on", "guardian"})
"""Details that a program does not label as its own."""

LOOKED_AT = 10_000
"""Characters of the own words in which numbers are looked for."""

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
    """What the writer wrote: without quoted history and signature; all of it where nothing else is left."""
    language: Language
    source_key: str
    """What makes its arrival unique: Message-ID and sender, else the hash of the bytes."""
    in_reply_to: str | None
    references: tuple[str, ...]
    number: str | None
    """The complaint's number in the subject, if there is one with a right check character."""
    fields: dict[str, str] = field(default_factory=dict)
    """What the customer labelled themselves: `document`, `product`, `occurred_on` (ISO), `phone`, `name` …"""
    kind: Kind = Kind.COMPLAINT
    score: float = 0.0
    """What speaks for a program less what speaks for a person: from 1 on it is no person's."""
    evidence: tuple[Evidence, ...] = ()
    whole_text: str = ""
    """Everything, with history and signature."""
    proposals: tuple[Proposal, ...] = ()
    """Details seen in the text, labelled or guessed, with their place in `whole_text`: never facts."""
    attachments: tuple[Attachment, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Every address that it went to; among them may be a signed one of ours."""
    numbers: tuple[str, ...] = ()
    """Every complaint's number in the subject and in the writer's own words, the subject's first."""
    bounce: Bounce | None = None
    """What a bounce reports; None for every other kind."""
    content: str = ""
    """Digest of what was written, without what a route adds: whether two of one source key are the same message."""
    authentication: tuple[str, ...] = ()
    """Its Authentication-Results, whoever wrote them; `authentication` tells whose are believed."""

    @property
    def by_human(self) -> bool:
        """Whether a person wrote it; anything else goes to the quarantine."""
        return self.kind in HUMAN_KINDS

    @property
    def token(self) -> str | None:
        """What stands after the + in the address that it went to, signed or not; `replies` checks it."""
        local, _, domain = self.mailbox.lower().rpartition("@")
        found = (
            tag
            for address in self.delivered_to
            for to, _, at in [address.rpartition("@")]
            for name, _, tag in [to.partition("+")]
            if tag and at.lower() == domain and name.lower() == local
        )
        return next(found, None)

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
    body = parts.body(message)[: LONGEST_TEXT * 2]
    whole = cleaned(body)
    answered = parts.message_ids(message, "In-Reply-To")
    references = parts.message_ids(message, "References")
    answering = bool(answered or references or is_passed_on(subject)) and not is_forwarded(subject)
    words = own_words(whole, answering=answering)
    proposals = proposals_in(words.signed, written_on=received_at.date())
    usable = _ADDRESS.fullmatch(address) and address == one_line(address)
    sender = address if usable else None
    attachments = attachments_of(message)
    about = Subject(
        message=message,
        mailbox=mailbox,
        from_name=one_line(name),
        from_address=sender,
        subject=subject,
        own=words.own,
        whole=whole,
        raw_whole=body,
        labelled=sum(one.stated and one.field in _OF_A_PERSON for one in proposals),
        attachments=len(attachments),
    )
    found: Verdict = verdict(signs_of(about))
    numbers = numbers_in(subject)
    return Reading(
        mailbox=mailbox,
        received_at=received_at,
        from_name=about.from_name or None,
        from_address=sender,
        message_id=ids[0] if ids else None,
        subject=subject,
        text=words.own,
        language=language_of(words.own if len(words.own) > 20 else f"{subject} {words.own}"),
        source_key=_source_key(raw, ids[0] if ids else None, sender),
        in_reply_to=answered[0] if answered else None,
        references=references,
        number=numbers[0] if numbers else None,
        fields={one.field: one.value for one in proposals if one.stated},
        kind=found.kind,
        score=found.score,
        evidence=found.evidence,
        whole_text=whole,
        proposals=proposals,
        attachments=attachments,
        delivered_to=parts.recipients(message),
        numbers=tuple(dict.fromkeys([*numbers, *numbers_in(words.own[:LOOKED_AT])])),
        bounce=bounce_of(message, whole) if found.kind is Kind.BOUNCE else None,
        content=content_digest(raw, message),
        authentication=tuple(parts.headers(message, "Authentication-Results")),
    )


def _source_key(raw: bytes, message_id: str | None, sender: str | None) -> str:
    if message_id and sender:
        key = f"mail:{one_line(message_id, longest=SOURCE_KEY_LONGEST * 2)}:{sender.lower()}"
        if len(key) <= SOURCE_KEY_LONGEST:
            return key
    return f"mail:sha256:{hashlib.sha256(raw).hexdigest()}"
