"""What a bounce says: which letter, which recipient, for how long; from RFC 3464 where it is kept, else from words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from complaints.mail import parts
from complaints.mail.phrases import phrases_in, unaccented

LOOKED_AT = 60_000
"""Characters of a report without structure that are looked at."""

UNWANTED = re.compile(r"complaint about message from \d|abuse report about|email feedback report for")
"""How an unaccented subject begins where somebody's mail service says that a reader called our letter unwanted."""

_ADDRESS = r"[^\s@<>()\[\],;:\"']{1,100}@[A-Za-z0-9.-]{1,150}[A-Za-z0-9]"
_MESSAGE_ID = re.compile(r"^[ \t>|]*message-id:\s{0,20}(<[^<>\s]{3,400}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SAID = re.compile(r"failed|delayed|delivered|relayed|expanded")
_XTEXT = re.compile(r"\+([2-7][0-9A-F])")
_CODE = re.compile(r"(?<![\d.])([45])\d\d[ -#]")
_RECIPIENTS = (
    re.compile(
        rf"^[ \t>]*(?:final|original)-recipient:\s*(?:rfc822|utf-8)?\s*;?\s*<?({_ADDRESS})",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(rf"rcpt to:\s*<({_ADDRESS})>", re.IGNORECASE),
    re.compile(rf"^[ \t>]*<({_ADDRESS})>[^\n]{{0,40}}:", re.MULTILINE),
    re.compile(rf"^[ \t>*]*<?({_ADDRESS})>?[ \t]*(?:\([^\n]{{0,80}}\))?[ \t]*:?[ \t]*$", re.MULTILINE),
    re.compile(rf"<({_ADDRESS})>"),
    re.compile(rf"({_ADDRESS})"),
)


@dataclass(frozen=True)
class Recipient:
    """What a report (RFC 3464) says of one address."""

    addresses: tuple[str, ...]
    """Its final and its original one, in small letters."""
    action: str
    """`failed`, `delayed`, `delivered`, `relayed`, `expanded`; empty where it says none of these."""
    status: str | None

    @property
    def permanent(self) -> bool:
        """Whether trying again is of no use."""
        return self.action == "failed" and not (self.status or "5").startswith("4")


@dataclass(frozen=True)
class Bounce:
    """A report on a letter. What it does not say is None."""

    original_message_id: str | None
    """The letter's Message-ID, if the report carries it (four of five do)."""
    recipient: str | None
    """Whom it could not reach."""
    status: str | None
    """RFC 3463, such as `5.1.1`."""
    action: str
    """`failed`, `delayed`, `delivered`, `relayed`, `expanded`, or `feedback` (RFC 5965)."""
    permanent: bool
    """Whether trying again is of no use."""
    recipients: tuple[Recipient, ...] = ()
    """What it says of each address, where it is a report by RFC 3464 and not words alone."""

    def about(self, address: str) -> tuple[Recipient, ...]:
        """What it says of this address."""
        return tuple(one for one in self.recipients if address.lower() in one.addresses)

    def permanent_for(self, address: str, *, proven: bool) -> bool:
        """Whether a letter to `address` can never arrive: what a report on several says of others is no matter.

        Where it is proven that the letter came back, words count as well, and the address to which its recipient has
        mail forwarded; else only a report that names the letter's own address.
        """
        if told := self.about(address):
            return any(one.permanent for one in told)
        if not proven:
            return False
        return all(one.permanent for one in self.recipients) if self.recipients else self.permanent


def bounce_of(message: "Message[str, str]", text: str) -> Bounce:
    """What the report says; `text` is all of its words. Never raises."""
    blocks = list(_reported(message))
    reported = next(iter(blocks), {})
    words = text[:LOOKED_AT]
    status = _status(reported.get("status", "")) or _status(words)
    action = _action(message, reported, words, status)
    recipient = _recipient_of(reported) or _failed_recipient(message) or _recipient_in(words)
    return Bounce(
        original_message_id=_original_id(message) or _id_in(words),
        recipient=recipient,
        status=status,
        action=action,
        permanent=action == "failed" and not (status or "5").startswith("4"),
        recipients=tuple(
            _told(block) for block in blocks if "final-recipient" in block or "original-recipient" in block
        ),
    )


def _told(block: dict[str, str]) -> Recipient:
    named = (block.get(name, "") for name in ("final-recipient", "original-recipient"))
    written = (value.partition(";")[2] or value for value in named)
    addresses = (re.search(_ADDRESS, form) for value in written for form in (value, _plain(value)))
    said = _SAID.match(block.get("action", "").lower())
    return Recipient(
        addresses=tuple(dict.fromkeys(found[0].lower() for found in addresses if found)),
        action=said[0] if said else "",
        status=_status(block.get("status", "")),
    )


def _plain(xtext: str) -> str:
    """An address as RFC 3461 §4 writes it in a report, `ana+2Brosa@…`, as it is."""
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), xtext) if "+" in xtext else xtext


def _reported(message: "Message[str, str]") -> Iterator[dict[str, str]]:
    """The fields about recipients in each message/delivery-status part, small letters; the first failed one first."""
    found: list[dict[str, str]] = []
    for part in parts.leaves(message):
        if part.get_content_type() not in {"message/delivery-status", "message/global-delivery-status"}:
            continue
        inner = part.get_payload()
        blocks = inner if isinstance(inner, list) else []
        for block in blocks[: parts.MOST_PARTS]:
            if isinstance(block, Message):
                found.append({key.lower(): " ".join(str(value).split())[:500] for key, value in block.raw_items()})
    about = [one for one in found if "final-recipient" in one or "original-recipient" in one or "action" in one]
    yield from sorted(about, key=lambda one: one.get("action", "").lower() != "failed")


def _action(message: "Message[str, str]", reported: dict[str, str], words: str, status: str | None) -> str:
    said = _SAID.match(reported.get("action", "").lower())
    if said:
        return said[0]
    unwanted = UNWANTED.match(unaccented(parts.header(message, "Subject")))
    if unwanted or str(message.get_param("report-type", "")).lower() == "feedback-report":
        return "feedback"
    if status and status.startswith("2"):
        return "delivered"
    delays = phrases_in(unaccented(words)).get("delay", ())
    code = _CODE.search(words)
    if (status or (code[1] if code else "")).startswith("5"):
        return "failed"
    return "delayed" if delays else "failed"


def _status(text: str) -> str | None:
    found = _STATUS.search(text)
    return found[1] if found else None


def _recipient_of(reported: dict[str, str]) -> str | None:
    for name in ("original-recipient", "final-recipient"):
        if found := re.search(_ADDRESS, reported.get(name, "").partition(";")[2] or reported.get(name, "")):
            return found[0]
    return None


def _failed_recipient(message: "Message[str, str]") -> str | None:
    found = re.search(_ADDRESS, " ".join(parts.headers(message, "X-Failed-Recipients"))[:1_000])
    return found[0] if found else None


def _recipient_in(words: str) -> str | None:
    """The likeliest address: labelled, else alone on a line, else the first that is not a daemon's."""
    for pattern in _RECIPIENTS:
        for found in pattern.finditer(words):
            if not re.match(r"(?:mailer-daemon|postmaster|noreply|no-reply)@", found[1], re.IGNORECASE):
                return found[1]
    return None


def _original_id(message: "Message[str, str]") -> str | None:
    """The Message-ID of the letter that came back, whole or only its headers."""
    for part in parts.leaves(message):
        if part.get_content_type() in {"message/rfc822", "message/global"}:
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                if found := parts.message_ids(inner[0], "Message-ID"):
                    return found[0]
            elif found_id := _id_in(str(inner)):
                return found_id
        elif (
            part is not message
            and part.get_content_maintype() in {"text", "message"}
            and (found_id := _id_in(parts.octets(part)[:LOOKED_AT].decode("utf-8", "replace")))
        ):
            return found_id
    return None


def _id_in(text: str) -> str | None:
    found = _MESSAGE_ID.search(text[:LOOKED_AT])
    return found[1] if found else None
