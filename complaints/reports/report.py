"""The report of a period for people and for programs: HTML, PDF, CSV, JSON. All of them say the same."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from complaints.contacts import Contacts
from complaints.reports.charts import sheet
from complaints.reports.csv import csv_of
from complaints.reports.outline import Outline
from complaints.reports.pdf import PACKAGE, pdf_of
from complaints.reports.rows import rows_of
from complaints.reports.sections import outline_of
from complaints.rules.report.report import Report
from complaints.words.vocabulary import Language


def report_html(report: Report, *, contacts: Contacts, language: Language, links: str | None = None) -> str:
    """The report as one file without anything from outside. `links`: the desk's address, for the complaints named."""
    outline = outline_of(report, contacts=contacts, language=language)
    style = Markup(report_sheet())  # noqa: S704 - ours
    return (
        _templates().get_template("report.html.j2").render(outline=outline, body=body_of(outline, links), sheet=style)
    )


def report_body(report: Report, *, contacts: Contacts, language: Language, links: str | None = None) -> Markup:
    """The report as part of a page of ours, which has the title, the style sheet and a strict policy."""
    return body_of(outline_of(report, contacts=contacts, language=language), links)


def body_of(outline: Outline, links: str | None) -> Markup:
    """The sections in HTML; what people wrote is escaped."""
    html = _templates().get_template("report_body.html.j2").render(outline=outline, links=links)
    return Markup(html)  # noqa: S704 - escaped by the template


@cache
def report_sheet() -> str:
    """The style sheet of `report_body`; it takes its colours from the page's variables."""
    return files(PACKAGE).joinpath("templates", "report.css").read_text(encoding="utf-8") + sheet()


def report_pdf(
    report: Report, *, contacts: Contacts, language: Language, made_at: datetime, links: str | None = None
) -> bytes:
    """The report as PDF: A4, tagged, the same bytes for the same figures and instant. Raises PdfFailed."""
    outline = outline_of(report, contacts=contacts, language=language)
    data = {
        "title": outline.title, "school": outline.school, "about": outline.about, "language": language,
        "foot": outline.foot, "links": links, "sections": [_as_data(section) for section in outline.sections],
    }  # fmt: skip
    return pdf_of("report", data, made_at=made_at)


def _as_data(section: Any) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "sentences": section.sentences,
        "figures": [vars(one) for one in section.figures],
        "points": [vars(one) for one in section.points],
        "charts": [{"svg": one.with_style(), "title": one.title, "says": one.says} for one in section.charts],
        "tables": [vars(one) for one in section.tables],
    }


def report_json(report: Report) -> str:
    """The figures, with English keys; hours by the clock, dates in ISO."""
    return report.model_dump_json(indent=2)


def report_csv(report: Report) -> str:
    """The figures as one long table: section, what, figure, value; the same English keys as the JSON."""
    return csv_of(("section", "what", "figure", "value"), rows_of(report))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(PACKAGE, "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
