"""Temporal's data beside the records: in schemas of their own of the same Postgres database.

One database, because a copy of it is one snapshot: runs and records of one moment, as `pg_dump` reads them. Trying
keeps Temporal's data in a file (SQLite) instead; `local.stack.temporal_program` says both to the server.
"""

import asyncio
from collections.abc import Sequence
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

# whole_indexes: of the visibility store, those over a column that may be empty. There are some fifty, because Temporal
# keeps columns in store for whatever search attribute somebody may think of, and each has an entry for every row.
_WHOLE_INDEXES = """
SELECT of_index.relname AS name, pg_get_indexdef(index.indexrelid) AS made, quote_ident(attribute.attname) AS over
FROM pg_index AS index
JOIN pg_class AS of_index ON of_index.oid = index.indexrelid
JOIN pg_class AS of_table ON of_table.oid = index.indrelid
JOIN pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = index.indkey[1]
WHERE of_table.relname = 'executions_visibility' AND of_table.relnamespace = to_regnamespace($1)
    AND index.indpred IS NULL AND NOT index.indisunique AND NOT attribute.attnotnull
ORDER BY name
"""

_NOTED = """
SELECT obj_description(oid, 'pg_class') FROM pg_class
WHERE relname = 'executions_visibility' AND relnamespace = to_regnamespace($1)
"""

KEPT = {"default": 4, "visibility": 2}
"""Of them, between two uses. With one, a life at eight at once opened eleven anew, each a new process of Postgres with
its password proven and its statements planned: a third of the life's processor time (decision 533)."""

KEPT_FOR = "10m"
"""… and for so long: each one is a process of Postgres, and a quiet host gives back what a busy hour has opened."""


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
                    "maxIdleConns": KEPT[store],
                    "maxConnLifetime": KEPT_FOR,
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
        await spare_indexes(connection, SCHEMAS["visibility"][0])
        # The services of the server before this one count as living for 20 s, under ports that nobody answers.
        await connection.execute("DELETE FROM temporal.cluster_membership")
    finally:
        await connection.close()


async def spare_indexes(connection: "asyncpg.Connection[asyncpg.Record]", schema: str) -> int:
    """Makes every index of the visibility store hold only the rows that have something in its column; how many.

    Each keeps its name, so that later versions of Temporal's tables find it, and answers the questions that Temporal
    asks of it: what is equal to something, or before or after it, is something. Safe to repeat; before the server
    starts, because each is made anew.
    """
    async with connection.transaction():
        whole = await connection.fetch(_WHOLE_INDEXES, schema)
        for index in whole:
            await connection.execute(f'DROP INDEX {schema}."{index["name"]}"')
            await connection.execute(f"{index['made']} WHERE {index['over']} IS NOT NULL")
    return len(whole)


async def knows_attributes(dsn: str, names: Sequence[str]) -> bool:
    """Whether these search attributes were registered before this start: then the server may keep in memory which there
    are, instead of asking its tables at each step of each case. False where its data is younger than they are."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        known = await connection.fetchval(_NOTED, SCHEMAS["visibility"][0])
    finally:
        await connection.close()
    return bool(known == _listed(names))


async def note_attributes(dsn: str, names: Sequence[str]) -> None:
    """Writes down that these are registered, beside what they are for: it is copied, and lost, with Temporal's data."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute(
            f"COMMENT ON TABLE {SCHEMAS['visibility'][0]}.executions_visibility IS '{_listed(names)}'"
        )
    finally:
        await connection.close()


def _listed(names: Sequence[str]) -> str:
    """Names of ours: letters alone."""
    return " ".join(sorted(names))


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
