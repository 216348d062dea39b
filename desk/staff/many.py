"""One act on several cases of the list: done case by case, each told with what came of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid4, uuid5

from pydantic import ValidationError
from starlette.responses import Response

from complaints.rules.facts import Fact
from complaints.rules.journal import CaseRecord
from complaints.rules.number import OWN_ID
from complaints.words.catalogue import N_, Message
from complaints.words.refusals import refusal_in_words
from desk.request import PageRequest
from desk.staff.acts import as_fact
from desk.staff.exports import table_of
from desk.staff.forms import event_id_of
from desk.staff.views import view_address
from starter.acts import ACTS
from starter.errors import FrontDeskError

MOST = 100
AT_ONCE = 4
"""Cases that are asked at the same time: the rest of the desk goes on working."""

_NONE_CHOSEN = N_("No case is ticked: go back and tick those that you mean.")


@dataclass(frozen=True)
class Outcome:
    """What came of the act on one of several cases."""

    number: str
    record: CaseRecord | None
    refusal: str | None
    """Why nothing was done; None: it was."""


async def assign(request: PageRequest) -> Response:
    """Assigns the ticked cases."""
    return await _each(request, "assign")


async def note(request: PageRequest) -> Response:
    """Adds the same note to the ticked cases."""
    return await _each(request, "add_note")


async def export(request: PageRequest) -> Response:
    """The ticked cases as a table."""
    records = await request.app_state.store.records(ticked(request))
    if not records:
        return request.refusal(_NONE_CHOSEN, status=422)
    return await table_of(request, records)


async def _each(request: PageRequest, act: str) -> Response:
    assert request.form is not None
    numbers, form = ticked(request), request.form

    def filled_in(event_id: str) -> Fact:
        return as_fact(ACTS[act], form, by=request.member.name, event_id=event_id, zone=request.words.zone)

    typed = {field.name: said for field in ACTS[act].form if isinstance(said := form.get(field.name), str)}
    return await each(request, act, numbers, filled_in, back=back_to(request), typed=typed)


async def each(
    request: PageRequest,
    act: str,
    numbers: Sequence[str],
    fact_with: Callable[[str], Fact],
    *,
    back: str,
    title: Message | None = None,
    left: int = 0,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The same act on each of these cases, once for this form and case, and a page that says what came of each.

    `fact_with`: the fact under an event id; what pydantic refuses in it is told. `back`: where the page came from.
    `left`: how many are meant too and wait for another time.
    `typed`: what the form said, to be sent once more for those that were refused.
    """
    form_id, brake = event_id_of(request), asyncio.Semaphore(AT_ONCE)
    if not numbers:
        return request.refusal(_NONE_CHOSEN, status=422)
    if len(numbers) > MOST:
        many = N_("{n} cases are ticked, and at most {most} are done at once: untick some.", n=len(numbers), most=MOST)
        return request.refusal(many, status=422)

    async def one(number: str) -> Outcome:
        async with brake:
            record = await request.app_state.store.record(number)
            return Outcome(number, record, await _asked(request, act, number, form_id, fact_with))

    outcomes: Sequence[Outcome] = await asyncio.gather(*(one(number) for number in numbers))
    refused = [one for one in outcomes if one.refusal is not None]
    return request.page(
        "many.html", status=409 if len(refused) == len(outcomes) else 200, title=title or ACTS[act].title,
        outcomes=outcomes, refused=refused, back=back, left=left, typed=typed, again=request.http.url.path,
        event_id=str(uuid4()),
    )  # fmt: skip


async def _asked(
    request: PageRequest, act: str, number: str, form_id: str, fact_with: Callable[[str], Fact]
) -> str | None:
    """Asks for the act; the reason in words if it was not done."""
    event_id = f"desk/{uuid5(NAMESPACE_URL, f'{form_id}/{number}')}"
    try:
        await request.app_state.front_desk.ask(number, act, fact_with(event_id), event_id)
    except ValidationError as error:
        return refusal_in_words(error, request.language, {field.name: field.label for field in ACTS[act].fields})
    except FrontDeskError as error:
        return request.told(error)
    return None


def ticked(request: PageRequest) -> list[str]:
    """The numbers that were ticked, each once."""
    assert request.form is not None
    given = [str(value) for value in request.form.getlist("number")]
    return list(dict.fromkeys(number for number in given if OWN_ID.fullmatch(number)))


def back_to(request: PageRequest) -> str:
    """The page of the list from which the form came, with its filters and its order."""
    assert request.form is not None
    return view_address(str(request.form.get("address") or "/list"), paged=True)
