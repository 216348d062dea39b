"""Workers that are killed, stopped and replaced, while complaints are lived (docs/reliability.md)."""

import pytest

from tests.chaos.judged import LIMIT, holds, rows

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.timeout(LIMIT)]


@pytest.mark.parametrize("row", rows("worker-killed", "worker-stopped", "two-versions"))
async def test_nothing_is_lost_and_nothing_goes_wrong(row: str, request: pytest.FixtureRequest) -> None:
    await holds(row, request)
