"""A letter: rendered from an order, with the contacts of the day, and turned into the bytes that are sent."""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.headerregistry import Address
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts, Person
from complaints.mail import headers
from complaints.mail.attachments import safe_name
from complaints.mail.audience import Audience, audience_of, cut_for
from complaints.mail.desk_links import links_of
from complaints.mail.headers import AddressUnusable
from complaints.mail.octets import Header, octets
from complaints.mail.recipients import People
from complaints.mail.saying import Saying
from complaints.mail.subjects import subject
from complaints.mail.templating import rendered
from complaints.mail.tokens import bounce_address, colleague_address, reply_address
from complaints.rules.given_files import GivenFile
from complaints.rules.letters import CUSTOMER, Contents, LetterKind, LetterOrder, Order, request_of
from complaints.rules.number import in_groups
from complaints.rules.page_links import PLACE
from complaints.words.page_links import shown
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording


@dataclass(frozen=True)
class Attachment:
    """A file of ours that goes with a letter."""

    name: str
    """As `safe_name` leaves it; letters beyond ASCII are encoded as RFC 2231 says."""
    type: str
    """`application/pdf`."""
    content: bytes

    def __post_init__(self) -> None:
        if safe_name(self.name, kind=self.type, place=1) != self.name:
            raise headers.UnsafeLetter("an attachment's name holds what a mail program could trip over")


@dataclass(frozen=True)
class Letter:
    """One letter, whole. The ledger keeps `message_id`, `subject`, `text` and `html`: a repeat is the same letter.

    Where the link to the customer's page goes, `PLACE` stands: `with_page` makes the letter that is sent, and no other.
    """

    to: tuple[Address, ...]
    sender: Address
    subject: str
    text: str
    html: str
    message_id: str
    headers: tuple[tuple[str, str], ...]
    """Date, Reply-To, threading and the marks of automatic mail, in order."""
    language: Language
    recipient_name: str | None = None
    """The staff member it goes to, as the contacts had them that day; None for a customer."""
    comes_back_to: str | None = None
    """The address of its own to which it bounces; None: the sender's."""
    attachments: tuple[Attachment, ...] = ()
    """Not in the ledger: made again for each attempt, or put in as `files` says."""
    files: tuple[GivenFile, ...] = ()
    """Of the case's records, by their digests; the ledger keeps these, and every attempt sends the same bytes."""

    @property
    def envelope_to(self) -> tuple[str, ...]:
        """The addresses for `Mailer.send`."""
        return tuple(one.addr_spec for one in self.to)

    @property
    def envelope_from(self) -> str:
        """The address for `Mailer.send`."""
        return self.comes_back_to or self.sender.addr_spec

    @property
    def envelope_id(self) -> str:
        """What a delivery report names (RFC 3461): the Message-ID without its domain."""
        return self.message_id.strip("<>").partition("@")[0]

    @property
    def wants_page(self) -> bool:
        """Whether a link has a place in it."""
        return PLACE in self.text or PLACE in self.html

    def with_page(self, address: str) -> "Letter":
        """The letter as its customer gets it. It is not kept, shown or logged: only its bytes go out."""
        return replace(self, text=self.text.replace(PLACE, address), html=self.html.replace(PLACE, address))

    def as_bytes(self) -> bytes:
        """The message, the same bytes every time, proven by reading them again. Raises UnsafeLetter: never send it."""
        if self.wants_page:
            raise headers.UnsafeLetter("the link to the customer's page has not been put in")
        # Neither quoted-printable, which writes "=" as "=3D", nor base64 can hold a boundary that begins with "=_".
        boundary = "=_" + hashlib.sha256(self.message_id.encode()).hexdigest()[:32]
        if not self.attachments and len(self.to) == 1:
            said: list[Header] = [("From", self.sender), ("To", self.to[0])]
            said += [("Subject", headers.safe_header(self.subject)), ("Message-ID", self.message_id), *self.headers]
            if made := octets(said, text=self.text, html=self.html, language=self.language, boundary=boundary):
                return made
        return self._by_the_library(boundary)

    def _by_the_library(self, boundary: str) -> bytes:
        """What `octets` does not write."""
        message = headers.empty_message(utf8=headers.needs_smtputf8([*self.to, self.sender]))
        message["From"] = self.sender
        message["To"] = self.to
        message["Subject"] = headers.safe_header(self.subject)
        message["Message-ID"] = self.message_id
        for name, value in self.headers:
            message[name] = value
        meant = [(name, str(value)) for name, value in message.items()]
        message.set_content(self.text, cte="quoted-printable")
        message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        for part in message.iter_parts():
            part["Content-Language"] = self.language
        message.set_boundary(boundary)
        for place, file in enumerate(self.attachments):
            main, _, sub = file.type.partition("/")
            message.add_attachment(
                self._stands_for(place), maintype=main, subtype=sub, filename=file.name,
                params={"charset": "utf-8"} if main == "text" and _is_utf8(file.content) else None,
            )  # fmt: skip
        if self.attachments:
            message.set_boundary(f"{boundary}_all")
        files = [(file.name, file.type, self._stands_for(place)) for place, file in enumerate(self.attachments)]
        raw = headers.proven(message.as_bytes(), headers=meant, text=self.text, html=self.html, files=files)
        for place, file in enumerate(self.attachments):
            raw = _put_in(raw, self._stands_for(place), file.content)
        return raw

    def _stands_for(self, place: int) -> bytes:
        """In the place of an attachment's bytes while the library writes the message, and reads it as a proof: it takes
        seconds for each ten megabytes, in which nothing else runs."""
        return hashlib.sha256(f"{self.message_id} {place}".encode()).digest()


def _put_in(raw: bytes, stands_for: bytes, content: bytes) -> bytes:
    """The message with those bytes in their place, in lines of Base64 as the rest (RFC 2045 §6.8).

    Raises UnsafeLetter.
    """
    before, here, after = raw.partition(base64.b64encode(stands_for))
    written = base64.encodebytes(content).rstrip(b"\n")
    if not here or base64.b64encode(stands_for) in after or base64.b64decode(written) != content:
        raise headers.UnsafeLetter("the letter's attachments came out otherwise than they were put in")
    return b"".join([before, written.replace(b"\n", b"\r\n"), after])


@dataclass(frozen=True)
class OwnAddresses:
    """Which addresses of ours carry a token, so that answers find their case and bounces their letter (tokens.py)."""

    keys: tuple[bytes, ...] = field(default=(), repr=False)
    replies: bool = True
    """Whether the intake's mail server takes `name+token@…`."""
    bounces: str | None = None
    """The mailbox that letters come back to; None: the sender's own."""
    link_days: int = 90
    """How long the link to the customer's page is good, in days from the letter's own."""
    secret: bytes = field(default=b"", repr=False)
    """Makes Message-IDs that nobody can guess; the records keep it, beside the ledger that keeps the IDs."""


PLAIN = OwnAddresses()


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def render(
    order: LetterOrder,
    *,
    contacts: Contacts,
    public_url: str | None,
    timezone: str,
    own: OwnAddresses = PLAIN,
) -> Letter:
    """The letter that was ordered.

    With a `public_url` and a key a customer's letter has a place for the link to their own page; without, it asks for
    an answer by mail or telephone. A letter to staff leads to its case at the desk, which is at that `public_url`. The
    order brings no link: it is kept in histories. Raises WrongAudience and AddressUnusable: such a letter can never be
    sent.
    """
    audience = audience_of(order)
    contents = cut_for(audience, order.contents)
    contents = Contents.model_validate(shown(contents.model_dump(), order.language))  # keys in words of old cases
    at = order.at.astimezone(ZoneInfo(timezone))
    day = at.date()
    people = People(contacts, contents, day)
    person = None if audience is Audience.CUSTOMER else people.addressee(order)
    language: Language = person.language if person and person.language else order.language
    wording = Wording(language, timezone, day)
    heading = wording.letter(order.kind.value, window=contents.window, recipient=order.recipient)
    link = PLACE if public_url and own.keys and audience is Audience.CUSTOMER else None
    say = Saying(wording, people, contents, to_customer=audience is Audience.CUSTOMER)
    context = _context(order, contents, say, title=heading, link=link, person=person, desk=public_url)
    parts = rendered(f"{language}/{order.kind.value}", context)
    sender = headers.address(contacts.sender.address, name=contacts.sender.name, role="sender")
    message_id = headers.message_id(order.number, order.key, domain=sender.domain, secret=own.secret)
    return Letter(
        to=(_to(order, person),),
        sender=sender,
        subject=headers.safe_header(subject(order.number, heading)),
        text=parts.text,
        html=parts.html,
        message_id=message_id,
        headers=(("Date", format_datetime(at)), *_headers(order, contacts, domain=sender.domain, own=own)),
        language=language,
        recipient_name=person.name if person else None,
        files=contents.attached,
        comes_back_to=bounce_address(own.bounces, message_id, keys=own.keys) if own.bounces else None,
    )


def link_until(order: Order, *, timezone: str, own: OwnAddresses) -> date:
    """The last day of the link in that letter: by the letter's own day, so that a repeat brings the same."""
    return order.at.astimezone(ZoneInfo(timezone)).date() + timedelta(days=own.link_days)


def as_kept(
    order: Order,
    *,
    to_address: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    contacts: Contacts,
    timezone: str,
    own: OwnAddresses = PLAIN,
    files: tuple[GivenFile, ...] = (),
) -> Letter:
    """The letter that the ledger keeps, to be sent once more: the same words under the same Message-ID.

    Raises AddressUnusable.
    """
    domain = message_id.strip("<>").rpartition("@")[2]
    at = order.at.astimezone(ZoneInfo(timezone))
    return Letter(
        to=(headers.address(to_address, role=order.recipient),),
        sender=headers.address(contacts.sender.address, name=contacts.sender.name, role="sender"),
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        headers=(("Date", format_datetime(at)), *_headers(order, contacts, domain=domain, own=own)),
        language=order.language,
        comes_back_to=bounce_address(own.bounces, message_id, keys=own.keys) if own.bounces else None,
        files=files,
    )


def _to(order: LetterOrder, person: Person | None) -> Address:
    if person is not None:
        return headers.address(person.email, name=person.name, role=f"recipient {order.recipient!r}")
    if not order.customer_email:
        raise AddressUnusable(f"{order.number}: the customer has no email address; a call has to be made instead")
    return headers.address(order.customer_email, role="customer")  # a name they gave stays in the text


def _headers(order: Order, contacts: Contacts, *, domain: str, own: OwnAddresses) -> list[tuple[str, str]]:
    to_customer = order.recipient == CUSTOMER
    in_reply_to = order.in_reply_to if isinstance(order, LetterOrder) else None
    # A colleague who answers must not open a complaint: staff letters are answered to the care team, not to the intake.
    intake = contacts.intake.emails[0]
    if own.replies:
        intake = reply_address(intake, order.number, keys=own.keys)
    reply_to = intake if to_customer else _answered_inside(order, contacts, own) or contacts.care_team.email
    return [
        ("Reply-To", str(headers.address(reply_to, role="intake" if to_customer else "care team"))),
        *headers.threading(
            order.number,
            order.key,
            to_customer=to_customer,
            in_reply_to=in_reply_to,
            domain=domain,
            secret=own.secret,
        ),
        *headers.automatic(order.number, order.kind, in_reply_to=in_reply_to),
    ]


def _answered_inside(order: Order, contacts: Contacts, own: OwnAddresses) -> str | None:
    """Where the answer to a request for help finds its case (§5.3); None for any other letter, or without tokens."""
    if order.kind is not LetterKind.INVOLVEMENT or not own.replies:
        return None
    return colleague_address(contacts.intake.emails[0], order.number, request_of(order.key), keys=own.keys)


def _context(
    order: LetterOrder,
    contents: Contents,
    say: Saying,
    *,
    title: str,
    link: str | None,
    person: Person | None,
    desk: str | None,
) -> dict[str, Any]:
    contacts = say.people.contacts
    return {
        "language": say.wording.language,
        "title": title,
        "n": order.number,
        "groups": in_groups(order.number),
        "o": order,
        "c": contents,
        "w": say.wording,
        "say": say,
        "school": contacts.school,
        "phone": contacts.intake.telephone,
        "mail": contacts.intake.emails[0],
        "link": link,
        "page": say.page,
        "person": person,
        "to": links_of(desk, order.number),
        "signature": say.signature,
        "footer": say.footer,
    }
