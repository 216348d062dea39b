"""A real Postgres for the tests: one server a process of pytest's, one migrated database a test.

Copying the template costs 0.1 s of processor time and a checkpoint, emptying a database 2 ms: so one that a test left
behind is emptied and given to the next, unless that test changed its schema.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from complaints.records.migrate import migrate
from complaints.records.store import Store
from local.stack.postgres import Postgres
from local.stack.postgres_place import SUPERUSER
from tests.pools import POOLS, store_on

SHAPE = """
SELECT md5(string_agg(part, E'\\n' ORDER BY part)) FROM (
    SELECT concat_ws(' ', relname, relkind, relacl, relrowsecurity) AS part FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull, attacl, attisdropped)
        FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', proname, prosrc, proacl) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', nspname, nspacl) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
    UNION ALL SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT concat_ws(' ', datacl, datallowconn, datconnlimit) FROM pg_database
        WHERE datname = current_database()
    UNION ALL SELECT 'version ' || version_num FROM alembic_version
) AS parts
"""
"""A digest of all that a migration makes."""

EMPTY = """
DO $$ DECLARE kept record; BEGIN
    FOR kept IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', kept.relname); END LOOP;
    FOR kept IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', kept.relname); END LOOP;
END $$
"""

ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND pid <> ALL($1::int[])
"""
"""Whoever a test left behind has nothing to say to the next one, but for the connections that it will have."""


class Databases:
    """Migrated databases of one server, each given to one test at a time."""

    def __init__(self, server: Postgres, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._shape: str | None = None
        self._keepers: dict[str, asyncpg.Connection] = {}

    async def given(self) -> str:
        """The name of an empty, migrated database."""
        if self._free:
            return self._free.pop()
        name = f"test_{secrets.token_hex(4)}"
        POOLS.keep(await self._server.create_database(name, template=self._template))
        return name

    async def taken_back(self, name: str) -> None:
        """Empties it for the next test; what a test has reshaped goes."""
        keeper = await self._keeper(name)
        if await self._is_as_made(keeper):
            await keeper.execute(EMPTY)
            self._free.append(name)
        else:
            await POOLS.forget(self._server.dsn(name))
            await self._keepers.pop(name).close()
            await self._server.drop_database(name)

    async def _keeper(self, name: str) -> asyncpg.Connection:
        """The only connection to it: one that stays for the next time, when its backend knows the catalogue."""
        kept = POOLS.processes(self._server.dsn(name))
        if name in self._keepers:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # a test ends what it finds
                await self._keepers[name].execute(ALONE, kept)
                return self._keepers[name]
        self._keepers[name] = keeper = await asyncpg.connect(
            self._server.place.dsn(name, role=SUPERUSER), timeout=60,
            server_settings={"session_replication_role": "replica"},
        )  # fmt: skip
        await keeper.execute(ALONE, kept)
        return keeper

    async def close(self) -> None:
        """Lets go of all of them."""
        await POOLS.close()
        for keeper in self._keepers.values():
            await keeper.close()

    async def _is_as_made(self, connection: asyncpg.Connection) -> bool:
        if self._shape is None:
            template = await asyncpg.connect(self._server.place.dsn(self._template, role=SUPERUSER), timeout=60)
            try:
                self._shape = await template.fetchval(SHAPE)
            finally:
                await template.close()
        return bool(await connection.fetchval(SHAPE) == self._shape)


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """The server of this process."""
    async with Postgres.started(tmp_path_factory.mktemp("pg"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
async def migrated_template(postgres: Postgres) -> str:
    """The name of a database with our schema, to be cloned."""
    await migrate(await postgres.create_database("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
async def databases(postgres: Postgres, migrated_template: str) -> AsyncIterator[Databases]:
    """The databases of this process's tests."""
    databases = Databases(postgres, migrated_template)
    yield databases
    await databases.close()


@pytest.fixture
async def empty_database(postgres: Postgres) -> AsyncIterator[str]:
    """A database without any table, by its DSN."""
    name = f"empty_{secrets.token_hex(4)}"
    yield await postgres.create_database(name)
    await postgres.drop_database(name)


@pytest.fixture
async def fresh_database(postgres: Postgres, databases: Databases) -> AsyncIterator[str]:
    """A migrated, empty database of this test's own, by its DSN."""
    name = await databases.given()
    yield postgres.dsn(name)
    await databases.taken_back(name)


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[Store]:
    """A store on a fresh database."""
    async with store_on(fresh_database) as store:
        yield store
