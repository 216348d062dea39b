"""The copy of each night, as a program of the stack: at the quiet hour, or at once where the last one is too old."""

import asyncio
import logging
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from local.host.copies import Keep, is_due, made
from starter.errors import FrontDeskError
from starter.stack_addresses import find_stack

QUIET_HOUR = 3
"""Of the school's clock: nobody writes letters then (§5's office hours are over)."""

LOOK_EVERY = timedelta(minutes=10)

log = logging.getLogger("complaints.backup")


async def until_stopped(home: Path, folder: Path, *, key: Path | None, keep: Keep, timezone: str) -> None:
    """Looks now and then whether a copy is to be made; `timezone` is the school's (IANA).

    One that fails is tried again at the next look, and told.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        now = datetime.now(UTC)
        if wants_one(home, now, ZoneInfo(timezone)) and (stack := find_stack(home)) is not None:
            try:
                done = await made(home, stack.database_owner or stack.database, folder, key=key, keep=keep)
                log.info("A copy of %d bytes was made.", done.bytes)
            except (FrontDeskError, OSError) as error:
                log.error("No copy was made: %s", error)
        try:
            await asyncio.wait_for(stop.wait(), LOOK_EVERY.total_seconds())
        except TimeoutError:
            continue


def wants_one(home: Path, now: datetime, zone: ZoneInfo) -> bool:
    """At the quiet hour once a day; at any hour where the last copy is older than a day and a half."""
    if now.astimezone(zone).hour == QUIET_HOUR:
        return is_due(home, now=now, every=timedelta(hours=12))
    return is_due(home, now=now, every=timedelta(hours=36))
