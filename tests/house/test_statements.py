"""No statement leaves anything to its session: connections go from hand to hand as they are (decision 584)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import nodes

ROOT = Path(__file__).parents[2]

PROGRAM = ("complaints", "starter", "activities", "desk", "cli", "worker.py")
"""Whoever has a connection of the store's pool."""

BEGINS = re.compile(r"SET (?!LOCAL )|LISTEN |DECLARE ")
HOLDS = re.compile(r"WITH HOLD|pg_(try_)?advisory_lock|CREATE TEMP")
"""Settings and listeners; cursors, locks and tables of a session."""


def files() -> Iterator[Path]:
    for part in PROGRAM:
        place = ROOT / part
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


def statements(file: Path) -> Iterator[str]:
    """Each statement in the strings of a file; what stands in its middle, as an UPDATE's SET, begins none."""
    text = file.read_text(encoding="utf-8")
    for node in nodes(file) if "connection" in text else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (part.strip() for part in node.value.split(";"))


def test_no_statement_leaves_anything_to_its_session() -> None:
    # Migrations and their lock have a connection of their own.
    here = [file for file in files() if "migrations" not in file.parts]
    found = [f"{file.relative_to(ROOT)}: {one[:60]}" for file in here for one in statements(file) if leaves(one)]
    assert found == []


def leaves(statement: str) -> bool:
    return bool(BEGINS.match(statement) or HOLDS.search(statement))


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("SET statement_timeout = 1", True),
        ("SET LOCAL jit = off", False),
        ("LISTEN news", True),
        ("SELECT pg_advisory_lock(1)", True),
        ("SELECT pg_advisory_xact_lock(1)", False),
        ("UPDATE staff SET name = $1", False),
    ],
)
def test_what_leaves_something_is_known(statement: str, left: bool) -> None:
    assert leaves(statement) is left
