"""A Postgres of our own on this machine, for as long as a block of code runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from local.stack.child import Child
from local.stack.logs import log_end
from local.stack.postgres_place import DAILY_ROLE, ROLE, SUPERUSER, PostgresPlace
from local.stack.postgres_user import NoPostgres

#: Seconds for a start, and for a connection; after a crash the server first reads what it had written ahead.
LIMIT = 60.0


class Postgres:
    """A running server with the role `complaints` and a database of that name."""

    def __init__(self, place: PostgresPlace, child: Child) -> None:
        self.place = place
        self._child = child

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._child.pid

    @classmethod
    @asynccontextmanager
    async def started(
        cls, home: Path, *, port: int | None = None, durable: bool = True, log: Path | None = None
    ) -> "AsyncIterator[Postgres]":
        """Starts the server in `<home>/postgres`, made if missing; stops it with the block.

        Args:
            home: the folder of the whole stack; 0700.
            port: on loopback; None: a socket in the home, or a free port where the socket's path would be too long.
            durable: False for tests: faster, and lost with the machine's power.
            log: default `<home>/postgres.log`.

        Raises:
            NoPostgres: it cannot run here; the message says why.
        """
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = await PostgresPlace.prepared(home, log=log, port=port, durable=durable)
        await place.clear()
        child = await start(place)
        try:
            await ensure_database(place)
            yield cls(place, child)
        finally:
            await child.stop()

    def dsn(self, database: str = ROLE) -> str:
        """A URL for asyncpg, as the role that owns the database."""
        return self.place.dsn(database)

    async def create_database(self, name: str, *, template: str | None = None) -> str:
        """A new database, copied from `template` (to which nobody may be connected); its URL."""
        await create_database(self.place, name, template=template)
        return self.dsn(name)

    async def drop_database(self, name: str) -> None:
        """Removes the database, whoever is connected to it."""
        async with connected(self.place) as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def start(place: PostgresPlace) -> Child:
    """The server, once it takes connections.

    Raises:
        NoPostgres: it ended, or was not ready in time.
    """
    try:
        async with asyncio.timeout(LIMIT):
            while True:
                child = await Child.start(place.order())
                try:
                    if await is_up(place, alive=child.is_running):
                        return child
                except asyncio.CancelledError:  # too late, or told to stop: nobody else knows of this child
                    await child.stop()
                    raise
                if "pre-existing shared memory block" not in log_end(place.log):
                    raise NoPostgres(f"Postgres did not start. Its log ends: {log_end(place.log)}")
                await asyncio.sleep(0.2)  # a killed server's last processes are still going down
    except TimeoutError:
        raise NoPostgres(f"Postgres was not ready in {LIMIT:.0f} s. Its log ends: {log_end(place.log)}") from None


async def is_up(place: PostgresPlace, *, alive: Callable[[], bool] = lambda: True) -> bool:
    """True once the server takes connections; False when it has ended before."""
    while alive():
        if place.is_up():
            return True
        await asyncio.sleep(0.02)
    return False


async def ensure_database(place: PostgresPlace) -> None:
    """The role and its database, if they are missing."""
    async with connected(place) as connection:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", ROLE):
            password = place.passwords[ROLE]
            await connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE PASSWORD '{password}'")
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", DAILY_ROLE):
            await connection.execute(f"CREATE ROLE {DAILY_ROLE} LOGIN PASSWORD '{place.passwords[DAILY_ROLE]}'")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", ROLE):
            await connection.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")


async def create_database(place: PostgresPlace, name: str, *, template: str | None = None) -> None:
    """A new database of our role, empty or a copy."""
    copy = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    async with connected(place) as connection:
        await connection.execute(f'CREATE DATABASE "{name}" OWNER {ROLE}{copy}')


@asynccontextmanager
async def connected(place: PostgresPlace) -> "AsyncIterator[asyncpg.Connection]":
    """A connection as superuser to the maintenance database."""
    connection = await asyncpg.connect(place.dsn("postgres", role=SUPERUSER), timeout=LIMIT)
    try:
        yield connection
    finally:
        await connection.close()
