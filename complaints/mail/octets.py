"""The octets of a letter with text and page, by our own few rules, and the proof of them without a second parse.

The library's way takes fifteen times as long: its registry reads each header several times, and the proof
(`headers.proven`) reads the whole message again. It stays for what is not written here: files, and names before the @
with other than ASCII letters (RFC 6532).
"""

import base64
import binascii
import re
from collections.abc import Sequence
from email.headerregistry import Address

from complaints.mail.folding import folded
from complaints.mail.headers import UnsafeLetter

Header = tuple[str, str | Address]
"""A name, and its text or the address that it holds."""

_LINE = re.compile(r"(?:[A-Za-z][A-Za-z-]*: | )[!-~](?:[ -~]*[!-~])?")
"""A header's first line, or one that goes on: printable ASCII, nothing at its end that a program may cut off."""

_NAME = re.compile(r"[A-Za-z][A-Za-z-]*")
_ENCODED = re.compile(r"=\?utf-8\?B\?([A-Za-z0-9+/]+={0,2})\?=")
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\x00")
"""A line's end that is none: a program may take it for one (CVE-2023-51764)."""

_LONGEST_LINE = 998
"""Octets (RFC 5322 §2.1.1); where a text may be folded, the folding keeps to 76."""

_PARTS = ("plain", "html")


def octets(headers: Sequence[Header], *, text: str, html: str, language: str, boundary: str) -> bytes | None:
    """The message, proven; None where one of its headers is not of the few shapes that are written here.

    Raises UnsafeLetter: what came out is not what was meant.
    """
    lines: list[str] = []
    for name, value in headers:
        if (more := folded(name, value)) is None:
            return None
        lines += more
    if not all(_LINE.fullmatch(line) and len(line) <= _LONGEST_LINE for line in lines):
        return None
    bodies = {kind: _body(said) for kind, said in zip(_PARTS, (text, html), strict=True)}
    frame = [*lines, "MIME-Version: 1.0", "Content-Type: multipart/alternative;", f' boundary="{boundary}"']
    said = ["\r\n".join(frame).encode("ascii"), b""]
    for kind, body in bodies.items():
        said += [
            f"--{boundary}".encode(),
            f'Content-Type: text/{kind}; charset="utf-8"'.encode(),
            b"Content-Transfer-Encoding: quoted-printable",
            *([b"MIME-Version: 1.0"] if kind == "html" else []),
            f"Content-Language: {language}".encode(),
            b"",
            body,
        ]
    raw = b"\r\n".join([*said, f"--{boundary}--".encode(), b""])
    _prove(raw, headers, [text, html], boundary)
    return raw


def _body(text: str) -> bytes:
    """A text in quoted-printable (RFC 2045 §6.7), every line's end a CRLF whatever it was."""
    return binascii.b2a_qp(_lines(text))


def _lines(text: str) -> bytes:
    return b"\r\n".join([*text.encode("utf-8").splitlines(), b""])


# -- the proof ---------------------------------------------------------------------------------------------------------


def _prove(raw: bytes, headers: Sequence[Header], bodies: Sequence[str], boundary: str) -> None:
    """Raises UnsafeLetter unless the octets, read by their own rules, say exactly these headers and these texts."""
    if _BARE.search(raw) or not raw.isascii():
        raise UnsafeLetter("the letter's octets hold what no line of mail may hold")
    head, _, rest = raw.partition(b"\r\n\r\n")
    found = _headers_in(head.decode("ascii"))
    meant = [*headers, ("MIME-Version", "1.0"), ("Content-Type", f'multipart/alternative; boundary="{boundary}"')]
    if [name for name, _ in found] != [name for name, _ in meant]:
        raise UnsafeLetter("the letter's header names came out otherwise than they were set")
    for (name, said), (_, value) in zip(found, meant, strict=True):
        if not _says(said, value):
            raise UnsafeLetter(f"the letter's header {name} came out otherwise than it was set")
    before, *parts, after = rest.split(f"--{boundary}".encode())
    if before or after != b"--\r\n" or len(parts) != len(bodies):
        raise UnsafeLetter("the letter's parts came out otherwise than they were put in")
    for part, text in zip(parts, bodies, strict=True):
        body = part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        if binascii.a2b_qp(body) != _lines(text):
            raise UnsafeLetter("the letter's text came out otherwise than it was written")


def _headers_in(head: str) -> list[tuple[str, str]]:
    """Each header that a receiver sees, its lines joined by a blank (RFC 5322 §2.2.3)."""
    found: list[tuple[str, str]] = []
    for line in head.split("\r\n"):
        if line.startswith(" ") and found:
            found[-1] = (found[-1][0], found[-1][1] + line)
            continue
        name, colon, value = line.partition(": ")
        if not (colon and _NAME.fullmatch(name)):
            raise UnsafeLetter("a line of the letter's head is no header")
        found.append((name, value))
    return found


def _says(said: str, value: str | Address) -> bool:
    """Whether a header's octets tell that value, blanks aside."""
    if isinstance(value, str):
        return _decoded(said) == " ".join(value.split())
    if not value.display_name:
        return said == value.addr_spec
    name, _, spec = said.rpartition(" ")
    shown = re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else _decoded(name)
    return spec == f"<{value.addr_spec}>" and " ".join(shown.split()) == " ".join(value.display_name.split())


def _decoded(said: str) -> str:
    """The text, encoded words read and joined without a blank (RFC 2047 §6.2), blanks aside."""
    words: list[str] = []
    run = b""
    for word in said.split():
        if found := _ENCODED.fullmatch(word):
            run += base64.b64decode(found[1], validate=True)
            continue
        if run:
            words.append(run.decode("utf-8", errors="replace"))
            run = b""
        words.append(word)
    if run:
        words.append(run.decode("utf-8", errors="replace"))
    return " ".join(" ".join(words).split())
