"""docs/security.md says of each hole and each point of the standard where it is met: what it names is there."""

import ast
import re
from pathlib import Path

import pytest

from desk.security_log import Event

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = r"^\| (S\d+|\d+\.\d+(?:\.\d+)?) \| (.+?) \| (.+?) \| `(.+?)` \| `(.+?)::(.+?)` \|$"
ROWS = re.findall(ROW, PAGE, re.MULTILINE)

HOLES = [f"S{number}" for number in range(1, 25)]
ASVS = (
    "2.4.1 3.3.1 3.4.1 3.5.3 3.5.4 4.1.2 5.2.2 6.1.1 6.1.2 6.2.4 6.3.1 6.3.3 7.2.4 7.4.5 7.5.1 8.2.2 12.3.1 12.3.2 "
    "12.3.3 13.2.1 13.2.2 14.1 14.3.1 15.1 15.2.2 16.1.1 16.2.2 16.3.1 16.3.2 16.3.3"
)


def test_every_hole_and_every_point_that_was_not_met_is_answered() -> None:
    assert [row[0] for row in ROWS] == [*HOLES, *ASVS.split()]
    unsaid = [row[0] for row in ROWS if not re.search(r"\b(met|declined|as \d)", row[2])]
    assert unsaid == [], "met, or declined with the reason"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_place_and_its_test_are_there(row: tuple[str, ...]) -> None:
    *_, place, file, name = row
    assert (ROOT / place).is_file(), place
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in functions, f"{file} has no {name}"


def test_the_build_looks_for_known_faults() -> None:
    build, audit = (ROOT / ".ci" / "run").read_text(), (ROOT / ".ci" / "audit").read_text()
    assert ".ci/audit" in build
    assert "cyclonedx-py" in audit
    assert "pip-audit" in audit


def test_the_events_that_the_page_names_are_those_of_the_log() -> None:
    _, _, said = PAGE.partition("## What is logged")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", said.partition("## ")[0]))
    assert named == {event.value for event in Event}
