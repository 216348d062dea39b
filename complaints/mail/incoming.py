"""A message that came in, read: from whom, about what, in which conversation. Bytes in, a reading out; nothing else.

What kind of message it is, is decided in `kinds` by the signs of `signs`; which case it belongs to, in `replies`.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email.message import Message
from zoneinfo import ZoneInfo

from complaints.mail import parts
from complaints.mail.addresses import Person, addresses_in, first_mailbox
from complaints.mail.answers import seems_in
from complaints.mail.attachments import Attachment, attachments_of
from complaints.mail.bodies import body_of
from complaints.mail.bounces import Bounce, bounce_of
from complaints.mail.content import content_digest
from complaints.mail.examined import Subject
from complaints.mail.headers import AddressUnusable, safe_message_id
from complaints.mail.headers import address as written_to
from complaints.mail.histories import Ours
from complaints.mail.kinds import HUMAN_KINDS, Evidence, Kind, Verdict, verdict
from complaints.mail.language import language_of
from complaints.mail.people import Forwarded, Ownership, People, people_of
from complaints.mail.phrases import is_forwarded, is_passed_on
from complaints.mail.proposals import Proposal, proposals_in
from complaints.mail.quoting import own_words
from complaints.mail.signs import signs_of
from complaints.rules.calendar import OfficeHours
from complaints.rules.facts import Channel
from complaints.rules.number import numbers_in
from complaints.rules.readings import MOST, ReadDetail, Seems
from complaints.rules.received import SOURCE_KEY_LONGEST, ComplaintReceived, Customer, Problem
from complaints.rules.text import LONGEST_LINE, LONGEST_TEXT, cleaned, one_line
from complaints.telephones import is_reachable
from complaints.words.catalogue import N_, catalogue
from complaints.words.vocabulary import Language

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")

_OF_A_PERSON = frozenset({"document", "phone", "product", "occurred_on", "guardian"})
"""Details that a program does not label as its own."""

LOOKED_AT = 10_000
"""Characters of the own words in which numbers are looked for."""

WITHOUT_WORDS = N_("(message without text)")
"""The description of a message that has neither text nor subject: somebody has to ask what it is about."""

MOST_NAMED = 20
"""Files that a text names."""

ZONE = ZoneInfo(OfficeHours().timezone)
"""Where people write: what they call yesterday is that of their clocks, not of the server's."""

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
    """Who wrote: From, or the person behind a web form or a group."""
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
    reply_to: str | None = None
    """Where letters go, if not to who wrote: a person's own Reply-To."""
    customer: Person | None = None
    """Who the customer is: who wrote, or, proposed, whose message a colleague passes on; None where nobody is named."""
    held: str | None = None
    """Why a person must say whose message it is before anything is opened: `staff-forward`, `form-of-nobody`."""
    forwarded: Forwarded | None = None
    answers: bool = False
    """Whether it answers or passes on something, so that its subject may be ours."""
    from_header: str | None = None
    """The address in From, whoever wrote: that of the form, the group, the colleague."""
    notes: tuple[str, ...] = ()
    """What its text says of files in the writer's place: none of these lines is theirs."""

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

    @property
    def words(self) -> str:
        """What stands for the writer's words: the text, else a subject of their own; never one of ours."""
        own_subject = self.subject if not (self.answers or self.numbers) else ""
        return self.text or own_subject or catalogue(self.language).say(WITHOUT_WORDS)

    @property
    def written_on(self) -> date:
        """The day on which it was written, by the clocks of those who wrote it."""
        return self.received_at.astimezone(ZONE).date()

    @property
    def read_details(self) -> tuple[ReadDetail, ...]:
        """The details that were read in it, as a case takes them; their place is that in `words`, where it has them."""
        return read_details(self.proposals, self.words)

    @property
    def seems(self) -> Seems | None:
        """What it seems to say of a complaint as a whole, as an answer may: a proposal to people."""
        return seems_in(self.text)

    @property
    def answer_to(self) -> str | None:
        """The address that letters about it go to."""
        return self.reply_to or self.from_address

    def of_customer(self) -> "Reading":
        """The message as that of the customer whom a person confirmed: their words, their name, the time it came in."""
        if not self.held or self.customer is None:
            return self
        text = self.forwarded.text if self.forwarded else self.text
        proposals = proposals_in(text, written_on=self.written_on)
        subject = self.forwarded.subject if self.forwarded else self.subject
        return replace(
            self,
            from_name=self.customer.name or None,
            from_address=self.customer.address or None,
            reply_to=None,
            message_id=None,  # no letter of ours answers the colleague's
            subject=subject,
            text="\n".join([cleaned(text), *self.notes]).strip(),
            language=language_of(text),
            fields={one.field: one.value for one in proposals if one.stated},
            proposals=proposals,
            held=None,
            forwarded=None,
        )

    def complaint(self) -> ComplaintReceived:
        """The message as a complaint; missing details are no matter. Raises CannotAnswer without any contact."""
        phone = self.fields.get("phone")
        if self.held or not (self.answer_to or is_reachable(phone or "")):
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
                email=self.answer_to,
                phone=phone,
                address=self.fields.get("address"),
                guardian=self.fields.get("guardian"),
            ),
            problem=Problem(
                description=self.words,
                occurred_on=self._occurred_on(),
                remedy_sought=self.fields.get("remedy_sought"),
                amount=self.fields.get("amount"),
            ),
            product=self.fields.get("product"),
            language=self.language,
            in_reply_to=safe if (safe := safe_message_id(self.message_id)) and len(safe) <= LONGEST_LINE else None,
            subject=self.subject or None,
            read=self.read_details,
            files=tuple(file.name for file in self.attachments[:MOST_NAMED]),
        )

    def _occurred_on(self) -> date | None:
        """A date after the receipt, or long ago, is a slip: dropped, and asked for (§4), never a reason to refuse."""
        written = self.fields.get("occurred_on")
        day = date.fromisoformat(written) if written else None
        return day if day and EARLIEST <= day <= self.written_on else None


def read(
    raw: bytes, *, mailbox: str, received_at: datetime, answered: str | None = None, staff: frozenset[str] = frozenset()
) -> Reading:
    """What `raw` says. Never raises, whatever the bytes are; `received_at` must be aware.

    `answered` is the text of the letter of ours that it answers, where that is known: what stands in it is history.
    `staff` are addresses of colleagues outside the mailbox's own domain.
    """
    message = parts.parsed(raw)
    ids = parts.message_ids(message, "Message-ID")
    subject = one_line(parts.header(message, "Subject"))
    written = body_of(message)
    body = written.text[: LONGEST_TEXT * 2]
    whole = cleaned(body)
    ownership = Ownership(mailbox, staff)
    people = people_of(message, ownership, text=whole, subject=subject)
    in_reply_to = parts.message_ids(message, "In-Reply-To")
    references = parts.message_ids(message, "References")
    passes_on = is_forwarded(subject)
    answering = bool(in_reply_to or references or is_passed_on(subject)) and not passes_on
    ours = _ours(message, ownership, people, subject, answered)
    words = own_words(whole, answering=answering and people.held is None, ours=ours)
    attachments = attachments_of(message, pictures=written.pictures)
    own = "" if words.bare and attachments else words.own  # what stands under a photo, or is quoted there
    proposals = proposals_in(words.signed, written_on=received_at.astimezone(ZONE).date())
    sender = _usable(people.wrote.address)
    about = Subject(
        message=message,
        mailbox=mailbox,
        from_name=one_line(people.wrote.name),
        from_address=_usable(people.from_address),
        subject=subject,
        own=own,
        whole=whole,
        raw_whole=body,
        labelled=sum(one.stated and one.field in _OF_A_PERSON for one in proposals),
        attachments=len(attachments),
        unread=sum(one.unread for one in attachments),
        people=people,
        ownership=ownership,
    )
    found: Verdict = verdict((*people.evidence, *signs_of(about)))
    numbers = numbers_in(subject)
    # The subject of an answer is ours.
    language = language_of(own if len(own) > 20 or (own and (answering or numbers)) else f"{subject} {own}")
    notes = _notes(attachments, language, nameless=not re.search(r"\w", own))
    answer_to = _usable(people.answered)
    return Reading(
        mailbox=mailbox,
        received_at=received_at,
        from_name=about.from_name or None,
        from_address=sender,
        message_id=ids[0] if ids else None,
        subject=subject,
        text=_with(own, notes),
        language=language,
        source_key=_source_key(raw, ids[0] if ids else None, sender),
        in_reply_to=in_reply_to[0] if in_reply_to else None,
        references=references,
        number=numbers[0] if numbers else None,
        fields={one.field: one.value for one in proposals if one.stated},
        kind=found.kind,
        score=found.score,
        evidence=found.evidence,
        whole_text=_with(whole, notes),
        proposals=proposals,
        attachments=attachments,
        delivered_to=parts.recipients(message),
        numbers=tuple(dict.fromkeys([*numbers, *numbers_in(own[:LOOKED_AT])])),
        bounce=bounce_of(message, whole) if found.kind is Kind.BOUNCE else None,
        content=content_digest(raw, message),
        authentication=tuple(parts.headers(message, "Authentication-Results")),
        reply_to=answer_to if answer_to != sender else None,
        customer=_customer(people),
        held=people.held,
        forwarded=people.forwarded,
        answers=bool(in_reply_to or references or is_passed_on(subject)),
        from_header=about.from_address,
        notes=notes,
    )


_FIELDS = {"name": "customer_name"} | {
    name: name for name in ("document", "phone", "address", "occurred_on", "product")
}


def read_details(proposals: Iterable[Proposal], words: str) -> tuple[ReadDetail, ...]:
    """Proposals as a case takes them."""
    return tuple(
        ReadDetail(
            field=_FIELDS[one.field],
            value=one.value[:LONGEST_LINE],
            words=one.source[:LONGEST_LINE],
            start=max(0, at := words.find(one.source)),
            end=at + len(one.source) if at >= 0 else 0,
            evident=one.evident,
            corrects=one.corrects,
        )
        for one in proposals
        if one.field in _FIELDS
    )[:MOST]


def _with(text: str, notes: tuple[str, ...]) -> str:
    """A text, cleaned already, and what is said of files below it."""
    return cleaned("\n\n".join(filter(None, [text, "\n".join(notes)]))) if notes else text


def _usable(address: str) -> str | None:
    """The address, if a letter of ours can be written to it."""
    if not address or not _ADDRESS.fullmatch(address) or address != one_line(address):
        return None
    try:
        written_to(address)
    except AddressUnusable:
        return None
    return address


def _customer(people: People) -> Person | None:
    address = _usable(people.customer.address)
    return Person(one_line(people.customer.name), address) if address else None


def _ours(
    message: "Message[str, str]", ownership: Ownership, people: People, subject: str, answered: str | None
) -> Ours:
    """What tells our letters in the history of this message: whoever it is written to is who wrote what it answers."""
    to = parts.raw_header(message, "To")
    addressed = addresses_in(to)
    addresses = {ownership.mailbox.lower(), *(one.lower() for one in addressed if len(set(addressed)) == 1)}
    return Ours(
        addresses=frozenset(addresses - {people.wrote.address.lower()}),
        domains=frozenset({ownership.domain} - {"", people.wrote.address.rpartition("@")[2].lower()}),
        names=tuple(filter(None, [first_mailbox(to).name if len(set(addressed)) == 1 else ""])),
        subject=subject,
        letter=answered,
        writer=people.wrote.name,
    )


def _notes(attachments: tuple[Attachment, ...], language: Language, *, nameless: bool) -> tuple[str, ...]:
    """What the text says of files: each that nobody could read, and every one where there are no words beside them."""
    words = catalogue(language)
    sentences = {
        True: words.gettext("[attachment: {name}, could not be read]"),
        False: words.gettext("[attachment: {name}]"),
    }
    found = [one for one in attachments if one.unread or nameless]
    named = [sentences[one.unread].format(name=one.name) for one in found[:MOST_NAMED]]
    if more := len(found) - len(named):
        named.append(words.ngettext("[{n} more attachment]", "[{n} more attachments]", more).format(n=more))
    return tuple(named)


def _source_key(raw: bytes, message_id: str | None, sender: str | None) -> str:
    if message_id and sender:
        key = f"mail:{one_line(message_id, longest=SOURCE_KEY_LONGEST * 2)}:{sender.lower()}"
        if len(key) <= SOURCE_KEY_LONGEST:
            return key
    return f"mail:sha256:{hashlib.sha256(raw).hexdigest()}"
