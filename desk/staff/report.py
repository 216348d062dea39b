"""The report of a period (§10): a page with its month and its filters in the address, and the same as a file."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from complaints.contacts import UnknownDepartment
from complaints.reports.report import report_body, report_csv, report_html, report_json, report_pdf, report_sheet
from complaints.reports.saying import Saying
from complaints.rules.facts import Channel
from complaints.rules.months import YEARS
from complaints.rules.report.report import DIMENSIONS, Only, Period, Report
from complaints.words.catalogue import N_
from desk.request import PageRequest, address

MONTHS_OFFERED = 24

_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    period: Period
    only: Only
    query: dict[str, str]
    """The same as it stands in the address."""
    refused: str | None = None
    """Why it is not what the address says."""


async def reports_page(request: PageRequest) -> Response:
    """The report, for looking at and for printing."""
    asked = _asked(request)
    report = await request.app_state.store.report(asked.period, asked.only)
    contacts = request.app_state.contacts()
    body = await asyncio.to_thread(report_body, report, contacts=contacts, language=request.language, links="")
    say = Saying(request.language, contacts, asked.period.timezone)
    return request.page(
        "report.html",
        asked=asked,
        report=report,
        body=body,
        title=say.period(asked.period),
        about=say.only(asked.only),
        months=_months(request, say),
        beside=_beside(asked, say),
        departments={key: one.named(request.language) for key, one in contacts.departments.items()},
        channels={one.value: say.group("channel", one.value) for one in Channel},
        known={name: [one.name for one in report.groups[name] if one.name] for name in DIMENSIONS},
        goes_on=asked.period.ends > request.now,
        last_day=asked.period.after - timedelta(days=1),
        file=lambda form: address(f"/reports/report.{form}", **asked.query),
    )


async def report_file(request: PageRequest) -> Response:
    """The same as a file: `report.pdf`, `.html`, `.csv`, `.json`."""
    form = request.http.path_params["form"]
    if form not in _TYPES:
        return request.refusal(N_("There is no page here."), status=404)
    asked = _asked(request)
    if asked.refused:
        return request.page("refused.html", status=400, sentence=asked.refused)
    report = await request.app_state.store.report(asked.period, asked.only)
    content = await asyncio.to_thread(_written(request, report)[form])
    name = f"{request.gettext('complaints')}-{asked.period.name}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)


async def report_style(_: PageRequest) -> Response:
    """The style sheet of the report itself, the same that its file carries inside."""
    return Response(report_sheet(), media_type="text/css")


def _written(request: PageRequest, report: Report) -> dict[str, Callable[[], str | bytes]]:
    contacts, language = request.app_state.contacts(), request.language
    links = str(request.http.base_url).rstrip("/")
    return {
        "pdf": lambda: report_pdf(report, contacts=contacts, language=language, made_at=request.now, links=links),
        "html": lambda: report_html(report, contacts=contacts, language=language, links=links),
        "csv": lambda: report_csv(report),
        "json": lambda: report_json(report),
    }


def _asked(request: PageRequest) -> Asked:
    given = request.http.query_params
    query = {
        name: value
        for name in ("month", "from", "to", *DIMENSIONS)
        if (value := given.get(name, "").replace("\x00", "").strip()[:300])
    }
    try:
        period, refused = _period(request, query), None
    except ValueError:
        for name in ("month", "from", "to"):
            query.pop(name, None)
        period = _last_month(request)
        refused = request.gettext(
            "There is no such period: choose a month, or a first day and a last one that is not before it."
        )
    only = Only(**{name: _value(request, name, query[name]) for name in DIMENSIONS if name in query})
    return Asked(period=period, only=only, query=query, refused=refused)


def _period(request: PageRequest, query: dict[str, str]) -> Period:
    """The period that was asked for. Raises ValueError where it is none."""
    zone = request.words.timezone
    if "from" in query or "to" in query:
        query.pop("month", None)
        first, last = date.fromisoformat(query.get("from", "")), date.fromisoformat(query.get("to", ""))
        if not {first.year, last.year} <= {*YEARS} or last < first:
            raise ValueError("out of order")
        return Period(first=first, after=last + timedelta(days=1), timezone=zone)
    if "month" not in query:
        return _last_month(request)
    return Period.month(query["month"], timezone=zone)


def _last_month(request: PageRequest) -> Period:
    return Period.last_month(request.now, timezone=request.words.timezone)


def _value(request: PageRequest, name: str, value: str) -> str:
    """A department may be named instead of its key."""
    if name == "department":
        try:
            return request.app_state.contacts().department(value).key
        except UnknownDepartment:
            return value
    return value


def _months(request: PageRequest, say: Saying) -> dict[str, str]:
    """This month and those before, by name."""
    first = request.words.day_of(request.now).replace(day=1)
    found = {}
    for _ in range(MONTHS_OFFERED):
        found[f"{first:%Y-%m}"] = say.months(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _beside(asked: Asked, say: Saying) -> dict[str, Any]:
    """The months before and after, as links."""
    if not asked.period.is_month:
        return {}
    others = {name: value for name, value in asked.query.items() if name != "month"}
    before = (asked.period.first - timedelta(days=1)).replace(day=1)
    return {
        side: {"href": address("/reports", month=f"{month:%Y-%m}", **others), "name": say.months(month)}
        for side, month in (("before", before), ("after", asked.period.after))
    }
