"""Files that stand in a plain text as they are: uuencoded, or base64 that lost whatever said so. They are no words."""

import binascii
import re

from complaints.mail.html_page import MOST_PICTURES, Picture, from_base64

LETTERS_A_BLANK = 12
"""Bytes for each blank of a text from which on it may hold base64: words have one in six."""

_BASE64 = re.compile(
    rb"(?:^[A-Za-z0-9+/]{60,76}\r?\n){10,}[A-Za-z0-9+/]{0,76}={0,2}(?=\s|\Z)|[A-Za-z0-9+/]{2000,}={0,2}", re.MULTILINE
)
"""Nobody writes such lines."""

_UUENCODED = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[ -`]{1,62}\r?\n)+)end[ \t]*(?:\r?\n|\Z)", re.MULTILINE
)
_BEGINS = (b"\nbegin 6", b"\nbegin 7", b"\nbegin 0")


def without_files(octets: bytes) -> tuple[bytes, tuple[Picture, ...]]:
    """`octets` of a plain text without the files in it, and what they are."""
    found: list[Picture] = []

    def undone(match: "re.Match[bytes]") -> bytes:
        try:
            data = b"".join(binascii.a2b_uu(line) for line in match[2].splitlines())
        except binascii.Error:
            return match[0]
        found.append(Picture("application/octet-stream", data, match[1].decode("utf-8", "replace").strip()))
        return b""

    if any(mark in octets for mark in _BEGINS) or octets.startswith(b"begin "):
        octets = _UUENCODED.sub(undone, octets)
    if len(octets) > LETTERS_A_BLANK * (octets.count(b" ") + 1):
        found += [Picture("application/octet-stream", from_base64(block[0])) for block in _BASE64.finditer(octets)]
        octets = _BASE64.sub(b"", octets)
    return octets, tuple(found[:MOST_PICTURES])
