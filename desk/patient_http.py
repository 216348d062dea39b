"""HTTP/1.1 as uvicorn speaks it, with an end to a request whose head or body never comes to its own (Slowloris)."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 20.0
"""Seconds from the first byte of a request, or from the connection, to the end of its head."""

BODY_EVERY = 20.0
"""Seconds in which so much more of a body comes, or its end."""

BODY_LEAST = 10_000
"""Bytes: 4 kbit/s, which the slowest telephone does better. Ten megabytes may still take hours."""


class PatientProtocol(H11Protocol):
    """Whoever has not said in time what they want is hung up on; who waits for an answer, or sends a file, is not.

    A body may come slowly, but it has to come: while we do not read it, nobody is blamed.
    """

    def connection_made(self, transport: Any) -> None:
        """Waits for the first request."""
        super().connection_made(transport)
        self._late: asyncio.TimerHandle | None = None
        self._slow: asyncio.TimerHandle | None = None
        self._came, self._ours = 0, False
        self._wait()

    def data_received(self, data: bytes) -> None:
        """A request has begun, or goes on."""
        super().data_received(data)
        self._came += len(data)
        if self._is_served():
            self._enough()
            if self._slow is None and self._wants_more():
                self._look_again()
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
        self._all_came()
        super().connection_lost(exc)

    def _is_served(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wants_more(self) -> bool:
        """Whether the body of what is being answered has not come to its end."""
        return self._is_served() and self.conn.their_state is h11.SEND_BODY

    def _look_again(self) -> None:
        self._came = 0
        self._slow = self.loop.call_later(BODY_EVERY, self._looked)

    def _looked(self) -> None:
        """Goes on, or hangs up: the page that reads it hears that nobody is there."""
        self._slow = None
        if not self._wants_more() or self.transport.is_closing():
            return
        before, self._ours = self._ours, self.flow.read_paused or self.cycle.waiting_for_100_continue
        if before or self._ours or self._came >= BODY_LEAST:  # what we do not take, they cannot send
            self._look_again()
        else:
            self.transport.close()

    def _all_came(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

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
