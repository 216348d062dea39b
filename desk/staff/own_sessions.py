"""Where somebody is signed in: their own sessions, each with what ends it."""

from uuid import UUID

from starlette.responses import Response

from complaints.words.catalogue import N_
from desk.request import PageRequest
from desk.staff.signing_in import session_here


async def sessions_page(request: PageRequest) -> Response:
    """Every session of whoever looks, this one first."""
    sessions = await request.app_state.store.sessions_of(request.member.account, here=session_here(request))
    return request.page("sessions.html", sessions=sessions)


async def end_one(request: PageRequest) -> Response:
    """Ends one of them; ending this one is signing out."""
    handle = _handle(request)
    sessions = await request.app_state.store.sessions_of(request.member.account, here=session_here(request))
    if handle is None or not await request.app_state.store.end_session(request.member.account, handle):
        return request.refusal(N_("That session is over."), status=404)
    return request.to("/sign-in" if any(one.here and one.handle == handle for one in sessions) else "/sessions")


async def end_others(request: PageRequest) -> Response:
    """Ends all but this one."""
    await request.app_state.store.end_other_sessions(request.member.account, here=session_here(request))
    return request.to("/sessions")


def _handle(request: PageRequest) -> UUID | None:
    try:
        return UUID(request.http.path_params["handle"])
    except ValueError:
        return None
