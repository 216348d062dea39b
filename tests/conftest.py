"""What every test may ask for: one Temporal server and one Postgres a session, a story with its own queue and database."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from local.temporal_server import TemporalServer
from tests.sink import Sink, sink
from tests.story import Story, telling
from workflows import names
from workflows.connection import connect

pytest_plugins = ["tests.plugins_postgres"]

# Tests never talk to a server that the environment names.
for variable in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE", "DATABASE_URL", "SMTP_URL"):
    os.environ.pop(variable, None)
os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull


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
async def story(temporal: Client, mail: Sink, fresh_database: str) -> AsyncIterator[Story]:
    """A complaint's story, with a worker of its own."""
    async with telling(temporal, mail, fresh_database) as told:
        yield told
