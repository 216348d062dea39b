"""Temporal's page behind the desk: whoever is signed in and may, reads it here, and nothing is done through it.

The page knows nobody, answers under any name, and its own switch against writing can be talked around by an escaped
path. So it stands where no browser gets to, and this is the only door to it: the desk has checked the host, the session
and the role before, and hands on what looks and asks. Under one origin with the desk the page finds its codec without
CORS and without a setting, and its scripts are held to what the desk allows.
"""

import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from complaints.words.catalogue import N_
from desk.covering import struck_out
from desk.request import PageRequest
from workflows.sealing import opened_for_page

PREFIX = "/temporal"
CODEC = f"{PREFIX}/codec"
"""Where the page has payloads decoded; it adds `/decode`."""

QUERY = re.compile(rb"/api/v1/namespaces/[^/]+/workflows/[^/]+/query/[^/]+")
"""The one POST that changes nothing, as it came over the line."""

HANDED_BACK = frozenset({"content-type", "content-length", "content-range", "last-modified", "etag", "accept-ranges"})
"""Headers of an answer; no cookie of the page's."""

MOST_SEALED = 16_000_000
"""Bytes of what is to be opened: a long case has many payloads, and the page asks for all of a screen at once."""

LARGEST = 1_000_000
"""Bytes of a question."""

_POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OWN_POLICY = re.compile(r"<meta[^>]*http-equiv=.content-security-policy.[^>]*>", re.IGNORECASE)


async def front(request: PageRequest) -> Response:
    """The page without its slash."""
    return request.to(f"{PREFIX}/")


async def look(request: PageRequest) -> Response:
    """What the page shows or is asked for by its scripts; all of it only looks."""
    return await _handed_on(request, b"")


async def ask(request: PageRequest) -> Response:
    """A query to a run; of all that is posted there it alone changes nothing."""
    path = _path_of(request)
    if path is None or QUERY.fullmatch(path) is None or b"%2f" in path.lower():
        return _no(405, "Nothing is done here: acts go through the desk, `complaints`, or `temporal`.")
    body = await read_whole(request, LARGEST)
    return _no(413, "Too long.") if body is None else await _handed_on(request, body)


async def decode(request: PageRequest) -> Response:
    """What the page is to show, opened: it asks with whatever Temporal keeps sealed."""
    body = await read_whole(request, MOST_SEALED)
    if body is None:
        return _no(413, "Too long.")
    try:
        opened = await opened_for_page(body, request.app_state.front_desk.client, shown=struck_out)
    except ValueError:
        return _no(400, "These are no payloads.")
    return Response(opened, media_type="application/json")


async def read_whole(request: PageRequest, most: int) -> bytes | None:
    """What was posted; None if it has more bytes than that."""
    body = b""
    async for piece in request.http.stream():
        body += piece
        if len(body) > most:
            return None
    return body


async def _handed_on(request: PageRequest, body: bytes) -> Response:
    path = _path_of(request)
    if path is None:
        return request.refusal(N_("There is no page here."), status=404)
    try:
        answer = await request.app_state.temporal_page.answer(request.http, path, body)
    except (httpx.HTTPError, OSError) as error:
        return _no(502, f"Temporal's page does not answer ({type(error).__name__}).")
    if answer is None:
        return request.refusal(N_("Temporal's page does not run behind this desk."), status=404)
    if path == b"/api/v1/settings":
        return JSONResponse(_settings(json.loads(await _whole(answer))), answer.status_code)
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html") and path != b"/render":
        return _framed((await _whole(answer)).decode(), answer.status_code)
    handed_back = StreamingResponse(_to_its_end(answer), status_code=answer.status_code)
    said = [(name.lower(), value) for name, value in answer.headers.raw if name.decode().lower() in HANDED_BACK]
    handed_back.raw_headers = said
    handed_back.headers["cross-origin-resource-policy"] = "same-origin"
    if path == b"/render":  # somebody's Markdown, in a frame that may run nothing
        handed_back.headers["content-security-policy"] = _of_a_frame(answer)
        handed_back.headers["x-frame-options"] = "SAMEORIGIN"
    if path.startswith(b"/_app/immutable/") and answer.status_code == 200:
        handed_back.headers["cache-control"] = "private, max-age=86400"
    return handed_back


def _path_of(request: PageRequest) -> bytes | None:
    """The path as the page knows it, as it came over the line; None if it came in disguise."""
    raw: bytes = request.http.scope["raw_path"].partition(b"?")[0]
    prefix = PREFIX.encode()
    return raw[len(prefix) :] if raw.startswith(prefix + b"/") else None


def _framed(html: str, status: int) -> Response:
    """The page's frame, moved below our prefix as its own server would (`publicPath`), with a policy of ours."""
    if 'base: ""' not in html:
        return _no(502, "This page of Temporal is of a kind that the desk does not know.")
    html = html.replace('base: ""', f'base: "{PREFIX}"').replace('"/_app/', f'"{PREFIX}/_app/')
    html = _OWN_POLICY.sub("", html)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in _INLINE.findall(html)]
    policy = _POLICY.format(scripts=" ".join(f"'sha256-{digest}'" for digest in digests))
    return Response(html, status, {"content-security-policy": policy}, media_type="text/html; charset=utf-8")


def _settings(settings: dict[str, Any]) -> dict[str, Any]:
    """What the page goes by: it offers nothing to do, and has payloads decoded here."""
    codec = settings.get("Codec") or {}
    return {**settings, "DisableWriteActions": True, "Codec": {**codec, "Endpoint": CODEC, "PassAccessToken": False}}


def _of_a_frame(answer: httpx.Response) -> str:
    """Its own policy, which is strict; else one that runs nothing."""
    return str(answer.headers.get("content-security-policy") or "default-src 'none'; sandbox; frame-ancestors 'self'")


async def _whole(answer: httpx.Response) -> bytes:
    try:
        return await answer.aread()
    finally:
        await answer.aclose()


async def _to_its_end(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()


def _no(status: int, said: str) -> Response:
    return PlainTextResponse(f"{said}\n", status_code=status)
