"""Beside a worker: complaints that were taken down while Temporal was away are started as soon as it is back (§3)."""

import asyncio
import logging
from datetime import timedelta

from complaints.records.errors import RecordsError
from starter.errors import Away
from starter.place import Place
from workflows.connection import TemporalUnreachable

EVERY = timedelta(seconds=20)

log = logging.getLogger("complaints.pending")


async def keep_starting(place: Place) -> None:
    """Looks again and again, until cancelled. What is away now is only asked later."""
    while True:
        try:
            async with place.front_desk() as desk:
                for number, refused in await desk.start_pending():
                    log.info("Pending complaint %s: %s", number, refused or "started")
        except (Away, TemporalUnreachable, RecordsError) as error:
            log.debug("Nothing pending was started: %s", type(error).__name__)
        await asyncio.sleep(EVERY.total_seconds())
