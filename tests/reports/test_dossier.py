"""The dossier of a case: whole, in one file, whatever people wrote in it; and all complaints as a table."""

import csv
import io
from datetime import UTC, datetime

import pypdf
import pytest
from playwright.async_api import Browser

from complaints.contacts_file import ContactsFile
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.reports.document import Document, document_pdf, html_of
from complaints.words.wording import Wording
from starter.errors import NotFound
from starter.exporting import complaints_csv, dossier_of
from tests.lives import disputed_twice
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

AT = datetime(2026, 8, 20, 15, 0, tzinfo=UTC)
HOSTILE = '=cmd|"/C calc"!A1 <script>alert(1)</script> #eval("1") *b* $x$ \\ @a 😀 中文 شكوى'


async def made(story: Story, *, language: str = "es", with_notes: bool = True) -> Document:
    return await dossier_of(
        story.store,
        story.number,
        contacts=ContactsFile(None).now(),
        words=Wording(language="en" if language == "en" else "es"),
        by="Ana Torres",
        at=AT,
        with_notes=with_notes,
    )


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
async def disputed(story: Story) -> Story:
    """A case that was decided in the end, with a letter of the customer's and an attachment."""
    await disputed_twice(story)
    raw = (
        b"From: Rosa Quispe <rosa.quispe@correo.example>\r\nSubject: La constancia\r\n"
        b"Message-ID: <m1@correo.example>\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nAqu\xc3\xad va la constancia.\r\n"
    )
    kept = await story.store.keep_mail(
        MailToKeep(
            raw=raw,
            mailbox="quejas@escuela.example",
            received_at=AT,
            message_id="<m1@correo.example>",
            source_key="m1",
            sender="rosa.quispe@correo.example",
            kind="reply",
            score=0.0,
            evidence=(),
            files=(
                FileToKeep(
                    name="constancia.pdf", type="application/pdf", declared="application/pdf", size=4,
                    digest="a" * 64, data=b"%PDF",
                ),
            ),
        )
    )  # fmt: skip
    await story.store.mail_taken(kept.digest, "reply", story.number)
    return story


@pytest.mark.parametrize("language", ["es", "en"])
async def test_a_dossier_tells_the_whole_case(disputed: Story, language: str) -> None:
    document = await made(disputed, language=language)
    html, pdf = html_of(document), document_pdf(document, made_at=AT)
    for told in (html, text_of(pdf)):
        for wanted in ("No corresponde.", "Se dictará una hora.", "Se devolvió el pago entero.", "La constancia",
                       "Aquí va la constancia.", "constancia.pdf", "a" * 20):  # fmt: skip
            assert wanted in told, wanted
    by_title = {section.title: section for section in document.sections}
    letters = by_title["Correos al cliente" if language == "es" else "Letters to the customer"]
    to_customer = [one for one in await disputed.store.letters(disputed.number) if one.recipient == "customer"]
    assert len(letters.parts) == len(to_customer) > 4
    assert "http" not in html.replace("http-equiv", "").replace("https://", "")  # nothing is loaded from outside


async def test_what_people_wrote_stays_what_they_wrote(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", problem={"description": HOSTILE}, customer={"name": HOSTILE[:60]})
    await story.asks("add_note", text=f"{HOSTILE} interna", by="Ana Flores")
    await story.all_is_told()
    document = await made(story)
    html, pdf = html_of(document), text_of(document_pdf(document, made_at=AT))
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert '#eval("1") *b* $x$' in pdf
    assert "interna" in html
    assert "interna" not in html_of(await made(story, with_notes=False))


async def test_what_did_not_fit_is_told_in_the_readers_language(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("survey-answered", score=5)
    await story.all_is_told()
    assert "la encuesta llega con el cierre" in html_of(await made(story))
    assert "the survey comes with the closing" in html_of(await made(story, language="en"))


async def test_the_same_case_gives_the_same_bytes(disputed: Story) -> None:
    first, second = await made(disputed), await made(disputed)
    assert html_of(first) == html_of(second)
    assert document_pdf(first, made_at=AT) == document_pdf(second, made_at=AT)


async def test_a_number_that_nobody_knows_has_no_dossier(story: Story) -> None:
    with pytest.raises(NotFound):
        await made(story)


async def test_all_complaints_as_a_table_that_no_spreadsheet_obeys(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", problem={"description": HOSTILE})
    await story.all_is_told()
    records = await story.store.received_between(None, None)
    rows = list(csv.DictReader(io.StringIO(complaints_csv(records, Wording()).removeprefix("\ufeff"))))
    assert [row["number"] for row in rows] == [story.number]
    assert rows[0]["description"] == f"'{HOSTILE}"
    assert rows[0]["received_at"] == "2026-07-22T09:00:00-05:00"
    assert await story.store.received_between(AT, None) == []


class TestInABrowser:
    pytestmark = IN_A_BROWSER

    async def test_the_page_keeps_nobody_out_and_asks_for_nothing(self, disputed: Story, browser: Browser) -> None:
        page, wrong = await a_page(browser, width=380)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.set_content(html_of(await made(disputed)))
        assert await page.evaluate("document.documentElement.scrollWidth") <= 380
        assert asked == []
        assert await barriers(page) == []
        assert wrong == []
