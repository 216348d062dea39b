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
from complaints.rules.report import DIMENSIONS, Only, Period, Report
from complaints.words.catalogue import N_
from desk.visit import Visit, address

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


async def reports_page(visit: Visit) -> Response:
    """The report, for looking at and for printing."""
    asked = _asked(visit)
    report = await visit.office.store.report(asked.period, asked.only)
    contacts = visit.office.contacts()
    body = await asyncio.to_thread(report_body, report, contacts=contacts, language=visit.language, links="")
    say = Saying(visit.language, contacts, asked.period.timezone)
    return visit.page(
        "report.html",
        asked=asked,
        report=report,
        body=body,
        title=say.period(asked.period),
        about=say.only(asked.only),
        months=_months(visit, say),
        beside=_beside(asked, say),
        departments={key: one.named(visit.language) for key, one in contacts.departments.items()},
        channels={one.value: say.group("channel", one.value) for one in Channel},
        known={name: [one.name for one in report.groups[name] if one.name] for name in DIMENSIONS},
        goes_on=asked.period.ends > visit.now,
        last_day=asked.period.after - timedelta(days=1),
        file=lambda form: address(f"/reports/report.{form}", **asked.query),
    )


async def report_file(visit: Visit) -> Response:
    """The same as a file: `report.pdf`, `.html`, `.csv`, `.json`."""
    form = visit.request.path_params["form"]
    if form not in _TYPES:
        return visit.refusal(N_("There is no page here."), status=404)
    asked = _asked(visit)
    if asked.refused:
        return visit.page("refused.html", status=400, sentence=asked.refused)
    report = await visit.office.store.report(asked.period, asked.only)
    content = await asyncio.to_thread(_written(visit, report)[form])
    name = f"{visit.gettext('complaints')}-{asked.period.name}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)


async def report_style(_: Visit) -> Response:
    """The style sheet of the report itself, the same that its file carries inside."""
    return Response(report_sheet(), media_type="text/css")


def _written(visit: Visit, report: Report) -> dict[str, Callable[[], str | bytes]]:
    contacts, language = visit.office.contacts(), visit.language
    links = str(visit.request.base_url).rstrip("/")
    return {
        "pdf": lambda: report_pdf(report, contacts=contacts, language=language, made_at=visit.now, links=links),
        "html": lambda: report_html(report, contacts=contacts, language=language, links=links),
        "csv": lambda: report_csv(report),
        "json": lambda: report_json(report),
    }


def _asked(visit: Visit) -> Asked:
    given = visit.request.query_params
    query = {
        name: value
        for name in ("month", "from", "to", *DIMENSIONS)
        if (value := given.get(name, "").replace("\x00", "").strip()[:300])
    }
    try:
        period, refused = _period(visit, query), None
    except ValueError:
        for name in ("month", "from", "to"):
            query.pop(name, None)
        period = _last_month(visit)
        refused = visit.gettext(
            "There is no such period: choose a month, or a first day and a last one that is not before it."
        )
    only = Only(**{name: _value(visit, name, query[name]) for name in DIMENSIONS if name in query})
    return Asked(period=period, only=only, query=query, refused=refused)


def _period(visit: Visit, query: dict[str, str]) -> Period:
    """Raises ValueError."""
    zone = visit.words.timezone
    if "from" in query or "to" in query:
        query.pop("month", None)
        first, last = date.fromisoformat(query.get("from", "")), date.fromisoformat(query.get("to", ""))
        if not 2000 <= first.year <= last.year < 2200 or last < first:
            raise ValueError("out of order")
        return Period(first=first, after=last + timedelta(days=1), timezone=zone)
    if "month" not in query:
        return _last_month(visit)
    period = Period.month(query["month"], timezone=zone)
    if not 2000 <= period.first.year < 2200:
        raise ValueError("out of time")
    return period


def _last_month(visit: Visit) -> Period:
    return Period.last_month(visit.now, timezone=visit.words.timezone)


def _value(visit: Visit, name: str, value: str) -> str:
    """A department may be named instead of its key."""
    if name == "department":
        try:
            return visit.office.contacts().department(value).key
        except UnknownDepartment:
            return value
    return value


def _months(visit: Visit, say: Saying) -> dict[str, str]:
    """This month and those before, by name."""
    first = visit.words.day_of(visit.now).replace(day=1)
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
