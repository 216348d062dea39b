"""A frozen worker, wrong clocks, everything twice, and junk, while complaints are lived (docs/reliability.md)."""

import pytest

from tests.chaos.judged import LIMIT, holds, rows

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.timeout(LIMIT)]


@pytest.mark.parametrize("row", rows("worker-frozen", "clock-ahead", "clock-behind", "everything-twice", "junk"))
async def test_nothing_is_lost_and_nothing_goes_wrong(row: str, request: pytest.FixtureRequest) -> None:
    await holds(row, request)
