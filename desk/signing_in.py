"""Signing in and out: sessions in Postgres, a token in every form, accounts and places that rest after failures."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from complaints.passwords import too_weak
from complaints.records.sessions import OIDC, PASSWORD, SESSION_LASTS
from complaints.words.catalogue import N_
from desk.office import Office
from desk.visit import LANGUAGE_COOKIE, Visit
from desk.whence import browser_of, place_of

SESSION_COOKIE = "desk_session"
FORM_COOKIE = "desk_form"
"""For the form of whoever is not signed in yet."""
LONGEST_FORM = 1_000_000
"""Bytes."""
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field


def digest_of(token: str) -> str:
    """What the records keep of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def visit_of(request: Request, office: Office) -> Visit:
    """The visit, with whoever is signed in. The page's own polling keeps nobody signed in."""
    token = request.cookies.get(SESSION_COOKIE)
    polls = request.headers.get("hx-trigger-name") == "poll" or request.query_params.get("poll") == "1"
    session = await office.store.session(digest_of(token), used=not polls) if token else None
    return Visit(request, office, session)


async def has_token(visit: Visit) -> bool:
    """Reads the posted form, and whether it is one of ours: from this site, with the session's token."""
    request = visit.request
    if not _from_this_site(request) or not _is_short(request):
        return False
    visit.form = await request.form(max_files=0, max_fields=200, max_part_size=200_000)
    given = str(visit.form.get(TOKEN_FIELD) or "")
    expected = visit.session.form_token if visit.session else request.cookies.get(FORM_COOKIE, "")
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _is_short(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and int(length) <= LONGEST_FORM


def _from_this_site(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin or "").netloc == request.headers.get("host")


# -- pages -------------------------------------------------------------------------------------------------------------


async def sign_in_page(visit: Visit) -> Response:
    """The form to sign in; whoever is signed in goes on to the board."""
    if visit.session is not None:
        return visit.to("/")
    return door(visit, nobody=not await visit.office.store.staff())


async def sign_in(visit: Visit) -> Response:
    """Checks account and password. The answer is the same for a wrong one of either."""
    assert visit.form is not None
    if not visit.office.sign_in.passwords:
        return no_passwords(visit)
    account = str(visit.form.get("account") or "").strip().lower()[:200].replace("\x00", "")
    password = str(visit.form.get("password") or "")
    store, place = visit.office.store, place_of(visit.request, visit.office.sign_in.trusted_proxies)
    # Counted before the hash, each in one statement: of many passwords at once no more than the limit are looked at.
    if not await store.try_from(place):
        return door(visit, visit.say(_PLACE_RESTS), account=account, status=429)
    known = await store.try_password(account)
    if known is not None and known.locked:
        await store.take_back(place)
        return door(visit, visit.say(_LOCKED), account=account, status=429)
    if not await visit.office.passwords.fits(password, known.password_hash if known else None):
        return door(visit, visit.say(_WRONG), account=account, status=401)
    await store.take_back(place)
    return await entered(visit, account, via=PASSWORD, wanted=str(visit.form.get("next") or ""))


_WRONG = N_("The account or the password is not right.")
_LOCKED = N_("Too many attempts: wait 15 minutes, or ask for `complaints staff reset`.")
_PLACE_RESTS = N_("Too many attempts from this connection: wait 15 minutes, or sign in from another one.")


async def entered(visit: Visit, account: str, *, via: str, wanted: str) -> Response:
    """Opens a session for whoever has proven who they are, and goes on to what they wanted."""
    token = secrets.token_urlsafe(32)
    await visit.office.store.open_session(
        account, digest=digest_of(token), form_token=secrets.token_urlsafe(32), via=via,
        browser=browser_of(visit.request),
    )  # fmt: skip
    answer = visit.to(within(wanted))
    keep(answer, visit, SESSION_COOKIE, token, lasts=int(SESSION_LASTS.total_seconds()))
    answer.delete_cookie(FORM_COOKIE)
    return answer


async def sign_out(visit: Visit) -> Response:
    """Ends the session, here and in the records; whoever came through the provider leaves it as well."""
    await visit.office.store.close_session(digest_of(visit.request.cookies.get(SESSION_COOKIE, "")))
    vouched = visit.session is not None and visit.session.via == OIDC and visit.office.provider is not None
    visit.session = None
    # A page in between: browsers let no form be led to another site, which the pages' policy forbids.
    answer = visit.page("leaving.html") if vouched and not visit.by_htmx else visit.to("/sign-in")
    if vouched:
        answer.headers["refresh"] = "0; url=/sign-out/oidc"
    answer.delete_cookie(SESSION_COOKIE)
    return answer


async def password_page(visit: Visit) -> Response:
    """The form for a password of one's own."""
    if not visit.office.sign_in.passwords:
        return no_passwords(visit)
    return visit.page("password.html", sentence=None)


async def change_password(visit: Visit) -> Response:
    """A new password; every other browser is signed out."""
    assert visit.form is not None
    if not visit.office.sign_in.passwords:
        return no_passwords(visit)
    account, store = visit.member.account, visit.office.store
    old, new, again = (str(visit.form.get(name) or "") for name in ("old", "new", "again"))
    known = await store.try_password(account)
    weak = too_weak(new, account)
    sentence = None
    if known is None or known.locked or not await visit.office.passwords.fits(old, known.password_hash):
        return visit.page(
            "password.html", status=422,
            sentence=visit.gettext("The present password is not right."),
        )  # fmt: skip
    await store.password_is_right(account)
    if new != again:
        sentence = visit.gettext("The two new passwords differ.")
    elif new == old:
        sentence = visit.gettext("It is the present one: choose another.")
    elif weak:
        sentence = visit.say(weak)
    if sentence is not None:
        return visit.page("password.html", status=422, sentence=sentence)
    here = digest_of(visit.request.cookies.get(SESSION_COOKIE, ""))
    await store.set_password(account, await visit.office.passwords.hashed(new), temporary=False, keep_session=here)
    return visit.to("/")


async def choose_language(visit: Visit) -> Response:
    """Spanish or English, for this browser."""
    assert visit.form is not None
    answer = visit.to(within(str(visit.form.get("next") or "")))
    chosen = "en" if visit.form.get("language") == "en" else "es"
    keep(answer, visit, LANGUAGE_COOKIE, chosen, lasts=365 * 24 * 3600)
    return answer


def no_passwords(visit: Visit) -> Response:
    """The answer where passwords are switched off."""
    return visit.refusal(
        N_("Nobody signs in with a password here: use the button of the sign-in page."),
        status=404,
    )


def door(
    visit: Visit, sentence: str | None = None, *, account: str = "", nobody: bool = False, status: int = 200
) -> Response:
    """The page to sign in, with what went wrong; where nobody has an account yet, with how the first is made."""
    token = visit.request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    wanted = visit.form.get("next") if visit.form else visit.request.query_params.get("next")
    answer = visit.page(
        "sign_in.html",
        status=status,
        sentence=sentence,
        account=account,
        nobody=nobody,
        door_token=token,
        next=within(str(wanted or "")),
    )
    keep(answer, visit, FORM_COOKIE, token, lasts=3600)
    return answer


def keep(answer: Response, visit: Visit, name: str, value: str, *, lasts: int) -> None:
    """A cookie of ours, for so many seconds."""
    answer.set_cookie(name, value, max_age=lasts, httponly=True, samesite="lax", secure=visit.office.secure, path="/")


def within(path: str) -> str:
    """A page of ours to go on to; never another site's."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and "\\" not in path
    return path if ours and path.isprintable() else "/"
