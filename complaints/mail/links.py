"""The address of a customer's own page: signed, for one complaint, until a day; nothing in it tells who they are.

`Q-7KF3-02M9D.265a.<mark>`: the number, the last day, and an HMAC with a purpose of its own over both, the address on
record that it goes to, and how often the case's links were ended. Neither stands in the token: whoever checks it asks
the records. The address works again however often it is opened, and changes nothing when it is (design §5.3): mail
scanners open every one.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MARK = 20
"""Characters of a mark: 100 bits."""

PATH = "/c/"
"""Where customers' pages are, below PUBLIC_URL."""

_FIRST_DAY = date(2000, 1, 1)
_TOKEN = re.compile(rf"([A-Za-z0-9-]{{1,40}})\.([0-9a-f]{{1,6}})\.([a-z2-7]{{{MARK}}})")


@dataclass(frozen=True)
class Link:
    """What a link is for."""

    number: str
    until: date
    """The last day, local, on which it opens the page."""
    email: str = ""
    """The address on record that it goes to; empty: handed out where the case had none."""
    ended: int = 0
    """How often the links to that address were ended before."""


@dataclass(frozen=True)
class Token:
    """What stands in an address, whoever wrote it: nothing is proven yet."""

    number: str
    until: date
    mark: str

    def is_of(self, link: Link, *, keys: Sequence[bytes]) -> bool:
        """Whether one of the keys signed exactly this link."""
        return _is_marked(_said(link), self.mark, keys)

    def is_of_old(self, *, keys: Sequence[bytes]) -> bool:
        """Whether it is as links were before they named an address (decision 143)."""
        return _is_marked(f"page/{self.number}/{_days(self.until)}", self.mark, keys)


def token_in(text: str) -> Token | None:
    """A token by its form; None for what was cut off, or is something else."""
    match = _TOKEN.fullmatch(text)
    return Token(match[1], _FIRST_DAY + timedelta(days=int(match[2], 16)), match[3]) if match else None


def link_token(link: Link, *, keys: Sequence[bytes]) -> str:
    """What stands behind `/c/`; signed with the first key."""
    return f"{link.number}.{_days(link.until)}.{_mark(_said(link), keys[0])}"


def page_address(public_url: str, link: Link, *, keys: Sequence[bytes]) -> str:
    """The whole address, as a letter prints it."""
    return f"{public_url.rstrip('/')}{PATH}{link_token(link, keys=keys)}"


def same_mailbox(email: str | None) -> str:
    """An address as links mean it: however it was typed."""
    return (email or "").strip().lower()


def form_mark(said: str, *, keys: Sequence[bytes]) -> str:
    """What a form of the page carries: proof that we drew it, for this very purpose."""
    return _mark(f"form/{said}", keys[0])


def is_form_mark(said: str, mark: str, *, keys: Sequence[bytes]) -> bool:
    """Whether a form that came back is one that we drew."""
    return _is_marked(f"form/{said}", mark, keys)


def _days(until: date) -> str:
    return f"{(until - _FIRST_DAY).days:x}"


def _said(link: Link) -> str:
    return f"page/{link.number}/{_days(link.until)}/{link.ended}/{same_mailbox(link.email)}"


def _is_marked(said: str, mark: str, keys: Sequence[bytes]) -> bool:
    given = mark.encode(errors="replace")
    return any(hmac.compare_digest(given, _mark(said, key).encode()) for key in keys)


def _mark(said: str, key: bytes) -> str:
    digest = hmac.new(key, said.encode(errors="replace"), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:MARK]
