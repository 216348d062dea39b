"""Where somebody is signed in: their own sessions, each with what ends it."""

from uuid import UUID

from starlette.responses import Response

from complaints.words.catalogue import N_
from desk.signing_in import SESSION_COOKIE, digest_of
from desk.visit import Visit


async def sessions_page(visit: Visit) -> Response:
    """Every session of whoever looks, this one first."""
    sessions = await visit.office.store.sessions_of(visit.member.account, here=_here(visit))
    return visit.page("sessions.html", sessions=sessions)


async def end_one(visit: Visit) -> Response:
    """Ends one of them; ending this one is signing out."""
    handle = _handle(visit)
    sessions = await visit.office.store.sessions_of(visit.member.account, here=_here(visit))
    if handle is None or not await visit.office.store.end_session(visit.member.account, handle):
        return visit.refusal(N_("That session is over."), status=404)
    return visit.to("/sign-in" if any(one.here and one.handle == handle for one in sessions) else "/sessions")


async def end_others(visit: Visit) -> Response:
    """Ends all but this one."""
    await visit.office.store.end_other_sessions(visit.member.account, here=_here(visit))
    return visit.to("/sessions")


def _here(visit: Visit) -> str:
    return digest_of(visit.request.cookies.get(SESSION_COOKIE, ""))


def _handle(visit: Visit) -> UUID | None:
    try:
        return UUID(visit.request.path_params["handle"])
    except ValueError:
        return None
