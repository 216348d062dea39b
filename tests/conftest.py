"""What every test may ask for: one Temporal server and one Postgres a session, a story with its own queue."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from local.stack.temporal_server import TemporalServer
from tests import receipts
from tests.patience import patient
from tests.rings import session_keys
from tests.sink import Sink, sink
from tests.story import Story, telling
from workflows import names, options
from workflows.connection import connect

pytest_plugins = [
    "tests.plugins_surroundings",
    "tests.plugins_days",
    "tests.plugins_loading",
    "tests.plugins_local",
    "tests.plugins_postgres",
    "tests.plugins_cli",
    "tests.plugins_browser",
    "tests.plugins_order",
    "tests.plugins_reports",
    "tests.plugins_chaos",
]


def pytest_configure(config: pytest.Config) -> None:
    # A module first imported while a workflow runs is loaded once more inside the sandbox, with classes of its own.
    config.addinivalue_line("filterwarnings", "error:Module .* was imported after initial workflow load")


@pytest.fixture(scope="session", autouse=True)
def the_program_is_patient() -> Iterator[None]:
    """On a busy machine it would answer from the records, or not know, though everybody is there."""
    with patient():
        yield


@pytest.fixture(scope="session", autouse=True)
def every_start_is_looked_at() -> Iterator[None]:
    """No client of these tests starts a complaint that would be another one tomorrow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "connect", receipts.watched())
        yield


@pytest.fixture(scope="session", autouse=True)
def workflows_are_validated_once() -> Iterator[None]:
    """A worker loads each of its workflows in a sandbox only to see whether that can be done; every story has a worker
    of its own, and what the first of this process found holds for all."""
    validate = SandboxedWorkflowRunner.prepare_workflow
    valid: set[type] = set()

    def once(runner: SandboxedWorkflowRunner, defn: Any) -> None:
        if defn.cls not in valid:
            validate(runner, defn)
            valid.add(defn.cls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SandboxedWorkflowRunner, "prepare_workflow", once)
        yield


@pytest.fixture(autouse=True)
def no_start_was_refused(request: pytest.FixtureRequest) -> Iterator[None]:
    """Also where the program caught the refusal: on another day, or in another order, it would be another story."""
    receipts.RECEIPTS.test = request.node.nodeid
    receipts.RECEIPTS.refused.clear()
    yield
    receipts.RECEIPTS.test = ""
    assert receipts.RECEIPTS.refused == []


@pytest.fixture(scope="session")
async def temporal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A client of this session's server, on which time can be skipped."""
    folder: Path = tmp_path_factory.mktemp("temporal")
    async with TemporalServer.started(folder, time_skipping=True, attributes=names.SEARCH_ATTRIBUTES) as server:
        yield await connect(address=server.address, namespace=server.namespace, keys=session_keys())


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
