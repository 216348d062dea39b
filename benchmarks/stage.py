"""The stage of the benchmarks: a real Temporal server, a real Postgres, a real SMTP sink, in a folder of their own."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from complaints.records.migrate import migrate
from local.stack.postgres import Postgres
from local.stack.temporal_server import TemporalServer
from tests.sink import Sink, sink
from workflows import names
from workflows.connection import connect


@dataclass(frozen=True)
class Stage:
    """What a worker needs."""

    client: Client
    sink: Sink
    dsn: str


@asynccontextmanager
async def stage(*, durable: bool) -> AsyncIterator[Stage]:
    """Everything, up and empty. `durable`: Postgres waits for the disk, as in real use."""
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "temporal").mkdir()
        async with (
            Postgres.started(folder / "pg", durable=durable) as postgres,
            TemporalServer.started(
                folder / "temporal", time_skipping=True, attributes=names.SEARCH_ATTRIBUTES
            ) as server,
            sink() as catcher,
        ):
            await migrate(postgres.dsn())
            yield Stage(await connect(address=server.address, namespace=server.namespace), catcher, postgres.dsn())
