"""What the palette (Ctrl+K) finds beside the pages and acts that it knows already: cases by whatever was typed."""

from starlette.responses import Response

from desk.request import PageRequest

MOST = 8
SHORTEST = 2
"""Letters: one alone means everything."""


async def cases(request: PageRequest) -> Response:
    """Lines for the palette's list."""
    text = request.http.query_params.get("q", "").strip()[:200]
    found = await request.app_state.store.found(text, limit=MOST, snippets=False) if len(text) >= SHORTEST else []
    return request.page("palette_cases.html", records=[one.record for one in found])
