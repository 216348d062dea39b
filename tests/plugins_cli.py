"""A terminal for the tests of the command line: one home with a worker, a database and a mail server a session."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from local.stack.postgres import Postgres
from tests.terminal import Terminal, a_terminal


@pytest.fixture(scope="session")
async def terminal(
    temporal: Client, postgres: Postgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    """A terminal in whose home a stack runs."""
    home = tmp_path_factory.mktemp("cli") / "home"
    async with a_terminal(temporal, postgres, migrated_template, home) as there:
        yield there


@pytest.fixture(scope="session")
async def number(terminal: Terminal) -> str:
    """A complaint for tests that change nothing of it."""
    number = await terminal.a_complaint()
    await terminal.writes(number)  # or a test that counts the records would see it come
    return number
