"""The address of a customer's own page: signed, for one complaint, until a day; nothing in it tells who they are.

`Q-7KF3-02M9D.50q1.<mark>`: the number, the last day, and an HMAC over both with a purpose of its own. The address works
again however often it is opened, and changes nothing when it is (design §5.3): mail scanners open every one.
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


def link_token(link: Link, *, keys: Sequence[bytes]) -> str:
    """What stands behind `/c/`; signed with the first key."""
    days = f"{(link.until - _FIRST_DAY).days:x}"
    return f"{link.number}.{days}.{_mark(f'page/{link.number}/{days}', keys[0])}"


def link_in(token: str, *, keys: Sequence[bytes]) -> Link | None:
    """What was signed, expired or not, by any of the keys; None if it is none of ours."""
    match = _TOKEN.fullmatch(token)
    if match is None or not _is_marked(f"page/{match[1]}/{match[2]}", match[3], keys):
        return None
    return Link(match[1], _FIRST_DAY + timedelta(days=int(match[2], 16)))


def page_address(public_url: str, link: Link, *, keys: Sequence[bytes]) -> str:
    """The whole address, as a letter prints it."""
    return f"{public_url.rstrip('/')}{PATH}{link_token(link, keys=keys)}"


def form_mark(said: str, *, keys: Sequence[bytes]) -> str:
    """What a form of the page carries: proof that we drew it, for this very purpose."""
    return _mark(f"form/{said}", keys[0])


def is_form_mark(said: str, mark: str, *, keys: Sequence[bytes]) -> bool:
    """Whether a form that came back is one that we drew."""
    return _is_marked(f"form/{said}", mark, keys)


def without_links(text: str) -> str:
    """`text` without the addresses of customers' pages: a letter that is shown again must not prolong a link."""
    return re.sub(rf"\s*https?://\S*{PATH}{_TOKEN.pattern}", " […]", text)


def _is_marked(said: str, mark: str, keys: Sequence[bytes]) -> bool:
    given = mark.encode(errors="replace")
    return any(hmac.compare_digest(given, _mark(said, key).encode()) for key in keys)


def _mark(said: str, key: bytes) -> str:
    digest = hmac.new(key, said.encode(errors="replace"), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:MARK]
