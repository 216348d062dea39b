"""Processor time of what a figure measures, which a busy machine stretches far less than the clock on the wall."""

import time
from pathlib import Path

from complaints.records.store import Store

PROC = Path("/proc")


class Processor:
    """This process, and the Postgres behind it with all its processes; without /proc, this process alone."""

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster

    @classmethod
    async def of(cls, store: Store) -> "Processor":
        """With the server that the store is connected to, on this machine."""
        async with store.connection() as connection:
            backend = await connection.fetchval("SELECT pg_backend_pid()")
        return cls(_parent_of(backend))

    def started(self) -> tuple[int, int]:
        """A moment from which to count; what this looking itself costs is before it."""
        theirs = sum(map(_spent_by, self._processes()))
        return time.process_time_ns(), theirs

    def since(self, moment: tuple[int, int]) -> float:
        """Milliseconds since then. Of a query's parallel workers, which end with it, nothing is known."""
        ours = time.process_time_ns()
        theirs = sum(map(_spent_by, self._processes()))
        return (ours - moment[0] + max(theirs - moment[1], 0)) / 1e6

    def _processes(self) -> list[int]:
        numbers = [int(each.name) for each in PROC.glob("[0-9]*")]
        return [number for number in numbers if _parent_of(number) == self._postmaster]


def _parent_of(process: int) -> int:
    try:  # proc(5): the name in brackets may hold anything, the parent stands two words after it
        return int((PROC / str(process) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, ValueError):  # it has just ended
        return 0


def _spent_by(process: int) -> int:
    try:  # its first number: nanoseconds on a processor
        return int((PROC / str(process) / "schedstat").read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError):
        return 0
