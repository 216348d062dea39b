"""Signed addresses of ours: an answer finds its case, a bounce its letter, whatever a mail program does to the rest.

`soporte+Q-7KF3-02M9D-<mark>@…` is where a customer answers, `soporte+1.Q-7KF3-02M9D-<mark>@…` a colleague who was asked
for help; `rebotes+<letter><mark>@…` is where a letter comes back to.
The mark is an HMAC with a purpose of its own, so that nobody can make one. A local part has 64 characters at most, and
some programs write it in small letters: so base 32, and marks are read without regard to case.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from complaints.rules.number import as_number

MARK = 16
"""Characters of a mark: 80 bits."""

LETTER = 32
"""Characters for a letter: the 160 bits of its Message-ID."""

LONGEST_LOCAL_PART = 64
"""RFC 5321 §4.5.3.1.1."""

_OUR_MESSAGE_ID = re.compile(r"<([0-9a-f]{40})@[^@<>\s]+>")


def reply_address(mailbox: str, number: str, *, keys: Sequence[bytes]) -> str:
    """Where answers about `number` go: the mailbox with a token; as it is where there is no key or no room.

    The first key signs; all of them are understood by `number_in`.
    """
    return _tagged(mailbox, f"{number}-{_mark('reply', number.upper(), keys[0])}") if keys else mailbox


def number_in(address: str, *, keys: Sequence[bytes]) -> str | None:
    """The complaint that an address of ours was made for; None for any other address.

    A number that a client chose comes back in small letters where somebody's mail program wrote it so.
    """
    number, joint, mark = _tag(address).rpartition("-")
    if not joint or not number:
        return None
    if not any(_same(mark.lower(), _mark("reply", number.upper(), key)) for key in keys):
        return None
    return as_number(number) or number


def colleague_address(mailbox: str, number: str, request: int, *, keys: Sequence[bytes]) -> str | None:
    """Where a colleague answers a request for help (§5.3), the first being 1; None where there is no key or no room."""
    if not keys:
        return None
    address = _tagged(mailbox, f"{request}.{number}-{_mark('help', f'{request}.{number}'.upper(), keys[0])}")
    return address if address != mailbox else None


def request_in(address: str, *, keys: Sequence[bytes]) -> tuple[str, int] | None:
    """The complaint, and which request for help about it, that an address of ours was made for; None for any other."""
    said, joint, mark = _tag(address).rpartition("-")
    request, dot, number = said.partition(".")
    if not (joint and dot and number and request.isascii() and request.isdecimal()):
        return None
    if not any(_same(mark.lower(), _mark("help", said.upper(), key)) for key in keys):
        return None
    return as_number(number) or number, int(request)


def bounce_address(mailbox: str, message_id: str, *, keys: Sequence[bytes]) -> str:
    """Where this letter comes back to if it cannot be delivered; the plain mailbox where there is no key."""
    ours = _OUR_MESSAGE_ID.fullmatch(message_id)
    if not keys or ours is None:
        return mailbox
    letter = base64.b32encode(bytes.fromhex(ours[1])).decode().lower()
    return _tagged(mailbox, letter + _mark("bounce", letter, keys[0])[: MARK // 2])


def letter_in(address: str, *, domain: str, keys: Sequence[bytes]) -> str | None:
    """The Message-ID of the letter that came back to this address; `domain` is the sender's, as in `message_id`."""
    tag = _tag(address).lower()
    letter, mark = tag[:LETTER], tag[LETTER:]
    if not any(_same(mark, _mark("bounce", letter, key)[: MARK // 2]) for key in keys):
        return None
    try:
        return f"<{base64.b32decode(letter.upper()).hex()}@{domain}>"
    except ValueError:
        return None


def _tagged(mailbox: str, tag: str) -> str:
    local, _, domain = mailbox.rpartition("@")
    tagged = f"{local}+{tag}"
    return f"{tagged}@{domain}" if len(tagged) <= LONGEST_LOCAL_PART else mailbox


def _tag(address: str) -> str:
    """What stands between the first + and the @; empty where there is nothing of the kind."""
    return address.rpartition("@")[0].partition("+")[2]


def _same(said: str, meant: str) -> bool:
    return hmac.compare_digest(said.encode(errors="replace"), meant.encode())


def _mark(purpose: str, said: str, key: bytes) -> str:
    digest = hmac.new(key, f"{purpose}/{said}".encode(errors="replace"), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:MARK]
