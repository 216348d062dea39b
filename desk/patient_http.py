"""HTTP/1.1 as uvicorn speaks it, with an end to a request whose head never comes to its own (Slowloris)."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 20.0
"""Seconds from the first byte of a request, or from the connection, to the end of its head."""


class PatientProtocol(H11Protocol):
    """Whoever has not said in time what they want is hung up on; who waits for an answer, or sends a file, is not."""

    def connection_made(self, transport: Any) -> None:
        """Waits for the first request."""
        super().connection_made(transport)
        self._late: asyncio.TimerHandle | None = None
        self._wait()

    def data_received(self, data: bytes) -> None:
        """A request has begun, or goes on."""
        super().data_received(data)
        if self._is_served():
            self._enough()
        elif self._late is None:
            self._wait()

    def on_response_complete(self) -> None:
        """The next request may be half there already."""
        super().on_response_complete()
        if not self._is_served() and self.conn.trailing_data[0] and self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._enough()
        super().connection_lost(exc)

    def _is_served(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._late = self.loop.call_later(HEAD_WITHIN, self._hang_up)

    def _enough(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _hang_up(self) -> None:
        self._late = None
        if not self._is_served() and not self.transport.is_closing():
            self.transport.close()
