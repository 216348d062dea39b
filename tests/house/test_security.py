"""docs/security.md says of each hole and each point of the standard where it is met: what it names is there."""

import ast
import re
from pathlib import Path

import pytest

from desk.security_log import Event
from tests.sources import tree

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = r"^\| (S\d+|\d+\.\d+(?:\.\d+)?) \| (.+?) \| (.+?) \| `(.+?)` \| (`.+?::.+?`) \|$"
ROWS = re.findall(ROW, PAGE, re.MULTILINE)

HOLES = [f"S{number}" for number in range(1, 26)]
ASVS = (
    "2.4.1 3.3.1 3.4.1 3.5.3 3.5.4 4.1.2 5.2.2 6.1.1 6.1.2 6.2.4 6.3.1 6.3.3 7.2.4 7.4.5 7.5.1 8.2.2 12.3.1 12.3.2 "
    "12.3.3 13.2.1 13.2.2 14.1 14.3.1 15.1 15.2.2 16.1.1 16.2.2 16.3.1 16.3.2 16.3.3"
)


def test_every_hole_and_every_point_that_was_not_met_is_answered() -> None:
    assert [row[0] for row in ROWS] == [*HOLES, *ASVS.split()]
    unsaid = [row[0] for row in ROWS if not re.search(r"\b(met|declined|as \d)", row[2])]
    assert unsaid == [], "met, or declined with the reason"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_place_and_its_tests_are_there(row: tuple[str, ...]) -> None:
    """Where a sentence has several parts it has several tests, one after the other; none of them is skipped."""
    *_, place, tests = row
    assert (ROOT / place).is_file(), place
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    assert " ".join(f"`{file}::{name}`" for file, name in named) == tests
    for file, name in named:
        functions = {
            node.name: node
            for node in tree(ROOT / file).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in functions, f"{file} has no {name}"
        marks = " ".join(ast.unparse(mark) for mark in functions[name].decorator_list)
        assert "skip" not in marks, f"{name} may not be run"


def test_the_build_looks_for_known_faults() -> None:
    build, audit = (ROOT / ".ci" / "run").read_text(), (ROOT / ".ci" / "audit").read_text()
    assert ".ci/audit" in build
    assert "cyclonedx-py" in audit
    assert "pip-audit" in audit


def test_the_events_that_the_page_names_are_those_of_the_log() -> None:
    _, _, said = PAGE.partition("## What is logged")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", said.partition("## ")[0]))
    assert named == {event.value for event in Event}
