"""Who wrote, who is answered, and who the customer is: three questions, each with its evidence.

A web form writes from our own mailbox, a group rewrites From (DMARC), a colleague forwards what a customer sent them:
in none of these is whoever stands in From the customer, and in none may the letter go there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property

from complaints.mail import parts
from complaints.mail.addresses import (
    NOBODY,
    Person,
    addresses_in,
    behind_via,
    first_mailbox,
    is_of_a_form,
    is_public,
    is_silent,
    mailboxes_in,
)
from complaints.mail.bodies import body_of
from complaints.mail.histories import attribution, header_after, header_at, is_dashed, is_other_header, without_marks
from complaints.mail.kinds import HUMAN, Evidence
from complaints.rules.same_person import email_key
from complaints.words.catalogue import N_

_NAMED_BEHIND = ("Reply-To", "X-Original-From", "X-Google-Original-From", "X-Original-Sender", "X-Reply-To")
"""Where a form, or a group, says whose words it carries."""

_FORM_MAILERS = re.compile(
    r"phpmailer|wp-?mail|wpforms|contact form|formmail|gravity|elementor|drupal|joomla", re.IGNORECASE
)
_FORM_HEADERS = ("X-PHP-Originating-Script", "X-PHP-Script", "X-WPCF7-Content-Type", "X-Form-Id")
_LABELLED = re.compile(
    r"^[ \t*•-]{0,6}(?:correo(?: electr[oó]nico)?|e-?mail|mail|direcci[oó]n de correo|email address)"
    r"[ \t]*[:：][ \t]*(\S+@\S+)",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(
    r"^[ \t*•-]{0,6}(?:nombres?(?: y apellidos?| completo)?|name)[ \t]*[:：][ \t]*(\S[^\n]{1,100})",
    re.IGNORECASE | re.M,
)
_BEGINS_FORWARD = re.compile(
    r"\s*[-_*>]*\s*(?:(?:inicio del )?mensaje reenviado|begin forwarded message|forwarded message|mensaje original"
    r"|original message|correo reenviado|in[ií]cio da mensagem (?:re)?encaminhada"
    r"|weitergeleitete nachricht|message transf[ée]r[ée]|messaggio inoltrato|doorgestuurd bericht)\s*[-_*:]*\s*",
    re.IGNORECASE,
)

LOOKED_AT = 600
"""Lines in which the header of a forwarded message is looked for."""

STAFF_FORWARD = "staff-forward"
"""Why a message is held: a colleague forwarded it, and whose it is a person must say."""

FORM_OF_NOBODY = "form-of-nobody"
"""Why a message is held: a form of ours sent it, and no header says for whom."""


@dataclass(frozen=True)
class Ownership:
    """Which addresses are the school's."""

    mailbox: str
    staff: frozenset[str] = frozenset()
    """Addresses of colleagues, in small letters, wherever they are."""

    @property
    def domain(self) -> str:
        """Of the mailbox, if it is the school's alone."""
        domain = self.mailbox.rpartition("@")[2].lower().removesuffix(".")
        return "" if is_public(domain) else domain

    def has(self, address: str) -> bool:
        """Whether the address is ours."""
        at = address.lower().rpartition("@")[2]
        return (bool(self.domain) and at == self.domain) or email_key(address) in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(map(email_key, (self.mailbox, *self.staff)))


@dataclass(frozen=True)
class Forwarded:
    """A message that a colleague passed on."""

    sender: Person
    subject: str
    text: str
    """Its words, without the colleague's and without its headers."""


@dataclass(frozen=True)
class People:
    """Who a message is from, and whom an answer goes to."""

    wrote: Person
    """Who wrote: From, or the person behind a form or a group."""
    answered: str
    """Where letters go: a person's own Reply-To, else who wrote; empty where nobody can be answered."""
    customer: Person
    """Who the customer is: who wrote, or whose message a colleague passed on."""
    from_address: str
    """What stands in From, whoever it is."""
    held: str | None = None
    """Why a person must say whose message it is, before anything is opened or sent."""
    forwarded: Forwarded | None = None
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def is_behind(self) -> bool:
        """Whether the writer is another than whom From names."""
        return self.wrote.address != self.from_address


def people_of(message: "Message[str, str]", ownership: Ownership, *, text: str, subject: str) -> People:
    """Who is who in a message whose words are `text`. Never raises."""
    stated = first_mailbox(parts.raw_header(message, "From"))
    if not stated:
        return _without_from(message, stated)
    answers = mailboxes_in(parts.raw_header(message, "Reply-To"))
    # Groups put their own address beside the writer's.
    reply_to = next((one for one in answers if _is_theirs(one, ownership)), answers[0])
    ours, no_person = ownership.has(stated.address), is_silent(stated.address)
    carried = ours or no_person or _is_a_form(message, stated, reply_to)
    if carried and (found := _behind(message, ownership, stated, text)):
        return found
    if ours and (forwarded := forwarded_in(message, ownership, text=text, subject=subject)):
        evidence = Evidence(N_("forwarded by a colleague; the sender of what is forwarded is proposed"), 0.0, HUMAN)
        return People(stated, "", forwarded.sender, stated.address, STAFF_FORWARD, forwarded, evidence=(evidence,))
    form_of_ours = is_of_a_form(stated.address) or email_key(stated.address) == email_key(ownership.mailbox)
    if (ours and (no_person or form_of_ours)) or (no_person and _LABELLED.search(text)):
        return _labelled(text, stated)
    if _is_theirs(reply_to, ownership) and email_key(reply_to.address) != email_key(stated.address):
        evidence = Evidence(N_("Reply-To: letters go there"), 0.0, HUMAN)
        return People(stated, reply_to.address, stated, stated.address, evidence=(evidence,))
    return People(stated, stated.address, stated, stated.address)


def _without_from(message: "Message[str, str]", stated: Person) -> People:
    """Without any From the headers that say where answers go are asked; with one that is no address, Reply-To alone."""
    missing = not parts.raw_header(message, "From").strip()
    for header in ("Reply-To", "Sender", "Return-Path") if missing else ("Reply-To",):
        if person := first_mailbox(parts.raw_header(message, header)):
            found = Person(stated.name or person.name, person.address)
            return People(found, found.address, found, found.address)
    return People(stated, "", NOBODY, "")


def _is_a_form(message: "Message[str, str]", stated: Person, reply_to: Person) -> bool:
    """A program that mails what visitors typed, and names one of them: neither alone makes a form of a person."""
    if not reply_to or email_key(reply_to.address) == email_key(stated.address):
        return False
    if is_of_a_form(stated.address):
        return True
    program = f"{parts.header(message, 'X-Mailer')} {parts.header(message, 'User-Agent')}"
    return bool(_FORM_MAILERS.search(program)) or any(parts.raw_header(message, name) for name in _FORM_HEADERS)


def _behind(message: "Message[str, str]", ownership: Ownership, stated: Person, text: str) -> People | None:
    """The person whose words a form, a robot or a group carries, as a header names them."""
    for header in _NAMED_BEHIND:
        named = mailboxes_in(parts.raw_header(message, header))
        person = next((one for one in named if _is_theirs(one, ownership)), NOBODY)
        if not person or person.address.lower() == stated.address.lower():
            continue
        person = Person(person.name or behind_via(stated.name) or _named(text), person.address)
        evidence = Evidence(
            N_("{address} is no person; {header} names who wrote", address=stated.address, header=header), 0.0, HUMAN
        )
        return People(person, person.address, person, stated.address, evidence=(evidence,))
    return _beside_via(message, ownership, stated)


def _beside_via(message: "Message[str, str]", ownership: Ownership, stated: Person) -> People | None:
    """A group whose answers go to the group puts the writer into Cc, by the name that stands before `via`."""
    name = behind_via(stated.name)
    copied = mailboxes_in(parts.raw_header(message, "Cc")) if name else []
    person = next(
        (one for one in copied if one.name.casefold() == name.casefold() and _is_theirs(one, ownership)), None
    )
    if person is None:
        return None
    evidence = Evidence(
        N_("{address} is no person; {header} names who wrote", address=stated.address, header="Cc"), 0.0, HUMAN
    )
    return People(person, person.address, person, stated.address, evidence=(evidence,))


def _labelled(text: str, stated: Person) -> People:
    """A form, or a robot, that names its visitor in its words alone: proposed, and a person looks."""
    found = _LABELLED.search(text)
    address = next(iter(addresses_in(found[1].strip("<>().,;"))), "") if found else ""
    customer = Person(_named(text), address) if address else NOBODY
    evidence = Evidence(N_("{address} is no person, and no header names who wrote", address=stated.address), 0.0, HUMAN)
    return People(stated, "", customer, stated.address, FORM_OF_NOBODY, evidence=(evidence,))


def _named(text: str) -> str:
    found = _NAME.search(text)
    return found[1].strip()[:100] if found else ""


def forwarded_in(message: "Message[str, str]", ownership: Ownership, *, text: str, subject: str) -> Forwarded | None:
    """What a colleague passes on of somebody who is none: the first such message in it, attached or written out."""
    for part in parts.leaves(message):
        for inner in parts.messages_of(part):
            if sender := _sender_of(inner, ownership):
                return Forwarded(sender, parts.header(inner, "Subject"), body_of(inner).text)
    return next(_written_out(text, ownership, subject), None)


def _sender_of(inner: "Message[str, str]", ownership: Ownership) -> Person:
    named = (first_mailbox(parts.raw_header(inner, header)) for header in ("Reply-To", "From"))
    return next((person for person in named if _is_theirs(person, ownership)), NOBODY)


def _written_out(text: str, ownership: Ownership, subject: str) -> Iterator[Forwarded]:
    lines = _ON_ONE_LINE.sub(lambda found: _NEXT_HEADER.sub("\n", found[0]), text).split("\n")
    subject = without_marks(subject)
    for at in range(min(len(lines), LOOKED_AT)):
        if not lines[at].strip():
            continue
        drawn = is_dashed(lines[at]) or _BEGINS_FORWARD.fullmatch(lines[at][:200]) is not None
        header = header_after(lines, at) if drawn else header_at(lines, at)
        if header is not None:
            sender, start = _person(header.sender), header.start + header.length
            bare = drawn and ":" not in lines[header.start]
            while start < len(lines) and (
                _MORE_HEADERS.match(lines[start][:200])
                or is_other_header(lines[start])
                or (bare and lines[start].strip())
                or (drawn and is_dashed(lines[start]))
                or (drawn and _is_apart(lines, start))
            ):
                start += 1
            if _is_theirs(sender, ownership):
                yield Forwarded(sender, (header.subject or "").strip(" *") or subject, _unquoted(lines[start:]))
        elif length := attribution(lines, at):
            sender = _person(" ".join(lines[at : at + length]), of_an_attribution=True)
            if _is_theirs(sender, ownership):
                yield Forwarded(sender, subject, _unquoted(lines[at + length :]))


def _is_apart(lines: list[str], at: int) -> bool:
    """Whether nothing stands between here and one more header with an address: rows of a table are lines apart."""
    below = next((line for line in lines[at : at + 3] if line.strip()), "")[:200]
    return not lines[at].strip() and "@" in below and _MORE_HEADERS.match(below) is not None


_MORE_HEADERS = re.compile(
    r"[\s>*]*(?:to|para|cc|cco|bcc|sent|enviados?(?: el)?|date|fecha|subject|asunto|reply-to|responder a|importancia"
    r"|destinatarios?|importance|datos adjuntos|attachments)\s*\*?\s?:",
    re.IGNORECASE,
)
_ON_ONE_LINE = re.compile(
    r"^[ \t>]*-{2,}[ ]?(?:mensaje reenviado|forwarded message)[ ]?-{2,}[ ]{0,3}(?:de|from):[^\n]*", re.IGNORECASE | re.M
)
"""Yahoo's, when its lines are lost."""

_NEXT_HEADER = re.compile(
    r"[ ]*(?=(?<![\w-])(?:De|From|Para|To|Enviado|Sent|Asunto|Subject|Cc):[ ])|(?<=GMT-\d)(?=Asunto:)"
)
_OF_A_DATE = re.compile(r"^.*(?:\d{1,2}[:.]\d{2}(?:\s*[ap]\.?\s?m\.?)?|\d{4})[\s,]*(?:hrs?\.?,?\s*)?", re.IGNORECASE)


def _person(text: str, *, of_an_attribution: bool = False) -> Person:
    """Name and address as programs write them out: `Hugo <h@…>`, `Hugo [mailto:h@…]`, `*Hugo* <h@…<mailto:h@…>>`."""
    plain = re.sub(r"mailto:", "", text.replace("*", ""), flags=re.IGNORECASE)
    address = next(iter(addresses_in(plain)), "")
    before = plain.partition(address)[0] if address else plain
    if of_an_attribution:
        before = _OF_A_DATE.sub("", before)
    name = re.sub(r"\s+", " ", before).strip(" <[(\"',;:>")
    return Person("" if "@" in name else name, address)


def _is_theirs(person: Person, ownership: Ownership) -> bool:
    return bool(person) and not ownership.has(person.address) and not is_silent(person.address)


def _unquoted(lines: list[str]) -> str:
    written = [line for line in lines if line.strip()]
    if written and all(line.lstrip().startswith(">") for line in written[:3]):
        lines = [re.sub(r"^\s*> ?", "", line) for line in lines]
    return "\n".join(lines).strip()
