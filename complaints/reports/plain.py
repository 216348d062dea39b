"""A report as plain text, for a terminal or a mail: the same sections, with tables in columns and without pictures."""

import textwrap
from collections.abc import Iterator

from complaints.contacts import Contacts
from complaints.reports.outline import Outline, Point, Section, Table
from complaints.reports.sections import outline_of
from complaints.rules.report.report import Report
from complaints.rules.text import cleaned
from complaints.words.vocabulary import Language

WIDTH = 88
"""Columns of sentences; a table is as wide as it must be."""


def report_text(report: Report, *, contacts: Contacts, language: Language) -> str:
    """The report in lines."""
    return text_of(outline_of(report, contacts=contacts, language=language))


def text_of(outline: Outline) -> str:
    """The outline in lines."""
    lines = [outline.title, "=" * len(outline.title), f"{outline.school} · {outline.about}"]
    for section in outline.sections:
        lines += ["", section.title, "-" * len(section.title), *_section(section)]
    text = "\n".join([*lines, "", *textwrap.wrap(outline.foot, WIDTH)])
    return cleaned(text, longest=len(text)) + "\n"  # nothing that people wrote steers a terminal


def _section(section: Section) -> Iterator[str]:
    for sentence in section.sentences:
        yield from textwrap.wrap(sentence, WIDTH)
    if section.figures:
        wide = max(len(one.name) for one in section.figures)
        for one in section.figures:
            yield f"{one.name:<{wide}}  {one.value:>8}" + (f"  {one.beside}" if one.beside else "")
    for table in section.tables:
        yield ""
        yield from _table(table)
    for point in section.points:
        yield from _point(point)


def _point(point: Point) -> Iterator[str]:
    yield from textwrap.wrap(point.text, WIDTH, initial_indent="* ", subsequent_indent="  ")
    for more in filter(None, (point.more, point.quote)):
        yield from textwrap.wrap(more, WIDTH, initial_indent="  ", subsequent_indent="  ")
    if point.numbers:
        numbers = " ".join((*point.numbers, point.others)).rstrip()
        yield from textwrap.wrap(numbers, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _table(table: Table) -> Iterator[str]:
    yield f"{table.caption.removesuffix('.')}:"
    widths = [max(map(len, column)) for column in zip(table.head, *table.rows, strict=True)]
    for row in (table.head, *table.rows):
        first, *others = row
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join((f"  {first:<{widths[0]}}", *cells))
