"""The monthly review (§10): what closed, ticked one by one; what was found; what is done about it, by whom and when."""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import uuid4

from starlette.responses import Response

from complaints.colleagues import on_that_day
from complaints.reports.sections import outline_of
from complaints.responsible import Responsible
from complaints.rules.report.report import Period
from complaints.rules.report.review_record import ReviewAct, Signed
from complaints.words.catalogue import N_
from complaints.words.vocabulary import REVIEW_ACTIONS
from desk.request import PageRequest, address
from desk.staff.forms import event_id_of, words_of
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


async def reviews_page(request: PageRequest) -> Response:
    """Every month's review, and what is still to be done from each."""
    return request.page(
        "reviews.html", reviews=await request.app_state.store.reviews(), month_name=_month_name(request)
    )


async def review_page(request: PageRequest) -> Response:
    """One month's review."""
    return await _page(request)


async def prevention_part(request: PageRequest) -> Response:
    """What would have prevented the month's escalations; asked for by the page, because it is counted anew."""
    month, zone = _month(request), request.words.timezone
    report = await request.app_state.store.report(Period.month(month, timezone=zone))
    outline = outline_of(report, contacts=request.app_state.contacts(), language=request.language)
    first = next(section for section in outline.sections if section.key == "prevention")
    return request.page("review_prevention.html", month=month, prevention=first)


async def act(request: PageRequest) -> Response:
    """Does what a form of the page asks for, signed; or shows the page again with the reason and what was typed."""
    asked = request.http.path_params["what"]
    if asked not in _ACTS:
        raise NotFound(N_("There is no page here."))
    signed = Signed(by=request.member.name, via="desk", at=request.now)
    try:
        await _ACTS[asked](request, signed)
    except NotFound:
        raise
    except FrontDeskError as error:
        return await _page(request, status=409, asked=asked, sentence=request.say(error.message))
    page = request.http.query_params.get("page")
    return request.to(address(f"/reviews/{_month(request)}", done=asked, page=page))


async def _tick(request: PageRequest, signed: Signed) -> None:
    assert request.form is not None
    every = "listed" if request.form.get("all") else "number"
    await _desk(request).tick([str(one) for one in request.form.getlist(every)], signed)


async def _untick(request: PageRequest, signed: Signed) -> None:
    await _desk(request).untick(words_of(request, "number"), signed)


async def _note(request: PageRequest, signed: Signed) -> None:
    fields = {name: words_of(request, name) for name in ("words", "number")}
    await _desk(request).note(fields, signed, event_id=event_id_of(request))


async def _plan(request: PageRequest, signed: Signed) -> None:
    fields = {name: words_of(request, name) for name in ("words", "kind", "owner", "due")}
    await _desk(request).plan(fields, signed, event_id=event_id_of(request))


async def _finish(request: PageRequest, signed: Signed) -> None:
    desk, action = _of_action(request)
    await desk.finish(action, {"result": words_of(request, "result")}, signed)


async def _move(request: PageRequest, signed: Signed) -> None:
    desk, action = _of_action(request)
    await desk.move(action, words_of(request, "due"), signed)


async def _sign_off(request: PageRequest, signed: Signed) -> None:
    carrying = words_of(request, "carrying")
    await _desk(request).sign_off(signed, carrying=int(carrying) if carrying.isdecimal() and len(carrying) < 9 else 0)


_ACTS: dict[str, Callable[[PageRequest, Signed], Awaitable[None]]] = {
    "tick": _tick,
    "untick": _untick,
    "note": _note,
    "plan": _plan,
    "finish": _finish,
    "move": _move,
    "sign-off": _sign_off,
}


async def _page(
    request: PageRequest, *, status: int = 200, asked: str | None = None, sentence: str | None = None
) -> Response:
    given = request.http.query_params.get("page", "")
    page = max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1
    record = await _desk(request).record(limit=PAGE, skip=PAGE * (page - 1))
    month, today = _month(request), request.words.day_of(request.now)
    colleagues = await request.app_state.store.colleagues()
    people = Responsible(on_that_day(request.app_state.contacts(), colleagues, today), today)
    language, departments = request.language, request.app_state.contacts().departments
    return request.page(
        "review.html",
        status=status,
        record=record,
        summary=record.summary,
        month=month,
        month_name=_month_name(request),
        may_write=request.may("review") and record.summary.signed_off_at is None,
        may_follow_up=request.may("review"),
        page=page,
        pages=max(1, -(-record.summary.cases // PAGE)),
        to_page=lambda wanted: address(f"/reviews/{month}", page=wanted),
        asked=asked,
        sentence=sentence,
        typed={name: str(value) for name, value in request.form.items()} if request.form and sentence else {},
        done=DONE.get(request.http.query_params.get("done", "")) if not sentence else None,
        event_id=str(uuid4()),
        kinds={key: request.say(said) for key, said in REVIEW_ACTIONS.items()},
        owners={key: people.name(key, language) for key in people.keys},
        owner=lambda key: people.name(key, language),
        departments={key: one.named(language) for key, one in departments.items()},
        days_open=lambda case: (case.closed_at - case.received_at).days,
        is_overdue=lambda action: action.done_at is None and action.due < request.words.day_of(request.now),
        today=request.words.day_of(request.now).isoformat(),
        told=lambda one: _told(request, one),
    )


def _told(request: PageRequest, act: ReviewAct) -> str:
    """One line of what was done in the review."""
    data = act.data
    number = data.get("finding") or data.get("action")
    day = {name: request.words.iso_day(str(data[name])) for name in ("was", "due") if name in data}
    return {
        "opened": lambda: request.gettext("opened with {cases} complaints").format(cases=data.get("cases")),
        "ticked": lambda: request.gettext("reviewed ") + ", ".join(data.get("numbers", ())),
        "unticked": lambda: request.gettext("took the tick from ") + ", ".join(data.get("numbers", ())),
        "noted": lambda: request.gettext("noted finding {number}").format(number=number),
        "action": lambda: request.gettext("added action {number}").format(number=number),
        "done": lambda: request.gettext("declared action {number} done").format(number=number),
        "moved": lambda: request.gettext("moved action {number} from {was} to {due}").format(
            number=number, was=day.get("was"), due=day.get("due")
        ),
        "signed-off": lambda: request.gettext("signed the review off"),
    }.get(act.what, lambda: act.what)()


def _desk(request: PageRequest, month: str | None = None) -> ReviewDesk:
    return ReviewDesk(
        request.app_state.store, month or _month(request), contacts=request.app_state.contacts(), words=request.words
    )


def _of_action(request: PageRequest) -> tuple[ReviewDesk, int]:
    """The action that the form names: of this review, or of one before."""
    month, _, action = words_of(request, "which").partition("/")
    if not (action.isdecimal() and len(action) < 9):
        raise NotFound(N_("There is no such action."))
    return _desk(request, month), int(action)


def _month(request: PageRequest) -> str:
    month = str(request.http.path_params["month"])
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
        raise NotFound(N_("There is no such month."))
    return month


def _month_name(request: PageRequest) -> Callable[[str], str]:
    return lambda month: request.words.month(date.fromisoformat(f"{month}-01"))
