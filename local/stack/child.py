"""A child process under a guard process: its output kept, stopped within its grace, ended with us even by `kill -9`."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from local.stack.finishing import to_its_end
from local.stack.logs import length

GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True)
class User:
    """Whom a child runs as; only root can choose."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Order:
    """What to run and how it wants to be stopped. Times are seconds."""

    command: Sequence[str]
    #: None: ours. Given: the whole environment of the child.
    env: Mapping[str, str] | None = None
    #: Its output is appended here; None: it can be read with `Child.lines`.
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    #: From the request to stop until SIGKILL.
    grace: float = 10.0
    user: User | None = None
    #: Folders handed on as open directories: {9: folder} is /proc/self/fd/9 in the child (see guard.py).
    folders: Mapping[int, Path] = field(default_factory=dict)
    cwd: Path | None = None
    #: Open files that the guard keeps open as long as the command runs: so a lock stays held by those who still work.
    hold: tuple[int, ...] = ()

    def as_json(self) -> str:
        """The order as the guard reads it."""
        order: dict[str, object] = {
            "command": list(self.command),
            "stop_signal": int(self.stop_signal),
            "grace": self.grace,
            "hold": list(self.hold),
            "folders": {str(number): str(folder) for number, folder in self.folders.items()},
        }
        if self.log:
            order["log"] = str(self.log)
        if self.user:
            order["user"] = {"uid": self.user.uid, "gid": self.user.gid}
        return json.dumps(order)


class Child:
    """A running command and its guard."""

    def __init__(self, guard: asyncio.subprocess.Process, pid: int, order: Order, log_began: int = 0) -> None:
        self._guard = guard
        #: Bytes of its log that others had written before.
        self.log_began = log_began
        #: Process id of the command itself, not of its guard.
        self.pid = pid
        self.order = order

    @classmethod
    async def start(cls, order: Order) -> "Child":
        """Starts the command. That it exists only shows in its output: a missing program ends with code 127."""
        began = length(order.log)
        opening = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                sys.executable,
                *("-I", "-S", str(GUARD), order.as_json()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=None if order.log else asyncio.subprocess.PIPE,
                env=None if order.env is None else dict(order.env),
                cwd=order.cwd,
                start_new_session=True,
                pass_fds=order.hold,
                limit=1024 * 1024,
            )
        )
        try:
            guard = await asyncio.shield(opening)
            assert guard.stdout is not None
            report = await guard.stdout.readline()
        except BaseException:
            await to_its_end(_put_away(opening))
            raise
        if not report:
            raise OSError(f"{order.command[0]} could not be put under guard: code {await guard.wait()}")
        return cls(guard, json.loads(report)["pid"], order, began)

    @classmethod
    async def ran(cls, order: Order) -> tuple[list[str], int]:
        """Runs a command without a log to its end: its output and exit code. Cancelled, it stops the command."""
        child = await cls.start(order)
        try:
            said = [line async for line in child.lines()]
            return said, await child.wait()
        finally:
            await to_its_end(child.stop())

    async def lines(self) -> AsyncIterator[str]:
        """The command's output as it comes, to its end; only without a log."""
        assert self._guard.stderr is not None
        async for line in self._guard.stderr:
            yield line.decode(errors="replace").rstrip()

    def is_running(self) -> bool:
        """Whether the command has not ended yet."""
        return self._guard.returncode is None

    async def wait(self) -> int:
        """The command's exit code, once it ended (128 + number when a signal killed it)."""
        return await self._guard.wait()

    async def stop(self) -> int:
        """Asks the command to stop, waits, ends it by force after its grace; its exit code."""
        with suppress(ProcessLookupError):
            self._guard.send_signal(signal.SIGTERM)
        return await self.wait()

    async def kill(self) -> int:
        """Ends the command at once, as a crash would; its exit code."""
        if self.is_running():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        return await self.wait()


async def _put_away(opening: "asyncio.Future[asyncio.subprocess.Process]") -> None:
    """Nobody will hold this child: its guard ends it, and we see to it that it has."""
    await asyncio.wait([opening])
    if opening.exception() is None:
        guard = opening.result()
        assert guard.stdin is not None
        guard.stdin.close()
        await guard.wait()
