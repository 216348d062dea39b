"""A complaint by telephone (§3): one form for the keyboard, what may be the same one, the number to read out."""

import re
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.responses import Response

from complaints.records.part import Part
from complaints.records.search_keys import looks_like_phone
from complaints.rules.details import FIELD_OF
from complaints.rules.journal import CaseRecord
from complaints.rules.received import ComplaintReceived
from complaints.rules.text import one_line
from complaints.words.refusals import refusal_in_words
from desk.request import PageRequest, address
from desk.staff.alike import alike
from desk.staff.merging import same_person
from starter.errors import AlreadySent, FrontDeskError

CUSTOMER = ("name", "document", "phone", "email", "address", "guardian")
PROBLEM = ("description", "occurred_on", "remedy_sought", "amount", "kind")
_KNOWN_BY = ("phone", "document", "email", "name")
SIMILAR = 5


async def form_page(request: PageRequest) -> Response:
    """The form: empty, or with what was looked for and not found, if it says by itself what it is."""
    known = _known_as(request.http.query_params.get("known", ""))
    typed = {"arrival": str(uuid4()), **known}
    return request.page("new.html", typed=typed, sentence=None, similar=Part[CaseRecord]())


def _known_as(text: str) -> dict[str, str]:
    text = one_line(text, longest=100)
    if "@" in text:
        return {"email": text}
    if re.fullmatch(r"\d{8}", text):
        return {"document": text}
    return {"phone": text} if looks_like_phone(text) else {}


async def similar(request: PageRequest) -> Response:
    """Open complaints of what may be the same customer, while the form is being filled in."""
    return request.page("similar.html", similar=await _similar(request, _typed(request)))


async def take_down(request: PageRequest) -> Response:
    """Opens the complaint. Sent twice, or again after an answer was lost, it is one."""
    typed = _typed(request)
    try:
        opened = await request.app_state.front_desk.open(_received(request, typed))
    except ValidationError as error:
        return await _again(request, typed, refusal_in_words(error, request.language), status=422)
    except AlreadySent as error:  # the form came again with other words: sent once more, it is another complaint
        typed["arrival"] = str(uuid4())
        return await _again(request, typed, request.told(error), status=409, before=error.number)
    except FrontDeskError as error:
        return await _again(request, typed, request.told(error), status=409)
    return request.to(address(f"/new/{opened.number}", pending=opened.pending, already=opened.already))


async def taken_page(request: PageRequest) -> Response:
    """The number to read out, and what is still to be asked before the customer hangs up."""
    number, given = request.http.path_params["number"], request.http.query_params
    pending, store = bool(given.get("pending")), request.app_state.store
    missing: tuple[str, ...] = ()
    record, rows, same, word_by = None, [], [], None
    if not pending:
        stands = (await request.app_state.front_desk.status(number)).value
        missing, word_by = stands.missing, stands.next_word_at
        rows = (await request.app_state.front_desk.timeline(number)).value
        record = await store.record(number)
    if record is not None:
        others = await store.of_same_customer(number)
        same = [one for one in others if one.closed_at is None and same_person(record, one)]
    return request.page(
        "taken.html", number=number, missing=missing, pending=pending, already=bool(given.get("already")),
        with_email=record is not None and record.email is not None, same=same, word_by=word_by,
        today=request.words.day_of(request.now).isoformat(),
        fields=[(detail, FIELD_OF[detail]) for detail in missing if detail in FIELD_OF],
        seen=max((row.seq for row in rows), default=0), fresh_id=lambda: str(uuid4()),
    )  # fmt: skip


def _typed(request: PageRequest) -> dict[str, str]:
    assert request.form is not None
    names = (*CUSTOMER, *PROBLEM, "product", "language", "arrival")
    return {name: str(request.form.get(name) or "").strip().replace("\r\n", "\n") for name in names}


def _received(request: PageRequest, typed: dict[str, str]) -> ComplaintReceived:
    content: dict[str, Any] = {
        "source_key": f"desk/{_arrival(typed)}",
        "channel": "phone",
        "customer": {name: typed[name] for name in CUSTOMER if typed[name]},
        "problem": {name: typed[name] for name in PROBLEM if typed[name]},
        "product": typed["product"] or None,
        "language": typed["language"] or request.app_state.language,
        "by": request.member.name,
    }
    return ComplaintReceived.model_validate(content)


def _arrival(typed: dict[str, str]) -> str:
    """The form's own id; one that is none gets another: it could be somebody else's."""
    try:
        return str(UUID(typed["arrival"]))
    except ValueError:
        return str(uuid4())


async def _again(
    request: PageRequest, typed: dict[str, str], sentence: str, *, status: int, before: str | None = None
) -> Response:
    found = await _similar(request, typed)
    return request.page("new.html", status=status, typed=typed, sentence=sentence, similar=found, before=before)


async def _similar(request: PageRequest, typed: dict[str, str]) -> Part[CaseRecord]:
    """Open complaints that may be this caller's."""
    found = await alike(request.app_state.store, (typed[name] for name in _KNOWN_BY))
    still_open = [record for record in found if record.closed_at is None]
    return Part(still_open[:SIMILAR], total=max(len(still_open), found.total - (len(found) - len(still_open))))
