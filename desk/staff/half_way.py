"""Between the two steps of signing in: whose password was right a moment ago, and who still owes a code."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from desk import cookies
from desk.request import PageRequest

HALF_COOKIE = "desk_half"
"""Signed, and good for nothing but to be asked for a code."""

LASTS = 300
"""Seconds in which the code has to come."""


@dataclass(frozen=True)
class Half:
    """Somebody who has said their password."""

    account: str
    until: int
    wanted: str


def half_way(request: PageRequest, account: str, wanted: str) -> Response:
    """The password was right: on to the code."""
    answer = request.to("/sign-in/code")
    half = Half(account, int(request.now.timestamp()) + LASTS, wanted)
    cookies.keep(answer, request.app_state, HALF_COOKIE, _signed(request, half), lasts=LASTS)
    return answer


def half_of(request: PageRequest) -> Half | None:
    """Who is between the steps; None: nobody, or not any more."""
    said, _, mark = cookies.read(request.http, request.app_state, HALF_COOKIE).rpartition(".")
    if not said or not hmac.compare_digest(mark.encode(), _mark(request, said).encode()):
        return None
    found = dict(parse_qsl(said))
    half = Half(found.get("account", ""), int(found.get("until", "0")), found.get("next", "/"))
    return half if request.now.timestamp() <= half.until else None


def keys_of(request: PageRequest) -> tuple[bytes, ...]:
    """SECRET_KEY's; none where it is not set."""
    settings = request.app_state.settings
    return settings.secret_keys if settings else ()


def _signed(request: PageRequest, half: Half) -> str:
    said = urlencode({"account": half.account, "until": half.until, "next": half.wanted})
    return f"{said}.{_mark(request, said)}"


def _mark(request: PageRequest, said: str) -> str:
    keys = keys_of(request)
    return hmac.new(b"half-signed-in/" + (keys[0] if keys else b""), said.encode(), sha256).hexdigest()
