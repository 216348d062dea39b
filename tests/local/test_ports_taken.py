"""A port that was free when it was chosen and is another program's a moment later: a start goes on with another."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from local.stack import ports as ports_module
from local.stack import supervisor as supervisor_module
from local.stack.child import Child, Order
from local.stack.home import StackRefused
from local.stack.part import Kept, Part, PortTaken
from local.stack.plan import Parts, Ports
from local.stack.ports import LOOPBACK, free_ports
from local.stack.supervisor import Stack
from starter.stack_addresses import last_addresses


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


#: Listens on the port that its environment names, until it is stopped.
LISTENS = """
import os, socket, time
one = socket.socket()
one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
one.bind(("127.0.0.1", int(os.environ["PORT"])))
one.listen(5)
time.sleep(600)
"""

#: The mail catcher alone; a Temporal and a Postgres of somebody else's, which nothing here asks.
PARTS = Parts(
    records=False, programs=(), temporal_address="127.0.0.1:1", database_url="postgresql://nobody@127.0.0.1:1/none"
)


@asynccontextmanager
async def a_stranger() -> AsyncIterator[int]:
    """The port of another program, which answers there."""
    (port,) = free_ports(1)
    async with await asyncio.start_server(lambda _, writer: writer.close(), LOOPBACK, port):
        yield port


async def test_a_chosen_port_that_is_taken_meanwhile_is_left_to_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    async with a_stranger() as taken:
        choices = iter([taken])

        def free_then(count: int) -> list[int]:
            """What was free a moment ago: the stranger's port is the first choice for the part that is named last."""
            return [*(one for one in [next(choices, None)] if one), *ports_module.free_ports(count)][:count]

        monkeypatch.setattr(supervisor_module, "free_ports", free_then)
        async with Stack.running(tmp_path / "home", parts=PARTS, say=said.append) as stack:
            assert stack.addresses.ports["mailbox"] != taken
            assert stack.addresses.status == "ready"
            _, writer = await asyncio.open_connection(LOOPBACK, stack.addresses.ports["mailbox"])
            writer.close()
            assert last_addresses(tmp_path / "home") == stack.addresses
    assert said == ["Another program has just taken one of the ports: starting again with others."]


async def test_a_port_that_was_asked_for_is_never_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_stranger() as taken:
        looks = iter([True])  # free when it was looked at first
        monkeypatch.setattr(supervisor_module, "is_free", lambda port: next(looks, ports_module.is_free(port)))
        with pytest.raises(StackRefused, match=f"Port {taken} for smtp is taken"):
            async with Stack.running(tmp_path / "home", parts=PARTS, ports=Ports(smtp=taken)):
                pass
    last = last_addresses(tmp_path / "home")
    assert last is None or last.status == "stopped"


async def test_a_program_that_finds_its_port_taken_says_so(tmp_path: Path) -> None:
    """Between the look and the program's own binding: its log tells."""

    async def prepare() -> Order:
        return Order([sys.executable, "-c", LISTENS], env={"PORT": str(taken)}, log=tmp_path / "log", grace=0.2)

    async def never(child: Child) -> None:
        await asyncio.Event().wait()

    with (tmp_path / "lock").open("w") as lock:
        async with a_stranger() as taken:
            one = Kept(Part("part", "The part", prepare, never), hold=lock.fileno(), say=print, changed=lambda: None)
            with pytest.raises(PortTaken, match=r"The part ended with code 1 at its start.*Address already in use"):
                await one.start()
            await one.stop()


async def test_nobody_passes_for_a_part_on_its_port(tmp_path: Path) -> None:
    """A stranger who accepts connections there is not taken for the program."""

    async def prepare() -> Order:
        raise AssertionError("it is not started")

    async def ready(child: Child) -> None:
        raise AssertionError("nor looked at")

    async with a_stranger() as taken:
        part = Part("part", "The part", prepare, ready, ports=(taken,))
        with pytest.raises(PortTaken, match=f"The part: port {taken} is taken by another program"):
            await Kept(part, hold=-1, say=print, changed=lambda: None).start()
