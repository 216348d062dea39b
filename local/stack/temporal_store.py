"""Temporal's data beside the records: in schemas of their own of the same Postgres database.

One database, because a copy of it is one snapshot: runs and records of one moment, as `pg_dump` reads them. Trying
keeps Temporal's data in a file (SQLite) instead; `local.stack.temporal_program` says both to the server.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import asyncpg

from complaints.words.catalogue import _
from local.stack.child import Child, Order

SCHEMAS = {"default": ("temporal", "temporal"), "visibility": ("temporal_visibility", "visibility")}
"""Of each of Temporal's two stores: our schema of the database, and the folder of its tables in the server's module."""

PLUGIN = "postgres12_pgx"

SHARDS = 4
"""Fixed for ever at the first start (Temporal splits its runs among them): few, because each one polls."""

CONNECTIONS = {"default": 8, "visibility": 2}
"""At most, of each of the four services of the server: with our programs' they fit into Postgres' 100."""

KEPT = 1
"""Of them, while nothing happens: each one is a process of Postgres."""


class NoTables(RuntimeError):
    """Temporal's tables could not be made; the message says why."""


@dataclass(frozen=True)
class Records:
    """The Postgres database of the records, as Temporal's programs want it said."""

    address: str
    """Host and port. Without meaning where `socket` is the way."""
    socket: str | None
    user: str
    password: str
    database: str

    @classmethod
    def at(cls, dsn: str) -> "Records":
        """By a URL of ours."""
        url = urlsplit(dsn)
        address = f"{url.hostname or 'localhost'}:{url.port or 5432}"
        socket = dict(parse_qsl(url.query)).get("host")
        user, password = unquote(url.username or ""), unquote(url.password or "")
        return cls(address, socket, user, password, url.path.lstrip("/"))

    def attributes(self, schema: str) -> dict[str, str]:
        """What the connection says beyond address, name and password."""
        return {"search_path": schema, "sslmode": "disable", **({"host": self.socket} if self.socket else {})}


def persistence(dsn: str) -> dict[str, Any]:
    """The server's configuration of where its data is, over that database."""
    records = Records.at(dsn)
    return {
        "defaultStore": "default",
        "visibilityStore": "visibility",
        "numHistoryShards": SHARDS,
        "datastores": {
            store: {
                "sql": {
                    "pluginName": PLUGIN,
                    "databaseName": records.database,
                    "connectAddr": records.address,
                    "connectProtocol": "tcp",
                    "connectAttributes": records.attributes(schema),
                    "user": records.user,
                    "password": records.password,
                    "maxConns": CONNECTIONS[store],
                    "maxIdleConns": KEPT,
                }
            }
            for store, (schema, _folder) in SCHEMAS.items()
        },
    }


async def made_ready(tool: Path, dsn: str) -> None:
    """Temporal's tables, made or brought up to this server's version, before it starts. Safe to repeat.

    Args:
        tool: `temporal-sql-tool` of the server's own version.
        dsn: the database, of which our role is the owner.

    Raises:
        NoTables: the tool did not do it.
    """
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        known = [await _made_by(connection, schema) for schema, _folder in SCHEMAS.values()]
        if any(each != tool.name for each in known):
            for schema, _folder in SCHEMAS.values():
                await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            await asyncio.gather(*(_tables(tool, dsn, schema, folder) for schema, folder in SCHEMAS.values()))
            for schema, _folder in SCHEMAS.values():  # last: tables half made are made again
                await connection.execute(f"COMMENT ON SCHEMA {schema} IS '{tool.name}'")
        # The services of the server before this one count as living for 20 s, under ports that nobody answers.
        await connection.execute("DELETE FROM temporal.cluster_membership")
    finally:
        await connection.close()


async def forgotten(dsn: str) -> None:
    """Temporal's data taken away: its next start makes the tables anew, and open cases go on from their journals."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        for schema, _folder in SCHEMAS.values():
            await connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    finally:
        await connection.close()


async def _made_by(connection: "asyncpg.Connection[asyncpg.Record]", schema: str) -> str | None:
    """The tool that made the schema's tables, and when that was the last one; it stands in the schema's comment."""
    found: str | None = await connection.fetchval(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = $1", schema
    )
    return found


async def _tables(tool: Path, dsn: str, schema: str, folder: str) -> None:
    """Its first version, if there is none, then all later ones."""
    records = Records.at(dsn)
    host, port = records.address.rsplit(":", 1)
    command = [str(tool), "--plugin", PLUGIN, "--endpoint", host, "--port", port, "--user", records.user]
    command += ["--database", records.database, "--connect-attributes", urlencode(records.attributes(schema))]
    # The password in the environment: `ps` shows command lines to everybody.
    env = {"SQL_PASSWORD": records.password}
    for step in (("setup-schema", "-v", "0.0"), ("update-schema", "--schema-name", f"postgresql/v12/{folder}")):
        said, code = await Child.ran(Order([*command, *step], env=env))
        if code != 0:
            last = next((line for line in reversed(said) if line.strip()), str(code))
            raise NoTables(_("Temporal's tables could not be made in Postgres: {why}").format(why=last))
