"""A page of a longer list, which says where in the list it lies and how long that is."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")


class Part(list[T]):
    """Rows of a longer list, in its order."""

    def __init__(
        self,
        rows: Iterable[T] = (),
        *,
        skipped: int = 0,
        total: int | None = None,
        more: bool = False,
        stops: bool = False,
    ) -> None:
        """`skipped`: rows before these. `total`: of the whole list; None where these are its end. `more`: there are
        others, which nobody counted. `stops`: and which cannot be turned to."""
        super().__init__(rows)
        self.skipped, self.more, self.stops = skipped, more, stops
        self.total = skipped + len(self) if total is None else total

    @property
    def is_cut(self) -> bool:
        """Whether rows are left out, before these or after."""
        return self.more or len(self) < self.total

    @property
    def first(self) -> int:
        """The place of the first of these in the whole list, from 1; 0 where there are none."""
        return self.skipped + 1 if self else 0

    @property
    def last(self) -> int:
        """The place of the last of these."""
        return self.skipped + len(self)

    @property
    def has_more(self) -> bool:
        """Whether there are rows after these that can be turned to."""
        return not self.stops and (self.more or self.last < self.total)


def part_of(rows: Sequence[asyncpg.Record], made: Callable[[Any], T], skipped: int) -> Part[T]:
    """The rows of a query that counts all in `found`. Beyond the end there are none, and nobody knows how many."""
    return Part(map(made, rows), skipped=skipped if rows else 0, total=rows[0]["found"] if rows else 0)
