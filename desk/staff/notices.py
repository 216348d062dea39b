"""What an open page tells its reader through the browser: what is new in their own cases, and notes that call them."""

from starlette.responses import JSONResponse, Response

from complaints.records.board import BoardFilter, Card
from complaints.records.mentions import Mention
from desk.request import PageRequest, subject_of
from desk.staff.colleagues import names_of
from desk.staff.days import day_ends

MOST = 20


async def notices(request: PageRequest) -> Response:
    """Each with a key of its own, so that a page tells it once; no customer's name, a screen may stand open."""
    store = request.app_state.store
    own = names_of(request, request.member, await store.colleagues())
    unread = BoardFilter(own=own, mine=True, unread=True)
    listed = await store.listed(unread, day_ends=day_ends(request), by="due", descending=False, skip=0, limit=MOST)
    wrote = [
        _notice(f"message/{one.number}/{one.unread}/{one.unread_since}", request.gettext("The customer wrote"), one)
        for one in listed.cards
    ]
    pattern, nobody = request.gettext("{name} calls you in a note"), request.gettext("A colleague")
    called = [
        _notice(f"mention/{one.number}/{one.seq}", pattern.format(name=one.by or nobody), one)
        for one in await store.mentions_of(request.member.account, limit=MOST)
    ]
    return JSONResponse(called + wrote)


def _notice(key: str, title: str, about: Card | Mention) -> dict[str, str]:
    return {"key": key, "title": title, "body": subject_of(about), "href": f"/cases/{about.number}"}
