"""The desk answers under its own name only: a foreign one may have been made to lead here (DNS rebinding)."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from complaints.words.catalogue import LANGUAGES, N_, catalogue

_NOT_OURS = N_("This is not the desk's address: open it at its own, or name this one in PUBLIC_URL.")
_SAID = "".join(f"{catalogue(language).say(_NOT_OURS)}\n" for language in LANGUAGES)
"""In every language: nobody knows yet who asks."""


class OwnHost:
    """Before the desk: 421 for every name but PUBLIC_URL's, localhost, and plain addresses, which nobody can rebind.

    Where customers' pages have an address of their own (CUSTOMER_URL), they are there and nothing else is: whatever
    went wrong in one of the two, the other's cookies and pages are another origin's.
    """

    def __init__(self, app: ASGIApp, public_url: str | None, customer_url: str | None = None) -> None:
        self._app, self._customer_url = app, customer_url
        self._own, self._customers = urlsplit(public_url or "").hostname, urlsplit(customer_url or "").hostname
        if self._customers == self._own:
            self._customers = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The desk's answer, or 421."""
        if scope["type"] == "http" and (instead := self._instead(Request(scope))) is not None:
            await instead(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _instead(self, request: Request) -> Response | None:
        """What is answered without the desk; None: the desk answers."""
        host, path = request.headers.get("host", ""), request.url.path
        is_customers = path.startswith(("/c/", "/queja/")) or path in ("/c", "/queja")
        if self._customers is not None and _name(host) == self._customers:
            fits = is_customers or path.startswith("/static/") or path in ("/health", "/ready")
            return None if fits else PlainTextResponse("", status_code=404)
        if not self._is_own(host):
            return PlainTextResponse(_SAID, status_code=421)
        if self._customers is not None and is_customers and request.method in ("GET", "HEAD"):
            # Links of letters that went out before: the same page at its own address.
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{self._customer_url}{path}{query}", status_code=308)
        return None

    def _is_own(self, host: str) -> bool:
        name = _name(host)
        if name is None:
            return False
        if name == self._own or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True


def _name(host: str) -> str | None:
    """The name in a Host header; None for what is none."""
    try:
        _ = urlsplit(f"//{host}").port
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return None
