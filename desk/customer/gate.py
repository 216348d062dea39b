"""What keeps the desk from being flooded by whoever has no account: how many forms, and how much at once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from complaints.words.catalogue import N_
from desk.api.rate_limit import RateLimit
from starter.errors import Refused

POSTS_A_MINUTE = 30
"""From one network address, whatever comes of them; counted before a byte is read."""

AT_A_TIME = 2
"""Forms whose files are in memory."""

READ_AT_ONCE = 40
"""Forms that are being read, each on the disk as far as it came: a gigabyte."""

READ_FROM_ONE = 6
"""Of these from one network address."""

BUSY = N_("Too many forms with files are coming in just now: send yours again in a minute, nothing was kept of it.")


class TooBusy(Refused):
    """There is no room to read one more."""


@dataclass
class Gate:
    """One for all forms of customers, with a link and without."""

    pace: RateLimit = field(default_factory=lambda: RateLimit(per_minute=POSTS_A_MINUTE))
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_A_TIME))
    _reading: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def reading(self, place: str) -> Iterator[None]:
        """While a form of that place is on its way. Raises TooBusy: whoever sends slowly keeps nobody else out."""
        if self._reading[place] >= READ_FROM_ONE or self._reading.total() >= READ_AT_ONCE:
            raise TooBusy(BUSY)
        self._reading[place] += 1
        try:
            yield
        finally:
            self._reading[place] -= 1
            if not self._reading[place]:
                del self._reading[place]
