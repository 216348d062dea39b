"""Every row of the fault matrix is a test of CI's, and docs/reliability.md tells of it."""

import ast
from pathlib import Path

from benchmarks.chaos.rows import ROWS

ROOT = Path(__file__).parents[2]


def test_every_row_is_tried_by_ci_once() -> None:
    tried = [
        constant.value
        for file in sorted((ROOT / "tests" / "chaos").glob("test_*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "rows"
        for constant in call.args
        if isinstance(constant, ast.Constant)
    ]
    assert sorted(str(name) for name in tried) == sorted(row.name for row in ROWS)
    assert "-m chaos" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_document_tells_of_every_row_in_a_sentence() -> None:
    told = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert [row.name for row in ROWS if f"| `{row.name}` | {row.sentence} |" not in told] == []
