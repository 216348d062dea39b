"""The report as people and programs get it: HTML, PDF, CSV, JSON and plain text say the same, safely."""

import io
import json
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from pypdf import PdfReader

from complaints.contacts import Contacts
from complaints.contacts_file import ContactsFile
from complaints.reports.charts import bars, lines, stacked
from complaints.reports.csv import BOM, csv_of, harmless
from complaints.reports.plain import report_text
from complaints.reports.report import report_body, report_csv, report_html, report_json, report_pdf
from complaints.rules.report.counting import Standing, report_of
from complaints.rules.report.lives import Event, Life
from complaints.rules.report.report import MonthBefore, Only, Period, Report
from complaints.words.vocabulary import Language
from tests.casebook import Tale
from tests.report_lives import LIVES

MADE_AT = datetime(2026, 8, 3, 13, tzinfo=UTC)
JULY = Period.month("2026-07")
HOSTILE = "<script>alert(1)</script> #panic() *x* \x1b[31m =1+1 \U0001f600"


def a_life(number: str, tale: Tale) -> Life:
    """The life of a case, without a database."""
    case = tale.case
    events = tuple(
        Event(row.seq, row.at, row.what, row.by, {**row.data, "explained": "text" in row.data})
        for row in case.rows
        if row.at < JULY.ends and (row.what != "letter-sent" or row.data["kind"] == "resolution")
    )
    return Life(
        number=number, received_at=case.received_at, department=case.department, product=case.received.product,
        category=case.category, channel=case.received.channel.value, severity=case.severity, events=events,
        since=JULY.begins,
    )  # fmt: skip


def a_report(**tales: Tale) -> Report:
    month = MonthBefore(
        month=date(2026, 6, 1), received=4, closed=2, open_at_end=2, escalated=1, late=3, past_legal_limit=0,
        average_score=None, median_hours_to_resolve=30.5,
    )  # fmt: skip
    standing = Standing(
        open_at_end=3, unconfirmed=("Q-silent",), past_legal_limit=1, dismissed=("Q-none",), longest_waiting=(),
        months=(month, month.model_copy(update={"month": date(2026, 7, 1)})),
    )  # fmt: skip
    lives = [a_life(f"Q-{name}", tale) for name, tale in tales.items()]
    return report_of(lives, standing, period=JULY, only=Only())


@pytest.fixture(scope="module")
def contacts() -> Contacts:
    return ContactsFile(None).now()


@pytest.fixture(scope="module")
def report() -> Report:
    return a_report(**{name: tell() for name, tell in LIVES.items() if name != "dismissed"})


@pytest.fixture(scope="module")
def hostile() -> Report:
    """Words of people that try everything."""
    tale = Tale.begins("2026-07-01 09:00", product="=HYPERLINK(1)<b>")
    tale.says("resolved", on="2026-07-02 09:00", by="Jorge Ramos", text="x", cause='<b>"x"</b>')
    tale.says("customer-satisfied", by="customer")
    tale.says("survey-answered", score=1, comment="<script>alert(1)</script> #panic() *x* =1+1 \U0001f600")
    return a_report(hostile=tale)


# -- HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "first"),
    [("es", "Qué habría evitado los escalamientos"), ("en", "What would have prevented the escalations")],
)
def test_what_would_have_prevented_the_escalations_stands_first(
    report: Report, contacts: Contacts, language: Language, first: str
) -> None:
    html = report_html(report, contacts=contacts, language=language)
    headings = [unescape(found) for found in re.findall(r"<h2[^>]*>(.*?)</h2>", html)]
    assert headings[0] == first
    assert len(headings) == 10


def test_a_page_needs_nothing_from_outside_and_no_style_of_its_own(report: Report, contacts: Contacts) -> None:
    html = report_html(report, contacts=contacts, language="es", links="https://quejas.example")
    assert set(re.findall(r'(?:src|href)="([^"]+)"', html)) <= {
        f"https://quejas.example/cases/Q-{name}" for name in (*LIVES, "silent", "none")
    }
    body = str(report_body(report, contacts=contacts, language="es"))
    assert "style=" not in body
    assert "<style" not in body
    assert "<script" not in body
    assert "href" not in body  # no links asked for


def test_every_chart_has_a_name_a_sentence_and_a_table(report: Report, contacts: Contacts) -> None:
    body = str(report_body(report, contacts=contacts, language="es"))
    charts = re.findall(r'<svg[^>]*role="img"[^>]*aria-labelledby="([^"]+)"', body)
    assert len(charts) == body.count("<svg") == 5
    for ids in charts:
        for one in ids.split():
            assert body.count(f'id="{one}"') == 1
    for section in re.findall(r"<section.*?</section>", body, re.DOTALL):
        assert "<svg" not in section or "<table" in section


def test_what_people_wrote_is_text_in_html(hostile: Report, contacts: Contacts) -> None:
    html = report_html(hostile, contacts=contacts, language="es")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert '<b>"x"</b>' not in html


def test_figures_compare_with_the_month_before_in_words(report: Report, contacts: Contacts) -> None:
    html = report_html(report, contacts=contacts, language="es")
    assert "3 más que en junio" in html  # seven received against four
    assert "1 queja escaló sin que nadie la hubiera evaluado." in html


# -- PDF -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"), [("es", "Informe de quejas: julio de 2026"), ("en", "Complaints report: July 2026")]
)
def test_the_pdf_has_its_text_its_tags_and_its_language(
    report: Report, contacts: Contacts, language: Language, title: str
) -> None:
    pdf = PdfReader(io.BytesIO(report_pdf(report, contacts=contacts, language=language, made_at=MADE_AT)))
    root: Any = pdf.trailer["/Root"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == title
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    text = "".join(page.extract_text() for page in pdf.pages)
    assert title in text
    assert "Q-forgotten" in text
    assert 3 <= len(pdf.pages) <= 8


def test_the_same_report_is_the_same_pdf(report: Report, contacts: Contacts) -> None:
    made = [report_pdf(report, contacts=contacts, language="es", made_at=MADE_AT) for _ in range(2)]
    assert made[0] == made[1]


def test_what_people_wrote_is_text_in_the_pdf(hostile: Report, contacts: Contacts) -> None:
    pdf = PdfReader(io.BytesIO(report_pdf(hostile, contacts=contacts, language="es", made_at=MADE_AT)))
    text = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    assert "<script>alert(1)</script> #panic() *x* =1+1" in text


# -- CSV, JSON, text -------------------------------------------------------------------------------------------------


def test_csv_and_json_have_the_same_figures(report: Report) -> None:
    rows = [line.split(",") for line in report_csv(report).removeprefix(BOM).splitlines()]
    told = {tuple(row[:3]): row[3] for row in rows if len(row) == 4}
    figures = json.loads(report_json(report))
    assert told["totals", "received", "cases"] == str(figures["totals"]["received"]) == "7"
    assert told["windows", "assessment", "late"] == "3"
    assert told["prevention", "rejected", "cases"] == "1"
    assert told["months", "2026-06", "received"] == "4"
    assert float(told["times", "resolve", "median_hours"]) == 120


def test_no_cell_of_the_report_begins_a_formula(hostile: Report) -> None:
    assert "'=HYPERLINK(1)<b>" in report_csv(hostile)
    assert ",=HYPERLINK" not in report_csv(hostile)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\u00a0=1", "＝1", "\r=1", "\u200b=1", "\0=1"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert str(harmless(text)).startswith("'")


@pytest.mark.parametrize("cell", ["Rosa", "1=1", "", None, -1, 3.5])
def test_other_cells_stay_what_they_are(cell: str | int | float | None) -> None:
    assert harmless(cell) == cell


def test_csv_quotes_and_keeps_lines_as_the_standard_says() -> None:
    assert csv_of(("a", "b"), [("x,y", 'he said "no"'), ("á\nb", None)]) == (
        BOM + 'a,b\r\n"x,y","he said ""no"""\r\n"á\nb",\r\n'
    )


def test_the_terminal_gets_columns_and_no_control_characters(report: Report, contacts: Contacts) -> None:
    text = report_text(report, contacts=contacts, language="es")
    assert text.startswith("Informe de quejas: julio de 2026\n====")
    assert re.search(r"Evaluación inicial +4 +3 +57 %", text)
    assert "Q-forgotten" in text
    esc = report.model_copy(update={"causes": (report.causes[0].model_copy(update={"words": HOSTILE}),)})
    assert "\x1b" not in report_text(esc, contacts=contacts, language="es")


# -- charts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [bars, stacked, lines])
@pytest.mark.parametrize("values", [[0, 0], [1, 0], [7, 3], [99_999, 1]])
def test_a_chart_is_clean_svg_whatever_its_figures(kind: Any, values: list[int]) -> None:
    chart = kind("x", "<Título>", "Dice & cuenta", ["a", "<b>"], {"Una": values, "Otra": values})
    assert "&lt;Título&gt;" in chart.svg
    for forbidden in ("style=", "<style", "<script", "onclick", "http://www.kozea", "<!--"):
        assert forbidden not in chart.svg
    assert not re.search(r'class="major">\d+\.\d', chart.svg)  # complaints are whole
