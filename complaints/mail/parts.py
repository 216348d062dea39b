"""What a message is made of, read from bytes that may lie: headers, addresses, and the text that a person wrote."""

import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.parser import BytesFeedParser, BytesParser
from email.policy import compat32
from itertools import islice

from complaints.mail.html_text import text_of_html

LONGEST_BODY = 400_000
"""Bytes of one text part that are decoded; the raw message is kept whole elsewhere."""

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

_REPORT = re.compile(rb"^content-type:[ \t]*message/(?:global-)?delivery-status", re.IGNORECASE | re.MULTILINE)
_PARAMETERS = re.compile(rb"^content-[a-z-]{4,30}:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)

PIECE = 65_536
"""Bytes that the parser is fed at a time."""

MOST_HEADERS = 1_000
"""Header lines that are looked at."""

_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")

_PLAIN = r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]{1,250}"
_ADDRESS = re.compile(f"{_PLAIN}@{_PLAIN}")
_DATA = frozenset({"calendar", "csv", "directory", "rfc822-headers", "vcard", "x-vcard", "xml"})
"""Kinds of text that nobody wrote by hand."""
_IN_BRACKETS = re.compile(r"<\s*([^<>]*)\s*>")
_ID = re.compile(r"<[^<>\s]+>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

LONGEST_SENDER = 1_000
"""Characters of a From: more is no name and address."""


def parsed(raw: bytes) -> "Message[str, str]":
    """The message; the older policy, because it reads what the newer one raises on."""
    raw = _bounded(raw)
    try:
        return _whole(raw)
    except Exception:  # parts inside parts beyond any depth: its headers, and the rest as one text
        return BytesParser(policy=compat32).parsebytes(raw, headersonly=True)


def _whole(raw: bytes) -> "Message[str, str]":
    """Fed piece by piece: `message_from_bytes` would hold the whole text at four bytes a letter besides."""
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(raw), PIECE):
        parser.feed(raw[start : start + PIECE])
    return parser.close()


def _bounded(raw: bytes) -> bytes:
    """`raw` without what only an attacker writes: the parser's time grows with the square of some of it."""
    if len(raw) < LONGEST_HEADER:
        return raw
    end_of_headers = min((at for end in (b"\n\n", b"\r\n\r\n") if (at := raw.find(end)) >= 0), default=len(raw))
    crowded = (
        end_of_headers > LONGEST_STRUCTURE or raw.count(b"\n--") > MOST_BOUNDARIES or raw.count(b"\n") > MOST_LINES
    )
    crowded = crowded or _REPORT.search(raw) is not None
    if crowded:
        raw = raw[:LONGEST_STRUCTURE]
    return _PARAMETERS.sub(lambda found: found[0][:LONGEST_HEADER], raw)


def header(message: "Message[str, str]", name: str) -> str:
    """A header's text, decoded as far as it can be; empty where it is missing."""
    value = _raw(message, name)
    try:
        pieces = decode_header(value)
    except Exception:  # a header that no decoder takes is still read as it stands
        return _unfolded(value)
    return _unfolded("".join(_decoded(piece, charset) for piece, charset in pieces))


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


def sender(message: "Message[str, str]") -> tuple[str, str]:
    """The name and the address of who wrote, each empty where there is none; an address only if it is plainly one.

    Without a From that can be answered, the headers that say where answers go are asked.
    """
    found = (_address(_raw(message, place)) for place in ("From", "Reply-To", "Sender", "Return-Path"))
    address = next((one for one in found if one), "")
    name = _IN_BRACKETS.sub("", header(message, "From")).strip().strip('"').strip()
    return ("" if name == address or _ADDRESS.fullmatch(name) else name), address


def _address(raw: str) -> str:
    # Not `parseaddr`: up to Python 3.12.1 it reads `a@x)b@y<c@z>` as a@x (CVE-2023-27043).
    without_quoted = _QUOTED.sub("", _unfolded(raw)[:LONGEST_SENDER])
    candidates = _IN_BRACKETS.findall(without_quoted) or _ADDRESS.findall(without_quoted)
    return next((one.strip() for one in candidates if _ADDRESS.fullmatch(one.strip())), "")


def message_ids(message: "Message[str, str]", name: str) -> tuple[str, ...]:
    """The Message-IDs in such a header, in order, each once."""
    found = _ID.findall(_unfolded(_raw(message, name)))
    return tuple(dict.fromkeys(found))


def body(message: "Message[str, str]", *, inside: int = 0) -> str:
    """What was written: the plain parts, or the HTML turned to text where there is no plain one with words.

    A message that only passes another on says what that one says.
    """
    plain, html = [], []
    for part in leaves(message):
        if not is_words(part):
            continue
        text = _text(part)
        if part.get_content_type() == "text/html":
            html.append(text_of_html(text))
        else:
            plain.append(text)
    written = "\n\n".join(text.strip() for text in plain if text.strip()) or "\n\n".join(text for text in html if text)
    return written or _passed_on(message, inside)


def _passed_on(message: "Message[str, str]", inside: int) -> str:
    for part in leaves(message):
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list) and inside < DEEPEST // 4:
            return next((body(one, inside=inside + 1) for one in payload if isinstance(one, Message)), "")
    return ""


def links(message: "Message[str, str]") -> int:
    """How many links its HTML has: newsletters have dozens."""
    html = (part for part in leaves(message) if part.get_content_type() == "text/html")
    return sum(octets(part)[:LONGEST_BODY].lower().count(b"<a ") for part in html)


def leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Its parts that hold no parts of the same message, in order; a message inside it is one part."""
    waiting = [(message, 0)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop(0)
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            payload = part.get_payload()
            if depth < DEEPEST:
                waiting = [(inner, depth + 1) for inner in payload if isinstance(inner, Message)] + waiting
        else:
            yield part


def is_words(part: "Message[str, str]") -> bool:
    """Whether the part is what was written, not something that came with it."""
    if part.get_content_maintype() == "multipart":
        return not part.is_multipart()  # its border is missing: everything is one text
    if part.get_content_maintype() != "text" or part.is_multipart() or part.get_content_subtype() in _DATA:
        return False
    return not _attached(part)


def _attached(part: "Message[str, str]") -> bool:
    return "attachment" in str(part.get("Content-Disposition", "")).lower()


def octets(part: "Message[str, str]") -> bytes:
    """What a part holds, its transfer encoding undone as far as it can be."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # broken transfer encoding: as it stands
        payload = None
    return payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")


def _text(part: "Message[str, str]") -> str:
    payload = octets(part)
    if len(payload) > LONGEST_BODY:
        payload = payload[:LONGEST_BODY].rpartition(b"\n")[0] or payload[:LONGEST_BODY]
    text = _decoded(payload, part.get_content_charset())
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    return _unflowed(text, together=str(part.get_param("delsp", "")).lower() == "yes") if flowed else text


def _unflowed(text: str, *, together: bool) -> str:
    """Paragraphs whose lines the sender's program broke with a blank at the end, whole again (RFC 3676)."""
    paragraphs: list[str] = []
    going_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        line = line if quoted else line.removeprefix(" ")
        if going_on and not quoted:
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        going_on = line.endswith(" ") and line != "-- " and not quoted
        if going_on and together:
            paragraphs[-1] = paragraphs[-1][:-1]
    return "\n".join(paragraphs)


def _decoded(piece: bytes | str, charset: str | None) -> str:
    """Bytes in the charset they say, else the one they evidently are: UTF-8 if they are valid, else Windows' Latin."""
    try:
        octets = piece.encode("ascii", "surrogateescape") if isinstance(piece, str) else piece
    except UnicodeEncodeError:
        return str(piece)
    for name in dict.fromkeys([charset or "utf-8", "utf-8"]):
        try:
            text = octets.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
        if name.lower() in {"utf-8", "utf8"} or not _looks_wrong(text):
            return text
    return octets.decode("cp1252", "replace")


def _looks_wrong(text: str) -> bool:
    """Whether UTF-8 was called Latin-1: `AÃ±o`; the charset lied."""
    return bool(re.search(r"[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]", text))


def _raw(message: "Message[str, str]", name: str) -> str:
    """A header as it stands, its 8-bit octets read as what they evidently are; empty where it is missing."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return _octets_read(value)
    return ""


def _octets_read(value: object) -> str:
    text = str(value)[:LONGEST_HEADER]
    return text if text.isascii() else _decoded(text.encode("utf-8", "surrogateescape"), None)


def _unfolded(value: str) -> str:
    return " ".join(value.replace("\x00", "").split())
