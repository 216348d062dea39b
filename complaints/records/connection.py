"""The pool of connections, and every way in which a database does not answer, as errors of ours."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import asyncpg

from complaints.records.errors import DatabaseRefused, SchemaOutOfDate, StatementRefused, Unreachable
from complaints.records.keepable import as_json
from complaints.records.schema import READ_VERSION, VERSION_TABLE

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:  # the classes are generic only to the type checker
    Connection, Pool = asyncpg.pool.PoolConnectionProxy, asyncpg.Pool

CONNECT_WITHIN = timedelta(seconds=10)
ANSWER_WITHIN = timedelta(seconds=15)
"""Shorter than any activity's start-to-close: a stuck statement ends before the activity is tried elsewhere."""
LOCK_WITHIN = timedelta(seconds=5)
CLOSE_WITHIN = timedelta(seconds=5)
IDLE_IN_TRANSACTION = timedelta(seconds=30)

AWAY = (
    OSError,  # and with it TimeoutError: command_timeout, connect timeout, pool.acquire
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # statement_timeout, shutdown, starting up
    asyncpg.InsufficientResourcesError,  # too many connections, disk full
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,  # deadlock, serialisation
    asyncpg.InternalClientError,  # the connection was cut between two states of the protocol
    asyncpg.ReadOnlySQLTransactionError,  # a standby, or a primary being switched over
)
REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what asyncpg raises into `Unreachable` (wait) or `DatabaseRefused` (mend a setting), without secrets."""
    try:
        yield
    except REFUSED as error:
        raise DatabaseRefused(f"The database refused us: {error}. Check DATABASE_URL.") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise DatabaseRefused(
            f"The database does not let our role do that: {error}. Grant it as the database guide says."
        ) from error
    except asyncpg.exceptions.ClientConfigurationError as error:
        raise DatabaseRefused(
            "DATABASE_URL is not understood: it should read postgresql://user:password@host:5432/name."
        ) from error
    except AWAY as error:
        raise Unreachable(
            f"The database does not answer ({type(error).__name__}): start it, or wait until it is back."
        ) from error
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
        raise SchemaOutOfDate("The database lacks tables that this program uses: run `complaints migrate`.") from error
    except asyncpg.InterfaceError as error:
        if isinstance(error, ValueError):  # a parameter of a wrong type; the message quotes the value
            parameter = re.search(r"\$\d+", str(error))
            said = f" ({parameter[0]})" if parameter else ""
            raise StatementRefused(f"A value is not what its column holds{said}, and nothing was changed.") from None
        raise Unreachable(f"The connection to the database is gone ({type(error).__name__}): try again.") from error
    except asyncpg.PostgresError as error:
        place = ".".join(filter(None, (error.table_name, error.column_name, error.constraint_name)))
        said = " ".join(filter(None, (type(error).__name__, place)))
        raise StatementRefused(f"The database refused a statement ({said}), and nothing was changed.") from None


class Connected:
    """What every part of the store stands on."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for one act; every statement outside a transaction commits by itself."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_WITHIN.total_seconds()) as connection:
                yield connection

    @asynccontextmanager
    async def one_moment(self) -> AsyncIterator[Connection]:
        """A connection whose questions are all answered as of one moment."""
        async with self.connection() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection

    async def _close(self) -> None:
        try:
            await asyncio.wait_for(self._pool.close(), CLOSE_WITHIN.total_seconds())
        except TimeoutError:
            self._pool.terminate()


def pool(dsn: str, *, max_size: int) -> Pool:
    """A pool that opens connections when they are needed: a database out of reach hinders nobody at the start."""
    return asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=max_size,
        timeout=CONNECT_WITHIN.total_seconds(),
        command_timeout=ANSWER_WITHIN.total_seconds(),
        connect=cast("Any", opened),  # the stub spells out every option of asyncpg.connect
        init=_speak_json,
        reset=_leaves_nothing,
        server_settings={
            "application_name": "complaints",
            "timezone": "UTC",
            "statement_timeout": _milliseconds(ANSWER_WITHIN),
            "lock_timeout": _milliseconds(LOCK_WITHIN),
            "idle_in_transaction_session_timeout": _milliseconds(IDLE_IN_TRANSACTION),
        },
    )


async def _leaves_nothing(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Resets nothing when a connection goes back to the pool, beyond the end of its transaction, which asyncpg sees to.

    By itself asyncpg asks four statements more, to undo what a session may hold: but our settings are `SET LOCAL`, our
    locks are a transaction's, and nobody listens (tests/house/test_statements.py).
    """


async def opened(dsn: str, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection; a DSN that makes no sense is always the same error, and never repeated in it."""
    try:
        return await asyncpg.connect(dsn, **options)
    except asyncpg.exceptions.ClientConfigurationError:
        raise
    except ValueError:
        raise asyncpg.exceptions.ClientConfigurationError("not a DSN") from None


async def _speak_json(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec("jsonb", encoder=as_json, decoder=json.loads, schema="pg_catalog")


def _milliseconds(span: timedelta) -> str:
    return str(int(span.total_seconds() * 1000))


async def version_found(connection: Connection) -> str | None:
    """The schema revision that the database says it has; None: it has no schema of this program."""
    if await connection.fetchval("SELECT to_regclass($1)", VERSION_TABLE) is None:
        return None
    found: Any = await connection.fetchval(READ_VERSION)
    return str(found) if found is not None else None
