"""Calendar months by their names: `2026-10`, as addresses, forms and commands have them."""

import re
from datetime import date, timedelta

YEARS = range(2000, 2200)
"""In which complaints are made: what lies beyond is a slip or a trial, and some of it no calendar can count."""

_NAME = re.compile(r"[0-9]{4}-[0-9]{2}")


def first_of(name: str) -> date:
    """The first day of the month of that name. Raises ValueError where it is none, or none of those years."""
    if not _NAME.fullmatch(name) or int(name[:4]) not in YEARS:
        raise ValueError(f"{name!r} is no month")
    return date.fromisoformat(f"{name}-01")


def after(first: date) -> date:
    """The first day of the next month, of one by its first day."""
    return (first + timedelta(days=31)).replace(day=1)
