"""What a message is made of, read from bytes that may lie: its headers, and its parts with what they hold.

Which of its parts are the writer's words is told in `bodies`, who wrote in `people`.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.parser import BytesFeedParser, BytesParser
from email.policy import compat32
from itertools import islice

from complaints.mail.charsets import decoded
from complaints.mail.sealed import DEEPEST as DEEPEST_SEAL
from complaints.mail.sealed import Opener, is_sealed

MOST_PARTS = 200
"""MIME parts that are looked at."""

DEEPEST = 20
"""Levels of parts inside parts that are looked at."""

LONGEST_HEADER = 10_000
"""Characters of one header that are looked at."""

LONGEST_STRUCTURE = 300_000
"""Bytes of a message that are parsed where its headers, or its parts, are more than any mail program makes."""

MOST_BOUNDARIES = 5_000
"""Lines that begin like the border of a part, up to which a message is parsed whole."""

MOST_LINES = 1_000_000
"""Lines up to which a message is parsed whole: 25 MB of an attachment have a third of it."""

# Each begins with a line's end, so that a long message is gone through at once: `^` would be tried everywhere.
_REPORT = re.compile(rb"\n(?i:content-type:[ \t]*message/(?:global-)?delivery-status)")
_PARAMETERS = re.compile(rb"\n(?i:content-[a-z-]{4,30}:[^\n]*(?:\n[ \t][^\n]*)*)")

PIECE = 65_536
"""Bytes that the parser is fed at a time."""

LONGEST_KEPT = 300_000
"""Octets of a part that are kept while its message is read: it is asked for them five times."""

_UNDONE = "_complaints_undone"

MOST_HEADERS = 1_000
"""Header lines that are looked at."""

_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")

_PLAIN = r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]{1,250}"
_ADDRESS = re.compile(f"{_PLAIN}@{_PLAIN}")
_ID = re.compile(r"<[^<>\s]+>")
_HEADER = re.compile(rb"[!-9;-~]+:")
_SPACED_HEADER = re.compile(rb"([!-9;-~]+)[ \t]+:")
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|reply-to|sender|message-id|in-reply-to|references|received|return-path|mime-version"
    rb"|content-[a-z-]+|delivered-to|user-agent|importance|priority|thread-[a-z]+|list-[a-z]+|dkim-signature|x-[a-z0-9-]+)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
"""Headers by which one knows that headers go on: `DNI:` under a broken line is the beginning of a letter."""

_QUOTED_UNSAID = re.compile(rb"=[Cc][23]=[89ABab][0-9A-Fa-f]")
"""A letter of UTF-8 in quoted-printable, in a text that does not say that it is."""

_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_WORDS = re.compile(rb"\A[^\n]*[A-Za-z,.:;] [A-Za-z]")
"""Words in the first line: no base64 has blanks between its letters."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})


def parsed(raw: bytes) -> "Message[str, str]":
    """The message, what is sealed in it taken out; the older policy, because it reads what the newer one raises on."""
    raw = _mended(_bounded(raw.removeprefix(_BYTE_ORDER_MARK)))
    try:
        message = _of_one_part(raw) or _whole(raw)
    except Exception:  # parts inside parts beyond any depth: its headers, and the rest as one text
        return BytesParser(policy=compat32).parsebytes(raw, headersonly=True)
    opener = Opener()
    for _ in range(DEEPEST_SEAL):
        if not sum(opener.opened(part, _undone(part)) for part in list(leaves(message)) if is_sealed(part)):
            break
    return message


def _whole(raw: bytes) -> "Message[str, str]":
    """Fed piece by piece: `message_from_bytes` would hold the whole text at four bytes a letter besides."""
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(raw), PIECE):
        parser.feed(raw[start : start + PIECE])
    return parser.close()


def _of_one_part(raw: bytes) -> "Message[str, str] | None":
    """A message without parts, read as Python's parser does, which would take ten times the memory of a long text."""
    end = re.search(rb"\r?\n\r?\n", raw)
    if end is None:
        return None
    message = BytesParser(policy=compat32).parsebytes(raw[: end.end()])
    if message.get_content_maintype() in {"multipart", "message"} or message.defects:
        return None
    body = raw[end.end() :]
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    message.set_payload(body.decode("ascii", "surrogateescape"))
    return message


def _mended(raw: bytes) -> bytes:
    """`raw` without the lines among its headers that are none, as long as headers follow: they end no header."""
    end = min((at for mark in (b"\n\n", b"\n\r\n") if (at := raw.find(mark)) >= 0), default=-1)
    if not 0 <= end <= LONGEST_STRUCTURE:
        return raw
    lines = raw[: end + 1].splitlines(keepends=True)
    broken = [place for place, line in enumerate(lines) if not _is_of_a_header(line, first=place == 0)]
    if not broken:
        return raw
    last = max((place for place, line in enumerate(lines) if _KNOWN.match(line)), default=-1)
    # Without any header above or below, it is a text that has none.
    if broken[0] > last:
        return raw
    kept = [
        line for place, line in enumerate(lines) if place > last or place not in broken or _SPACED_HEADER.match(line)
    ]
    return b"".join(_SPACED_HEADER.sub(rb"\1:", line, count=1) for line in kept) + raw[end + 1 :]


def _is_of_a_header(line: bytes, *, first: bool) -> bool:
    if first:
        return _HEADER.match(line) is not None or line.startswith(b"From ")
    return line[:1] in b" \t" or _HEADER.match(line) is not None


def _bounded(raw: bytes) -> bytes:
    """`raw` without what only an attacker writes: the parser's time grows with the square of some of it."""
    if len(raw) < LONGEST_HEADER:
        return raw
    if raw[:1] in b"cC":
        return _bounded(b"\n" + raw)[1:]
    end_of_headers = min((at for end in (b"\n\n", b"\r\n\r\n") if (at := raw.find(end)) >= 0), default=len(raw))
    crowded = (
        end_of_headers > LONGEST_STRUCTURE or raw.count(b"\n--") > MOST_BOUNDARIES or raw.count(b"\n") > MOST_LINES
    )
    crowded = crowded or _REPORT.search(raw) is not None
    if crowded:
        raw = raw[:LONGEST_STRUCTURE]
    if not any(len(found[0]) > LONGEST_HEADER + 1 for found in _PARAMETERS.finditer(raw)):
        return raw
    return _PARAMETERS.sub(lambda found: found[0][: LONGEST_HEADER + 1], raw)


def header(message: "Message[str, str]", name: str) -> str:
    """A header's text, decoded as far as it can be; empty where it is missing."""
    return words_decoded(raw_header(message, name))


def words_decoded(value: str) -> str:
    """A text on one line, its encoded words (RFC 2047) read as far as they can be."""
    if "=?" not in value:
        return _unfolded(value)
    try:
        pieces = decode_header(value)
    except Exception:  # a header that no decoder takes is still read as it stands
        return _unfolded(value)
    return _unfolded("".join(_word(piece, charset) for piece, charset in pieces))


def headers(message: "Message[str, str]", name: str) -> list[str]:
    """Every header of that name, unfolded, as it stands; for those that a program reads."""
    wanted = name.lower()
    return [
        _unfolded(_octets_read(value))
        for key, value in islice(message.raw_items(), MOST_HEADERS)
        if key.lower() == wanted
    ]


def recipients(message: "Message[str, str]") -> tuple[str, ...]:
    """Every address that the message says it went to, each once: among them may be one that we signed."""
    found = (address for name in _RECIPIENTS for value in headers(message, name) for address in _ADDRESS.findall(value))
    return tuple(islice(dict.fromkeys(found), MOST_PARTS))


def message_ids(message: "Message[str, str]", name: str) -> tuple[str, ...]:
    """The Message-IDs in such a header, in order, each once."""
    found = _ID.findall(_unfolded(raw_header(message, name)))
    return tuple(dict.fromkeys(found))


def leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Its parts that hold no parts of the same message, in order; a message inside it is one part."""
    waiting = [(message, 0)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop(0)
        seen += 1
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            payload = part.get_payload()
            if depth < DEEPEST:
                waiting = [(inner, depth + 1) for inner in payload if isinstance(inner, Message)] + waiting
        else:
            yield part


def messages_of(part: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The messages that a part is: one that is attached, also as a file (`.eml`) whose type says nothing."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        yield from (inner for inner in part.get_payload() if isinstance(inner, Message))
    elif not part.is_multipart() and part.get_content_maintype() not in {"text", "multipart"} and _is_a_message(part):
        yield parsed(octets(part))


def _is_a_message(part: "Message[str, str]") -> bool:
    try:
        name = part.get_filename() or ""
    except Exception:  # a name that no decoder takes
        return False
    return str(name).strip().lower().endswith(".eml")


def octets(part: "Message[str, str]") -> bytes:
    """What a part holds, its transfer encoding undone as far as it can be: once, unless it is long."""
    known: bytes | None = part.__dict__.get(_UNDONE)
    if known is None:
        known = _undone(part)
        if len(known) <= LONGEST_KEPT:
            part.__dict__[_UNDONE] = known
    return known


def _undone(part: "Message[str, str]") -> bytes:
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in _UUENCODED and (undone := _uudecoded(part)) is not None:
        return undone
    if encoding == "base64":
        return _from_base64(part)
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # broken transfer encoding: as it stands
        payload = None
    found = payload if isinstance(payload, bytes) else _as_written(part).encode("utf-8", "surrogateescape")
    if encoding != "quoted-printable" and found.isascii() and _QUOTED_UNSAID.search(found):
        return quopri.decodestring(found)
    return found


def _from_base64(part: "Message[str, str]") -> bytes:
    """What is written in base64, as far as it goes; as it stands where it is plainly none, whatever its label says."""
    written = _as_written(part).encode("utf-8", "surrogateescape")
    head = written[:LONGEST_HEADER]
    if not head.isascii() or _WORDS.search(head):
        return written
    try:
        return binascii.a2b_base64(written)
    except binascii.Error:  # its end is missing
        plain = _NO_BASE64.sub(b"", written).rstrip(b"=")
        return binascii.a2b_base64(plain[: len(plain) // 4 * 4] + _rest(plain[len(plain) // 4 * 4 :]))


def _rest(letters: bytes) -> bytes:
    return letters + b"=" * (4 - len(letters)) if len(letters) > 1 else b""


def is_undecodable(part: "Message[str, str]") -> bool:
    """Whether its transfer encoding is one that nobody can undo, so that its octets are no text and no file."""
    return _is_uuencoded(part) and bool(_as_written(part).strip()) and _uudecoded(part) is None


def _as_written(part: "Message[str, str]") -> str:
    try:
        return str(part.get_payload())
    except Exception:  # a charset that Python's parser does not take
        return ""


def _is_uuencoded(part: "Message[str, str]") -> bool:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower() in _UUENCODED


def _uudecoded(part: "Message[str, str]") -> bytes | None:
    """What is written in uuencode, with or without its first and last line; None where a line is none."""
    written = _as_written(part).encode("ascii", "replace").splitlines()
    lines = [line for line in written if line.strip() and not re.match(rb"begin [0-7]{3,4} |end\s*$", line)]
    try:
        return b"".join(binascii.a2b_uu(line.rstrip()) for line in lines)
    except (binascii.Error, ValueError):
        return None


def raw_header(message: "Message[str, str]", name: str, *, charset: str | None = None) -> str:
    """A header as it stands, its 8-bit octets read as what they evidently are; empty where it is missing."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return _octets_read(value, charset)
    return ""


def _octets_read(value: object, charset: str | None = None) -> str:
    text = str(value)[:LONGEST_HEADER]
    return text if text.isascii() and "\x1b" not in text else decoded(text.encode("utf-8", "surrogateescape"), charset)


def _word(piece: bytes | str, charset: str | None) -> str:
    try:
        return decoded(piece.encode("ascii", "surrogateescape") if isinstance(piece, str) else piece, charset)
    except UnicodeEncodeError:
        return str(piece)


def _unfolded(value: str) -> str:
    return " ".join(value.replace("\x00", "").split())
