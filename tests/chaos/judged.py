"""One row of the matrix as a test: its end is judged, never its times; what it took is told in pytest's summary."""

import pytest

from benchmarks.chaos.__main__ import line
from benchmarks.chaos.rows import ROWS, SMALL, tried

LIMIT = 1800
"""Seconds for a row on a machine with ten other things to do; alone it takes one."""


def rows(*names: str) -> list[str]:
    """Those rows, by name; each must be there."""
    known = {row.name for row in ROWS}
    assert set(names) <= known, set(names) - known
    return list(names)


async def holds(name: str, request: pytest.FixtureRequest) -> None:
    """Lost 0, wrong 0, twice only where an answer was lost and that is said; `complaints verify` finds nothing."""
    [row] = [row for row in ROWS if row.name == name]
    if lacks := row.lacks():
        pytest.skip(lacks)
    verdict = await tried(row, SMALL)
    request.node.user_properties.append(("chaos", line(row, verdict)))
    assert not verdict.said, verdict.said
    assert verdict.held, line(row, verdict)
