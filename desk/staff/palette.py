"""What the palette (Ctrl+K) finds beside the pages and acts that it knows already: colleagues by their names, and cases
by whatever was typed."""

from starlette.responses import Response

from complaints.records.search_keys import plain_words
from desk.request import PageRequest

MOST = 8
SHORTEST = 2
"""Letters: one alone means everything."""


async def found(request: PageRequest) -> Response:
    """Lines for the palette's list."""
    text = request.http.query_params.get("q", "").strip()[:200]
    if len(text) < SHORTEST:
        return request.page("palette_found.html", records=[], colleagues=[])
    store, words = request.app_state.store, plain_words(text).split()
    colleagues = [one for one in await store.colleagues() if words and _is_meant(words, one.name)]
    records = [one.record for one in await store.found(text, limit=MOST, snippets=False)]
    return request.page("palette_found.html", records=records, colleagues=colleagues[:MOST])


def _is_meant(words: list[str], name: str) -> bool:
    parts = plain_words(name).split()
    return all(any(part.startswith(word) for part in parts) for word in words)
