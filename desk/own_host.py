"""The desk answers under its own name only: a foreign one may have been made to lead here (DNS rebinding)."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from complaints.words.catalogue import LANGUAGES, N_, catalogue

_NOT_OURS = N_("This is not the desk's address: open it at its own, or name this one in PUBLIC_URL.")
_SAID = "".join(f"{catalogue(language).say(_NOT_OURS)}\n" for language in LANGUAGES)
"""In every language: nobody knows yet who asks."""


class OwnHost:
    """Before the desk: 421 for every name but PUBLIC_URL's, localhost, and plain addresses, which nobody can rebind."""

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        self._app = app
        self._own = urlsplit(public_url or "").hostname

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The desk's answer, or 421."""
        if scope["type"] == "http" and not self._is_own(Request(scope).headers.get("host", "")):
            await PlainTextResponse(_SAID, status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            _ = urlsplit(f"//{host}").port
        except ValueError:
            return False
        if name == self._own or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True
