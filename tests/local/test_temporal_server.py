"""Our own Temporal server: ready when it says so, on loopback only, with what cases need."""

import asyncio
import os
import signal
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from local.stack.ports import free_ports
from local.stack.temporal_program import FromSource, Place, TemporalPorts
from local.stack.temporal_ready import NotReady, make_ready
from local.stack.temporal_server import TemporalServer
from tests.local.test_postgres import listening_on
from workflows import names


async def start(client: Client, name: str, *, argument: str = "", level: int | None = None) -> None:
    """A workflow that nobody works on."""
    attributes = [] if level is None else [SearchAttributePair(names.LEVEL, level)]
    await client.start_workflow(
        "Waiting", argument, id=name, task_queue="nobody", search_attributes=TypedSearchAttributes(attributes)
    )


async def test_it_is_ready_for_cases_at_once(tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "t", attributes=names.SEARCH_ATTRIBUTES) as server:
        await start(server.client, "w", level=2)
        async with asyncio.timeout(60):  # lists follow a start by moments
            while True:
                if (await server.client.count_workflows(f"{names.LEVEL.name} = 2")).count:
                    break
                await asyncio.sleep(0.01)
        described = await server.client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="default")
        )
        assert described.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=90)
        assert {address.partition(":")[0] for address in listening_on(server.pid)} == {"0100007F"}, "loopback only"


async def test_what_it_keeps_is_there_after_a_kill(tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "t", persistent=True) as server:
        await start(server.client, "kept")
        os.kill(server.pid, signal.SIGKILL)
    async with TemporalServer.started(tmp_path / "t", persistent=True) as server:
        description = await server.client.get_workflow_handle("kept").describe()
        assert description.status is WorkflowExecutionStatus.RUNNING
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "t").glob("temporal.sqlite*")} == {0}


async def test_a_folder_with_a_strange_name_is_as_good(tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "a ?b#c%20d", persistent=True) as server:
        await start(server.client, "kept")
    assert (tmp_path / "a ?b#c%20d" / "temporal.sqlite").is_file()


@pytest.mark.parametrize("time_skipping", [True, False])
async def test_time_can_be_skipped_where_it_is_wanted(time_skipping: bool, tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "t", time_skipping=time_skipping) as server:
        skipper = TimeSkipper(server.client, config=TimeSkippingConfig(enabled=False))
        if not time_skipping:
            with pytest.raises(Exception, match="Time-Skipping feature is not enabled"):
                await skipper.client.start_workflow("W", id="w", task_queue="q", start_delay=timedelta(days=30))
            return
        handle = await skipper.client.start_workflow("W", id="w", task_queue="q", start_delay=timedelta(days=30))
        before = await skipper.get_current_time(handle)
        await skipper.fast_forward(handle, timedelta(days=20))
        assert timedelta(days=20) <= await skipper.get_current_time(handle) - before < timedelta(days=20, minutes=1)


async def test_further_dynamic_configuration_holds(tmp_path: Path) -> None:
    async with TemporalServer.started(
        tmp_path / "t", dynamic={"limit.blobSize.warn": 1000, "limit.blobSize.error": 5000}
    ) as server:
        with pytest.raises(Exception, match="Blob data size exceeds limit"):
            await start(server.client, "large", argument="x" * 6000)
        await start(server.client, "small", argument="x" * 4000)


def test_queues_in_one_part_are_for_what_ends_with_the_server(tmp_path: Path) -> None:
    """Elsewhere what waits in a further part since yesterday must be found today."""

    def parts(**where: Any) -> Any:
        place = Place(tmp_path, TemporalPorts.choose(), **where)
        return place.dynamic_config().get("matching.numTaskqueueReadPartitions")

    assert parts(persistent=False) == 1
    assert parts(persistent=True) is None
    assert parts(persistent=False, dsn="postgresql://complaints@/temporal") is None


async def test_the_page_offers_no_way_to_end_a_case(tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "t", ui=True) as server:
        assert server.page is not None
        trusted = ssl.create_default_context(cafile=str(server.page.trust))
        async with httpx.AsyncClient(base_url=server.page.url, verify=trusted, timeout=60) as desk:
            settings = (await desk.get("/api/v1/settings")).json()
            assert settings["WorkflowCancelDisabled"]
            assert settings["WorkflowTerminateDisabled"]
            assert settings["WorkflowResetDisabled"]
            assert settings["BatchActionsDisabled"]
            assert settings["DisableWriteActions"]
            known = (await desk.get("/api/v1/namespaces")).json()["namespaces"]
            assert "default" in [one["namespaceInfo"]["name"] for one in known]
            await start(server.client, "w")
            refused = await desk.post("/api/v1/namespaces/default/workflows/w/terminate", json={})
            assert refused.status_code >= 400
        assert (await server.client.get_workflow_handle("w").describe()).status is WorkflowExecutionStatus.RUNNING


async def test_ports_are_as_wished(tmp_path: Path) -> None:
    port, ui_port = free_ports(2)
    async with TemporalServer.started(tmp_path / "t", ui=True, port=port, ui_port=ui_port) as server:
        assert server.address == f"127.0.0.1:{port}"
        assert server.page is not None
        assert server.page.url == f"https://127.0.0.1:{ui_port}"


async def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "first") as first:
        port = int(first.address.partition(":")[2])
        with pytest.raises(NotReady, match="address already in use"):
            async with TemporalServer.started(tmp_path / "second", port=port):
                pass


async def test_an_attribute_of_another_type_is_refused(tmp_path: Path) -> None:
    async with TemporalServer.started(tmp_path / "t", attributes=[SearchAttributeKey.for_keyword("Shared")]) as server:
        with pytest.raises(NotReady, match="knows the search attribute Shared with another type"):
            await make_ready(server.address, attributes=[SearchAttributeKey.for_int("Shared")])
        await make_ready(server.address, attributes=[SearchAttributeKey.for_keyword("Shared")])


async def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_said(nowhere: str) -> None:
    with pytest.raises(NotReady, match="did not accept a connection for 1 s"):
        await make_ready(nowhere, limit=1)


def test_a_program_that_is_missing_is_never_started_with_a_shell(tmp_path: Path) -> None:
    """Names with blanks and signs reach the program as they are."""
    place = Place(tmp_path, TemporalPorts(1, 2, tuple(range(3, 10))))
    order = FromSource(tmp_path / "a $b;c", tmp_path / "ui").server_order(place)
    assert order.command[0] == f"{tmp_path}/a $b;c"
