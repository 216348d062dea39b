"""A database in which whole lives are kept, for somebody to damage by hand, and what `verify` says of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from complaints.records.store import Store
from complaints.rules.verification import Verification
from complaints.verifying import Asked, verified
from local.stack.postgres import Postgres
from local.stack.postgres_place import SUPERUSER
from tests.casebook import lima
from tests.records.lived import Lived, in_real_time

NOW = lima("2026-08-20 12:30")
"""After everything that happens in these lives."""


@dataclass
class Damaged:
    """A database in which whole lives are kept, for somebody to damage."""

    dsn: str
    superuser: str
    number: str
    """Of the first of them."""
    hand: "asyncpg.Connection[asyncpg.Record]"
    """Of somebody who may do everything, and whom no trigger stops."""

    async def by_hand(self, statement: str, *values: Any) -> None:
        done = await self.hand.execute(statement, *values)
        assert done.split()[-1] != "0", "the damage was done"

    async def looked_at(self, now: datetime = NOW, *, real_time: bool = True) -> Verification:
        return await verified(Asked(self.dsn, now, real_time=real_time))

    async def faults(self) -> list[tuple[str, dict[str, str]]]:
        found = (await self.looked_at()).faults
        assert {fault.number for fault in found} <= {self.number, "Q-2222-22222"}
        return [(fault.check, fault.about) for fault in found]


@asynccontextmanager
async def to_be_damaged(dsn: str, postgres: Postgres, store: Store, *lives: Lived) -> AsyncIterator[Damaged]:
    """These lives, written as the system writes them."""
    for life in lives:
        await life.is_kept(store)
    superuser = postgres.place.dsn(urlsplit(dsn).path.removeprefix("/"), role=SUPERUSER)
    await in_real_time(superuser)
    hand = await asyncpg.connect(superuser, timeout=60)
    await hand.execute("SET session_replication_role = replica")
    try:
        yield Damaged(dsn, superuser, lives[0].case.number, hand)
    finally:
        await hand.close()
