"""A few kept connections to the mail server: made when they are needed, made anew when stale or broken."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from complaints.mail.smtp_session import Session


class Pool:
    """At most `connections` at a time; the one used last is used next, so that those nobody needs grow stale."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Session]],
        *,
        connections: int,
        keep_seconds: float,
        letters_a_connection: int,
    ) -> None:
        """`connect` raises NotAccepted. A connection idle for `keep_seconds` or used often enough is not used again."""
        self._connect = connect
        self._connections = connections
        self._keep_seconds = keep_seconds
        self._letters_a_connection = letters_a_connection
        self._places = asyncio.Semaphore(connections)
        self._idle: list[Session] = []

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Waits until one of the connections is free, and holds its place."""
        async with self._places:
            yield

    def kept(self) -> Session | None:
        """A connection that is up and fresh, if there is one: it is the caller's until it is kept again."""
        self._idle, idle = [], self._idle
        for session in idle:
            if self._fresh(session):
                self._idle.append(session)
            else:
                session.drop()
        return self._idle.pop() if self._idle else None

    async def new(self) -> Session:
        """A new connection, the caller's until it is kept."""
        return await self._connect()

    def keep(self, session: Session) -> None:
        """The caller is through with it; a broken or worn one is not kept."""
        if self._fresh(session):
            self._idle.append(session)
        else:
            session.drop()

    async def close(self) -> None:
        """Waits until every letter is handed over, and says goodbye; the next letter connects anew."""
        for _ in range(self._connections):
            await self._places.acquire()
        try:
            idle, self._idle = self._idle, []
            await asyncio.gather(*(session.quit() for session in idle))
        finally:
            for _ in range(self._connections):
                self._places.release()

    def _fresh(self, session: Session) -> bool:
        rested = time.monotonic() - session.used_at
        return session.usable and rested <= self._keep_seconds and session.letters < self._letters_a_connection
