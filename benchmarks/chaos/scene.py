"""Everything that a row of the matrix breaks: Temporal on a file, Postgres that waits for its disk, a mail server, and
workers in processes of their own (`complaints worker`, as in real use), with a wire between each two of them."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.client import Client

from benchmarks.chaos.catcher import Catcher, catcher
from benchmarks.chaos.wires import Wire, place_in, through, wire
from complaints.records.migrate import migrate
from complaints.records.store import Store
from local.stack import postgres as postgres_server
from local.stack.child import Child
from local.stack.postgres_place import PostgresPlace
from local.stack.postgres_user import NoPostgres
from local.stack.temporal_find import find_temporal
from local.stack.temporal_program import TemporalProgram
from local.stack.temporal_ready import NotReady
from local.stack.temporal_run import Running, Settings, run_temporal
from local.stack.voice import to_stderr
from starter.keys import ensure_ring
from workflows import names
from workflows.connection import connect
from workflows.key_ring import VARIABLE, Keys

READY_WITHIN = 900.0
"""Seconds for a worker to say that it is ready: two minutes were too few once, on a machine with other work."""

TRIES = 5
"""Starts of a server: each waits as long as `complaints up` does, which a machine with too much to do may exceed."""

AGAIN_HOURS = 2 / 3600
"""After which an uncertain letter is sent again here, instead of the policy's six hours: a line that breaks just
after the final dot was written leaves it so, where a machine is quick (docs/decisions.md 552)."""

COMPLAINTS = (sys.executable, "-m", "cli.main")


class Temporal:
    """A server on a file, killed and started again at the same address."""

    def __init__(self, program: TemporalProgram, folder: Path) -> None:
        self._program, self.folder = program, folder
        self._stack = AsyncExitStack()
        self.running: Running | None = None
        self._port: int | None = None

    async def start(self) -> None:
        """On what the last one left in the folder."""
        wanted = Settings(persistent=True, attributes=names.SEARCH_ATTRIBUTES, port=self._port)
        for left in reversed(range(TRIES)):
            try:
                self.running = await self._stack.enter_async_context(run_temporal(self._program, self.folder, wanted))
                break
            except NotReady:
                if not left:
                    raise
        assert self.running
        self._port = self.running.place.ports.frontend

    async def kill(self) -> None:
        """At once, as a machine that loses its power; its children too."""
        assert self.running
        await self.running.child.kill()
        await self._stack.aclose()
        self._stack, self.running = AsyncExitStack(), None

    def forget(self) -> None:
        """Its data are gone."""
        for file in self.folder.glob("temporal.sqlite*"):
            file.unlink()

    async def stop(self) -> None:
        """At the end."""
        await self._stack.aclose()

    @property
    def address(self) -> tuple[str, int]:
        """Of the server itself."""
        assert self._port
        return "127.0.0.1", self._port


async def started(place: PostgresPlace) -> Child:
    """A Postgres on that place, also where the machine is slow."""
    for left in reversed(range(TRIES)):
        await place.clear()
        try:
            return await postgres_server.start(place)
        except NoPostgres:
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


class Database:
    """A Postgres that can be made to crash, and comes back on its data."""

    def __init__(self, place: PostgresPlace, child: Child) -> None:
        self.place, self._child = place, child

    @property
    def dsn(self) -> str:
        """The complaints' database."""
        return self.place.dsn()

    async def crashes(self) -> None:
        """`immediate`: no checkpoint, no word to anybody; it comes back by its log."""
        os.kill(self._child.pid, signal.SIGQUIT)
        await self._child.wait()
        self._child = await started(self.place)

    async def says(self, *statements: str) -> None:
        """As the superuser, in the complaints' database."""
        import asyncpg

        connection = await asyncpg.connect(self.place.dsn(role="postgres"), timeout=60)
        try:
            for statement in ("SET default_transaction_read_only = off", *statements):
                await connection.execute(statement)
        finally:
            await connection.close()

    async def stop(self) -> None:
        """At the end."""
        await self._child.stop()


class Worker:
    """A process of the worker's; what it writes goes to a file in the scene's folder."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process, self.log = process, log
        self._reads: asyncio.Task[None] | None = None

    async def is_ready(self) -> None:
        """Waits until it says so, and then lets it talk."""
        assert self._process.stdout
        async with asyncio.timeout(READY_WITHIN):
            while line := await self._process.stdout.readline():
                if line.strip() == b"ready":
                    return
        raise RuntimeError(f"A worker ended before it was ready: {self.log.read_text(encoding='utf-8')[-2000:]}")

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    def signalled(self, number: signal.Signals) -> None:
        """SIGTERM, SIGSTOP, SIGCONT."""
        if self.alive:
            self._process.send_signal(number)

    async def killed(self) -> None:
        """SIGKILL."""
        self.signalled(signal.SIGKILL)
        await self._process.wait()

    async def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        return await self._process.wait()


@dataclass
class Scene:
    """What a row works with."""

    folder: Path
    temporal: Temporal
    database: Database
    mail: Catcher
    wires: dict[str, Wire]
    client: Client
    store: Store
    keys: Keys
    workers: list[Worker] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Of every program of this scene; it reaches everything through the wires."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COMPLAINTS_", "PG"))},
            "TEMPORAL_ADDRESS": f"127.0.0.1:{self.wires['temporal'].port}",
            "TEMPORAL_NAMESPACE": self.client.namespace,
            "TEMPORAL_CONFIG_FILE": os.devnull,
            "DATABASE_URL": through(self.database.dsn, self.wires["postgres"]),
            "SMTP_URL": f"smtp://127.0.0.1:{self.wires['mail'].port}?tls=none",
            "COMPLAINTS_HOME": str(self.folder / "home"),
            "COMPLAINTS_POLICY": str(self.folder / "policy.toml"),
            "LANGUAGE": "en",
            VARIABLE: str(self.keys.path),
        }

    async def works(
        self,
        program: Sequence[str] = (*COMPLAINTS, "worker"),
        *,
        cwd: Path | None = None,
        ready: bool = True,
        **environment: str,
    ) -> Worker:
        """One more worker, once it is ready."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *program, env={**self.environment(), **environment}, cwd=cwd,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        worker = Worker(process, log)
        self.workers.append(worker)
        if ready:
            await worker.is_ready()
        return worker

    async def runs(self, *arguments: str, code: Sequence[int] = (0,)) -> str:
        """What a command of `complaints` says. Raises RuntimeError for another exit code."""
        process = await asyncio.create_subprocess_exec(
            *COMPLAINTS, *arguments, env=self.environment(),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, errors = await process.communicate()
        if process.returncode not in code:
            raise RuntimeError(f"complaints {' '.join(arguments)}: {process.returncode}: {errors.decode()[-2000:]}")
        return said.decode()


@asynccontextmanager
async def scene(*, durable: bool = True) -> AsyncIterator[Scene]:
    """Everything up and empty, and nobody who works yet; all of it gone with the block."""
    program = await find_temporal(say=to_stderr, time_skipping=True)  # as the tests and `complaints up` find it
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True)))
        (folder / "home").mkdir(mode=0o700)
        (folder / "policy.toml").write_text(f"[letters]\nretry_hours = {AGAIN_HOURS}\n", encoding="utf-8")
        place = await PostgresPlace.prepared(folder / "pg", durable=durable)
        database = Database(place, await started(place))
        stack.push_async_callback(database.stop)
        await postgres_server.ensure_database(place)
        await migrate(database.dsn)
        temporal = Temporal(program, folder / "temporal")
        stack.push_async_callback(temporal.stop)
        await temporal.start()
        mail = await stack.enter_async_context(catcher())
        targets = {"postgres": place_in(database.dsn), "mail": ("127.0.0.1", mail.port), "temporal": temporal.address}
        wires = {name: await stack.enter_async_context(wire(*target)) for name, target in targets.items()}
        ensure_ring(folder / "home" / "payload.keys")
        keys = Keys(folder / "home" / "payload.keys")
        assert temporal.running
        client = await connect(
            address="{}:{}".format(*temporal.address), namespace=temporal.running.client.namespace, keys=keys
        )
        store = await Store.connect(database.dsn, max_size=4)
        stack.push_async_callback(store.close)
        made = Scene(folder, temporal, database, mail, wires, client, store, keys)
        try:
            yield made
        finally:
            for worker in made.workers:
                worker.signalled(signal.SIGCONT)
                await worker.killed()
