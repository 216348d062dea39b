"""Pools of connections that outlive a test, as its database does.

A new connection is a process of Postgres that proves a password and knows no table, and neither side knows a statement:
of a complaint that is only opened that was four fifths of Postgres' work, and a seventh of Python's (decision 622).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg

from complaints.records.connection import Pool, pool
from complaints.records.store import Store


class Pools:
    """Those that the last test left, by database and size; each with one test at a time."""

    def __init__(self) -> None:
        self._of: dict[str, dict[int, Pool]] = {}

    def keep(self, dsn: str) -> None:
        """From now on the pools of this database are kept: it is emptied for the next test."""
        self._of.setdefault(dsn, {})

    async def taken(self, dsn: str, max_size: int) -> Pool:
        """One of this size."""
        return self._of.get(dsn, {}).pop(max_size, None) or await pool(dsn, max_size=max_size)

    async def left(self, dsn: str, taken: Pool) -> None:
        """Keeps it, unless a test closed it, has one of its connections still, or brought a second one."""
        kept, size = self._of.get(dsn), taken.get_max_size()
        idle = not taken.is_closing() and taken.get_size() == taken.get_idle_size()
        if kept is not None and size not in kept and idle and await _as_new(taken):
            kept[size] = taken
        else:
            await Store(taken).close()

    def processes(self, dsn: str) -> list[int]:
        """The ids of Postgres' own for the kept connections."""
        return [one.get_server_pid() for kept in self._of.get(dsn, {}).values() for one in _connections(kept)]

    async def forget(self, dsn: str) -> None:
        """Closes those of a database that will not be given again."""
        for kept in self._of.pop(dsn, {}).values():
            await Store(kept).close()

    async def close(self) -> None:
        """Closes all."""
        for dsn in list(self._of):
            await self.forget(dsn)


def _connections(of: Pool) -> "list[asyncpg.Connection[asyncpg.Record]]":
    holders = cast("Any", of)._holders
    return [holder._con for holder in holders if holder._con and not holder._con.is_closed()]


async def _as_new(taken: Pool) -> bool:
    """Takes back what a test set for its sessions, and forgets what they counted and how they went about statements.

    False where Postgres does not answer.
    """
    try:
        for one in _connections(taken):
            await one.execute("RESET ALL; DISCARD PLANS; SELECT pg_stat_force_next_flush()")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False
    return True


POOLS = Pools()
"""Those of this process."""


@asynccontextmanager
async def store_on(dsn: str, *, max_size: int = 8) -> AsyncIterator[Store]:
    """A store on that database, with the connections that the last test left where it was the same database."""
    taken = await POOLS.taken(dsn, max_size)
    try:
        yield Store(taken)
    finally:
        await POOLS.left(dsn, taken)
