"""The desk as a web application: every page with what it takes, and what surrounds them all."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from complaints.records.errors import RecordsError, StatementRefused, Unkeepable
from complaints.words.catalogue import N_
from complaints.words.refusals import refusal_in_words
from desk.api.routes import api, not_here
from desk.app_state import AppState
from desk.covering import Covering
from desk.customer.pages import customer_routes
from desk.customer.request import CustomerRequest
from desk.readiness import readiness
from desk.request import PageRequest, address
from desk.roles import Permission
from desk.security_log import Event, about_path, told
from desk.staff import (
    acting,
    board,
    call_acts,
    calls,
    case,
    colleagues,
    drafts,
    exports,
    files,
    finding,
    letters,
    links,
    many,
    mentions,
    merging,
    messages,
    notices,
    openid,
    own_sessions,
    palette,
    people,
    presence,
    previewing,
    programs,
    quarantine,
    report,
    reviews,
    rules,
    running_rules,
    second_factor,
    settings,
    settings_file,
    signing_in,
    taking_down,
    temporal_page,
    views,
)
from desk.unbroken import Unbroken
from desk.uploads import is_bearable, is_upload
from starter.errors import FrontDeskError, NotFound
from starter.given_files import TOO_MUCH
from starter.scanning import FileRefused

LOG = logging.getLogger("desk")

Page = Callable[[PageRequest], Awaitable[Response]]

OWN = None
"""What everybody who is signed in may do."""


@dataclass(frozen=True)
class StaffRoute:
    """One address of the desk."""

    method: str
    path: str
    page: Page
    takes: Permission | None = OWN
    public: bool = False
    """For whoever is not signed in."""
    by_script: bool = False
    """Of Temporal's page, whose scripts know no token of ours: told from other sites by what browsers say of them."""
    uploads: bool = False
    """Files may come with its form."""


STAFF_ROUTES = (
    StaffRoute("GET", "/sign-in", signing_in.sign_in_page, public=True),
    StaffRoute("POST", "/sign-in", signing_in.sign_in, public=True),
    StaffRoute("GET", "/sign-in/code", second_factor.code_page, public=True),
    StaffRoute("POST", "/sign-in/code", second_factor.code, public=True),
    StaffRoute("POST", "/language", signing_in.choose_language, public=True),
    StaffRoute("GET", "/sign-in/oidc", openid.begin, public=True),
    StaffRoute("GET", "/sign-in/oidc/callback", openid.come_back, public=True),
    StaffRoute("GET", "/sign-out/oidc", openid.leave, public=True),
    StaffRoute("POST", "/sign-out", signing_in.sign_out),
    StaffRoute("GET", "/sessions", own_sessions.sessions_page),
    StaffRoute("POST", "/sessions/others", own_sessions.end_others),
    StaffRoute("POST", "/sessions/{handle}/end", own_sessions.end_one),
    StaffRoute("GET", "/password", signing_in.password_page),
    StaffRoute("POST", "/password", signing_in.change_password),
    StaffRoute("GET", "/second-factor", second_factor.setup_page),
    StaffRoute("POST", "/second-factor", second_factor.set_up),
    StaffRoute("GET", "/", board.board_page, Permission.LOOK),
    StaffRoute("GET", "/board", board.board_part, Permission.LOOK),
    StaffRoute("GET", "/list", board.list_page, Permission.LOOK),
    StaffRoute("GET", "/list/table", board.list_table, Permission.EXPORT),
    StaffRoute("POST", "/list/assign", many.assign, Permission.HANDLE),
    StaffRoute("POST", "/list/note", many.note, Permission.NOTE),
    StaffRoute("POST", "/list/export", many.export, Permission.EXPORT),
    StaffRoute("GET", "/team", colleagues.team_page, Permission.LOOK),
    # Who may change what of whom is said by the page: everybody their own absence.
    StaffRoute("POST", "/team/{account}/away", colleagues.away, Permission.LOOK),
    StaffRoute("POST", "/team/{account}/back", colleagues.back, Permission.LOOK),
    StaffRoute("POST", "/team/{account}/cases", colleagues.hand_over, Permission.HANDLE),
    StaffRoute("GET", "/palette", palette.found, Permission.LOOK),
    StaffRoute("GET", "/notices", notices.notices, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/here", presence.here, Permission.LOOK),
    StaffRoute("POST", "/cases/{number}/mentions/seen", mentions.seen, Permission.LOOK),
    StaffRoute("POST", "/views", views.save, Permission.LOOK),
    StaffRoute("POST", "/views/drop", views.drop, Permission.LOOK),
    StaffRoute("GET", "/counts", board.counts, Permission.LOOK),
    StaffRoute("GET", "/find", finding.find_page, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}", case.case_page, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/news", case.news, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/letters/{key:path}", letters.letter_page, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/letter-html/{key:path}", letters.letter_html, Permission.LOOK),
    StaffRoute("POST", "/cases/{number}/resend/{key:path}", letters.send_again, Permission.HANDLE),
    StaffRoute("GET", "/cases/{number}/messages/{digest}", messages.message_page, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/messages/{digest}/files/{place}", messages.attachment, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/messages/{digest}/files/{place}/image", messages.image, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/messages/{digest}/raw", messages.raw, Permission.LOOK),
    StaffRoute("GET", "/cases/{number}/files/{digest}", files.download, Permission.LOOK),
    StaffRoute("POST", "/cases/{number}/links/revoke", links.revoke, Permission.HANDLE),
    StaffRoute("POST", "/cases/{number}/call/take", call_acts.take, Permission.HANDLE),
    StaffRoute("POST", "/cases/{number}/call", call_acts.outcome, Permission.HANDLE, uploads=True),
    # What an act takes is said by its own row of the table.
    StaffRoute("POST", "/cases/{number}/acts/{act}", acting.act, Permission.LOOK, uploads=True),
    StaffRoute("POST", "/cases/{number}/drafts/{act}", drafts.keep, Permission.LOOK),
    StaffRoute("POST", "/cases/{number}/preview/{act}", previewing.preview_page, Permission.LOOK, uploads=True),
    StaffRoute("GET", "/cases/{number}/merge", merging.merge_page, Permission.DECIDE),
    StaffRoute("POST", "/cases/{number}/merge", merging.merge, Permission.DECIDE),
    StaffRoute("GET", "/cases/{number}/dossier.{kind}", exports.dossier_page, Permission.DOSSIER),
    StaffRoute("GET", "/exports/complaints.csv", exports.complaints_table, Permission.EXPORT),
    StaffRoute("GET", "/new", taking_down.form_page, Permission.TAKE_DOWN),
    StaffRoute("POST", "/new/similar", taking_down.similar, Permission.TAKE_DOWN),
    StaffRoute("POST", "/new", taking_down.take_down, Permission.TAKE_DOWN),
    StaffRoute("GET", "/new/{number}", taking_down.taken_page, Permission.TAKE_DOWN),
    StaffRoute("GET", "/calls", calls.calls_page, Permission.HANDLE),
    StaffRoute("GET", "/calls/part", calls.calls_part, Permission.HANDLE),
    StaffRoute("GET", "/quarantine", quarantine.list_page, Permission.LOOK),
    StaffRoute("GET", "/quarantine/{item}", quarantine.item_page, Permission.LOOK),
    StaffRoute("GET", "/quarantine/{item}/files/{place}", quarantine.attachment, Permission.LOOK),
    StaffRoute("GET", "/quarantine/{item}/files/{place}/image", quarantine.image, Permission.LOOK),
    StaffRoute("GET", "/quarantine/{item}/raw", quarantine.raw, Permission.LOOK),
    StaffRoute("POST", "/quarantine/{item}/release", quarantine.release, Permission.SIFT),
    StaffRoute("POST", "/quarantine/{item}/drop", quarantine.drop, Permission.SIFT),
    StaffRoute("POST", "/quarantine/{item}/reopen", quarantine.reopen, Permission.HANDLE),
    StaffRoute("POST", "/quarantine/{item}/read", quarantine.read, Permission.SIFT),
    StaffRoute("POST", "/quarantine/{item}/preview", quarantine.preview, Permission.SIFT),
    StaffRoute("POST", "/quarantine/{item}/answer", quarantine.answer, Permission.SIFT),
    StaffRoute("GET", "/reviews", reviews.reviews_page, Permission.LOOK),
    StaffRoute("GET", "/reviews/{month}", reviews.review_page, Permission.LOOK),
    StaffRoute("GET", "/reviews/{month}/prevention", reviews.prevention_part, Permission.LOOK),
    StaffRoute("POST", "/reviews/{month}/{what}", reviews.act, Permission.REVIEW),
    StaffRoute("GET", "/reports", report.reports_page, Permission.REPORTS),
    StaffRoute("GET", "/reports/report.css", report.report_style, Permission.REPORTS),
    StaffRoute("GET", "/reports/report.{form}", report.report_file, Permission.REPORTS),
    StaffRoute("GET", "/people", people.people_page, Permission.PEOPLE),
    StaffRoute("POST", "/people", people.add, Permission.PEOPLE),
    StaffRoute("POST", "/people/{account}/{what}", people.change, Permission.PEOPLE),
    StaffRoute("GET", "/programs", programs.programs_page, Permission.PEOPLE),
    StaffRoute("POST", "/programs", programs.add, Permission.PEOPLE),
    StaffRoute("POST", "/programs/{name}/revoke", programs.revoke, Permission.PEOPLE),
    StaffRoute("GET", "/settings", settings.settings_page, Permission.SETTINGS),
    StaffRoute("GET", "/settings/rules", rules.rules_page, Permission.SETTINGS),
    StaffRoute("POST", "/settings/rules", rules.save, Permission.SETTINGS),
    StaffRoute("GET", "/settings/rules/running", running_rules.running_page, Permission.SETTINGS),
    StaffRoute("POST", "/settings/rules/running", running_rules.apply, Permission.SETTINGS),
    StaffRoute("GET", "/settings/rules/closed-day", running_rules.closed_day_page, Permission.SETTINGS),
    StaffRoute("POST", "/settings/rules/closed-day", running_rules.close_day, Permission.SETTINGS),
    StaffRoute("GET", "/settings/{file}.toml", settings_file.download, Permission.SETTINGS),
    StaffRoute("POST", "/settings/{file}.toml", settings_file.take_in, Permission.SETTINGS, uploads=True),
    StaffRoute("POST", "/settings/{part}", settings.change, Permission.SETTINGS),
    StaffRoute("GET", "/temporal", temporal_page.front, Permission.RUNS),
    StaffRoute("GET", "/temporal/{path:path}", temporal_page.look, Permission.RUNS, by_script=True),
    StaffRoute("POST", "/temporal/codec/decode", temporal_page.decode, Permission.RUNS, by_script=True),
    StaffRoute("POST", "/temporal/{path:path}", temporal_page.ask, Permission.RUNS, by_script=True),
)
"""Every page and the permission that it takes; a test opens each as each role."""

_UNKEEPABLE = N_("Something in what you sent is no text and cannot be kept: nothing was done. Type it anew.")
_BROKEN = N_("Something unexpected happened, and this page is not drawn. Try once more; if it recurs, tell us.")
_NO_PAGE = N_("There is no page here.")
_SIGNED_OUT = N_("Nobody is signed in any more: sign in at the desk again.")
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def application(app_state: AppState) -> Starlette:
    """The desk on these records and this front desk."""
    routes: list[Route | Mount] = [Route("/health", _health, methods=["GET"])]
    routes.append(Route("/ready", _ready(app_state), methods=["GET"]))
    routes += customer_routes(app_state)
    routes += [Route(route.path, _opened(route, app_state), methods=[route.method]) for route in STAFF_ROUTES]
    routes.append(Mount("/api", api(app_state)))
    # These alone are sent compressed: a page beside its form's token would tell of it by its length (BREACH).
    static = GZipMiddleware(StaticFiles(directory=Path(__file__).parent / "static"))
    routes.append(Mount("/static", static, name="static"))
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(_Headers, secure=app_state.secure),
            Middleware(Unbroken, broken=_broken(app_state)),
            Middleware(Covering),
        ],
        exception_handlers={404: _not_here(app_state), 405: _not_here(app_state)},
    )


def _opened(route: StaffRoute, app_state: AppState) -> Callable[[Request], Awaitable[Response]]:
    async def enter(http: Request) -> Response:
        if "\x00" in http.scope["path"] or b"%00" in http.scope["query_string"]:
            return PageRequest(http, app_state).refusal(_NO_PAGE, status=404)  # no text of ours holds a NUL
        try:
            request = await signing_in.request_of(http, app_state)
        except RecordsError as error:
            LOG.warning("%s: %s", route.path, type(error).__name__)
            return _records_away(PageRequest(http, app_state))
        try:
            return await _stopped(route, request) or await route.page(request)
        except FileRefused as error:
            return request.refusal(error.message, status=403)
        except FrontDeskError as error:
            return request.refusal(error.message, status=404 if isinstance(error, NotFound) else 503)
        except ValidationError as error:  # what no page has words of its own for
            return request.page("refused.html", status=422, sentence=refusal_in_words(error, request.language))
        except (StatementRefused, Unkeepable) as error:  # the database is there: this it will never take
            LOG.warning("%s: %s", route.path, type(error).__name__)
            return request.refusal(_UNKEEPABLE, status=422)
        except RecordsError as error:
            LOG.warning("%s: %s", route.path, type(error).__name__)
            return _records_away(request)

    return enter


async def _stopped(route: StaffRoute, request: PageRequest) -> Response | None:
    """Why a request gets no page; None if it does."""
    if route.by_script and not signing_in.may_script(request.http):
        told(request, Event.FOREIGN_FORM)
        return request.refusal(N_("Another site may not ask here."), status=403)
    if not route.public and request.session is None:
        if route.by_script and not signing_in.is_opened(request.http):
            return PlainTextResponse(f"{request.say(_SIGNED_OUT)}\n", status_code=401)
        unsent = route.method == "POST" and route.page is not signing_in.sign_out
        return request.to(address("/sign-in", next=_wanted(route, request), unsent="1" if unsent else None))
    if route.uploads and is_upload(request.http) and not is_bearable(request.http):
        return request.refusal(TOO_MUCH, status=413)
    by_form = route.method == "POST" and not route.by_script
    if by_form and not await signing_in.has_token(request, uploads=route.uploads):
        told(request, Event.FOREIGN_FORM, about=about_path(request))
        return request.refusal(
            N_("The form is no longer valid: go back, load the page again and send it once more."),
            status=403,
        )
    if route.takes is not OWN and request.session is not None:
        if request.must_change_password:
            return request.to("/password")
        if request.must_enrol:
            return request.to("/second-factor")
        if not request.may(route.takes):
            told(request, Event.NOT_ALLOWED, about=about_path(request))
            return request.not_allowed()
    return None


def _wanted(route: StaffRoute, request: PageRequest) -> str | None:
    """The page to come back to after signing in: for a part of a page or a form, the page it belongs to."""
    if request.by_htmx:
        path = urlsplit(request.http.headers.get("hx-current-url", "")).path
    else:
        path = request.http.url.path if request.http.method == "GET" else _page_of(route, request)
    return path if path not in ("", "/") else None


def _page_of(route: StaffRoute, request: PageRequest) -> str:
    """The page on which that form stands: the longest beginning of its address that is one."""
    pages = {one.path for one in STAFF_ROUTES if one.method == "GET" and not one.by_script}
    parts = route.path.split("/")
    beginnings = ("/".join(parts[:end]) for end in range(len(parts), 1, -1))
    found = next((one for one in beginnings if one in pages), "")
    return address(found.format(**request.http.path_params))


def _records_away(request: PageRequest) -> Response:
    if request.http.method == "GET":  # nobody sent anything that could be lost
        return request.refusal(
            N_("The database does not answer: load the page again in a moment. Nothing that was kept is lost."),
            status=503,
        )
    return request.refusal(
        N_("The database does not answer: nothing was kept. Wait a moment and repeat."),
        status=503,
    )


def _not_here(app_state: AppState) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(http: Request, error: Exception) -> Response:
        if http.url.path.startswith("/api/"):  # one with a line break in it never gets to the mount
            return await not_here(app_state)(http, error)
        status = error.status_code if isinstance(error, HTTPException) else 404
        request = PageRequest(http, app_state)
        return request.refusal(_NO_PAGE, status=status)

    return answer


def _broken(app_state: AppState) -> Callable[[Request], Response]:
    """The page for an unexpected error (500)."""

    def page(http: Request) -> Response:
        is_customers = http.url.path.startswith(("/c/", "/queja")) or http.url.path == "/c"
        request = (CustomerRequest if is_customers else PageRequest)(http, app_state)
        return request.refusal(_BROKEN, status=500)

    return page


async def _health(_: Request) -> Response:
    """This process answers: restarting it would mend nothing more."""
    return PlainTextResponse("ok")


def _ready(app_state: AppState) -> Callable[[Request], Awaitable[Response]]:
    """Whether there is any use in sending people here: 200, or 503 with what is away."""

    async def answer(_: Request) -> Response:
        found = await readiness(app_state)
        return JSONResponse(found._asdict(), 200 if found.ready else 503)

    return answer


class _Headers:
    """What every answer carries; pages with personal data are kept by no cache."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        if secure:
            self._headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept = b"public, max-age=86400" if scope["path"].startswith("/static/") else b"no-store"

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}  # a page may be stricter by itself
                ours = [header for header in self._headers if header[0] not in said]
                caching = [] if b"cache-control" in said else [(b"cache-control", kept)]
                message["headers"] = [*message["headers"], *ours, *caching]
            await send(message)

        await self._app(scope, receive, sent)
