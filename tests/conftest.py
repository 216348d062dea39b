"""What every test may ask for: one Temporal server and one Postgres a session, a story with its own queue."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from local.temporal_server import TemporalServer
from tests.sink import Sink, sink
from tests.story import Story, telling
from workflows import names, options
from workflows.connection import connect

pytest_plugins = ["tests.plugins_local", "tests.plugins_postgres", "tests.plugins_cli", "tests.plugins_browser"]

# Tests never talk to a server that the environment names.
for variable in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE", "DATABASE_URL", "SMTP_URL"):
    os.environ.pop(variable, None)
os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull


def pytest_configure(config: pytest.Config) -> None:
    # A module first imported while a workflow runs is loaded once more inside the sandbox, with classes of its own.
    config.addinivalue_line("filterwarnings", "error:Module .* was imported after initial workflow load")


@pytest.fixture(scope="session")
async def temporal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A client of this session's server, on which time can be skipped."""
    folder: Path = tmp_path_factory.mktemp("temporal")
    async with TemporalServer.started(folder, time_skipping=True, attributes=names.SEARCH_ATTRIBUTES) as server:
        yield await connect(address=server.address, namespace=server.namespace)


@pytest.fixture
async def mail() -> AsyncIterator[Sink]:
    """A mail server of this test's own."""
    async with sink() as catcher:
        yield catcher


@pytest.fixture
def rare_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """While something is away it is tried again every five hours: days of outage pass in fewer steps."""
    for retries in (options.LETTER_OPTIONS["retry_policy"], options.RECORDS_OPTIONS["retry_policy"]):
        assert retries is not None
        monkeypatch.setattr(retries, "initial_interval", timedelta(hours=5))
        monkeypatch.setattr(retries, "maximum_interval", timedelta(hours=5))


@pytest.fixture
async def story(temporal: Client, mail: Sink, fresh_database: str) -> AsyncIterator[Story]:
    """A complaint's story, with a worker of its own."""
    async with telling(temporal, mail, fresh_database) as told:
        yield told
