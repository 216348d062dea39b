"""A terminal for tests of the command line: a home in which a stack runs, and commands in it, with what they print."""

import asyncio
import fcntl
import io
import json
import os
import secrets
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from temporalio.client import Client

import worker
from cli import main as cli
from complaints.records.store import Store
from complaints.settings import Settings
from local.stack.postgres import Postgres
from starter.home_keys import ring_of_home
from starter.pollers import pollers
from starter.stack_addresses import LOCK, Addresses, write_addresses
from tests.rings import keys_of
from tests.sink import Sink, sink
from tests.waiting import PATIENCE, becomes, comes


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """What it printed with --json."""
        return json.loads(self.out)


@dataclass
class Terminal:
    """A terminal in whose home a stack runs."""

    home: Path
    addresses: Addresses
    store: Store
    sink: Sink
    client: Client
    env: dict[str, str] = field(default_factory=dict)

    async def runs(self, *words: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
        """Runs `complaints WORDS --home …` in this process."""
        return await in_this_process([*words, "--home", str(self.home)], stdin=stdin, env={**self.env, **(env or {})})

    async def facts(self, *words: str, stdin: str | bytes = b"") -> Any:
        """What the command prints with --json; it must succeed."""
        ran = await self.runs(*words, "--json", stdin=stdin)
        assert ran.code == 0, ran.err or ran.out
        return ran.facts

    async def a_complaint(self, *words: str) -> str:
        """The number of a new complaint."""
        customer = ("--email", "rosa@correo.example", "--name", "Rosa Quispe")
        found = await self.facts("open", "--channel", "web", "--description", "Faltaron horas", *customer, *words)
        return str(found["number"])

    async def writes(self, number: str) -> None:
        """Waits until every row of it is in Postgres."""

        async def unwritten() -> object:
            return (await self.facts("status", number))["unwritten_rows"]

        await becomes(unwritten, 0)

    async def ends(self, number: str) -> None:
        """Waits until its run has ended."""
        await asyncio.wait_for(self.client.get_workflow_handle(number).result(), PATIENCE)


async def in_this_process(words: list[str], *, stdin: str | bytes = b"", env: Mapping[str, str]) -> Ran:
    """The command line in a thread: as a user's, without the second that a new interpreter takes."""
    content = stdin.encode() if isinstance(stdin, str) else stdin

    def run() -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with environment(env), _stdin(content), redirect_stdout(out), redirect_stderr(err):
            code = cli.run(words)
        return Ran(code, out.getvalue(), err.getvalue())

    return await asyncio.to_thread(run)


async def as_process(
    *words: str, env: Mapping[str, str], stdin: bytes = b"", cwd: Path | None = None, within: float = 120
) -> Ran:
    """The command line as a process of its own, which ends within so many seconds."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli.main",
        *words,
        env={**_clean(os.environ), **env},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=cwd,
    )
    out, err = await asyncio.wait_for(process.communicate(stdin), within)
    assert process.returncode is not None
    return Ran(process.returncode, out.decode(), err.decode())


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    named = ("COMPLAINTS_", "TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "DATABASE_URL", "SMTP_", "LANGUAGE", "PAYLOAD_")
    return {name: value for name, value in environ.items() if not name.startswith(named)} | {"LANGUAGE": "en"}


@contextmanager
def environment(env: Mapping[str, str]) -> Iterator[None]:
    """That environment, for this process: commands that run at once, each in its thread, must have the same one."""
    with _ENTERING:  # whoever looked before would see an environment that another is changing
        wanted = _clean(_INSIDE[0] if _INSIDE else os.environ) | dict(env)
        if _INSIDE:
            differing = {name for name, _ in {*os.environ.items()} ^ {*wanted.items()}} - {"PYTEST_CURRENT_TEST"}
            assert not differing, f"two commands at once share the process's environment, also {differing}"
        before = _INSIDE[0] if _INSIDE else dict(os.environ)
        _INSIDE.append(before)
        os.environ.clear()
        os.environ.update(wanted)
    try:
        yield
    finally:
        with _ENTERING:
            _INSIDE.pop()
            if not _INSIDE:
                os.environ.clear()
                os.environ.update(before)


_ENTERING = threading.Lock()
_INSIDE: list[dict[str, str]] = []
"""For each command that is running, the environment outside of them all."""


@contextmanager
def _stdin(content: bytes) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(content))
    try:
        yield
    finally:
        sys.stdin = before


@contextmanager
def a_home(home: Path, addresses: Addresses) -> Iterator[Path]:
    """A folder that looks as while a stack runs in it."""
    home.mkdir(parents=True, exist_ok=True)
    write_addresses(home, addresses)
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield home
    finally:
        os.close(descriptor)


@asynccontextmanager
async def a_terminal(
    client: Client, postgres: Postgres, template: str, home: Path, *, time_skipping: bool = False
) -> AsyncIterator[Terminal]:
    """A terminal with a worker on the queue `complaints`, a database and a mail server of its own."""
    name = f"cli_{secrets.token_hex(4)}"
    dsn = await postgres.create_database(name, template=template)
    async with sink() as mail:
        settings = Settings.from_env({"DATABASE_URL": dsn, "COMPLAINTS_SIMULATION": "1"})
        settings = settings.model_copy(update={"smtp": mail.smtp})
        addresses = Addresses(
            status="ready",
            pid=os.getpid(),
            temporal=client.service_client.config.target_host,
            namespace=client.namespace,
            database=dsn,
            smtp=f"smtp://127.0.0.1:{mail.port}",
            mailbox="http://127.0.0.1/",
            time_skipping=time_skipping,
        )
        store = await Store.connect(dsn, max_size=4)
        try:
            async with worker.working(client, settings, store=store) as working:
                # A worker that has only just begun has not asked for work yet, and `doctor` would say that none does.
                await comes(lambda: pollers(client, working.task_queue), "worker that asks for work")
                with a_home(home, addresses):
                    shutil.copy(keys_of(client).path, ring_of_home(home))
                    yield Terminal(home, addresses, store, mail, client)
        finally:
            await store.close()
    await postgres.drop_database(name)
