"""CSV that a spreadsheet opens and does not obey: no cell begins a formula, whatever a customer wrote in it."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None

_OBEYED = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula (OWASP), the wide forms of it too."""

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else, and names lose their accents."""


def csv_of(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as CSV (RFC 4180) with a byte order mark; text that a spreadsheet would obey gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()


def harmless(cell: Cell) -> Cell:
    """The cell; text that begins a formula, also behind blanks, is marked as text. Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    begins = text.lstrip(" \u00a0\ufeff\u200b")
    return f"'{text}" if text.startswith(_OBEYED) or begins.startswith(_OBEYED) else text
