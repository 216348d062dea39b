"""What leaves the desk as a file: the dossier of a case, and every complaint as a table."""

import logging
from datetime import date
from urllib.parse import quote
from uuid import uuid4

from starlette.responses import Response

from complaints.reports.document import document_pdf, html_of
from complaints.rules.facts import Via
from complaints.rules.number import as_number
from complaints.words.catalogue import N_
from complaints.words.wording import Wording
from desk.visit import Visit
from starter.exporting import complaints_csv, dossier_of, received_in

LOG = logging.getLogger("desk.exports")


async def dossier_page(visit: Visit) -> Response:
    """The whole case in one file that can be kept, mailed and printed: as PDF, or as HTML."""
    asked: str = visit.request.path_params["number"]
    number, kind = as_number(asked) or asked, visit.request.path_params["kind"]
    if kind not in ("pdf", "html"):
        return visit.refusal(N_("There are dossiers in pdf and in html."), status=404)
    document = await dossier_of(
        visit.office.store,
        number,
        contacts=visit.office.contacts(),
        words=Wording(visit.language, visit.office.policy.calendar.timezone),  # with the year: it is read years later
        by=visit.member.name,
        at=visit.now,
        with_notes="without_notes" not in visit.request.query_params,
    )
    await visit.office.store.add_afterword(
        number, event_id=f"exported/{uuid4()}", at=visit.now, what="exported", by=visit.member.name, via=Via.DESK
    )
    if kind == "pdf":
        return _file(document_pdf(document, made_at=visit.now), f"{number}.pdf", "application/pdf")
    return _file(html_of(document).encode(), f"{number}.html", "text/html; charset=utf-8")


async def complaints_table(visit: Visit) -> Response:
    """Every complaint, open and closed, for a spreadsheet; `from` and `to` are days of receipt, both included."""
    given = visit.request.query_params
    try:
        since, until = (date.fromisoformat(given[name]) if given.get(name) else None for name in ("from", "to"))
    except ValueError:
        return visit.refusal(N_("Write the days such as 2026-07-22."), status=400)
    found = await received_in(visit.office.store, since, until, zone=visit.words.zone)
    LOG.info("A %s took the table of %d complaints", visit.member.role.value, len(found))
    return _file(complaints_csv(found, visit.words).encode(), "complaints.csv", "text/csv; charset=utf-8")


def _file(content: bytes, name: str, kind: str) -> Response:
    # Always a download: a file of other people's words is no page of ours.
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"content-disposition": disposition})
