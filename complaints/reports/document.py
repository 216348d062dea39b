"""A document for people who were not there: sections of facts, tables and texts; as one HTML file and as PDF.

Both are made of the same `Document`, so neither can say what the other does not.
"""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal

from jinja2 import Environment, Template
from pydantic import BaseModel, ConfigDict

from complaints.reports.pdf import PACKAGE, pdf_of
from complaints.words.vocabulary import Language


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Facts(_Part):
    """Names with their values."""

    kind: Literal["facts"] = "facts"
    pairs: tuple[tuple[str, str], ...]


class Table(_Part):
    """Rows under a head; every row as long as the head."""

    kind: Literal["table"] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    """Of the columns, as parts of the page's width."""


class Words(_Part):
    """What somebody wrote, whole, with a line that says who and when."""

    kind: Literal["words"] = "words"
    title: str
    about: str = ""
    text: str


class Note(_Part):
    """A sentence of ours."""

    kind: Literal["note"] = "note"
    text: str


class Section(_Part):
    """A heading and what stands under it."""

    title: str
    parts: tuple[Facts | Table | Words | Note, ...]


class Document(_Part):
    """The whole, in the reader's words: nothing in it is a key or a time in UTC."""

    title: str
    subtitle: str
    language: Language
    school: str
    made: str
    """When and by whom, as it stands on every page."""
    sections: tuple[Section, ...]


def html_of(document: Document) -> str:
    """One file without anything from outside: it can be kept, mailed and printed."""
    return _html().render(document=document)


def document_pdf(document: Document, *, made_at: datetime) -> bytes:
    """The same as PDF (A4, tagged). Raises PdfFailed."""
    return pdf_of("document", document.model_dump(mode="json"), made_at=made_at)


@cache
def _html() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = files(PACKAGE).joinpath("templates", "document.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
