"""The second step of signing in, and the page on which somebody sets it up: an app's codes, and codes for a bad day."""

from starlette.responses import Response

from complaints import second_factor as factors
from complaints.records.sessions import PASSWORD
from complaints.words.catalogue import N_
from desk import cookies
from desk.client_address import place_of
from desk.request import PageRequest
from desk.security_log import Event, told
from desk.staff import signing_in
from desk.staff.half_way import HALF_COOKIE, half_of, keys_of

_WRONG = N_("The code is not right, was used already, or there were too many attempts: wait for the next one.")
_OVER = N_("That took too long: begin again with your password.")
_NO_KEY = N_("Codes cannot be set up here yet: ask whoever looks after the system.")
_CODE_WRONG = N_("That is not the code that your app shows now: try the next one.")


async def code_page(request: PageRequest) -> Response:
    """The form for the code."""
    if half_of(request) is None:
        return request.to("/sign-in")
    return _form(request)


async def code(request: PageRequest) -> Response:
    """A code of the app, or one for a bad day; each is counted as a wrong password until it is right."""
    assert request.form is not None
    half, store = half_of(request), request.app_state.store
    if half is None:
        return signing_in.route(request, request.say(_OVER), status=401)
    place = place_of(request.http, request.app_state.sign_in.trusted_proxies)
    if not await store.try_from(place):
        told(request, Event.PLACE_RESTS, account=half.account)
        return _form(request, status=429)
    known = await store.try_password(half.account)
    rests = known is None or (known.locked and not await signing_in.is_known_here(request, half.account))
    if rests or not await is_right(request, half.account, str(request.form.get("code") or "")):
        told(request, Event.ACCOUNT_RESTS if rests else Event.WRONG_CODE, account=half.account)
        return _form(request, status=401)
    await store.take_back(place)
    answer = await signing_in.entered(request, half.account, via=PASSWORD, wanted=half.wanted)
    cookies.drop(answer, request.app_state, HALF_COOKIE)
    return answer


async def is_right(request: PageRequest, account: str, typed: str) -> bool:
    """Whether that is a code of theirs which nobody has used; it is used now."""
    store = request.app_state.store
    factor = await store.second_factor(account)
    if factor is None:
        return False
    try:
        secret = factors.unsealed(factor.totp_secret, keys=keys_of(request))
    except factors.CannotUnseal:
        secret = ""
    step = factors.step_of(secret, typed, request.now) if secret else None
    if step is not None:
        return await store.use_step(account, step)
    return await store.use_recovery_code(account, factors.recovery_digest(account, typed))


# -- setting it up -----------------------------------------------------------------------------------------------------


async def setup_page(request: PageRequest) -> Response:
    """What there is, or a new secret to take into an app."""
    if not request.app_state.sign_in.passwords:
        return signing_in.no_passwords(request)
    factor = await request.app_state.store.second_factor(request.member.account)
    return _setup(request, left=factor.codes_left if factor else None)


async def set_up(request: PageRequest) -> Response:
    """The app's code proves that it has the secret: from now on it is asked for. Codes for a bad day are shown once."""
    assert request.form is not None
    account, keys = request.member.account, keys_of(request)
    if not keys:
        return request.refusal(_NO_KEY, status=404)
    if not await _said_password(request):
        return _setup(request, sentence=request.gettext("The present password is not right."), status=422)
    if request.form.get("off"):
        await request.app_state.store.drop_second_factor(account, keep_session=signing_in.session_here(request))
        told(request, Event.SECOND_FACTOR_CHANGED)
        return request.to("/second-factor")
    secret = str(request.form.get("secret") or "")[:64]
    step = factors.step_of(secret, str(request.form.get("code") or ""), request.now) if _is_secret(secret) else None
    if step is None:
        return _setup(request, secret=secret, sentence=request.say(_CODE_WRONG), status=422)
    codes = factors.recovery_codes()
    digests = [factors.recovery_digest(account, one) for one in codes]
    kept = factors.sealed(secret, keys=keys)
    here = signing_in.session_here(request)
    await request.app_state.store.set_second_factor(account, secret=kept, step=step, codes=digests, keep_session=here)
    told(request, Event.SECOND_FACTOR_CHANGED)
    return request.page("second_factor.html", codes=codes, left=len(codes), secret=None, qr=None, sentence=None)


async def _said_password(request: PageRequest) -> bool:
    assert request.form is not None
    account, store = request.member.account, request.app_state.store
    known = await store.try_password(account)
    if known is None or known.locked:
        return False
    if not await request.app_state.passwords.fits(str(request.form.get("password") or ""), known.password_hash):
        return False
    await store.password_is_right(account)
    return True


def _setup(
    request: PageRequest, *, left: int | None = None, secret: str = "", sentence: str | None = None, status: int = 200
) -> Response:
    if not keys_of(request):
        return request.refusal(_NO_KEY, status=404)
    secret = secret if _is_secret(secret) else factors.new_secret()
    issuer = request.app_state.contacts().school.name
    qr = factors.qr_code(secret, account=request.member.account, issuer=issuer)
    return request.page(
        "second_factor.html", status=status, codes=None, left=left, secret=factors.in_groups(secret), plain=secret,
        qr=qr, sentence=sentence,
    )  # fmt: skip


def _is_secret(text: str) -> bool:
    return len(text) == 32 and all(letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for letter in text)


def _form(request: PageRequest, *, status: int = 200) -> Response:
    sentence = request.say(_WRONG) if status != 200 else None
    return signing_in.door(request, "sign_in_code.html", status=status, sentence=sentence)
