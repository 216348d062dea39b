"""One complaint's person is erased: by hand, by right, or by age; the same everywhere (Ley 29733).

First Temporal's histories of it, then the records in one step that also notes it: whoever is interrupted repeats it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from complaints.records.errors import NotErasable
from complaints.records.store import Store
from complaints.rules.facts import Via

ForgetRuns = Callable[[str], Awaitable[int]]
"""Deletes every history of that complaint in Temporal; how many. Raises where one is still running."""


async def erase(
    store: Store,
    number: str,
    *,
    forget_runs: ForgetRuns,
    event_id: str,
    at: datetime,
    by: str,
    via: Via,
    reason: str,
) -> bool:
    """Takes the person out of a closed complaint, wherever it stands. False where this event id did it before.

    Raises `UnknownComplaint`, `NotErasable` for one that is open or held, and what Temporal or the database raise.
    """
    found = await store.erasable(number)
    if found.closed_at is None or found.hold is not None:
        raise NotErasable(number, held=found.hold is not None)
    runs = await forget_runs(number)
    return await store.erase(number, event_id=event_id, at=at, by=by, via=via, reason=reason, runs=runs)


def years_before(at: datetime, years: int) -> datetime:
    """The same day so many years ago; of 29 February the 28th."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)
