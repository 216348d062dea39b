"""The headers of a letter, made through one safe function, and the proof from the bytes that they are as meant."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default

from complaints.mail.folding import LetterPolicy, fits_encoded_words
from complaints.rules.letters import LetterKind
from complaints.rules.quarantine import ANSWER
from complaints.rules.text import one_line

LONGEST_VALUE = 200
"""Characters of a header's text: a subject, a display name."""

LONGEST_MESSAGE_ID = 900
"""Characters of a Message-ID that we repeat; a line may have 998 (RFC 5322 §2.1.1)."""

ACKNOWLEDGEMENT_KEY = "1/acknowledgement/customer"
"""The key of our first letter to a customer: later ones refer to it, so that a mail program shows one conversation."""

_REPLIES = (LetterKind.ACKNOWLEDGEMENT, ANSWER)

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")
_ADDRESS = re.compile(r"([^\s@<>(),:;\[\]\\\"\x00-\x1f\x7f-\x9f]+)@([^\s@<>(),:;\[\]\\\"\x00-\x1f\x7f-\x9f]+)")


class UnsafeLetter(ValueError):
    """The bytes of a letter do not say what was meant: it must not be sent, however often it is tried."""


class AddressUnusable(ValueError):
    """An address that no letter can be sent to. The message names its role, never the address."""


def safe_header(text: str, *, longest: int = LONGEST_VALUE) -> str:
    """`text` as a header may hold it: one line, nothing that a decoder takes for an encoded word (CVE-2024-6923)."""
    line = one_line(text, longest=longest)
    while "=?" in line:
        line = line.replace("=?", "= ?")
    return line[:longest]


def address(email: str, *, name: str = "", role: str = "recipient") -> Address:
    """An address for a header and the envelope; a domain in other letters in its ASCII form (RFC 5891).

    Raises AddressUnusable: it is none, or one that could smuggle something into a header or an SMTP command.
    """
    role = "recipient" if "@" in role else role  # an involved person may be ordered by their address
    match = _ADDRESS.fullmatch(email.strip())
    if match is None:
        raise AddressUnusable(f"the address of the {role} cannot be used: it is not a plain name@domain")
    try:
        domain = match[2].encode("idna").decode()
        shown = safe_header(name, longest=100)
        return Address(display_name=shown if fits_encoded_words(shown) else "", username=match[1], domain=domain)
    except (UnicodeError, ValueError):
        raise AddressUnusable(f"the address of the {role} cannot be used: its domain is not valid") from None


def needs_smtputf8(addresses: Iterable[Address]) -> bool:
    """Whether a name before the @ has other than ASCII letters, so that the mail server must know RFC 6531."""
    return not all(one.addr_spec.isascii() for one in addresses)


def message_id(number: str, key: str, *, domain: str, secret: bytes = b"") -> str:
    """The one Message-ID that this letter has for ever (design §5.2): nothing of the case can be read from it.

    With the records' `secret` nobody else can make it. Without one, as until 0.1.0, it is `guessable`.
    """
    said = f"letter/{number}/{key}".encode()
    digest = hmac.new(secret, said, hashlib.sha256) if secret else hashlib.sha256(said)
    return f"<{digest.hexdigest()[:40]}@{domain}>"


def guessable(message_id_of_ours: str, number: str, key: str) -> bool:
    """Whether whoever knows the complaint's number can make this Message-ID: naming it then proves nothing."""
    return message_id_of_ours.partition("@")[0] == message_id(number, key, domain="").partition("@")[0]


def safe_message_id(text: str | None) -> str | None:
    """A Message-ID that somebody else made, if it can be repeated in a header of ours; else None."""
    found = _MESSAGE_ID.search((text or "")[: LONGEST_MESSAGE_ID * 2])
    return found[0] if found and len(found[0]) <= LONGEST_MESSAGE_ID else None


def threading(
    number: str, key: str, *, to_customer: bool, in_reply_to: str | None, domain: str, secret: bytes = b""
) -> list[tuple[str, str]]:
    """In-Reply-To and References: the customer's mail and our first letter; staff letters of a case join one thread."""
    if to_customer:
        known = [safe_message_id(in_reply_to), message_id(number, ACKNOWLEDGEMENT_KEY, domain=domain, secret=secret)]
    else:
        # No letter has this id: mail programs group by it all the same, and no customer's mail is named to staff.
        known = [message_id(number, "staff", domain=domain, secret=secret)]
    before = [one for one in known if one and one != message_id(number, key, domain=domain, secret=secret)]
    return [("In-Reply-To", before[-1]), ("References", " ".join(before))] if before else []


def answering(in_reply_to: str | None) -> list[tuple[str, str]]:
    """In-Reply-To and References of a letter that is of no case, where what it answers has an id."""
    known = safe_message_id(in_reply_to)
    return [("In-Reply-To", known), ("References", known)] if known else []


def automatic(number: str, kind: str, *, in_reply_to: str | None) -> list[tuple[str, str]]:
    """What tells programs that a program wrote this, so that none answers it (RFC 3834), and us that it is ours."""
    replied = kind in _REPLIES and safe_message_id(in_reply_to) is not None
    return [
        ("Auto-Submitted", "auto-replied" if replied else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Complaint", safe_header(number)),
    ]


_ASCII = LetterPolicy(linesep="\r\n", cte_type="7bit", raise_on_defect=False)
_UTF8 = _ASCII.clone(utf8=True)


def empty_message(*, utf8: bool) -> EmailMessage:
    """A message whose headers are folded as RFC 5322 asks; `utf8` only where an address needs RFC 6532."""
    return EmailMessage(policy=_UTF8 if utf8 else _ASCII)


def proven(
    raw: bytes,
    *,
    headers: Sequence[tuple[str, str]],
    text: str,
    html: str,
    files: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """`raw`, after reading it as a receiver would: exactly these headers, two parts, and files. Raises UnsafeLetter."""
    read = BytesParser(policy=default).parsebytes(raw)
    names = [name.lower() for name in read]
    if names != [name.lower() for name, _ in headers] + ["mime-version", "content-type"]:
        raise UnsafeLetter("the letter's header names came out otherwise than they were set")
    for name, value in headers:
        if " ".join(str(read[name]).split()) != " ".join(value.split()):
            raise UnsafeLetter(f"the letter's header {name} came out otherwise than it was set")
    body: Message = read
    if files:
        body, *attached = read.iter_parts()
        if [_file(part) for part in attached] != list(files):
            raise UnsafeLetter("the letter's attachments came out otherwise than they were put in")
    parts = [part.get_content() for part in _parts(body)]
    if [_lines(part) for part in parts] != [_lines(text), _lines(html)]:
        raise UnsafeLetter("the letter's text came out otherwise than it was written")
    return raw


def _parts(message: Message) -> list[EmailMessage]:
    inner = message.iter_parts() if isinstance(message, EmailMessage) else ()
    return [part for part in inner if isinstance(part, EmailMessage)]


def _file(part: Message) -> tuple[str | None, str, object]:
    whole = isinstance(part, EmailMessage) and part.is_attachment()
    content = part.get_payload(decode=True) if whole else None
    return part.get_filename(), part.get_content_type(), content


def _lines(text: object) -> list[str]:
    return str(text).replace("\r\n", "\n").rstrip("\n").split("\n")
