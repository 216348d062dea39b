"""The user's cache folder: what costs minutes to make is made once for all homes, under a lock between processes."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from local.stack.voice import Say


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`$XDG_CACHE_HOME/complaint-desk`, or `~/.cache/complaint-desk`; made, and nobody else's business (0700)."""
    base = environ.get("XDG_CACHE_HOME", "")
    folder = (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "complaint-desk"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@asynccontextmanager
async def locked(path: Path, *, say: Say, waiting: str, every: float = 0.2) -> AsyncIterator[None]:
    """Holds the file lock `path` while the body runs; says `waiting` once if another process holds it.

    The lock is the kernel's: it is free again as soon as its holder is gone, however it went. `every` is in seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        told = False
        while not _taken(descriptor):
            if not told:
                say(waiting)
                told = True
            await asyncio.sleep(every)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
