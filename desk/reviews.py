"""The monthly review (§10): what closed, ticked one by one; what was found; what is done about it, by whom and when."""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import uuid4

from starlette.responses import Response

from complaints.reports.sections import outline_of
from complaints.responsible import Responsible
from complaints.rules.report import Period
from complaints.rules.review_record import ReviewAct, Signed
from complaints.words.catalogue import N_
from complaints.words.vocabulary import REVIEW_ACTIONS
from desk.forms import event_id_of, words_of
from desk.visit import Visit, address
from starter.errors import FrontDeskError, NotFound
from starter.reviews import ReviewDesk

PAGE = 100
"""Complaints of one page of a review."""

DONE = {
    "tick": N_("Ticked as reviewed."),
    "untick": N_("Tick taken back."),
    "note": N_("Finding noted."),
    "plan": N_("Action added."),
    "finish": N_("Action done."),
    "move": N_("Date changed."),
    "sign-off": N_("Review signed off."),
}


async def reviews_page(visit: Visit) -> Response:
    """Every month's review, and what is still to be done from each."""
    return visit.page("reviews.html", reviews=await visit.office.store.reviews(), month_name=_month_name(visit))


async def review_page(visit: Visit) -> Response:
    """One month's review."""
    return await _page(visit)


async def prevention_part(visit: Visit) -> Response:
    """What would have prevented the month's escalations; asked for by the page, because it is counted anew."""
    month, zone = _month(visit), visit.words.timezone
    report = await visit.office.store.report(Period.month(month, timezone=zone))
    outline = outline_of(report, contacts=visit.office.contacts(), language=visit.language)
    first = next(section for section in outline.sections if section.key == "prevention")
    return visit.page("review_prevention.html", month=month, prevention=first)


async def act(visit: Visit) -> Response:
    """Does what a form of the page asks for, signed; or shows the page again with the reason and what was typed."""
    asked = visit.request.path_params["what"]
    if asked not in _ACTS:
        raise NotFound(N_("There is no page here."))
    signed = Signed(by=visit.member.name, via="desk", at=visit.now)
    try:
        await _ACTS[asked](visit, signed)
    except NotFound:
        raise
    except FrontDeskError as error:
        return await _page(visit, status=409, asked=asked, sentence=visit.say(error.message))
    page = visit.request.query_params.get("page")
    return visit.to(address(f"/reviews/{_month(visit)}", done=asked, page=page))


async def _tick(visit: Visit, signed: Signed) -> None:
    assert visit.form is not None
    every = "listed" if visit.form.get("all") else "number"
    await _desk(visit).tick([str(one) for one in visit.form.getlist(every)], signed)


async def _untick(visit: Visit, signed: Signed) -> None:
    await _desk(visit).untick(words_of(visit, "number"), signed)


async def _note(visit: Visit, signed: Signed) -> None:
    fields = {name: words_of(visit, name) for name in ("words", "number")}
    await _desk(visit).note(fields, signed, event_id=event_id_of(visit))


async def _plan(visit: Visit, signed: Signed) -> None:
    fields = {name: words_of(visit, name) for name in ("words", "kind", "owner", "due")}
    await _desk(visit).plan(fields, signed, event_id=event_id_of(visit))


async def _finish(visit: Visit, signed: Signed) -> None:
    desk, action = _of_action(visit)
    await desk.finish(action, {"result": words_of(visit, "result")}, signed)


async def _move(visit: Visit, signed: Signed) -> None:
    desk, action = _of_action(visit)
    await desk.move(action, words_of(visit, "due"), signed)


async def _sign_off(visit: Visit, signed: Signed) -> None:
    carrying = words_of(visit, "carrying")
    await _desk(visit).sign_off(signed, carrying=int(carrying) if carrying.isdecimal() and len(carrying) < 9 else 0)


_ACTS: dict[str, Callable[[Visit, Signed], Awaitable[None]]] = {
    "tick": _tick,
    "untick": _untick,
    "note": _note,
    "plan": _plan,
    "finish": _finish,
    "move": _move,
    "sign-off": _sign_off,
}


async def _page(visit: Visit, *, status: int = 200, asked: str | None = None, sentence: str | None = None) -> Response:
    given = visit.request.query_params.get("page", "")
    page = max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1
    record = await _desk(visit).record(limit=PAGE, skip=PAGE * (page - 1))
    month, people = _month(visit), Responsible(visit.office.contacts(), visit.words.day_of(visit.now))
    language, departments = visit.language, visit.office.contacts().departments
    return visit.page(
        "review.html",
        status=status,
        record=record,
        summary=record.summary,
        month=month,
        month_name=_month_name(visit),
        may_write=visit.may("review") and record.summary.signed_off_at is None,
        may_follow_up=visit.may("review"),
        page=page,
        pages=max(1, -(-record.summary.cases // PAGE)),
        to_page=lambda wanted: address(f"/reviews/{month}", page=wanted),
        asked=asked,
        sentence=sentence,
        typed={name: str(value) for name, value in visit.form.items()} if visit.form and sentence else {},
        done=DONE.get(visit.request.query_params.get("done", "")) if not sentence else None,
        event_id=str(uuid4()),
        kinds={key: visit.say(said) for key, said in REVIEW_ACTIONS.items()},
        owners={key: people.name(key, language) for key in people.keys},
        owner=lambda key: people.name(key, language),
        departments={key: one.named(language) for key, one in departments.items()},
        days_open=lambda case: (case.closed_at - case.received_at).days,
        is_overdue=lambda action: action.done_at is None and action.due < visit.words.day_of(visit.now),
        today=visit.words.day_of(visit.now).isoformat(),
        told=lambda one: _told(visit, one),
    )


def _told(visit: Visit, act: ReviewAct) -> str:
    """One line of what was done in the review."""
    data = act.data
    number = data.get("finding") or data.get("action")
    day = {name: visit.words.iso_day(str(data[name])) for name in ("was", "due") if name in data}
    return {
        "opened": lambda: visit.gettext("opened with {cases} complaints").format(cases=data.get("cases")),
        "ticked": lambda: visit.gettext("reviewed ") + ", ".join(data.get("numbers", ())),
        "unticked": lambda: visit.gettext("took the tick from ") + ", ".join(data.get("numbers", ())),
        "noted": lambda: visit.gettext("noted finding {number}").format(number=number),
        "action": lambda: visit.gettext("added action {number}").format(number=number),
        "done": lambda: visit.gettext("declared action {number} done").format(number=number),
        "moved": lambda: visit.gettext("moved action {number} from {was} to {due}").format(
            number=number, was=day.get("was"), due=day.get("due")
        ),
        "signed-off": lambda: visit.gettext("signed the review off"),
    }.get(act.what, lambda: act.what)()


def _desk(visit: Visit, month: str | None = None) -> ReviewDesk:
    return ReviewDesk(visit.office.store, month or _month(visit), contacts=visit.office.contacts(), words=visit.words)


def _of_action(visit: Visit) -> tuple[ReviewDesk, int]:
    """The action that the form names: of this review, or of one before."""
    month, _, action = words_of(visit, "which").partition("/")
    if not (action.isdecimal() and len(action) < 9):
        raise NotFound(N_("There is no such action."))
    return _desk(visit, month), int(action)


def _month(visit: Visit) -> str:
    month = str(visit.request.path_params["month"])
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
        raise NotFound(N_("There is no such month: write it as 2026-10."))
    return month


def _month_name(visit: Visit) -> Callable[[str], str]:
    return lambda month: visit.words.month(date.fromisoformat(f"{month}-01"))
