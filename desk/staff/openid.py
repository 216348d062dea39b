"""Signing in through an identity provider: out to it, back with its word, and leaving it again."""

import base64
import hmac
import json
import logging

from starlette.responses import RedirectResponse, Response

from complaints.records.sessions import OIDC
from complaints.records.staff import Role, StaffMember
from complaints.words.catalogue import N_, Message
from desk import cookies
from desk.request import PageRequest
from desk.security_log import Event, told
from desk.staff.identity import Attempt, Identity, IdentityRefused, Provider, ProviderAway
from desk.staff.signing_in import entered, keep, route, within

LOG = logging.getLogger("desk.sign_in")

ATTEMPT_COOKIE = "desk_oidc"
LASTS = 600
"""Seconds that somebody may take at the provider."""

_AWAY = N_("The identity provider does not answer: wait a moment and repeat.")
_NOT_VOUCHED = N_("It could not be proven who you are: begin again from here.")
_UNKNOWN = N_("Your account has no access to this desk: ask whoever administers it.")
_GAVE_UP = N_("Signing in was not completed: begin again.")


async def begin(request: PageRequest) -> Response:
    """Sends the visitor to the identity provider to sign in."""
    provider, attempt = _provider(request), Attempt()
    if provider is None:
        return _none(request)
    try:
        there = await provider.beginning(attempt)
    except ProviderAway as error:
        LOG.warning("the identity provider is away: %s", error)
        return route(request, request.say(_AWAY), status=503)
    answer = RedirectResponse(there, 303)
    wanted = within(request.http.query_params.get("next", ""))
    keep(answer, request, ATTEMPT_COOKIE, _packed(attempt, wanted), lasts=LASTS)
    return answer


async def come_back(request: PageRequest) -> Response:
    """Back from the provider, with a code that says who it is, or without."""
    provider = _provider(request)
    if provider is None:
        return _none(request)
    begun, given = _unpacked(cookies.read(request.http, request.app_state, ATTEMPT_COOKIE)), request.http.query_params
    if begun is None or not hmac.compare_digest(given.get("state", "").encode(), begun[0].state.encode()):
        return _over(request, _NOT_VOUCHED, status=400)
    if not given.get("code"):
        return _over(request, _GAVE_UP, status=401)
    try:
        identity = await provider.identity(given["code"], begun[0])
    except ProviderAway as error:
        LOG.warning("the identity provider is away: %s", error)
        return _over(request, _AWAY, status=503)
    except IdentityRefused as error:
        LOG.warning("nobody was let in: %s", error)
        told(request, Event.PROVIDER_REFUSED)
        return _over(request, _NOT_VOUCHED, status=401)
    member = await _known(request, provider, identity)
    if member is None:
        return _over(request, _UNKNOWN, status=403)
    answer = await entered(request, member.account, via=OIDC, wanted=begun[1])
    cookies.drop(answer, request.app_state, ATTEMPT_COOKIE)
    return answer


async def leave(request: PageRequest) -> Response:
    """Out of the provider as well, after the desk has been left."""
    provider = _provider(request)
    there = None
    if provider is not None:
        try:
            there = await provider.leaving(provider.oidc.redirect_uri.removesuffix("/oidc/callback"))
        except ProviderAway as error:
            LOG.warning("the identity provider is away: %s", error)
    return RedirectResponse(there or "/sign-in", 303)


async def _known(request: PageRequest, provider: Provider, identity: Identity) -> StaffMember | None:
    """Whose account that is; with the role that the provider says, where it is the one to say it."""
    if provider.oidc.role_claim is not None and identity.role is None:
        return None
    store = request.app_state.store
    member = await store.identified(issuer=identity.issuer, subject=identity.subject, email=identity.email)
    if member is not None and identity.role is not None and identity.role != member.role.value:
        await store.set_role(member.account, Role(identity.role))
    return member


def _over(request: PageRequest, words: Message, *, status: int) -> Response:
    answer = route(request, request.say(words), status=status)
    cookies.drop(answer, request.app_state, ATTEMPT_COOKIE)
    return answer


def _none(request: PageRequest) -> Response:
    return request.refusal(N_("There is no page here."), status=404)


def _provider(request: PageRequest) -> Provider | None:
    return request.app_state.provider


def _packed(attempt: Attempt, wanted: str) -> str:
    """The browser's own secrets of its own attempt: changed, they fit no answer of the provider."""
    kept = json.dumps([attempt.state, attempt.nonce, attempt.verifier, wanted[:500]])
    return base64.urlsafe_b64encode(kept.encode()).decode()


def _unpacked(text: str) -> tuple[Attempt, str] | None:
    try:
        kept = json.loads(base64.urlsafe_b64decode(text.encode()))
        state, nonce, verifier, wanted = (str(one) for one in kept)
    except (ValueError, TypeError, RecursionError):
        return None
    return Attempt(state, nonce, verifier), within(wanted)
