"""How fast one program may ask: an allowance that refills by itself, kept by this process."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

PER_MINUTE = 600
"""Requests of one program in a minute; as many at once, after a rest."""

MOST_KNOWN = 10_000
"""Names kept at the same time; beyond it those whose allowance is full again are forgotten."""


@dataclass
class RateLimit:
    """How many requests each program may still make, by its name."""

    per_minute: int = PER_MINUTE
    clock: Callable[[], float] = time.monotonic
    """Seconds; only their difference counts."""
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    """What was left, and when."""

    def wait(self, name: str) -> float:
        """0 and one request less, or the seconds until the next one is granted."""
        now = self.clock()
        left, then = self._left.get(name, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - then) * self.per_minute / 60)
        granted = left >= 1
        self._left[name] = (left - granted, now)
        if len(self._left) > MOST_KNOWN:
            self._forget(now)
        return 0.0 if granted else (1 - left) * 60 / self.per_minute

    def _forget(self, now: float) -> None:
        full = [
            name for name, (left, then) in self._left.items()
            if left + (now - then) * self.per_minute / 60 >= self.per_minute
        ]  # fmt: skip
        for name in full:
            del self._left[name]
