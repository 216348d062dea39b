"""The calls to make: which, by when, who has one, and what to say (§4 to §6)."""

from typing import Any

from starlette.responses import Response

from complaints.rules.status import Status
from desk.visit import Visit
from starter import calling
from starter.errors import FrontDeskError


async def calls_page(visit: Visit) -> Response:
    """Every call to make, the most urgent first."""
    return visit.page("calls.html", **await _listed(visit))


async def calls_part(visit: Visit) -> Response:
    """The list alone, asked for by the page itself."""
    return visit.page("calls_part.html", **await _listed(visit))


async def panel(visit: Visit, status: Status) -> calling.Script | None:
    """The call that waits on this case with what to say; None if there is none, or it is not the reader's to make."""
    if status.call is None or not visit.may("handle"):
        return None
    try:
        call = await open_call_of(visit, status.number)
    except FrontDeskError:
        return None  # its row is not written yet, or the call is over by now
    contacts, timezone = visit.office.contacts(), visit.office.policy.calendar.timezone
    return await calling.script(visit.office.store, call, status, contacts, timezone=timezone)


async def _listed(visit: Visit) -> dict[str, Any]:
    most = visit.office.policy.calls.attempts
    return {"calls": await calling.open_calls(visit.office.store, now=visit.now, most_attempts=most)}


async def open_call_of(visit: Visit, number: str) -> calling.OpenCall:
    """The call of this complaint. Raises NotFound and Refused."""
    most = visit.office.policy.calls.attempts
    return await calling.open_call(visit.office.store, number, now=visit.now, most_attempts=most)
