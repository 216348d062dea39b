"""A real Postgres for the tests: one server a session, one database a test, cloned from a migrated template."""

import secrets
from collections.abc import AsyncIterator

import pytest

from complaints.records.migrate import migrate
from complaints.records.store import Store
from local.postgres import Postgres


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """The server of this session."""
    async with Postgres.started(tmp_path_factory.mktemp("pg"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
async def migrated_template(postgres: Postgres) -> str:
    """The name of a database with our schema, to be cloned."""
    await migrate(await postgres.create_database("migrated"))
    return "migrated"


@pytest.fixture
async def empty_database(postgres: Postgres) -> AsyncIterator[str]:
    """A database without any table, by its DSN."""
    name = f"empty_{secrets.token_hex(4)}"
    yield await postgres.create_database(name)
    await postgres.drop_database(name)


@pytest.fixture
async def fresh_database(postgres: Postgres, migrated_template: str) -> AsyncIterator[str]:
    """A migrated database of this test's own, by its DSN."""
    name = f"test_{secrets.token_hex(4)}"
    yield await postgres.create_database(name, template=migrated_template)
    await postgres.drop_database(name)


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[Store]:
    """A store on a fresh database."""
    store = await Store.connect(fresh_database)
    yield store
    await store.close()
