"""The way from the desk to Temporal's page, which stands where no browser gets to."""

import ssl
from collections.abc import Callable
from typing import Any

import httpx
from starlette.requests import Request

from starter.page_behind import Behind

HANDED_ON = frozenset({"accept", "accept-language", "caller-type", "content-type", "if-modified-since", "range"})
"""Headers of a request; none that says who asks, no cookie of the desk, and none that means another method."""

OWN_TOKEN = "0" * 32
"""Against requests from other sites the page wants a cookie and a header alike; the desk has looked at that itself."""

LOOKED_UP_WITHIN = 60.0
"""Seconds; the page itself waits for news as long."""


class TemporalPage:
    """The page that stands behind this desk; `where` says where it is now, None where there is none."""

    def __init__(self, where: Callable[[], Behind | None] = lambda: None) -> None:
        self._where = where
        self._reached: tuple[tuple[Any, ...], httpx.AsyncClient] | None = None

    def is_there(self) -> bool:
        """Whether there is one."""
        return self._where() is not None

    async def answer(self, http: Request, path: bytes, body: bytes = b"") -> httpx.Response | None:
        """What the page answers, its body still to come; None where there is none. Raises httpx.HTTPError."""
        behind = self._where()
        if behind is None:
            return None
        client = await self._client(behind)
        query = b"?" + http.scope["query_string"] if http.scope["query_string"] else b""
        headers = [(name, value) for name, value in http.headers.items() if name in HANDED_ON]
        # As it is, for whatever still looks at answers on their way out.
        headers += [("accept-encoding", "identity"), ("cookie", f"_csrf={OWN_TOKEN}"), ("x-csrf-token", OWN_TOKEN)]
        url = client.base_url.copy_with(raw_path=path + query)
        return await client.send(client.build_request(http.method, url, headers=headers, content=body), stream=True)

    async def aclose(self) -> None:
        """Lets go of the page."""
        if self._reached is not None:
            await self._reached[1].aclose()

    async def _client(self, behind: Behind) -> httpx.AsyncClient:
        key = (*behind, behind.trust.stat().st_mtime_ns if behind.trust and behind.trust.exists() else None)
        if self._reached is None or self._reached[0] != key:
            await self.aclose()
            trust = ssl.create_default_context(cafile=str(behind.trust) if behind.trust else None)
            limits = httpx.Limits(max_connections=50)
            client = httpx.AsyncClient(
                base_url=behind.url, verify=trust, timeout=LOOKED_UP_WITHIN, limits=limits, trust_env=False
            )
            self._reached = (key, client)
        return self._reached[1]
