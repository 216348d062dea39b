"""How many letters may leave in a minute: a bucket of tokens, so that a mail server's limit is never passed."""

import asyncio
import time


class RateLimiter:
    """At most `per_minute` letters in any minute; a sixth of them may go at once. None: no limit."""

    def __init__(self, per_minute: int | None) -> None:
        self._most = float(max(1, per_minute // 6)) if per_minute else 0.0
        # What the full bucket holds and what drips in within a minute are together no more than the limit.
        self._a_second = (per_minute - self._most + 1) / 60 if per_minute else 0.0
        self._tokens = self._most
        self._at = time.monotonic()
        self._turn = asyncio.Lock()

    async def take(self) -> None:
        """Waits until one more letter may leave; whoever came first is first."""
        if not self._a_second:
            return
        async with self._turn:
            if (lacking := 1 - self._counted()) > 0:
                await asyncio.sleep(lacking / self._a_second)  # nobody else drips from it meanwhile
                self._counted()
            self._tokens -= 1

    def give_back(self) -> None:
        """The letter did not leave after all."""
        self._tokens = min(self._most, self._tokens + 1)

    def _counted(self) -> float:
        now = time.monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._a_second)
        self._at = now
        return self._tokens
