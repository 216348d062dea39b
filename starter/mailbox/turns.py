"""Messages that are read take turns: one of 24 MB takes up to two hundred while it is read and kept."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

from aiosmtpd.smtp import SMTP, syntax

AT_ONCE = 2
"""Messages that are read at a time, by each listener."""

PATIENCE = timedelta(seconds=2)
"""How long a message waits for its turn, before a byte of it is read; beyond it the sending side comes again."""

READ_WITHIN = timedelta(minutes=3)
"""From DATA to our answer (RFC 5321 §4.5.3.2.5): whoever sends more slowly must not keep others out, and is cut off."""

log = logging.getLogger("complaints.mailbox")


class Turns:
    """So many at a time, whichever connection they come by."""

    def __init__(self, most: int = AT_ONCE, *, patience: timedelta = PATIENCE) -> None:
        self._free = asyncio.Semaphore(most)
        self._patience = patience

    async def taken(self) -> bool:
        """Waits for a turn; False if none came. Each that was taken must be `given_back`."""
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                await self._free.acquire()
        except TimeoutError:
            return False
        return True

    def given_back(self) -> None:
        """The message is answered for, and nothing of it is kept in memory."""
        self._free.release()


class InTurn(SMTP):
    """A conversation whose handler has `turns`: beyond them a message is put off before it is read."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Reads a message, in its turn."""
        handler: Any = self.event_handler
        turns: Turns = handler.turns
        if not await turns.taken():
            log.info("A message was put off: %d are being read.", AT_ONCE)
            await self.push("400 4.3.2 other messages are being read, try again later")
            return
        try:
            async with asyncio.timeout(READ_WITHIN.total_seconds()):
                await super().smtp_DATA(arg)
        except TimeoutError:
            log.warning("A message took too long; its sender must bring it again.")
            if self.transport is not None:
                self.transport.close()
        finally:
            if self.envelope is not None:  # what was read is let go before the next one's turn
                self.envelope.content = self.envelope.original_content = None
            turns.given_back()
