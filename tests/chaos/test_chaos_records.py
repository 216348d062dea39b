"""Postgres and the mail server, broken in every way, while complaints are lived (docs/reliability.md)."""

import pytest

from tests.chaos.judged import LIMIT, holds, rows

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.timeout(LIMIT)]


@pytest.mark.parametrize("row", rows("postgres-and-mail", "postgres-read-only", "postgres-full", "wire-postgres"))
async def test_nothing_is_lost_and_nothing_goes_wrong(row: str, request: pytest.FixtureRequest) -> None:
    await holds(row, request)
