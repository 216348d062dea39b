"""Runs a Temporal server program at its place: started, made ready, ended with the block."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from local.stack.child import Child, Order
from local.stack.logs import log_end, says_port_taken
from local.stack.ports import listening
from local.stack.temporal_program import Place, TemporalPorts, TemporalProgram
from local.stack.temporal_ready import NotReady, make_ready

#: A port that was free when it was chosen may be taken when the server comes to it: then others are chosen.
TRIES = 3


@dataclass(frozen=True)
class Settings:
    """What a caller may wish of a server; ports that are None are chosen."""

    time_skipping: bool = False
    persistent: bool = False
    ui: bool = False
    attributes: Sequence[SearchAttributeKey[Any]] = ()
    dynamic: Mapping[str, Any] | None = None
    port: int | None = None
    ui_port: int | None = None

    def place(self, folder: Path) -> Place:
        """The server's place, with ports that are free now."""
        ports = TemporalPorts.choose(frontend=self.port, ui=self.ui_port)
        skipping, persistent, ui = self.time_skipping, self.persistent, self.ui
        return Place(folder, ports, skipping, persistent, ui, self.dynamic or {})


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    place: Place
    client: Client
    child: Child


@asynccontextmanager
async def run_temporal(program: TemporalProgram, folder: Path, settings: Settings) -> AsyncIterator[Running]:
    """The server, and its page if it has one of its own.

    Raises:
        NotReady: it did not start; the message ends with the last lines of its log.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with AsyncExitStack() as stack:
        running = await _started(stack, program, folder, settings)
        if page := program.ui_order(running.place):
            ui = await _child(stack, page)
            if not await listening(running.place.ports.ui, alive=ui.is_running):
                end = log_end(running.place.log("temporal-ui"), since=ui.log_began)
                raise NotReady(f"Temporal's web page did not start. Its log ends: {end}")
        yield running


async def _started(stack: AsyncExitStack, program: TemporalProgram, folder: Path, settings: Settings) -> Running:
    for tries_left in reversed(range(TRIES)):
        place = settings.place(folder)
        child = await _child(stack, program.server_order(place))
        try:
            client = await make_ready(
                place.address,
                attributes=settings.attributes,
                alive=child.is_running,
                cluster=program.cluster(place),
            )
        except NotReady as failure:
            await child.stop()
            log = place.log("temporal")
            if tries_left and says_port_taken(log, since=child.log_began):
                continue
            raise NotReady(f"{failure} Its log ends: {log_end(log, since=child.log_began)}") from failure
        return Running(place, client, child)
    raise AssertionError("the last try returns or raises")


async def _child(stack: AsyncExitStack, order: Order) -> Child:
    child = await Child.start(order)
    stack.push_async_callback(child.stop)
    return child
