"""An HTML part before it is read: pictures that stand in it become files, styles, scripts and comments go.

All of this counts for nothing when the words are measured: a photo of 230 KB in a `data:` URI, or Word's 9 MB of
styles, must not stand for what a customer wrote. Each step goes over the bytes once.
"""

import binascii
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

MOST_PICTURES = 100
"""Pictures that become files."""

LONGEST = 3_000_000
"""Bytes of a page that are read when all of this is gone."""

LONG = 300_000
"""Bytes from which on the attributes that say nothing about words are taken off, too."""

LONGEST_URI_OF_TEXT = 200
"""Characters from which on a base64 `data:` URI in a plain text is no words: somebody's program put a picture there."""

_URI = re.compile(
    rb"data:([a-z]{2,20}/[a-z0-9.+-]{1,80})?((?:;[a-z0-9_.-]{1,40}(?:=[^;,\"'\s<>]{0,200})?)*),", re.IGNORECASE
)
_BASE64 = re.compile(rb"[ \t]*[A-Za-z0-9+/=_%\r\n-]*")
_ENCODED = re.compile(rb"[^\"'()<>\s]*")
_CLOSED = frozenset({b'"', b"'", b")", b"<", b">"})
SHORTEST_LINE = 40
"""Characters of a line of base64 that goes on in the next one."""

_SILENT = re.compile(rb"<(style|script)\b[^<>]*>", re.IGNORECASE)
_CLOSES = {name: re.compile(rb"</" + name, re.IGNORECASE) for name in (b"style", b"script")}
_WHITE_SPACE = re.compile(rb"white-space", re.IGNORECASE)
_RESUMES = re.compile(rb"<(?:/?head|/?body|p|div|table|br)\b", re.IGNORECASE)
_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9:]{0,30})\s([^<>]*)>")
_INLINE = re.compile(rb"</?(?:a|b|big|em|font|i|o:p|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE)
"""Tags between which no word ends and no line."""

_PARAGRAPH = re.compile(rb"<p\s[^<>]*>", re.IGNORECASE)
_EMPTY = re.compile(rb"(?:<p>\s*</p>\s*){2,}", re.IGNORECASE)
_LINES_KEPT = re.compile(rb"([^{}]{1,400})\{[^{}]{0,2000}?white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_NAME = re.compile(rb"([.]?)([a-zA-Z][a-zA-Z0-9_-]{0,60})(?=[\s,.:>]|$)")
_KEPT_ATTRIBUTE = re.compile(
    rb"(?:class|type|cite|style)\s*=\s*(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'|[^\s\"'<>]{1,200})", re.IGNORECASE
)


class Picture(NamedTuple):
    """A file that stood in the page itself."""

    type: str
    """As the page calls it."""
    data: bytes
    name: str = ""
    """As it is called there; most have no name."""


class Page(NamedTuple):
    """What is left to be read."""

    html: bytes
    pictures: tuple[Picture, ...]
    keeps_lines: frozenset[str]
    """Names of tags and classes (`.note`) whose line breaks its style sheet keeps."""


def page_of(octets: bytes) -> Page:
    """The page without what is no words. Never raises."""
    octets, pictures = without_pictures(octets)
    octets = _without_comments(octets)
    octets, styles = _without_silent(octets)
    keeps = frozenset(_keeping_lines(styles)) if _WHITE_SPACE.search(styles) else frozenset()
    if len(octets) > LONG:
        if not keeps and not _WHITE_SPACE.search(octets):
            octets = _EMPTY.sub(b"<p>", _PARAGRAPH.sub(b"<p>", _INLINE.sub(b"", octets)))
        octets = _TAG.sub(_shortened, octets)
    if len(octets) > LONGEST:
        octets = octets[: octets.rfind(b">", 0, LONGEST) + 1] or octets[:LONGEST]
    return Page(octets, pictures, keeps)


def without_pictures(octets: bytes, *, shortest: int = 0) -> tuple[bytes, tuple[Picture, ...]]:
    """`octets` without the `data:` URIs of at least `shortest` bytes, and the files that they are."""
    if b"data:" not in octets.lower():
        return octets, ()
    kept: list[bytes] = []
    found: list[Picture] = []
    at = 0
    for match in _URI.finditer(octets):
        if match.start() < at:
            continue
        is_base64 = match[2].lower().endswith(b";base64")
        content = (_BASE64 if is_base64 else _ENCODED).match(octets, match.end())
        assert content is not None, "both match the empty string"
        if content.end() - match.start() < shortest or (shortest and not is_base64):
            continue
        written = _unbroken(content[0], octets[content.end() : content.end() + 1]) if is_base64 else content[0]
        kept.append(octets[at : match.start()])
        at = match.end() + len(written)
        data = from_base64(written) if is_base64 else unquote_to_bytes(written)
        if data and len(found) < MOST_PICTURES:
            found.append(Picture((match[1] or b"text/plain").decode("ascii").lower(), data))
    kept.append(octets[at:])
    return (b"".join(kept) if len(kept) > 1 else octets), tuple(found)


def _unbroken(written: bytes, following: bytes) -> bytes:
    """Without the words that begin in the next line, where nothing closes the picture: its lines are all as long."""
    if b"\n" not in written or following in _CLOSED:
        return written
    lines = written.split(b"\n")
    lengths = [len(line.rstrip(b"\r")) for line in lines]
    width = lengths[1] if len(lines) > 2 and lengths[1] >= SHORTEST_LINE else None
    end = next((at for at, length in enumerate(lengths) if at and length != width), len(lines))
    if 1 < end < len(lines) and lines[end].rstrip(b"\r").endswith(b"="):
        end += 1  # the last line is shorter; without that sign it may as well be a word
    return b"\n".join(lines[:end])


def from_base64(written: bytes) -> bytes:
    """What is written in base64, also in that of URLs and with its end missing."""
    plain = unquote_to_bytes(written).translate(None, b"\r\n \t").replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:  # one character too many or too few: whatever can be had of it
        return binascii.a2b_base64(plain[: len(plain) // 4 * 4])


def _without_comments(octets: bytes) -> bytes:
    """Comments taken out by walking, Outlook's conditional ones too; of an unclosed one only its mark."""
    pieces, at = [], 0
    while (start := octets.find(b"<!--", at)) >= 0:
        pieces.append(octets[at:start])
        end = octets.find(b"-->", start + 4)
        if end < 0:
            pieces.append(octets[start:].replace(b"<!--", b""))
            return b"".join(pieces)
        at = end + 3
    return b"".join([*pieces, octets[at:]]) if pieces else octets


def _without_silent(octets: bytes) -> tuple[bytes, bytes]:
    """Without styles and scripts; what the styles said. One that never ends ends where the page goes on."""
    pieces: list[bytes] = []
    styles: list[bytes] = []
    at = 0
    for match in _SILENT.finditer(octets):
        if match.start() < at:
            continue
        pieces.append(octets[at : match.start()])
        name = match[1].lower()
        closing = _CLOSES[name].search(octets, match.end())
        if closing is None:
            resumed = _RESUMES.search(octets, match.end())
            end = at = resumed.start() if resumed else len(octets)
        else:
            end = closing.start()
            closed = octets.find(b">", end)
            at = closed + 1 if closed >= 0 else len(octets)
        if name == b"style":
            styles.append(octets[match.end() : end])
    pieces.append(octets[at:])
    return (b"".join(pieces) if len(pieces) > 1 else octets), b"".join(styles)


def _keeping_lines(styles: bytes) -> list[str]:
    found: list[str] = []
    for selectors in _LINES_KEPT.findall(styles):
        for selector in selectors.split(b","):
            words = selector.split()
            names = _NAME.findall(words[-1]) if words else []
            if names:
                found.append((names[-1][0] + names[-1][1]).decode("ascii").lower())
    return found


def _shortened(match: "re.Match[bytes]") -> bytes:
    attributes = match[2]
    if len(attributes) < 30:
        return match[0]
    name = match[1].lower()
    if name in {b"blockquote", b"div", b"pre"} or b"white-space" in attributes:
        return b"<" + match[1] + b" " + b" ".join(_KEPT_ATTRIBUTE.findall(attributes)) + b">"
    return b"<" + match[1] + b">"
