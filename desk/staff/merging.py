"""Two complaints about the same: what was merged into a case, with its own words and files, and the page on which a
manager sees two people before they are looked at together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from starlette.responses import Response

from complaints.mail.headers import AddressUnusable
from complaints.mail.letters import render
from complaints.records.messages import MailHead
from complaints.records.search_keys import known_of
from complaints.rules.facts import Merged, Via, Whose
from complaints.rules.journal import CaseRecord
from complaints.rules.letters import CUSTOMER, Contents, LetterKind, LetterOrder
from complaints.rules.number import as_number
from complaints.rules.same_person import Sameness, sameness
from complaints.rules.status import Status
from complaints.words.catalogue import N_, language_of
from desk.request import PageRequest, address
from desk.staff.forms import event_id_of, seen_by, words_of
from starter.errors import FrontDeskError, Refused
from starter.merging import Pair


@dataclass(frozen=True)
class Inside:
    """A complaint that was merged into a case, as its staff read it."""

    record: CaseRecord
    mails: Sequence[MailHead]
    joined: bool
    """Another person's, which goes along; else the same person's, which ended."""


async def inside_of(request: PageRequest, status: Status) -> list[Inside]:
    """What was merged into it, each with its own words, files and contacts."""
    store = request.app_state.store

    async def one(number: str) -> Inside | None:
        record, mails = await asyncio.gather(store.record(number), store.mail_heads_of(number))
        return Inside(record, mails, number in status.joined) if record else None

    return [found for found in await asyncio.gather(*map(one, status.absorbed)) if found]


def same_person(record: CaseRecord | None, other: CaseRecord) -> bool:
    """Whether both are one customer's: then anybody who handles cases may merge them."""
    return record is not None and sameness(known_of(record), known_of(other)) is Sameness.SAME


async def merge_page(request: PageRequest) -> Response:
    """Both people, and what each will be told, before a manager says so."""
    return await _page(request, request.http.query_params.get("into", ""))


async def merge(request: PageRequest) -> Response:
    """Two people's complaints go along with each other."""
    number, into = _number(request), words_of(request, "into")
    event_id = event_id_of(request)
    fact = Merged(into=into, whose=Whose.OTHER, by=request.member.name, via=Via.DESK, event_id=event_id)
    try:
        if not words_of(request, "sure"):
            raise Refused(N_("Tick that you have looked at both, and send again."))
        await request.app_state.front_desk.act(number, "merge", fact, event_id, as_manager=True)
    except FrontDeskError as error:
        return await _page(request, into, sentence=request.told(error))
    return request.to(f"/cases/{number}?done=merge")


async def _page(request: PageRequest, into: str, *, sentence: str | None = None) -> Response:
    number, into = _number(request), as_number(into) or into
    pair = await request.app_state.front_desk.merging.pair(number, into)
    rows = await request.app_state.store.newest_row(number)
    seen = seen_by(request.form.get("seen")) if request.form else rows
    return request.page(
        "merge.html", status=409 if sentence else 200, pair=pair, number=number, into=into, sentence=sentence,
        sides=[(record, _told(request, record)) for record in (pair.one, pair.other)],
        same=pair.sameness is Sameness.SAME, shared=shared(request, pair), seen=seen, event_id=str(uuid4()),
        back=address(f"/cases/{number}"),
    )  # fmt: skip


def shared(request: PageRequest, pair: Pair) -> list[str]:
    """What both have in common: why they may be one person after all."""
    one, other = known_of(pair.one), known_of(pair.other)
    found = (
        (N_("document"), bool(one.document) and one.document == other.document),
        (N_("email"), bool(one.email) and one.email == other.email),
        (N_("telephone"), not one.phones.isdisjoint(other.phones)),
        (N_("name"), bool(one.name) and set(one.name) == set(other.name)),
    )
    return [request.say(what) for what, is_shared in found if is_shared]


def _told(request: PageRequest, record: CaseRecord) -> str | None:
    """The letter that this customer gets; None where it will be told by telephone."""
    if not record.email:
        return None
    state = request.app_state
    order = LetterOrder(
        number=record.number, key="1/joined/customer", kind=LetterKind.JOINED, recipient=CUSTOMER,
        language=language_of(record.language), at=request.now, customer_email=record.email,
        contents=Contents(customer_name=record.customer_name, stage=record.stage),
    )  # fmt: skip
    try:
        letter = render(order, contacts=state.contacts(), public_url=None, timezone=state.policy.calendar.timezone)
    except AddressUnusable:
        return None
    _heading, *paragraphs, _signature = letter.text.partition("\n--\n")[0].strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _number(request: PageRequest) -> str:
    text: str = request.http.path_params["number"]
    return as_number(text) or text
