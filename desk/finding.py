"""Finding a case: one field for whatever somebody remembers of it."""

from starlette.responses import Response

from complaints.rules.number import as_number
from desk.visit import Visit

MOST = 50


async def find_page(visit: Visit) -> Response:
    """The cases that may be meant; a whole number that is one goes straight to its case."""
    text = visit.request.query_params.get("q", "").strip()[:200]
    found = await visit.office.store.find(text, limit=MOST) if text else []
    if len(found) == 1 and as_number(text) == found[0].number:
        return visit.to(f"/cases/{found[0].number}")
    return visit.page("find.html", text=text, found=found, most=MOST)
