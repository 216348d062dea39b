"""A Temporal server of our own on this machine, for as long as a block of code runs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from local.stack.temporal_find import find_temporal
from local.stack.temporal_program import TemporalProgram
from local.stack.temporal_run import Settings, run_temporal
from local.stack.voice import Say, to_stderr
from starter.page_behind import Behind


@dataclass(frozen=True)
class TemporalServer:
    """A running server, ready to be used."""

    #: Host and port for clients.
    address: str
    namespace: str
    #: Where a desk reaches its web page, if it was wanted.
    page: Behind | None
    #: Connected, with the SDK's own data converter; `Client.connect(address)` for another.
    client: Client
    #: Process id of the server.
    pid: int

    @classmethod
    @asynccontextmanager
    async def started(
        cls,
        folder: Path,
        *,
        time_skipping: bool = False,
        persistent: bool = False,
        ui: bool = False,
        attributes: Sequence[SearchAttributeKey[Any]] = (),
        dynamic: Mapping[str, Any] | None = None,
        port: int | None = None,
        ui_port: int | None = None,
        program: TemporalProgram | None = None,
        say: Say = to_stderr,
    ) -> "AsyncIterator[TemporalServer]":
        """Starts the server, and its web page if wanted; ends both with the block. The environment's server is ignored.

        Args:
            folder: for configuration, logs and database; made if missing.
            time_skipping: whether its workflows' time can be skipped.
            persistent: whether its database is a file in the folder, found again at the next start.
            ui: whether to start the web page.
            attributes: search attributes to register.
            dynamic: further dynamic configuration, e.g. `{"limit.historyCount.suggestContinueAsNew": 50}`.
            port: for clients; None: a free one.
            ui_port: for the web page; None: a free one.
            program: which server; None: found or made as `find_temporal` does.
            say: told what takes time.

        Raises:
            TemporalMissing: there is no server and none can be made; the message says what to install.
            NotReady: it did not start; the message ends with the last lines of its log.
        """
        settings = Settings(time_skipping, persistent, ui, attributes, dynamic, port, ui_port)
        program = program or await find_temporal(say=say, time_skipping=time_skipping)
        async with run_temporal(program, folder, settings) as running:
            place = running.place
            yield cls(place.address, running.client.namespace, program.page(place), running.client, running.child.pid)
