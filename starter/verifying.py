"""Whether everything holds together: what the records tell by themselves, and what only Temporal can say (§9)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from complaints.records.store import Store
from complaints.rules.status import record_of
from complaints.rules.verification import Verification
from complaints.verifying import Asked, OnProgress, verified, with_runs
from starter.errors import NotFound
from starter.journals import case_in_records
from starter.place import Place
from starter.reaching import client_of
from workflows.connection import TemporalUnreachable
from workflows.lost import failing_tasks, without_run

MENDED = frozenset({"state", "call", "call-missing"})
"""What can be written anew from the journal."""

AGAIN_AFTER = timedelta(seconds=2)
"""A run that has just begun or ended is in one of the two and not yet in the other: it is looked for once more."""


async def verify(
    place: Place,
    *,
    now: datetime,
    numbers: Sequence[str] | None = None,
    processes: int | None = None,
    on_progress: OnProgress = lambda done, total: None,
) -> Verification:
    """Looks at these complaints or at all, in the records and in Temporal, and remembers what came of all of them.

    Raises NotFound for a number that the records do not know. Temporal may be away: the result says so.
    """
    asked = Asked(place.settings.database_dsn, now, real_time=not place.time_skipping)
    result = await verified(asked, numbers=numbers, processes=processes, on_progress=on_progress)
    if numbers is not None and result.complaints < len(set(numbers)):
        raise NotFound.number(", ".join(numbers))
    async with place.store() as store:
        result = await with_temporal(result, place, store, numbers=numbers)
        if result.whole:
            await store.keep_verification(result)
    return result


async def with_temporal(
    result: Verification, place: Place, store: Store, *, numbers: Sequence[str] | None = None
) -> Verification:
    """The same with what only Temporal knows of open complaints, if it answers."""
    try:
        lost, failing = await runs_at_fault(await client_of(place), store, numbers=numbers)
    except (TemporalUnreachable, RPCError):
        return result.model_copy(update={"temporal": "away"})
    return with_runs(result, lost=lost, failing=failing)


async def runs_at_fault(
    client: Client, store: Store, *, numbers: Sequence[str] | None = None
) -> tuple[list[str], list[str]]:
    """Open complaints without a run, and those whose workflow tasks fail again and again."""
    still_open = await _open(store, numbers)
    lost = await without_run(client, still_open)
    if lost:
        await asyncio.sleep(AGAIN_AFTER.total_seconds())
        lost = await without_run(client, await _open(store, lost))
    gone = set(lost)
    return lost, await failing_tasks(client, [number for number in still_open if number not in gone])


async def mended(store: Store, number: str) -> bool:
    """Writes the state and the calls of a complaint anew as its journal tells them; False where that tells no case.

    The journal itself and the ledger stay as they are.
    """
    case = await case_in_records(store, number)
    return case is not None and await store.write_again(record_of(case), case.calls)


async def all_mended(store: Store, numbers: Sequence[str]) -> None:
    """The same for several."""
    for number in numbers:
        await mended(store, number)


async def _open(store: Store, numbers: Sequence[str] | None) -> list[str]:
    found, meant = await store.open_without_closed_at(), None if numbers is None else set(numbers)
    return [number for number in found if meant is None or number in meant]
