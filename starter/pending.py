"""Beside a worker: complaints that were taken down while Temporal was away are started as soon as it is back (§3)."""

import asyncio
import logging
from datetime import timedelta

from complaints.records.errors import RecordsError
from starter.errors import Away
from starter.place import Place
from starter.reaching import front_desk_of
from workflows.connection import TemporalUnreachable

EVERY = timedelta(seconds=20)

log = logging.getLogger("complaints.pending")


async def keep_starting(place: Place, stop: asyncio.Event) -> None:
    """Retries until told to stop; what is away now is asked later.

    Not to be cancelled: `wait_for` on Python 3.11 may swallow that, and it would go on for ever (python/cpython#86296).
    """
    while not stop.is_set():
        await start_what_waits(place)
        try:
            await asyncio.wait_for(stop.wait(), EVERY.total_seconds())
        except TimeoutError:
            continue


async def start_what_waits(place: Place) -> None:
    """Starts every complaint that was kept while Temporal was away. Safe to repeat."""
    try:
        async with front_desk_of(place) as desk:
            for number, refused in await desk.start_pending():
                log.info("Pending complaint %s: %s", number, refused or "started")
    except (Away, TemporalUnreachable, RecordsError) as error:
        log.debug("Nothing pending was started: %s", type(error).__name__)
    except Exception as error:  # whatever it is, the worker's own work goes on and the next look may succeed
        log.warning("Pending complaints could not be started (%s): see `complaints doctor`.", type(error).__name__)
