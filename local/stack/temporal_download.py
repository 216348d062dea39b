"""The `temporal` command as the Temporal SDK downloads it, kept in the user's cache."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from complaints.words.catalogue import _
from local.stack.cache import locked
from local.stack.child import Child, Order
from local.stack.voice import Passing, Say

#: A download that brings no byte for so long is given up (seconds).
NO_BYTE = 20.0
TELL_EVERY = 1.0

#: What the SDK names the file; it ends differently while it is being written.
PATTERN = "temporal-sdk-python-*"
UNFINISHED = ".downloading"

#: Run as a program of its own: the SDK's download cannot be watched or interrupted from within.
#: It starts the server that it downloaded; we only want the file. It ends without winding down: what the core still
#: has running may abort an interpreter that does, and the abort's last line would stand for the reason.
DOWNLOAD = """
import asyncio, os, sys
from temporalio.testing import WorkflowEnvironment

async def main():
    environment = await WorkflowEnvironment.start_local(download_dest_dir=sys.argv[1], dev_server_log_level="error")
    await environment.shutdown()

try:
    asyncio.run(main())
except Exception as error:
    print(error, file=sys.stderr, flush=True)
    os._exit(1)
os._exit(0)
"""


async def download(
    cache: Path, *, say: Say, program: Sequence[str] = (sys.executable, "-c", DOWNLOAD), no_byte: float = NO_BYTE
) -> Path | None:
    """The downloaded command; None, with a line that says why, if it cannot be had.

    Args:
        cache: the user's cache folder.
        say: told what happens.
        program: downloads into the folder that it gets as its argument.
        no_byte: seconds without a byte after which it is given up.
    """
    folder = cache / "temporal" / "cli"
    waiting = "Another process is downloading the `temporal` command; waiting for it …"
    async with locked(cache / "temporal" / "download.lock", say=say, waiting=waiting):
        if there := _finished(folder):
            return there
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.glob(f"*{UNFINISHED}"):
            left.unlink()  # of a process that was killed: we hold the lock, so nobody writes it
        say(Passing(_("downloading the `temporal` command …"), part="download"))
        child = await Child.start(Order([*program, str(folder)], grace=1))
        try:
            return await _watched(child, folder, say=say, no_byte=no_byte)
        finally:
            await child.stop()


async def _watched(child: Child, folder: Path, *, say: Say, no_byte: float) -> Path | None:
    output = asyncio.create_task(_last_line(child))
    size, grew, told = -1, time.monotonic(), time.monotonic()
    while not output.done():
        await asyncio.wait([output], timeout=min(0.5, no_byte / 4))
        now = time.monotonic()
        if (bytes_now := _size(folder)) != size:
            size, grew = bytes_now, now
        if now - grew > no_byte:
            say(_("The download was given up: no byte came for {n} seconds.").format(n=round(no_byte)))
            await child.kill()
            await output
            return None
        if now - told > TELL_EVERY and size > 0:
            told = now
            say(Passing(_("downloading, {megabytes} MB").format(megabytes=round(size / 1e6)), part="download"))
    there = _finished(folder)
    if there is None:
        why = output.result() or _("it says nothing")
        say(_("The `temporal` command could not be downloaded: {why}").format(why=why))
    return there


async def _last_line(child: Child) -> str:
    lines = [line async for line in child.lines() if line.strip()]
    await child.wait()
    return lines[-1] if lines else ""


def _finished(folder: Path) -> Path | None:
    return next((path for path in sorted(folder.glob(PATTERN)) if path.suffix != UNFINISHED), None)


def _size(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.iterdir())
    except FileNotFoundError:  # renamed between the two questions
        return 0
