"""For commands that set a stage of their own: run them with tripwires around, and see that nothing is left of them."""

import asyncio
import os
import select
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LIMIT = 120.0
"""Seconds for a whole command on a busy machine."""


@contextmanager
def tripwires() -> Iterator[dict[str, str]]:
    """An environment that names servers; whoever connects to one of them has tripped."""
    wires = {name: socket.create_server(("127.0.0.1", 0)) for name in ("temporal", "database", "smtp")}
    port = {name: wire.getsockname()[1] for name, wire in wires.items()}
    try:
        yield {
            "TEMPORAL_ADDRESS": f"127.0.0.1:{port['temporal']}",
            "TEMPORAL_NAMESPACE": "elsewhere",
            "DATABASE_URL": f"postgresql://u:p@127.0.0.1:{port['database']}/elsewhere",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port["database"]),
            "SMTP_URL": f"smtp://127.0.0.1:{port['smtp']}",
        }
        tripped, _, _ = select.select(list(wires.values()), [], [], 0)
        assert not tripped, f"contacted: {[name for name, wire in wires.items() if wire in tripped]}"
    finally:
        for wire in wires.values():
            wire.close()


@dataclass
class Running:
    """A command of `complaints` that runs, and all it has said."""

    process: asyncio.subprocess.Process
    temporary: Path
    said: list[str] = field(default_factory=list)

    async def says(self, words: str) -> str:
        """The first line with these words."""
        assert self.process.stdout is not None
        async with asyncio.timeout(LIMIT):
            while line := (await self.process.stdout.readline()).decode():
                self.said.append(line)
                if words in line:
                    return line
        raise AssertionError(f"{words!r} was not said, but: {''.join(self.said)}")

    async def ends(self) -> int:
        """Its exit code, once it has ended."""
        assert self.process.stdout is not None
        async with asyncio.timeout(LIMIT):
            self.said += (await self.process.stdout.read()).decode().splitlines(keepends=True)
            return await self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """As Ctrl-C in a terminal."""
        self.process.send_signal(number)

    @property
    def text(self) -> str:
        """Everything that was said so far."""
        return "".join(self.said)

    def left_behind(self) -> list[str]:
        """Files and processes that outlived it; none, if it cleans up."""
        return [str(path) for path in self.temporary.iterdir()] + processes_about(self.temporary)


@asynccontextmanager
async def running(arguments: list[str], *, temporary: Path, **environment: str) -> AsyncIterator[Running]:
    """That command of `complaints`, with both outputs as one, and a temporary folder of its own."""
    temporary.mkdir(exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "TMPDIR": str(temporary), "COMPLAINTS_HOME": str(temporary.parent / "home"), **environment},
        limit=16 * 1024 * 1024,
    )
    try:
        yield Running(process, temporary)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def processes_about(folder: Path) -> list[str]:
    """Command lines of living processes that name the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command:
            found.append(command)
    return found
