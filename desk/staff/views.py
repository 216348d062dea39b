"""Saved views: the board or the list with its filters, under a name, for whoever saved it."""

from urllib.parse import parse_qsl, urlsplit

from starlette.responses import Response

from complaints.records.views import MOST, SavedView
from complaints.rules.text import one_line
from complaints.words.catalogue import N_
from desk.request import PageRequest, address

PAGES = ("/", "/list")
FILTERS = (
    "mine", "late", "today", "unassigned", "unread", "person", "department", "level", "channel", "text", "stage",
    "closed", "end", "by", "down",
)  # fmt: skip
"""What of an address is kept: never which page of the list it was."""
LONGEST_NAME = 60


async def save(request: PageRequest) -> Response:
    """Keeps the address that the form came from."""
    assert request.form is not None
    name = one_line(str(request.form.get("name") or ""), longest=LONGEST_NAME)
    kept = view_address(str(request.form.get("address") or ""))
    if not name:
        return request.refusal(N_("Name the view, so that you find it again."), status=422)
    if not await request.app_state.store.save_view(request.member.account, SavedView(name=name, address=kept)):
        return request.refusal(
            N_("You have {most} views, which is as many as fit: remove one of them first.", most=MOST), status=409
        )
    return request.to(kept)


async def drop(request: PageRequest) -> Response:
    """Forgets a view of the reader's own."""
    assert request.form is not None
    await request.app_state.store.drop_view(
        request.member.account, str(request.form.get("name") or "").replace("\x00", "")
    )
    return request.to(view_address(str(request.form.get("address") or "")))


def view_address(text: str, *, paged: bool = False) -> str:
    """An address of the board or the list with filters of ours and nothing else; the board for any other.

    `paged`: with the page of the list, for whoever comes back to it.
    """
    parts = urlsplit(text if text.startswith("/") and not text.startswith("//") else "/")
    if parts.path not in PAGES or "\x00" in text:
        return "/"
    given = dict(parse_qsl(parts.query))
    kept = (*FILTERS, "page") if paged else FILTERS
    return address(parts.path, **{name: given[name][:100] for name in kept if name in given})
