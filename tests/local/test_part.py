"""A part is kept running, its ports and its log are looked after, and a home has one holder."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client

from local.stack import home as home_module
from local.stack import part as part_module
from local.stack.child import Child, Order
from local.stack.home import StackRefused, held
from local.stack.logs import length, log_end, put_aside, says_port_taken
from local.stack.part import Kept, Part, PartFailed, how_it_ended
from local.stack.parts import program_part
from local.stack.plan import DESK, WORKER
from local.stack.ports import LOOPBACK, free_ports, is_free, listening
from starter.stack_addresses import LOCK, is_locked
from tests.waiting import until


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


#: Runs while the file `well` exists beside it; writes `up` when it does.
PROGRAM = """
import pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
if not (folder / "well").exists():
    sys.exit("it is not well")
print("up", flush=True)
time.sleep(600)
"""


@asynccontextmanager
async def kept(folder: Path, said: list[str], *, limit: float = 20, steps: bool = False) -> AsyncIterator[Kept]:
    """A part that is ready when its log says `up`."""
    log = folder / "part.log"

    async def prepare() -> Order:
        log.write_text("", encoding="utf-8")
        return Order([sys.executable, "-c", PROGRAM, str(folder)], log=log, grace=0.2)

    async def ready(child: Child) -> None:
        while True:
            if "up" in log.read_text(encoding="utf-8"):
                return
            await asyncio.sleep(0.02)

    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    one = Kept(
        Part("part", "The part", prepare, ready, limit), hold=descriptor, say=said.append, changed=lambda: None,
        steps=steps,
    )  # fmt: skip
    try:
        yield one
    finally:
        await one.stop()
        os.close(descriptor)


async def test_a_part_that_cannot_start_again_is_tried_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_module, "BACK_OFF", (0.01, 0.05))
    (tmp_path / "well").touch()
    said: list[str] = []
    async with kept(tmp_path, said) as one:
        await one.start()
        assert one.child is not None
        first = one.child.pid
        (tmp_path / "well").unlink()
        await one.child.kill()
        await until(lambda: len(said) >= 3)
        assert all("was killed by SIGKILL; it does not start again" in line for line in said)
        assert "it is not well" in said[0]
        (tmp_path / "well").touch()
        await until(lambda: "The part was killed by SIGKILL; it was started again." in said)
        assert one.child.pid != first
        assert one.child.is_running()


async def test_each_step_of_a_start_is_a_line_where_it_is_asked_for(tmp_path: Path) -> None:
    """F29: `complaints up` into a file said nothing for half a minute."""
    (tmp_path / "well").touch()
    for steps, expected in ((True, ["The part: up."]), (False, [])):
        said: list[str] = []
        async with kept(tmp_path, said, limit=60, steps=steps) as one:
            await one.start()
        assert said == expected


async def test_a_part_that_does_not_start_at_first_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    async with kept(tmp_path, []) as one:
        with pytest.raises(PartFailed, match=r"The part ended with code 1 at its start.*it is not well"):
            await one.start()


async def test_a_part_that_never_becomes_ready_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "well").touch()
    async with kept(tmp_path, [], limit=0.0) as one:
        with pytest.raises(PartFailed, match="The part was not ready in 0 s"):
            await one.start()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with code 0"),
        (3, "ended with code 3"),
        (137, "was killed by SIGKILL"),
        (143, "was killed by SIGTERM"),
        (255, "ended with code 255"),
    ],
)
def test_an_exit_code_in_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words


async def test_a_held_home_is_refused_while_its_holder_lives(tmp_path: Path) -> None:
    async with held(tmp_path, say=print):
        assert is_locked(tmp_path)
        with pytest.raises(StackRefused, match=f"process {os.getpid()}"):
            async with held(tmp_path, say=print):
                pass
    assert not is_locked(tmp_path)
    async with held(tmp_path, say=print):
        pass


async def test_what_a_killed_holder_left_behind_is_waited_for(tmp_path: Path) -> None:
    """A guard still holds the lock; the number in the file is that of a process that has ended."""
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
    await gone.wait()
    said: list[str] = []
    async with held(tmp_path, say=print) as descriptor:
        left = await Child.start(Order([sys.executable, "-c", "import time; time.sleep(1.5)"], hold=(descriptor,)))
    (tmp_path / LOCK).write_text(f"{gone.pid}\n", encoding="ascii")
    async with held(tmp_path, say=said.append):
        assert said == ["Waiting for the last parts of a stack that was killed …"]
        assert not left.is_running()


async def test_what_never_ends_is_refused_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_module, "LEFT_BEHIND", 0.8)
    async with held(tmp_path, say=print):
        (tmp_path / LOCK).write_text("", encoding="ascii")
        with pytest.raises(StackRefused, match=r"Parts of an earlier stack .* have not ended"):
            async with held(tmp_path, say=print):
                pass


def test_free_ports_are_free_and_different() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(is_free(port) for port in ports)
    with socket.create_server((LOOPBACK, ports[0])):
        assert not is_free(ports[0])
        assert ports[0] not in free_ports(20)


async def test_listening_knows_when_to_stop_waiting() -> None:
    (port,) = free_ports(1)
    assert not await listening(port, alive=lambda: False)
    assert not await listening(port, limit=0.1)
    server = await asyncio.start_server(lambda _, writer: writer.close(), LOOPBACK, port)
    assert await listening(port)
    server.close()


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("", "(nothing was written)"),
        ("one\ntwo\nthree\n", "two / three"),
        ('{"level":"fatal","msg":"no port","error":"taken","stacktrace":"' + "x" * 9000 + '"}\n', "no port: taken"),
        ("[1]\n", "[1]"),
        ("{}\n", "{}"),
    ],
)
def test_the_end_of_a_log_is_what_a_person_reads(text: str, end: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text, encoding="utf-8")
    assert log_end(tmp_path / "log", lines=2) == end
    assert log_end(tmp_path / "none") == "(nothing was written)"


def test_what_an_earlier_process_wrote_is_not_quoted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("listen: address already in use\n", encoding="utf-8")
    began = length(log)
    assert log_end(log, since=began) == "(nothing was written)"
    assert not says_port_taken(log, since=began)
    with log.open("a", encoding="utf-8") as file:
        file.write("no such database\n")
    assert log_end(log, since=began) == "no such database"
    log.write_text("short\n", encoding="utf-8")  # put aside meanwhile
    assert log_end(log, since=began) == "short"


@pytest.mark.parametrize(
    "line", ["listen tcp: bind: address already in use", "OSError: [Errno 98] Address already in use"]
)
def test_a_taken_port_is_known_by_what_the_log_says(line: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"{line}\n", encoding="utf-8")
    assert says_port_taken(tmp_path / "log")
    (tmp_path / "log").write_text("all is well\n", encoding="utf-8")
    assert not says_port_taken(tmp_path / "log")


async def test_a_log_that_is_too_long_is_put_aside_while_it_is_written(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    writer = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"
    with log.open("a", encoding="utf-8") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", writer, stdin=asyncio.subprocess.PIPE, stdout=file
        )
        assert process.stdin is not None
        process.stdin.write(b"before\n")
        await until(lambda: log.stat().st_size)
        put_aside(log, longest=3)
        process.stdin.write(b"after\n")
        process.stdin.close()
        await process.wait()
    assert (tmp_path / "part.log.old").read_text(encoding="utf-8") == "before\n"
    assert log.read_text(encoding="utf-8") == "after\n"
    put_aside(log, longest=300)
    assert log.read_text(encoding="utf-8") == "after\n", "a short one stays"


@pytest.mark.parametrize(
    ("code", "spanish"),
    [(137, "cayó por SIGKILL"), (3, "terminó con el código 3"), (128 + 99, "terminó con el código 227")],
)
def test_how_a_part_ended_is_said_in_spanish(code: int, spanish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "es_PE.UTF-8")
    assert how_it_ended(code) == spanish


@pytest.mark.parametrize(
    ("language", "titles"), [("en", ["The worker", "The desk"]), ("es", ["El worker", "El escritorio"])]
)
def test_a_program_is_called_as_people_call_it(
    language: str, titles: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)

    async def nobody() -> Client:
        raise AssertionError("nothing is started")

    parts = [program_part(one, port=None, env={}, log=tmp_path / "log", client=nobody) for one in (WORKER, DESK)]
    assert [part.title for part in parts] == titles
