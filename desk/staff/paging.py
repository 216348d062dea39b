"""Pages of a list that is too long for one: which is asked for, and the addresses of its neighbours."""

from typing import Any

from desk.request import PageRequest, address


def page_of(request: PageRequest) -> int:
    """Which page the address asks for; anything else is the first."""
    text = request.http.query_params.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:9]) < 1_000_000 and len(text) < 8 else 1


def pages(request: PageRequest, page: int) -> dict[str, Any]:
    """What a template needs to say which of how many it shows, and to lead on."""
    given = {name: value for name, value in request.http.query_params.items() if name not in ("page", "poll", "done")}
    path = request.http.url.path.removesuffix("/part")
    return {"page": page, "to_page": lambda wanted: address(path, **given, page=wanted)}
