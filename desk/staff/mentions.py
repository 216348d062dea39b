"""Notes that call the reader: shown on the board and on their case, until they say that they have read them."""

from starlette.responses import Response

from desk.request import PageRequest
from desk.staff.case import number_of
from desk.staff.forms import seen_by


async def seen(request: PageRequest) -> Response:
    """They have read the notes of this case, up to the last that the page showed."""
    assert request.form is not None
    number, up_to = number_of(request), seen_by(request.form.get("seen")) or 0
    await request.app_state.store.see_mentions(request.member.account, number, up_to=up_to)
    return request.to(f"/cases/{number}")
