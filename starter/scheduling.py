"""The schedules of a stack of one machine, which nobody sets up by hand: its worker sees to them as it starts (§10)."""

import logging

from temporalio.service import RPCError

from starter.place import Place
from starter.reaching import client_of
from workflows.connection import TemporalUnreachable
from workflows.schedules import ensure_schedules

log = logging.getLogger("complaints.schedules")


async def schedules_ensured(place: Place) -> None:
    """Once. What fails is said; the worker's own work goes on, and its next start tries again."""
    if place.stack is None or place.time_skipping:  # others run `complaints setup`; skipped time has no mornings
        return
    try:
        client = await client_of(place)
        await ensure_schedules(client, timezone=place.policy.calendar.timezone, task_queue=place.settings.task_queue)
    except (TemporalUnreachable, RPCError) as error:
        log.warning("The schedules could not be ensured (%s): run `complaints setup`.", type(error).__name__)
