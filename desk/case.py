"""One case: where it stands, what happened, why its dates are what they are, and what may be done with it now."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.responses import Response

from complaints.records.ledger import LetterRow
from complaints.rules.facts import Merged, Via
from complaints.rules.number import as_number
from complaints.rules.reasons import reasons_in_spanish
from complaints.rules.received import refusal
from complaints.rules.status import Status, TimelineEntry
from complaints.rules.telling import budget, deadline_name, particulars, through, why
from desk.acts import ACTS, Act, as_fact, filled, is_first, possible
from desk.roles import needed_for
from desk.visit import Visit
from starter import calling
from starter.answers import Source
from starter.errors import FrontDeskError, NotFound, NotKnown

_PEOPLE = {via.value for via in Via} - {Via.CLOCK.value}


async def case_page(visit: Visit) -> Response:
    """The case as it stands."""
    number = _number(visit)
    if number != visit.request.path_params["number"]:
        return visit.to(f"/cases/{number}")
    return await _page(visit, number)


async def news(visit: Visit) -> Response:
    """Asked by the page every few seconds: whether something has happened that it does not show."""
    number, given = _number(visit), visit.request.query_params.get("seen", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    newest = await visit.office.store.newest_row(number)
    if newest is None or newest <= seen:
        return Response(status_code=204)
    return visit.page("news.html", number=number)


async def letter_page(visit: Visit) -> Response:
    """A letter as it was sent."""
    number, key = _number(visit), visit.request.path_params["key"]
    letter = await visit.office.store.letter(number, key)
    if letter is None:
        raise NotFound(f"{number} no tiene esa carta.", f"{number} has no such letter.")
    return visit.page("letter.html", letter=letter)


async def act(visit: Visit) -> Response:
    """Does what a form asks for, once, signed by whoever sent it; or shows the page again with the reason."""
    assert visit.form is not None
    number, asked = _number(visit), ACTS.get(visit.request.path_params["act"])
    if asked is None:
        raise NotFound("Aquí no hay ninguna página.", "There is no page here.")
    if not visit.may(needed_for(asked.name)):
        return visit.not_allowed()
    event_id = _event_id(visit)
    try:
        await _expect_nothing_new(visit, number, event_id)
        fact = as_fact(asked, visit.form, by=visit.member.name, event_id=event_id, zone=visit.words.zone)
        desk = visit.office.front_desk
        if isinstance(fact, Merged):
            await desk.merge(number, as_number(fact.into or "") or fact.into or "", fact, event_id)
        else:
            await desk.ask(number, asked.name, fact, event_id)
    except ValidationError as error:
        reasons = refusal(error)
        return await _refused(visit, number, asked, visit.say(reasons_in_spanish(reasons), reasons) + ".")
    except NotKnown as error:
        return await _refused(visit, number, asked, visit.say(*_NOT_KNOWN), keep=error.event_id)
    except NotFound:
        raise
    except FrontDeskError as error:
        return await _refused(visit, number, asked, visit.say(error.es, error.en))
    return visit.to(f"/cases/{number}?done={asked.name}")


_NOT_KNOWN = (
    "No se sabe si se hizo: no hubo respuesta. Envíe otra vez el mismo formulario: se hará una sola vez.",
    "It is not known to be done: there was no answer. Send the same form again: it is done once.",
)


class SomebodyElse(FrontDeskError):
    """Another person acted on the case while this form was being filled in."""


async def _expect_nothing_new(visit: Visit, number: str, event_id: str) -> None:
    """Raises SomebodyElse if people did something since the page was drawn: whoever decides should know.

    Not for a form that has been applied already: a double click, or one sent again after its answer was lost.
    """
    assert visit.form is not None
    seen = str(visit.form.get("seen") or "")
    last = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    timeline = (await visit.office.front_desk.timeline(number)).value
    since = [row for row in timeline if row.seq > last and row.via in _PEOPLE and not row.what.startswith("letter-")]
    if not since or any(row.data.get("event_id") == event_id for row in timeline):
        return
    who, what = since[-1].by or since[-1].via, _happened(visit, since[-1])
    raise SomebodyElse(
        f"Mientras tanto {who} actuó en este caso: «{what}». Revíselo abajo; si todavía corresponde, envíe de nuevo.",
        f"Meanwhile {who} acted on this case: “{what}”. Look at it below; if it still fits, send again.",
    )


async def _refused(visit: Visit, number: str, asked: Act, sentence: str, *, keep: str | None = None) -> Response:
    assert visit.form is not None
    return await _page(
        visit, number, status=409, sentence=sentence, asked=asked.name, typed=filled(asked, visit.form), event_id=keep
    )


async def _page(
    visit: Visit,
    number: str,
    *,
    status: int = 200,
    sentence: str | None = None,
    asked: str | None = None,
    typed: Mapping[str, Any] | None = None,
    event_id: str | None = None,
) -> Response:
    desk, store = visit.office.front_desk, visit.office.store
    stands, timeline, deadlines, record, letters, colleagues = await asyncio.gather(
        desk.status(number), desk.timeline(number), desk.explain(number),
        store.record(number), store.letters(number), store.staff(),
    )  # fmt: skip
    now = stands.value
    seen_before = str(visit.form.get("seen") or "") if visit.form else ""
    acts = possible(now.stage, visit.member.role)
    return visit.page(
        "case.html",
        status=status,
        number=number,
        stands=now,
        record=record,
        timeline=_told(timeline.value, letters),
        newer_than=int(seen_before) if seen_before.isdigit() else None,
        seen=max((row.seq for row in timeline.value), default=0),
        deadlines=deadlines.value,
        happened=lambda entry: _happened(visit, entry),
        acts=acts,
        is_first=lambda one: is_first(one, now.stage),
        sentence=sentence,
        asked=asked,
        typed=typed or {},
        event_id=event_id or str(uuid4()),
        done=ACTS.get(visit.request.query_params.get("done", "")) if visit.form is None else None,
        departments={key: one.named(visit.language) for key, one in visit.office.contacts().departments.items()},
        from_records=stands.source is Source.RECORDS and now.outcome is None,
        script=await _script(visit, now),
        in_temporal=_in_temporal(visit, number),
        fresh_id=lambda: str(uuid4()),
        colleagues=[one.name for one in colleagues if one.disabled_at is None],
        particulars=lambda entry: particulars(entry, visit.words),
        through=lambda via: through(via, visit.language),
        budget=lambda text: budget(text, visit.language),
        deadline_name=lambda one: deadline_name(one.name, visit.words),
        why=lambda day: why(day, visit.language),
    )


def _told(rows: list[TimelineEntry], letters: list[LetterRow]) -> list[tuple[TimelineEntry, LetterRow | None]]:
    """What happened, the newest first, each letter beside the row that tells of it."""
    by_key = {letter.key: letter for letter in letters}
    return [(row, by_key.get(str(row.data.get("key")))) for row in reversed(rows)]


async def _script(visit: Visit, status: Status) -> calling.Script | None:
    """What to say in the call that is waiting, if one is."""
    if status.call is None or not visit.may("handle"):
        return None
    store, policy = visit.office.store, visit.office.policy
    try:
        call = await calling.open_call(store, status.number, now=visit.now, most_attempts=policy.calls.attempts)
    except FrontDeskError:
        return None  # its row is not written yet, or the call is over by now
    contacts = visit.office.contacts()
    return await calling.script(store, call, status, contacts, timezone=policy.calendar.timezone)


def _happened(visit: Visit, entry: TimelineEntry) -> str:
    """A row's heading, with the department by its name."""
    department = visit.office.contacts().departments.get(str(entry.data.get("department")))
    known = {"department": department.named(visit.language)} if department else {}
    return visit.words.happened(entry.what, entry.data | known)


def _in_temporal(visit: Visit, number: str) -> str | None:
    base = visit.office.temporal_ui()
    return f"{base.rstrip('/')}/namespaces/{visit.office.namespace}/workflows/{number}" if base else None


def _number(visit: Visit) -> str:
    text: str = visit.request.path_params["number"]
    return as_number(text) or text


def _event_id(visit: Visit) -> str:
    """The form's own id, so that a form sent twice is one act; one that is none gets another."""
    assert visit.form is not None
    try:
        return f"desk/{UUID(str(visit.form.get('event_id')).removeprefix('desk/'))}"
    except ValueError:
        return f"desk/{uuid4()}"
