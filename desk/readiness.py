"""Whether what the desk stands on answers: for proxies and orchestrators, and as a metric."""

import asyncio
from datetime import timedelta
from typing import Literal, NamedTuple

from complaints.records.errors import RecordsError, SchemaOutOfDate
from desk.app_state import AppState

WITHIN = timedelta(seconds=3)
"""What has not answered by then is away; whoever asks gives up after five seconds or ten."""

State = Literal["ok", "away", "another schema"]


class Readiness(NamedTuple):
    """What answers."""

    records: State
    temporal: State

    @property
    def ready(self) -> bool:
        """Without records there is no page. Without Temporal there is: what is taken down is kept and starts later."""
        return self.records == "ok"


async def readiness(app_state: AppState) -> Readiness:
    """Asks both at once."""
    return Readiness(*await asyncio.gather(_records(app_state), _temporal(app_state)))


async def _records(app_state: AppState) -> State:
    try:
        await asyncio.wait_for(app_state.store.check_schema(), WITHIN.total_seconds())
    except SchemaOutOfDate:
        return "another schema"
    except (RecordsError, TimeoutError):
        return "away"
    return "ok"


async def _temporal(app_state: AppState) -> State:
    return "ok" if await app_state.front_desk.temporal_answers(WITHIN) else "away"
