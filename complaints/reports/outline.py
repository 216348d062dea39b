"""A report in outline: sections of sentences, pictures and tables, before they are HTML, PDF, CSV or text."""

from dataclasses import dataclass, field
from typing import Literal

from complaints.reports.charts import Chart
from complaints.words.vocabulary import Language


@dataclass(frozen=True)
class Table:
    """Figures in rows; the first column names the row, the others stand to the right."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One number that stands for much: how it is called, and how it compares."""

    name: str
    value: str
    beside: str = ""
    tone: Literal["", "bad", "good"] = ""
    """Also said in `beside`: never by colour alone."""


@dataclass(frozen=True)
class Point:
    """One line of a list: what, why it matters, and the complaints that it is about."""

    text: str
    more: str = ""
    numbers: tuple[str, ...] = ()
    others: str = ""
    """What stands for the complaints that are not listed: `y 4 más`."""
    quote: str = ""
    """Somebody's words."""


@dataclass(frozen=True)
class Section:
    """One heading with what stands under it."""

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    points: tuple[Point, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Outline:
    """The whole report in one language."""

    language: Language
    title: str
    school: str
    about: str
    """Which days and which complaints."""
    sections: tuple[Section, ...]
    foot: str
    labels: dict[str, str] = field(default_factory=dict)
    """Words of the frame: the link to the table, the page numbers."""
