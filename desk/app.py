"""The desk as a web application: every page with what it takes, and what surrounds them all."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from complaints.records.errors import RecordsError
from complaints.words.catalogue import N_
from desk import (
    acting,
    board,
    call_acts,
    calls,
    case,
    exports,
    finding,
    letters,
    links,
    messages,
    own_sessions,
    people,
    programs,
    quarantine,
    report,
    reviews,
    signing_in,
    taking_down,
    vouched,
)
from desk.api import api, not_here
from desk.covering import Covering
from desk.customer import customer_routes
from desk.office import Office
from desk.roles import Permission
from desk.visit import Visit, address
from starter.errors import FrontDeskError, NotFound

LOG = logging.getLogger("desk")

Page = Callable[[Visit], Awaitable[Response]]

OWN = None
"""What everybody who is signed in may do."""


@dataclass(frozen=True)
class Door:
    """One address of the desk."""

    method: str
    path: str
    page: Page
    takes: Permission | None = OWN
    public: bool = False
    """For whoever is not signed in."""


DOORS = (
    Door("GET", "/sign-in", signing_in.sign_in_page, public=True),
    Door("POST", "/sign-in", signing_in.sign_in, public=True),
    Door("POST", "/language", signing_in.choose_language, public=True),
    Door("GET", "/sign-in/oidc", vouched.begin, public=True),
    Door("GET", "/sign-in/oidc/callback", vouched.come_back, public=True),
    Door("GET", "/sign-out/oidc", vouched.leave, public=True),
    Door("POST", "/sign-out", signing_in.sign_out),
    Door("GET", "/sessions", own_sessions.sessions_page),
    Door("POST", "/sessions/others", own_sessions.end_others),
    Door("POST", "/sessions/{handle}/end", own_sessions.end_one),
    Door("GET", "/password", signing_in.password_page),
    Door("POST", "/password", signing_in.change_password),
    Door("GET", "/", board.board_page, Permission.LOOK),
    Door("GET", "/board", board.board_part, Permission.LOOK),
    Door("GET", "/list", board.list_page, Permission.LOOK),
    Door("GET", "/counts", board.counts, Permission.LOOK),
    Door("GET", "/find", finding.find_page, Permission.LOOK),
    Door("GET", "/cases/{number}", case.case_page, Permission.LOOK),
    Door("GET", "/cases/{number}/news", case.news, Permission.LOOK),
    Door("GET", "/cases/{number}/letters/{key:path}", letters.letter_page, Permission.LOOK),
    Door("GET", "/cases/{number}/letter-html/{key:path}", letters.letter_html, Permission.LOOK),
    Door("POST", "/cases/{number}/resend/{key:path}", letters.send_again, Permission.HANDLE),
    Door("GET", "/cases/{number}/messages/{digest}", messages.message_page, Permission.LOOK),
    Door("GET", "/cases/{number}/messages/{digest}/files/{place}", messages.attachment, Permission.LOOK),
    Door("GET", "/cases/{number}/messages/{digest}/files/{place}/image", messages.image, Permission.LOOK),
    Door("GET", "/cases/{number}/messages/{digest}/raw", messages.raw, Permission.LOOK),
    Door("POST", "/cases/{number}/links/revoke", links.revoke, Permission.HANDLE),
    Door("POST", "/cases/{number}/call/take", call_acts.take, Permission.HANDLE),
    Door("POST", "/cases/{number}/call", call_acts.outcome, Permission.HANDLE),
    # What an act takes is said by its own row of the table.
    Door("POST", "/cases/{number}/acts/{act}", acting.act, Permission.LOOK),
    Door("GET", "/cases/{number}/dossier.{kind}", exports.dossier_page, Permission.DOSSIER),
    Door("GET", "/exports/complaints.csv", exports.complaints_table, Permission.EXPORT),
    Door("GET", "/new", taking_down.form_page, Permission.TAKE_DOWN),
    Door("POST", "/new/similar", taking_down.similar, Permission.TAKE_DOWN),
    Door("POST", "/new", taking_down.take_down, Permission.TAKE_DOWN),
    Door("GET", "/new/{number}", taking_down.taken_page, Permission.TAKE_DOWN),
    Door("GET", "/calls", calls.calls_page, Permission.HANDLE),
    Door("GET", "/calls/part", calls.calls_part, Permission.HANDLE),
    Door("GET", "/quarantine", quarantine.list_page, Permission.LOOK),
    Door("GET", "/quarantine/{item}", quarantine.item_page, Permission.LOOK),
    Door("GET", "/quarantine/{item}/files/{place}", quarantine.attachment, Permission.LOOK),
    Door("GET", "/quarantine/{item}/files/{place}/image", quarantine.image, Permission.LOOK),
    Door("GET", "/quarantine/{item}/raw", quarantine.raw, Permission.LOOK),
    Door("POST", "/quarantine/{item}/release", quarantine.release, Permission.SIFT),
    Door("POST", "/quarantine/{item}/drop", quarantine.drop, Permission.SIFT),
    Door("POST", "/quarantine/{item}/answer", quarantine.answer, Permission.SIFT),
    Door("GET", "/reviews", reviews.reviews_page, Permission.LOOK),
    Door("GET", "/reviews/{month}", reviews.review_page, Permission.LOOK),
    Door("GET", "/reviews/{month}/prevention", reviews.prevention_part, Permission.LOOK),
    Door("POST", "/reviews/{month}/{what}", reviews.act, Permission.REVIEW),
    Door("GET", "/reports", report.reports_page, Permission.REPORTS),
    Door("GET", "/reports/report.css", report.report_style, Permission.REPORTS),
    Door("GET", "/reports/report.{form}", report.report_file, Permission.REPORTS),
    Door("GET", "/people", people.people_page, Permission.PEOPLE),
    Door("POST", "/people", people.add, Permission.PEOPLE),
    Door("POST", "/people/{account}/{what}", people.change, Permission.PEOPLE),
    Door("GET", "/programs", programs.programs_page, Permission.PEOPLE),
    Door("POST", "/programs", programs.add, Permission.PEOPLE),
    Door("POST", "/programs/{name}/revoke", programs.revoke, Permission.PEOPLE),
)
"""Every page and what it takes; a test opens each as each role."""

_NO_PAGE = N_("There is no page here.")
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def application(office: Office) -> Starlette:
    """The desk on that office."""
    routes: list[Route | Mount] = [Route("/health", _health, methods=["GET"])]
    routes += customer_routes(office)
    routes += [Route(door.path, _opened(door, office), methods=[door.method]) for door in DOORS]
    routes.append(Mount("/api", api(office)))
    routes.append(Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static"))
    return Starlette(
        routes=routes,
        middleware=[Middleware(_Headers, secure=office.secure), Middleware(Covering)],
        exception_handlers={404: _not_here(office), 405: _not_here(office)},
    )


def _opened(door: Door, office: Office) -> Callable[[Request], Awaitable[Response]]:
    async def enter(request: Request) -> Response:
        if "\x00" in request.scope["path"] or b"%00" in request.scope["query_string"]:
            return Visit(request, office).refusal(_NO_PAGE, status=404)  # no text of ours holds a NUL
        try:
            visit = await signing_in.visit_of(request, office)
        except RecordsError as error:
            LOG.warning("%s: %s", door.path, type(error).__name__)
            return _records_away(Visit(request, office))
        try:
            return await _stopped(door, visit) or await door.page(visit)
        except FrontDeskError as error:
            return visit.refusal(error.message, status=404 if isinstance(error, NotFound) else 503)
        except RecordsError as error:
            LOG.warning("%s: %s", door.path, type(error).__name__)
            return _records_away(visit)

    return enter


async def _stopped(door: Door, visit: Visit) -> Response | None:
    """Why a visit goes no further than the door; None if it may go in."""
    if not door.public and visit.session is None:
        unsent = door.method == "POST" and door.page is not signing_in.sign_out
        return visit.to(address("/sign-in", next=_wanted(visit), unsent="1" if unsent else None))
    if door.method == "POST" and not await signing_in.has_token(visit):
        return visit.refusal(
            N_("The form is no longer valid: go back, load the page again and send it once more."),
            status=403,
        )
    if door.takes is not OWN and visit.session is not None:
        if visit.at_the_door:
            return visit.to("/password")
        if not visit.may(door.takes):
            return visit.not_allowed()
    return None


def _wanted(visit: Visit) -> str | None:
    """The page to come back to after signing in: for a part of a page or an act, the page it belongs to."""
    if visit.by_htmx:
        path = urlsplit(visit.request.headers.get("hx-current-url", "")).path
    elif visit.request.method == "GET":
        path = visit.request.url.path
    else:  # an act is sent from its case's page
        path = address(f"/cases/{visit.request.path_params['number']}") if "number" in visit.request.path_params else ""
    return path if path not in ("", "/") else None


def _records_away(visit: Visit) -> Response:
    return visit.refusal(
        N_("The database does not answer: nothing was kept. Wait a moment and repeat."),
        status=503,
    )


def _not_here(office: Office) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/"):  # one with a line break in it never gets to the mount
            return await not_here(office)(request, error)
        status = error.status_code if isinstance(error, HTTPException) else 404
        visit = Visit(request, office)
        return visit.refusal(_NO_PAGE, status=status)

    return answer


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok")


class _Headers:
    """What every answer carries; pages with personal data are kept by no cache."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        if secure:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept = b"public, max-age=86400" if scope["path"].startswith("/static/") else b"no-store"

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}  # a page may be stricter by itself
                ours = [header for header in self._headers if header[0] not in said]
                message["headers"] = [*message["headers"], *ours, (b"cache-control", kept)]
            await send(message)

        await self._app(scope, receive, sent)
