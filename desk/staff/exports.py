"""What leaves the desk as a file: the dossier of a case, and every complaint as a table."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote
from uuid import uuid4

from starlette.responses import Response

from complaints.reports.document import document_pdf, html_of
from complaints.rules.facts import Via
from complaints.rules.journal import CaseRecord
from complaints.rules.number import as_number
from complaints.words.catalogue import N_
from complaints.words.wording import Wording
from desk.request import PageRequest
from starter.exporting import complaints_csv, dossier_of, received_in

LOG = logging.getLogger("desk.exports")


async def dossier_page(request: PageRequest) -> Response:
    """The whole case in one file that can be kept, mailed and printed: as PDF, or as HTML."""
    asked: str = request.http.path_params["number"]
    number, kind = as_number(asked) or asked, request.http.path_params["kind"]
    if kind not in ("pdf", "html"):
        return request.refusal(N_("There are dossiers in pdf and in html."), status=404)
    document = await dossier_of(
        request.app_state.store,
        number,
        contacts=request.app_state.contacts(),
        words=Wording(
            request.language, request.app_state.policy.calendar.timezone
        ),  # with the year: it is read years later
        by=request.member.name,
        at=request.now,
        with_notes="without_notes" not in request.http.query_params,
    )
    await request.app_state.store.add_afterword(
        number, event_id=f"exported/{uuid4()}", at=request.now, what="exported", by=request.member.name, via=Via.DESK
    )
    if kind == "pdf":
        content = await asyncio.to_thread(document_pdf, document, made_at=request.now)
        return _file(content, f"{number}.pdf", "application/pdf")
    page = await asyncio.to_thread(html_of, document)
    return _file(page.encode(), f"{number}.html", "text/html; charset=utf-8")


async def complaints_table(request: PageRequest) -> Response:
    """Every complaint, open and closed, for a spreadsheet; `from` and `to` are days of receipt, both included."""
    given = request.http.query_params
    try:
        since, until = (date.fromisoformat(given[name]) if given.get(name) else None for name in ("from", "to"))
    except ValueError:
        return request.refusal(N_("Write the days such as 2026-07-22."), status=400)
    found = await received_in(request.app_state.store, since, until, zone=request.words.zone)
    return await table_of(request, found)


async def table_of(request: PageRequest, found: Sequence[CaseRecord]) -> Response:
    """These complaints as a file for a spreadsheet."""
    LOG.info("A %s took the table of %d complaints", request.member.role.value, len(found))
    table = await asyncio.to_thread(complaints_csv, found, request.words)
    return _file(table.encode(), "complaints.csv", "text/csv; charset=utf-8")


def _file(content: bytes, name: str, kind: str) -> Response:
    # Always a download: a file of other people's words is no page of ours.
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"content-disposition": disposition})
