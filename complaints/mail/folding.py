"""How a letter's headers become lines: our own few rules, because the library's change long names and subjects."""

import base64
import re
from collections.abc import Iterator
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

LONGEST_WORD = 45
"""Octets of text in one encoded word: with its frame it stays under 76 characters (RFC 2047 §2)."""

_WIDTH = 76
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_IDS = frozenset({"message-id", "in-reply-to", "references"})


class LetterPolicy(EmailPolicy):
    """As the library's, but for text, addresses and Message-IDs, which it breaks where they are long."""

    def fold(self, name: str, value: Any) -> str:
        """One header as the lines that go over the wire, none too long (RFC 5322 §2.2.3)."""
        lines = _lines(name, value)
        if lines is None:
            return str(super().fold(name, value))
        return f"{name}: {(self.linesep + ' ').join(lines)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as octets; UTF-8 only where an address needs it (RFC 6532)."""
        return self.fold(name, value).encode("utf-8")


def folded(name: str, value: str | Address) -> list[str] | None:
    """The same lines of a header that no message was made for, without their ends; None: leave it to the library."""
    if isinstance(value, Address):
        pieces = _address(value)
    elif name.lower() in _IDS:
        pieces = value.split()
    elif name.lower() == "subject":
        pieces = _text(value)
    elif _ADDRESS.fullmatch(value) or (value.isascii() and len(name) + len(value) < _WIDTH):
        pieces = [value]
    else:
        return None
    return [f"{name}: {pieces[0]}", *(f" {piece}" for piece in pieces[1:])] if pieces else None


def fits_encoded_words(name: str) -> bool:
    """Whether every word of a display name fits an encoded word: some readers put a blank between two halves."""
    return name.isascii() or all(len(word.encode()) < LONGEST_WORD for word in name.split())


def _lines(name: str, value: Any) -> list[str] | None:
    if name.lower() in _IDS:
        return str(value).split()
    if isinstance(addresses := getattr(value, "addresses", None), tuple):
        several = [_address(one) for one in addresses]
        return [line for one in several[:-1] for line in [*one[:-1], f"{one[-1]},"]] + several[-1]
    if name.lower() == "subject":
        return _text(str(value))
    return None


def _text(text: str) -> list[str]:
    return list(_wrapped(text.split())) if text.isascii() else list(_encoded(list(text)))


def _address(address: Address) -> list[str]:
    if not address.display_name:
        return [address.addr_spec]
    return [*_phrase(address.display_name), f"<{address.addr_spec}>"]


def _phrase(name: str) -> list[str]:
    if not name.isascii():
        words = name.split()
        return list(_encoded([f"{word} " for word in words[:-1]] + words[-1:]))
    if _ATOMS.fullmatch(name):
        return list(_wrapped(name.split()))
    return ['"' + re.sub(r'([\\"])', r"\\\1", name) + '"']


def _wrapped(words: list[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) > _WIDTH - 10:  # the first line begins with the header's name
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _encoded(pieces: list[str]) -> Iterator[str]:
    """Encoded words that hold whole pieces each; their text is joined without a blank (RFC 2047 §6.2)."""
    text = b""
    for piece in pieces:
        octets = piece.encode()
        if text and len(text) + len(octets) > LONGEST_WORD:
            yield _word(text)
            text = b""
        text += octets
    yield _word(text)


def _word(octets: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(octets).decode()}?="
