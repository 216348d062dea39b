"""How often the database is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg.connection import LoggedQuery

from complaints.records.connection import Connection
from complaints.records.store import Store


class CountingStore(Store):
    """A store that counts what it asks the database."""

    asked = 0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """As every store's."""
        async with super().connection() as connection:
            connection.add_query_logger(self._counts)
            try:
                yield connection
            finally:
                connection.remove_query_logger(self._counts)

    def _counts(self, query: LoggedQuery) -> None:
        self.asked += query.query.lstrip().split(None, 1)[0].upper() in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
