"""A guarded command dies with whoever asked for it, and says how it ended."""

import asyncio
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.stack.child import GUARD, Child, Order
from local.stack.finishing import gathered

#: Starts a grandchild in a session of its own, tells both numbers, and waits.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(os.getpid(), child.pid, file=open(sys.argv[1] + ".partial", "w"), flush=True)
os.rename(sys.argv[1] + ".partial", sys.argv[1])
time.sleep(600)
"""

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)


def lives(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:  # gone before it was opened, or while it was read
        return False
    return state not in ("Z", "X")


async def until_gone(*pids: int, limit: float = 30) -> float:
    """Seconds until all of them have ended; fails after `limit`."""
    started = time.monotonic()
    while any(lives(pid) for pid in pids):
        assert time.monotonic() - started < limit, f"still alive after {limit} s: {[pid for pid in pids if lives(pid)]}"
        await asyncio.sleep(0.02)
    return time.monotonic() - started


async def family_in(folder: Path) -> tuple[int, int]:
    """The numbers that FAMILY told."""
    while True:
        if (folder / "family").exists():
            parent, child = (folder / "family").read_text(encoding="ascii").split()
            return int(parent), int(child)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("program", "code", "because"),
    [
        ("pass", 0, "an ordinary end"),
        ("raise SystemExit(7)", 7, "its own code"),
        ("import os; os.kill(os.getpid(), 9)", 137, "a signal is 128 and its number"),
    ],
)
async def test_the_exit_code_is_the_commands_own(program: str, code: int, because: str) -> None:
    child = await Child.start(Order([sys.executable, "-c", program]))
    assert await child.wait() == code, because


async def test_a_missing_program_is_named_in_a_sentence() -> None:
    child = await Child.start(Order(["/no/such/program"]))
    assert [line async for line in child.lines()] == ["/no/such/program did not start: No such file or directory"]
    assert await child.wait() == 127


async def test_output_goes_to_a_log_that_only_its_owner_reads(tmp_path: Path) -> None:
    child = await Child.start(Order([sys.executable, "-c", "print('one line')"], log=tmp_path / "it.log"))
    assert await child.wait() == 0
    assert (tmp_path / "it.log").read_text(encoding="utf-8") == "one line\n"
    assert (tmp_path / "it.log").stat().st_mode & 0o777 == 0o600


async def test_stopping_asks_with_the_signal_that_the_command_understands() -> None:
    program = "import signal, sys, time; signal.signal(signal.SIGINT, lambda *_: sys.exit(5)); print('up', flush=True)"
    order = Order([sys.executable, "-c", f"{program}; time.sleep(600)"], stop_signal=signal.SIGINT)
    child = await Child.start(order)
    assert await anext(child.lines()) == "up"
    assert await child.stop() == 5


async def test_a_command_deaf_to_the_request_is_ended_after_its_grace() -> None:
    child = await Child.start(Order([sys.executable, "-c", STUBBORN], grace=0.3))
    assert await anext(child.lines()) == "deaf"
    started = time.monotonic()
    assert await child.stop() == 137
    assert 0.25 < time.monotonic() - started < 30


async def test_what_a_command_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    child = await Child.start(Order([sys.executable, "-c", FAMILY, str(tmp_path / "family")]))
    parent, grandchild = await family_in(tmp_path)
    await child.kill()
    await until_gone(parent, grandchild)


@pytest.mark.parametrize("program", [FAMILY, f"{STUBBORN.partition('print')[0]}\n{FAMILY}"], ids=["obedient", "deaf"])
async def test_all_end_when_the_asker_is_killed(tmp_path: Path, program: str) -> None:
    """`kill -9` of whoever asked: nobody is left to say anything, only the pipe closes."""
    order = Order([sys.executable, "-c", program, str(tmp_path / "family")], log=tmp_path / "log")
    asker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASKER, str(GUARD), order.as_json(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    parent, grandchild = await family_in(tmp_path)
    asker.kill()
    await asker.wait()
    await until_gone(parent, grandchild)


#: Holds the pipe as a supervisor does.
ASKER = """
import subprocess, sys
subprocess.Popen([sys.executable, "-I", "-S", *sys.argv[1:]], stdin=subprocess.PIPE, start_new_session=True).wait()
"""


async def test_the_command_does_not_outlive_its_guard(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere nothing ties a process to its parent")
    child = await Child.start(Order([sys.executable, "-c", "import time; time.sleep(600)"]))
    guard = int(Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
    os.kill(guard, signal.SIGKILL)
    await until_gone(child.pid)


async def test_a_lock_handed_to_the_guard_is_held_until_the_command_ends(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    program = "import time; print('up', flush=True); time.sleep(600)"
    child = await Child.start(Order([sys.executable, "-c", program], hold=(descriptor,)))
    assert await anext(child.lines()) == "up"
    os.close(descriptor)
    other = os.open(tmp_path / "lock", os.O_RDWR)
    with pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if sys.platform == "linux":
        links = [link.readlink() for link in Path(f"/proc/{child.pid}/fd").iterdir()]
        assert tmp_path / "lock" not in links, "only the guard holds it, not the command"
    await child.stop()
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


async def test_an_order_is_plain_json() -> None:
    order = Order(["a"], grace=3, folders={9: Path("/f")}, hold=(4,))
    assert json.loads(order.as_json()) == {
        "command": ["a"],
        "stop_signal": 15,
        "grace": 3,
        "folders": {"9": "/f"},
        "hold": [4],
    }


async def test_who_gathers_waits_for_each_to_put_away_what_it_began_however_often_it_is_cancelled() -> None:
    began, put_away = asyncio.Event(), asyncio.Event()
    told: list[str] = []

    async def begun() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            told.append("began to put away")
            await put_away.wait()
            told.append("put away")

    async def at_once() -> None:
        await asyncio.Event().wait()

    gathering = asyncio.create_task(gathered(gathered(begun(), at_once()), at_once()))
    await began.wait()
    for _ in range(3):
        gathering.cancel()
        for _ in range(10):  # turns of the loop: whatever would end now, does
            await asyncio.sleep(0)
    assert (gathering.done(), told) == (False, ["began to put away"])
    put_away.set()
    with pytest.raises(asyncio.CancelledError):
        await gathering
    assert told == ["began to put away", "put away"]


@pytest.mark.parametrize("turns", [1, 3, 10, 30])
async def test_a_start_that_is_cancelled_twice_leaves_nobody(tmp_path: Path, turns: int) -> None:
    held = os.open(tmp_path / "held", os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    order = Order([sys.executable, "-c", "import time; time.sleep(600)"], log=tmp_path / "it.log", hold=(held,))
    starting = asyncio.create_task(Child.start(order))
    for _ in range(turns):
        await asyncio.sleep(0)
    starting.cancel()
    await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    os.close(held)
    again = os.open(tmp_path / "held", os.O_RDWR)
    try:
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)  # its guard held it as long as it lived
    finally:
        os.close(again)
