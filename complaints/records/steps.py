"""A database brought from one schema to another, step by step: alembic runs them, on one connection, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from complaints.records.connection import AWAY, REFUSED, opened, translated
from complaints.records.errors import MigrationFailed
from complaints.records.grants import GRANTS, IS_OWNERS
from complaints.records.migrated import MIGRATIONS, ONE_MIGRATOR, Migrated, refuse_foreign
from complaints.records.schema import READ_VERSION, VERSION_TABLE


async def stepped(dsn: str, *, target: str) -> Migrated:
    """Bring the database to `target`. Raises what `migrate` raises."""
    # async_creator, so that asyncpg reads the DSN exactly as the store does (socket folders, sslmode).
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: opened(dsn, timeout=10, server_settings={"application_name": "complaints migrate"}),
        poolclass=NullPool,
    )
    try:
        with translated(), _unwrapped():
            async with engine.begin() as connection:
                return await _migrated(connection, target)
    finally:
        await engine.dispose()


async def _migrated(connection: AsyncConnection, target: str) -> Migrated:
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_MIGRATOR})
    before = await _version(connection)
    refuse_foreign(before)
    await connection.run_sync(_upgrade, target)
    if target == "head" and (await connection.execute(text(IS_OWNERS))).scalar():
        for grant in GRANTS:
            await connection.execute(text(grant))
    return Migrated(before=before, after=await _version(connection) or "")


@contextmanager
def _unwrapped() -> Iterator[None]:
    """What asyncpg raised, out of what SQLAlchemy made of it; a step that the database refused as `MigrationFailed`."""
    try:
        yield
    except DBAPIError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, asyncpg.PostgresError | asyncpg.InterfaceError):
            cause = cause.__cause__
        if cause is None or isinstance(cause, _TRANSLATED):
            raise cause or error from error
        raise MigrationFailed(f"The migration failed, and the database is as it was: {cause.args[0]}.") from error


_TRANSLATED = (*AWAY, *REFUSED, asyncpg.InsufficientPrivilegeError, asyncpg.InterfaceError)


def scripts() -> ScriptDirectory:
    """The steps as alembic sees them."""
    return ScriptDirectory.from_config(_config())


async def _version(connection: AsyncConnection) -> str | None:
    if (await connection.execute(text(f"SELECT to_regclass('{VERSION_TABLE}')"))).scalar() is None:
        return None
    found: str | None = (await connection.execute(text(READ_VERSION))).scalar()
    return found


def _upgrade(connection: Connection, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _config() -> Config:
    config = Config()
    # Doubled, because alembic's options are read with % interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
