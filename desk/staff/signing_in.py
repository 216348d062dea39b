"""Signing in and out: sessions in Postgres, a token in every form, accounts and places that rest after failures."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from complaints.passwords import too_weak
from complaints.records.sessions import OIDC, PASSWORD, SESSION_LASTS
from complaints.words.catalogue import N_, language_of
from desk import cookies
from desk.app_state import AppState
from desk.client_address import browser_of, from_this_site, place_of
from desk.request import LANGUAGE_COOKIE, PageRequest
from desk.security_log import Event, told
from desk.staff.half_way import half_way
from desk.uploads import form_with_files, is_upload, length_of

SESSION_COOKIE = "desk_session"
FORM_COOKIE = "desk_form"
"""For the form of whoever is not signed in yet."""
KNOWN_COOKIE = "desk_known"
"""The digest of an earlier session: it opens nothing, and says that its account was signed in from this browser."""
KNOWN_LASTS = 180 * 24 * 3600
"""Seconds."""
LONGEST_FORM = 1_000_000
MOST_FIELDS = 1_000
"""A form whose list has many rows that were ticked is one of ours, too."""
"""Bytes."""
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field


def digest_of(token: str) -> str:
    """What the records keep of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def request_of(http: Request, app_state: AppState) -> PageRequest:
    """The request, with whoever is signed in. The page's own polling keeps nobody signed in."""
    token = cookies.read(http, app_state, SESSION_COOKIE)
    polls = http.headers.get("hx-trigger-name") == "poll" or http.query_params.get("poll") == "1"
    polls = polls or http.url.path.startswith("/temporal/api/")  # as long as it stands open, Temporal's page asks on
    session = await app_state.store.session(digest_of(token), used=not polls) if token else None
    return PageRequest(http, app_state, session)


async def has_token(request: PageRequest, *, uploads: bool = False) -> bool:
    """Reads the posted form, and whether it is one of ours: from this site, with the session's token.

    `uploads`: files may come with it.
    """
    http = request.http
    if not from_this_site(http):
        return False
    if uploads and is_upload(http):
        if (read := await form_with_files(http)) is None:
            return False
        request.form, request.too_much = read
    elif _is_short(http):
        try:
            request.form = await http.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=200_000)
        except (
            HTTPException,
            UnicodeError,
        ):  # no form, or in no charset
            return False
    else:
        return False
    given = str(request.form.get(TOKEN_FIELD) or "")
    expected = request.session.form_token if request.session else cookies.read(http, request.app_state, FORM_COOKIE)
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _is_short(http: Request) -> bool:
    length = length_of(http)
    return length is not None and length <= LONGEST_FORM


def may_script(http: Request) -> bool:
    """Whether it comes from a page of ours, or is a page that somebody opens by a link."""
    origin = http.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != http.headers.get("host", "").lower():
        return False
    site = http.headers.get("sec-fetch-site", "none")
    return site in ("same-origin", "none") or (http.method in ("GET", "HEAD") and is_opened(http))


def is_opened(http: Request) -> bool:
    """Whether somebody opens a page, rather than a script asking for something."""
    return http.method in ("GET", "HEAD") and http.headers.get("sec-fetch-mode", "navigate") == "navigate"


# -- pages -------------------------------------------------------------------------------------------------------------


async def sign_in_page(request: PageRequest) -> Response:
    """The form to sign in; whoever is signed in goes on to the board."""
    if request.session is not None:
        return request.to("/")
    return route(request, nobody=not await request.app_state.store.staff())


async def sign_in(request: PageRequest) -> Response:
    """Checks account and password. The answer is the same for a wrong one of either."""
    assert request.form is not None
    if not request.app_state.sign_in.passwords:
        return no_passwords(request)
    account = str(request.form.get("account") or "").strip().lower()[:200].replace("\x00", "")
    password = str(request.form.get("password") or "")
    store, place = request.app_state.store, place_of(request.http, request.app_state.sign_in.trusted_proxies)
    # Counted before the hash, each in one statement: of many passwords at once no more than the limit are looked at.
    if not await store.try_from(place):
        told(request, Event.PLACE_RESTS)
        return route(request, request.say(_PLACE_RESTS), account=account, status=429)
    known = await store.try_password(account)
    right = await request.app_state.passwords.fits(password, known.password_hash if known else None)
    # While an account rests nobody learns whether there is one: the answer is that of a wrong password, and takes as
    # long. Whoever signed in from this browser before goes on: a stranger locks nobody out of their own.
    rests = known is not None and known.locked and not await is_known_here(request, account)
    if known is None or rests or not right:
        told(
            request,
            Event.ACCOUNT_RESTS if rests else Event.WRONG_PASSWORD,
            account=known.member.account if known else None,
        )
        return route(request, request.say(_WRONG), account=account, status=401)
    await store.take_back(place)
    wanted = within(str(request.form.get("next") or ""))
    if known.member.second_factor:
        return half_way(request, account, wanted)
    return await entered(request, account, via=PASSWORD, wanted=wanted)


async def is_known_here(request: PageRequest, account: str) -> bool:
    """Whether that account was signed in from this browser before."""
    known = cookies.read(request.http, request.app_state, KNOWN_COOKIE)
    return bool(known) and await request.app_state.store.was_signed_in(account, known)


_WRONG = N_(
    "The account or the password is not right, or there were too many attempts: after five wrong ones wait 15 minutes, "
    "or ask whoever makes the accounts for another password."
)
_PLACE_RESTS = N_("Too many attempts from this connection: wait 15 minutes, or sign in from another one.")


async def entered(request: PageRequest, account: str, *, via: str, wanted: str) -> Response:
    """Opens a session for whoever has proven who they are, and goes on to what they wanted."""
    token = secrets.token_urlsafe(32)
    if before := cookies.read(request.http, request.app_state, SESSION_COOKIE):  # whoever had it has it no more
        await request.app_state.store.close_session(digest_of(before))
    await request.app_state.store.open_session(
        account, digest=digest_of(token), form_token=secrets.token_urlsafe(32), via=via,
        browser=browser_of(request.http),
    )  # fmt: skip
    answer = request.to(within(wanted))
    keep(answer, request, SESSION_COOKIE, token, lasts=int(SESSION_LASTS.total_seconds()))
    keep(answer, request, KNOWN_COOKIE, digest_of(token), lasts=KNOWN_LASTS)
    cookies.drop(answer, request.app_state, FORM_COOKIE)
    told(request, Event.SIGNED_IN, account=account)
    return answer


async def sign_out(request: PageRequest) -> Response:
    """Ends the session, here and in the records; whoever came through the provider leaves it as well."""
    told(request, Event.SIGNED_OUT)
    await request.app_state.store.close_session(
        digest_of(cookies.read(request.http, request.app_state, SESSION_COOKIE))
    )
    by_provider = request.session is not None and request.session.via == OIDC and request.app_state.provider is not None
    request.session = None
    # A page in between: browsers let no form be led to another site, which the pages' policy forbids.
    answer = request.page("leaving.html") if by_provider and not request.by_htmx else request.to("/sign-in")
    if by_provider:
        answer.headers["refresh"] = "0; url=/sign-out/oidc"
    answer.headers["clear-site-data"] = '"cache", "storage"'  # what pages left behind; not that the browser is known
    cookies.drop(answer, request.app_state, SESSION_COOKIE)
    return answer


async def password_page(request: PageRequest) -> Response:
    """The form for a password of one's own."""
    if not request.app_state.sign_in.passwords:
        return no_passwords(request)
    return request.page("password.html", sentence=None)


async def change_password(request: PageRequest) -> Response:
    """A new password; every other browser is signed out."""
    assert request.form is not None
    if not request.app_state.sign_in.passwords:
        return no_passwords(request)
    account, store = request.member.account, request.app_state.store
    old, new, again = (str(request.form.get(name) or "") for name in ("old", "new", "again"))
    known = await store.try_password(account)
    weak = too_weak(new, account, request.member.name)
    sentence = None
    if known is None or known.locked or not await request.app_state.passwords.fits(old, known.password_hash):
        return request.page(
            "password.html", status=422,
            sentence=request.gettext("The present password is not right."),
        )  # fmt: skip
    await store.password_is_right(account)
    if new != again:
        sentence = request.gettext("The two new passwords differ.")
    elif new == old:
        sentence = request.gettext("It is the present one: choose another.")
    elif weak:
        sentence = request.say(weak)
    if sentence is not None:
        return request.page("password.html", status=422, sentence=sentence)
    here = session_here(request)
    told(request, Event.PASSWORD_CHANGED)
    await store.set_password(account, await request.app_state.passwords.hashed(new), temporary=False, keep_session=here)
    return request.to("/")


def session_here(request: PageRequest) -> str:
    """The digest of the session that the request comes with."""
    return digest_of(cookies.read(request.http, request.app_state, SESSION_COOKIE))


async def choose_language(request: PageRequest) -> Response:
    """Spanish or English, for this browser."""
    assert request.form is not None
    answer = request.to(within(str(request.form.get("next") or "")))
    chosen = language_of(str(request.form.get("language") or ""))
    keep(answer, request, LANGUAGE_COOKIE, chosen, lasts=365 * 24 * 3600)
    return answer


def no_passwords(request: PageRequest) -> Response:
    """The answer where passwords are switched off."""
    return request.refusal(
        N_("Nobody signs in with a password here: use the button of the sign-in page."),
        status=404,
    )


def route(
    request: PageRequest, sentence: str | None = None, *, account: str = "", nobody: bool = False, status: int = 200
) -> Response:
    """The page to sign in, with what went wrong; where nobody has an account yet, with how the first is made."""
    wanted = request.form.get("next") if request.form else request.http.query_params.get("next")
    said = {"account": account, "nobody": nobody, "next": within(str(wanted or ""))}
    return door(request, "sign_in.html", sentence=sentence, status=status, **said)


def door(request: PageRequest, template: str, *, sentence: str | None, status: int, **said: object) -> Response:
    """A page with a form for whoever is not signed in."""
    token = cookies.read(request.http, request.app_state, FORM_COOKIE) or secrets.token_urlsafe(32)
    answer = request.page(template, status=status, sentence=sentence, door_token=token, **said)
    keep(answer, request, FORM_COOKIE, token, lasts=3600)
    return answer


def keep(answer: Response, request: PageRequest, name: str, value: str, *, lasts: int) -> None:
    """A cookie of ours, for so many seconds."""
    cookies.keep(answer, request.app_state, name, value, lasts=lasts)


def within(path: str) -> str:
    """A page of ours to go on to; never another site's."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and "\\" not in path
    return path if ours and path.isprintable() else "/"
