"""The last line of defence: middleware that keeps keys to customers' pages out of every other answer (design §5.3)."""

import base64
import binascii
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from complaints.mail.links import PATH

_IN_BYTES = re.compile(
    rb"(?:\.|=2E)(?:=?\r?\n)?(?:[0-9a-f](?:=?\r?\n)?){4}(?:\.|=2E)(?:=?\r?\n)?([a-z2-7](?:(?:=?\r?\n)?[a-z2-7]){19})"
)
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{4,}={0,2}(?:\r?\n|\Z))+", re.MULTILINE)
_DEEPEST = 4
"""Messages within messages that are looked into."""
_NO_TEXT = (b"image/", b"font/", b"application/pdf")


class Covering:
    """The middleware: replaces keys that an answer still holds by as many asterisks, so that lengths stay true.

    Pages and records cover keys by themselves, in words; this is for what nobody thought of, and for files that were
    attached.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and its answer back without keys."""
        if scope["type"] != "http" or scope["path"].startswith((PATH, "/static/", "/temporal/_app/")):
            await self._app(scope, receive, send)
            return
        is_text = True

        async def sent(message: Message) -> None:
            nonlocal is_text
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                is_text = not kind.startswith(_NO_TEXT)
            elif message["type"] == "http.response.body" and is_text:
                message = {**message, "body": struck_out(bytes(message.get("body", b"")))}
            await send(message)

        await self._app(scope, receive, sent)


def struck_out(data: bytes, *, encoded: bool = False, depth: int = _DEEPEST) -> bytes:
    """Bytes that are handed out as they came, of the same length, with asterisks for every mark.

    `encoded`: a message, whose parts may be in base64; those are looked into.
    """
    if encoded and depth:
        data = _BASE64.sub(lambda block: _struck_out_within(block[0], depth - 1), data)
    return _IN_BYTES.sub(_asterisks, data)


def _struck_out_within(block: bytes, depth: int) -> bytes:
    """A block of base64, line by line as it was."""
    bare = block.translate(None, b"\r\n")
    try:
        inside = base64.b64decode(bare, validate=True)
    except binascii.Error:  # words that only look like it
        return block
    struck = struck_out(inside, encoded=True, depth=depth)
    if struck == inside:
        return block
    letters = iter(base64.b64encode(struck))
    return bytes(byte if byte in b"\r\n" else next(letters) for byte in block)


def _asterisks(found: re.Match[bytes]) -> bytes:
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    whole = found[0]
    mark = bytes(byte if byte in b"=\r\n" else ord("*") for byte in whole[start:end])
    return whole[:start] + mark + whole[end:]
