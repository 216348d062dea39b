"""Who else has this case open: asked by the page itself as long as it is open."""

from starlette.responses import Response

from complaints.records.presence import ASKED_EVERY
from desk.request import PageRequest
from desk.staff.case import number_of


async def here(request: PageRequest) -> Response:
    """A line that names the others; empty where nobody else is there, or nobody has such a case."""
    number, store = number_of(request), request.app_state.store
    known = await store.newest_row(number) is not None
    others = await store.here_with(request.member.account, number) if known else []
    return request.page("here.html", number=number, others=others, every=int(ASKED_EVERY.total_seconds()))
