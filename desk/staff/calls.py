"""The calls to make: which, by when, who has one, and what to say (§4 to §6)."""

from typing import Any

from starlette.responses import Response

from complaints.rules.status import Status
from desk.request import PageRequest
from desk.staff.paging import page_of, pages
from starter import calling
from starter.errors import FrontDeskError

PAGE = 100
"""Calls of a page."""


async def calls_page(request: PageRequest) -> Response:
    """Every call to make, the most urgent first."""
    return request.page("calls.html", **await _listed(request))


async def calls_part(request: PageRequest) -> Response:
    """The list alone, asked for by the page itself."""
    return request.page("calls_part.html", **await _listed(request))


async def panel(request: PageRequest, status: Status) -> calling.Script | None:
    """The call that waits on this case with what to say; None if there is none, or it is not the reader's to make."""
    if status.call is None or not request.may("handle"):
        return None
    try:
        call = await open_call_of(request, status.number)
    except FrontDeskError:
        return None  # its row is not written yet, or the call is over by now
    return await calling.script(
        request.app_state.store, call, status, request.app_state.contacts(), request.app_state.policy
    )


async def _listed(request: PageRequest) -> dict[str, Any]:
    most, page = request.app_state.policy.calls.attempts, page_of(request)
    found = await calling.open_calls(
        request.app_state.store, now=request.now, most_attempts=most, limit=PAGE, skip=PAGE * (page - 1)
    )
    return {"calls": found, **pages(request, page)}


async def open_call_of(request: PageRequest, number: str) -> calling.OpenCall:
    """The call of this complaint. Raises NotFound and Refused."""
    most = request.app_state.policy.calls.attempts
    return await calling.open_call(request.app_state.store, number, now=request.now, most_attempts=most)
