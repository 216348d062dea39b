"""`complaints migrate`: brings a database to the schema that this program writes; one at a time, all or nothing.

An empty database gets the schema in one piece, `migrations/whole.sql`, which `make schema` writes from the steps: it is
the same, without alembic. One that has all of it is only looked at. So a start goes by steps only after an upgrade.
"""

from functools import cache
from pathlib import Path

import asyncpg

from complaints.records.connection import opened, translated
from complaints.records.errors import MigrationFailed
from complaints.records.grants import GRANTS, IS_OWNERS
from complaints.records.migrated import MIGRATIONS, ONE_MIGRATOR, Migrated, refuse_foreign
from complaints.records.schema import HEAD, READ_VERSION, VERSION_TABLE

WHOLE = MIGRATIONS / "whole.sql"
"""Its first line says of which revision it is; another than the newest is not used."""


async def migrate(dsn: str, *, target: str = "head") -> Migrated:
    """Bring the database to `target`. Safe to repeat and to run twice at once; all or nothing.

    Raises `Unreachable`, `DatabaseRefused`, `MigrationFailed`, or `DatabaseNewer`: a newer database is left alone.
    """
    if target == "head" and (done := await migrated_at_once(dsn)):
        return done
    from complaints.records.steps import stepped  # see tests/house/test_rooms.py, IMPORT_WITHIN

    return await stepped(dsn, target=target)


async def migrated_at_once(dsn: str) -> Migrated | None:
    """Where the database is empty or has the newest schema: brought to it. None: it has steps to go, and is as it was.

    Raises what `migrate` raises.
    """
    with translated():
        connection = await opened(dsn, timeout=10, server_settings={"application_name": "complaints migrate"})
        try:
            async with connection.transaction():
                return await _at_once(connection)
        finally:
            await connection.close()


async def _at_once(connection: "asyncpg.Connection[asyncpg.Record]") -> Migrated | None:
    await connection.execute("SELECT pg_advisory_xact_lock($1)", ONE_MIGRATOR)
    begun = await connection.fetchval(f"SELECT to_regclass('{VERSION_TABLE}')") is not None
    before: str | None = await connection.fetchval(READ_VERSION) if begun else None
    refuse_foreign(before)
    if before != HEAD:
        if begun or (whole := whole_of(WHOLE)) is None:
            return None
        await _made_whole(connection, whole)
    if await connection.fetchval(IS_OWNERS):
        for grant in GRANTS:
            await connection.execute(grant)
    return Migrated(before=before, after=HEAD)


async def _made_whole(connection: "asyncpg.Connection[asyncpg.Record]", whole: str) -> None:
    try:
        # A function may stand before the tables that it names: pg_dump's order.
        await connection.execute("SET LOCAL check_function_bodies = false")
        await connection.execute(whole)
    except asyncpg.PostgresError as error:
        raise MigrationFailed(f"The migration failed, and the database is as it was: {error.args[0]}.") from error


@cache
def whole_of(file: Path) -> str | None:
    """The newest schema in one piece; None where the file is of an older one, or not there."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return text if text.startswith(f"-- {HEAD}\n") else None
