"""A whole stack in one home: found, kept running, stopped cleanly, gone when its supervisor is gone."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client

from local.stack.home import StackRefused
from local.stack.part import PartFailed
from local.stack.plan import Parts, Ports, Program
from local.stack.ports import LOOPBACK, free_ports
from local.stack.postgres import Postgres
from local.stack.supervisor import Stack
from local.stack.temporal_server import TemporalServer
from starter.stack_addresses import Addresses, find_stack, last_addresses, write_addresses
from tests.local.test_guard import lives, until_gone
from tests.waiting import until
from workflows import names


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


#: Stands in for the worker: writes down its environment and waits; has a child of its own.
STAND_IN = """
import json, os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
home = pathlib.Path(os.environ["COMPLAINTS_HOME"])
(home / "seen.partial").write_text(json.dumps({**os.environ, "child": child.pid}))
(home / "seen.partial").rename(home / "seen")
time.sleep(600)
"""

#: Stands in for `complaints migrate`: works only if the database it is told of works.
MIGRATE = """
import asyncio, os, asyncpg
async def main():
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz)")
    await connection.execute("INSERT INTO kept VALUES (now())")
    await connection.close()
asyncio.run(main())
"""

STOPS_WITHIN = 45.0
"""Seconds. Five or so where a processor is to spare, three times as many among eight busy programs."""

PARTS = Parts(
    records=False,
    first=[[sys.executable, "-c", MIGRATE]],
    beside=[],
    programs=[Program("worker", [sys.executable, "-c", STAND_IN])],
    attributes=names.SEARCH_ATTRIBUTES,
    durable=False,
    intake=["quejas@colegio.example"],
)

#: `complaints up` in a process of its own, with the parts above.
UP = """
import asyncio, sys
from pathlib import Path
from local.stack.supervisor import run_until_stopped
from tests.local.test_supervisor import PARTS
asyncio.run(run_until_stopped(Path(sys.argv[1]), parts=PARTS, time_skipping="--time-skipping" in sys.argv,
    on_ready=lambda addresses: print(addresses.model_dump_json(), flush=True)))
"""


@dataclass
class Up:
    """A running `up`."""

    process: asyncio.subprocess.Process
    addresses: Addresses
    home: Path

    def now(self) -> Addresses:
        """What the home says now."""
        last = last_addresses(self.home)
        assert last is not None
        return last

    async def line(self, text: str) -> None:
        """Waits until it has said a line with this text."""
        assert self.process.stderr is not None
        while text not in (await self.process.stderr.readline()).decode():
            assert self.process.returncode is None


def everything(addresses: Addresses) -> list[int]:
    """All processes that belong to it: the supervisor, its guards, the parts and their children."""
    from local.stack.guard import descendants

    return [addresses.pid, *descendants(addresses.pid)]


@asynccontextmanager
async def up(home: Path, *options: str) -> AsyncIterator[Up]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", UP, str(home), *options,
        env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = await process.stdout.readline()
        assert line, (await process.communicate())[1].decode()
        yield Up(process, Addresses.model_validate_json(line), home)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def rows(database: str) -> int:
    connection = await asyncpg.connect(database)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM kept"))
    finally:
        await connection.close()


async def test_a_stack_is_ready_when_it_says_so_and_gone_after_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with Stack.running(home, parts=PARTS) as stack:
        addresses = stack.addresses
        assert find_stack(home) == addresses
        client = await Client.connect(addresses.temporal, namespace=addresses.namespace)
        assert (await client.count_workflows(f"{names.LEVEL.name} = 1")).count == 0
        assert await rows(addresses.database) == 1, "what must come first has run"
        for name in ("smtp", "mailbox", "temporal_ui"):
            (await asyncio.open_connection(LOOPBACK, addresses.ports[name]))[1].close()
        assert set(addresses.pids) == {"postgres", "temporal", "temporal_ui", "mail", "worker"}
        await until((home / "seen").exists)
        seen = json.loads((home / "seen").read_text(encoding="utf-8"))
    await until_gone(*addresses.pids.values(), seen["child"])
    assert find_stack(home) is None
    assert seen["TEMPORAL_ADDRESS"] == addresses.temporal
    assert seen["DATABASE_URL"] == addresses.database
    assert seen["SMTP_URL"] == addresses.smtp
    assert seen["COMPLAINTS_HOME"] == str(home)
    for secret in (home / "stack.json", home / "postgres.json"):
        assert secret.stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert {log.stat().st_mode & 0o077 for log in (home / "logs").iterdir()} == {0}


@pytest.mark.slow
async def test_each_part_that_is_killed_is_started_again_and_one_line_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    home = tmp_path / "home"
    titles = {"postgres": "Postgres", "temporal": "Temporal", "temporal_ui": "Temporal's page"}
    titles |= {"mail": "The mail catcher", "worker": "The worker"}
    async with Stack.running(home, parts=PARTS, say=said.append) as stack:
        for name, title in titles.items():
            before = stack.addresses.pids[name]
            os.kill(before, signal.SIGKILL)
            line = f"{title} was killed by SIGKILL; it was started again."
            await until(lambda line=line: line in said)  # type: ignore[misc]
            assert said.count(line) == 1
            after = find_stack(home)
            assert after is not None
            assert after.pids[name] != before
            assert lives(after.pids[name])
        client = await Client.connect(stack.addresses.temporal)
        await client.start_workflow("W", id="w", task_queue="q")
        assert await rows(stack.addresses.database) == 1
        (await asyncio.open_connection(LOOPBACK, stack.addresses.ports["smtp"]))[1].close()
    assert len(said) == len(titles), said


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_stops_everything_soon_and_the_next_start_goes_on(
    number: signal.Signals, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    async with up(home) as first:
        client = await Client.connect(first.addresses.temporal)
        await client.start_workflow("W", id="kept", task_queue="q")
        processes = everything(first.addresses)
        assert len(processes) > 10
        started = time.monotonic()
        first.process.send_signal(number)
        assert await first.process.wait() == 0
        assert time.monotonic() - started < STOPS_WITHIN
        await until_gone(*processes, limit=30)
    async with up(home) as second:
        assert second.addresses.ports == first.addresses.ports, "the same addresses as before"
        client = await Client.connect(second.addresses.temporal)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
        assert await rows(second.addresses.database) == 2


@pytest.mark.slow
async def test_after_a_kill_nothing_is_left_and_the_next_start_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with up(home) as first:
        client = await Client.connect(first.addresses.temporal)
        await client.start_workflow("W", id="kept", task_queue="q")
        processes = everything(first.addresses)
        first.process.kill()
        await first.process.wait()
        # At once: the next start has to wait for what is left of the first by itself.
        async with up(home) as second:
            await until_gone(*processes, limit=30)
            client = await Client.connect(second.addresses.temporal)
            assert (await client.get_workflow_handle("kept").describe()).id == "kept"
            processes = everything(second.addresses)
            second.process.kill()
            await until_gone(*processes, limit=30)
    assert find_stack(home) is None


@pytest.mark.slow
async def test_a_second_start_in_the_same_home_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with Stack.running(home, parts=PARTS) as stack:
        with pytest.raises(StackRefused, match=rf"already runs in {home} \(process {os.getpid()}\)"):
            async with Stack.running(home, parts=PARTS):
                pass
        assert find_stack(home) == stack.addresses, "the first is as it was"


@pytest.mark.slow
async def test_a_signal_while_it_starts_stops_what_has_started(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "LANGUAGE": "en"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", UP, str(home), env=env, stderr=asyncio.subprocess.PIPE
    )
    await until(lambda: (last := last_addresses(home)) is not None and "postgres" in last.pids)
    processes = everything(last_addresses(home) or pytest.fail("nothing was written"))
    process.terminate()
    _, said = await process.communicate()
    assert process.returncode == 0
    assert b"Stopped before everything had started." in said
    await until_gone(*processes, limit=30)


@pytest.mark.parametrize(("first", "then"), [(False, True), (True, False)], ids=["real first", "played first"])
async def test_real_and_played_cases_never_share_a_home(first: bool, then: bool, tmp_path: Path) -> None:
    write_addresses(tmp_path, example(time_skipping=first))
    with pytest.raises(StackRefused, match=r"(?i)choose another --home"):
        async with Stack.running(tmp_path, parts=PARTS, time_skipping=then):
            pass
    assert {path.name for path in tmp_path.iterdir()} == {"stack.json"}, "nothing was begun"


def example(*, time_skipping: bool = False, ports: dict[str, int] | None = None) -> Addresses:
    return Addresses(
        status="stopped", pid=1, temporal="127.0.0.1:1", database="postgresql://u:p@127.0.0.1/d", smtp="smtp://127.0.0.1:2",
        mailbox="http://127.0.0.1:3/", time_skipping=time_skipping, ports=ports or {},
    )  # fmt: skip


async def test_a_port_that_was_asked_for_and_is_taken_is_refused(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _, __: None, LOOPBACK, 0)
    taken = server.sockets[0].getsockname()[1]
    with pytest.raises(StackRefused, match=f"Port {taken} for smtp is taken"):
        async with Stack.running(tmp_path / "home", parts=PARTS, ports=Ports(smtp=taken)):
            pass
    server.close()


async def test_ports_are_the_ones_asked_for_else_the_last_else_free(tmp_path: Path) -> None:
    wished, remembered, busy = free_ports(3)
    server = await asyncio.start_server(lambda _, __: None, LOOPBACK, busy)
    write_addresses(tmp_path, example(ports={"smtp": wished, "mailbox": remembered, "temporal": busy}))
    ports = Stack(tmp_path, ports=Ports(temporal_ui=wished))._choose_ports()
    server.close()
    assert ports["temporal_ui"] == wished
    assert ports["mailbox"] == remembered
    assert ports["temporal"] != busy
    assert len(set(ports.values()) - {wished}) == 3 or ports["smtp"] == wished


async def test_what_must_come_first_and_fails_is_told_with_its_reason(tmp_path: Path) -> None:
    broken = Parts(
        first=[[sys.executable, "-c", "raise SystemExit('no such column: stage')"]],
        programs=[],
        beside=[],
        durable=False,
    )
    with pytest.raises(PartFailed, match="no such column: stage"):
        async with Stack.running(tmp_path / "home", parts=broken):
            pass
    last = last_addresses(tmp_path / "home")
    assert last is not None
    assert last.status == "stopped"


async def test_a_program_that_ends_at_its_start_is_told_with_its_reason(tmp_path: Path) -> None:
    program = Program("worker", [sys.executable, "-c", "raise SystemExit('no policy')"], task_queue="complaints")
    with pytest.raises(PartFailed, match=r"The worker ended with code 1 at its start.*no policy"):
        async with Stack.running(
            tmp_path / "home", parts=Parts(first=[], beside=[], programs=[program], durable=False, temporal_ui=False)
        ):
            pass


#: Stands in for the worker where it matters that it polls.
POLLER = """
import asyncio, os
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

@workflow.defn(sandboxed=False)
class Answer:
    @workflow.run
    async def run(self) -> int:
        return 42

async def main():
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    await Worker(client, task_queue="complaints", workflows=[Answer]).run()

asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_worker_is_ready_when_it_asks_for_work(tmp_path: Path) -> None:
    (tmp_path / "poller.py").write_text(POLLER, encoding="utf-8")
    program = Program("worker", [sys.executable, str(tmp_path / "poller.py")], task_queue="complaints", grace=1)
    async with Stack.running(
        tmp_path / "home", parts=Parts(first=[], beside=[], programs=[program], durable=False)
    ) as stack:
        client = await Client.connect(stack.addresses.temporal)
        assert await client.execute_workflow("Answer", id="w", task_queue="complaints") == 42


async def test_time_is_never_skipped_on_somebody_elses_server(tmp_path: Path) -> None:
    elsewhere = Parts(temporal_address="temporal.example:7233")
    with pytest.raises(StackRefused, match="needs a Temporal of our own"):
        async with Stack.running(tmp_path / "home", parts=elsewhere, time_skipping=True):
            pass
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
async def test_a_stack_uses_the_servers_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        TemporalServer.started(tmp_path / "temporal") as temporal,
        Postgres.started(tmp_path / "database", durable=False) as database,
    ):
        monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.address)
        parts = replace(PARTS, temporal_address=temporal.address, database_url=database.dsn(), attributes=())
        async with Stack.running(tmp_path / "home", parts=parts) as stack:
            assert set(stack.addresses.pids) == {"mail", "worker"}
            assert stack.addresses.temporal == temporal.address
            assert stack.addresses.temporal_ui is None
            assert await rows(stack.addresses.database) == 1
            await until((tmp_path / "home" / "seen").exists)
            seen = json.loads((tmp_path / "home" / "seen").read_text(encoding="utf-8"))
            assert seen["TEMPORAL_ADDRESS"] == temporal.address
    assert not (tmp_path / "home" / "postgres").exists()


@pytest.mark.slow
async def test_exit_codes_are_true(tmp_path: Path) -> None:
    """Refused is 1 by whoever catches it; here it is enough that nothing hangs and nothing crashes at the end."""
    home = tmp_path / "home"
    for _ in range(3):
        async with up(home, "--time-skipping") as running:
            running.process.terminate()
            assert await running.process.wait() == 0
