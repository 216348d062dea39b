"""Around every page: whatever goes wrong in one, its visitor reads a sentence, and the log nothing of theirs."""

import logging
import traceback
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("desk")


class Unbroken:
    """An error that nobody expected ends its own request, with a page. Neither its words nor its trace are logged: both
    may quote what was sent; where it happened is enough to look. A line that was cut is no error at all."""

    def __init__(self, app: ASGIApp, *, broken: Callable[[Request], Response]) -> None:
        """`broken` draws the page that says so."""
        self._app, self._broken = app, broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application's answer, or that page."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            return
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            LOG.error("%s: %s in %s:%s", scope["method"], type(error).__name__, place.filename, place.lineno)
            if not begun:
                await self._broken(Request(scope))(scope, receive, send)
