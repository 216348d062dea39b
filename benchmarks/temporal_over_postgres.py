"""The official Temporal server over Postgres, as `complaints init` has it: four shards, both stores, fsync."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from local.stack.child import Order
from local.stack.ports import free_ports
from local.stack.postgres import Postgres, ensure_database, start
from local.stack.postgres_place import PostgresPlace
from local.stack.temporal_build import build
from local.stack.temporal_program import KNOWN_ATTRIBUTES, FromSource, Place, server_config
from local.stack.temporal_server import TemporalServer
from local.stack.temporal_store import PLUGIN, spare_indexes
from workflows import names

SHARDS = 4
STORES = {"default": ("temporal", "temporal"), "visibility": ("temporal_visibility", "visibility")}
"""Of each datastore: its database, and the folder of its schema in the server's module."""


class _Roomy(PostgresPlace):
    """With room for the connections of a Temporal server and of every contestant."""

    def order(self) -> Order:
        order = super().order()
        return replace(order, command=[*order.command, "-c", "max_connections=400", "-c", "shared_buffers=256MB"])


@asynccontextmanager
async def roomy_postgres(home: Path) -> AsyncIterator[Postgres]:
    """A Postgres that waits for the disk, reached through a port."""
    home.mkdir(parents=True, mode=0o700)
    place = await _Roomy.prepared(home, port=free_ports(1)[0])
    child = await start(place)
    try:
        await ensure_database(place)
        yield Postgres(place, child)
    finally:
        await child.stop()


@dataclass(frozen=True)
class OverPostgres(FromSource):
    """The server that `complaints up` builds, with Postgres under it instead of SQLite."""

    host: str = ""
    password: str = ""
    user: str = ""

    def server_order(self, place: Place) -> Order:
        """As FromSource says it, with other stores."""
        order = super().server_order(place)
        config = server_config(place)
        config["persistence"] = {
            "defaultStore": "default",
            "visibilityStore": "visibility",
            "numHistoryShards": SHARDS,
            "datastores": {
                name: {
                    "sql": {
                        "pluginName": PLUGIN,
                        "databaseName": database,
                        "connectAddr": self.host,
                        "connectProtocol": "tcp",
                        "user": self.user,
                        "password": self.password,
                        "maxConns": 20,
                        "maxIdleConns": 20,
                    }
                }
                for name, (database, _) in STORES.items()
            },
        }
        self._write(place.folder / "server.yaml", config)
        return order


async def over(postgres: Postgres) -> OverPostgres:
    """The program, its two databases made. The schema comes from the tool that belongs to the server."""
    built = await build(say=lambda said: print(said, file=sys.stderr))
    at = urlsplit(postgres.dsn())
    host, user, password = f"{at.hostname}:{at.port}", at.username or "", at.password or ""
    for database, schema in STORES.values():
        await postgres.create_database(database)
        said = [str(built.tool), "--plugin", PLUGIN, "--ep", str(at.hostname), "--port", str(at.port)]
        said += ["--user", user, "--pw", password, "--db", database]
        await _run(*said, "setup-schema", "-v", "0.0")
        await _run(*said, "update-schema", "--schema-name", f"postgresql/v12/{schema}")
    visibility = await asyncpg.connect(postgres.dsn(STORES["visibility"][0]))
    try:
        await spare_indexes(visibility, "public")
    finally:
        await visibility.close()
    return OverPostgres(built.server, built.ui, host=host, user=user, password=password)


@asynccontextmanager
async def served(postgres: Postgres, folder: Path) -> AsyncIterator[TemporalServer]:
    """The server at its second start, which is how it runs from day to day: it knows our search attributes."""
    program = await over(postgres)
    async with TemporalServer.started(folder, attributes=names.SEARCH_ATTRIBUTES, program=program):
        pass
    store = await asyncpg.connect(postgres.dsn(STORES["default"][0]))
    try:
        await store.execute("DELETE FROM cluster_membership")  # as `made_ready` does, and for its reason
    finally:
        await store.close()
    async with TemporalServer.started(
        folder, attributes=names.SEARCH_ATTRIBUTES, dynamic=KNOWN_ATTRIBUTES, program=program
    ) as server:
        yield server


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed: {said.decode(errors='replace')[-1000:]}")
