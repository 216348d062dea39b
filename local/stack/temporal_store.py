"""Temporal's data beside the records: in schemas of their own of the same Postgres database.

One database, because a copy of it is one snapshot: runs and records of one moment, as `pg_dump` reads them. Trying
keeps Temporal's data in a file (SQLite) instead; `local.stack.temporal_program` says both to the server.
"""

import asyncio
import re
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

# of the visibility store, but for its key. There are some seventy, of which fifty are over columns that nobody fills:
# Temporal keeps them in store for whatever search attribute somebody may think of.
_INDEXES = """
SELECT of_index.relname AS name, split_part(pg_get_indexdef(index.indexrelid), ' WHERE ', 1) AS made,
    pg_get_expr(index.indpred, index.indrelid) AS holds, quote_ident(attribute.attname) AS over,
    format_type(attribute.atttypid, NULL) AS type, NOT attribute.attnotnull AS may_be_empty
FROM pg_index AS index
JOIN pg_class AS of_index ON of_index.oid = index.indexrelid
JOIN pg_class AS of_table ON of_table.oid = index.indrelid
JOIN pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = index.indkey[1]
WHERE of_table.relname = 'executions_visibility' AND of_table.relnamespace = to_regnamespace($1)
    AND NOT index.indisunique
ORDER BY name
"""

UNASKED = frozenset(
    {
        *("by_build_ids", "by_execution_time", "by_root_run_id", "by_root_workflow_id", "by_task_queue"),
        "by_workflow_type",  # nearly all are complaints, and whoever asks for these asks for those that run
    }
)
"""Indexes over columns by which nobody looks for a complaint, and which every row fills."""

_NUMBERS = re.compile(r"(temporal)?int\d\d")
"""Columns for search attributes that are numbers."""

FILLED = 85
"""Percent of a page of the visibility store that new rows take. A row is changed a moment after it comes; where the
change fits beside it, and is to no column that an index holds, no index gets another entry for it."""

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
    """Makes every index of the visibility store hold only what somebody looks for: rows that have something in its
    column, of yes and no the yes, of numbers those above 0, and of what nobody asks nothing. How many were others.

    Each keeps its name, so that later versions of Temporal's tables find it, and answers the questions that are asked
    of it: what is equal to something, or before or after it, is something. What no index holds is found by reading all
    rows. Safe to repeat; before the server starts, because each is made anew.
    """
    changed = 0
    async with connection.transaction():
        for index in await connection.fetch(_INDEXES, schema):
            if (holds := _holds(index)) in (None, index["holds"]):
                continue
            made = index["made"]
            if index["name"] in UNASKED:
                # Over a column that never changes: one of build ids made every change to a row one of all its indexes.
                made = f"CREATE INDEX {index['name']} ON {schema}.executions_visibility (namespace_id)"
            await connection.execute(f'DROP INDEX {schema}."{index["name"]}"')
            await connection.execute(f"{made} WHERE {holds}")
            changed += 1
        if changed:
            await connection.execute(f"ALTER TABLE {schema}.executions_visibility SET (fillfactor = {FILLED})")
    return changed


def _holds(index: "asyncpg.Record") -> str | None:
    """Which rows it is to hold, as Postgres writes it; None: all."""
    over: str = index["over"]
    if index["name"] in UNASKED:
        return "false"
    if not index["may_be_empty"]:
        return None
    if index["type"] == "boolean":
        return over
    return f"({over} > 0)" if _NUMBERS.fullmatch(over) else f"({over} IS NOT NULL)"


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
