"""What makes two messages the same: what was written and when, without what each route writes on the envelope."""

import hashlib
import re
from collections.abc import Sequence
from email.message import Message

from complaints.mail import parts

_OF_THE_ROUTE = re.compile(
    r"received|received-spf|return-path|delivered-to|delivered|delivery-date|envelope-(?:to|from)|apparently-to|bcc"
    r"|x-.*|resent-.*|old-.*|original-.*|authentication-results(?:-.*)?|arc-.*|dkim-.*|domainkey-.*|list-.*"
    r"|mailing-list|errors-to|precedence|status|lines|content-length|mime-version|content-.*|spam.*|thread-.*|dl-.*"
)
"""Headers that servers add or write anew; what an attached part is, is told with the part."""

_ENDS = (b"\r", b" \n", b"\t\n", b"\v\n", b"\f\n")


def content_digest(raw: bytes, message: "Message[str, str]") -> str:
    """SHA-256 of what the writer's program sent: headers but those of the route, and each part undone of its encoding.

    The same message has the same digest whichever way it came and however a relay folded or encoded it again; `message`
    is `raw`, parsed. Never raises.
    """
    digest = hashlib.sha256()
    names = {key.lower() for key, _ in message.raw_items()}
    for name in sorted(name for name in names if not _OF_THE_ROUTE.fullmatch(name)):
        said = "\x00".join(parts.headers(message, name))
        digest.update(f"{name}: {said}\x00\x00".encode("utf-8", "surrogateescape"))
    leaves = list(parts.leaves(message))
    for part in leaves:
        octets = b"" if part.is_multipart() else parts.octets(part)
        if part.get_content_maintype() == "text":
            octets = _without_ends(octets)
        described = f"{part.get_content_type()}/{_name(part)}/{hashlib.sha256(octets).hexdigest()}\x00"
        digest.update(described.encode("utf-8", "surrogateescape"))
    if _read_in_part(raw, leaves):
        digest.update(_body_of(raw))
    return digest.hexdigest()


def _without_ends(octets: bytes) -> bytes:
    """Lines without the blanks at their ends, and Unix' ends; most texts have none of the former."""
    if any(end in octets for end in _ENDS):
        octets = b"\n".join(line.rstrip() for line in octets.splitlines())
    return octets.strip()


def _read_in_part(raw: bytes, leaves: Sequence["Message[str, str]"]) -> bool:
    """Whether there is more in it than was looked at: a message inside it, or what `parts` cuts short."""
    if len(leaves) >= parts.MOST_PARTS or any(part.is_multipart() for part in leaves):
        return True
    crowded = raw.count(b"\n--") > parts.MOST_BOUNDARIES or raw.count(b"\n") > parts.MOST_LINES
    return crowded or b"\n\n" not in raw[: parts.LONGEST_STRUCTURE].replace(b"\r\n", b"\n")


def _body_of(raw: bytes) -> bytes:
    head, blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return hashlib.sha256(body.strip() if blank else head).digest()


def _name(part: "Message[str, str]") -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # a name that no decoder takes: its bytes tell the part
        return ""
