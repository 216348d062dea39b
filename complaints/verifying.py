"""Every complaint looked at: read a hundred at a time as of one moment, and told again in processes of their own.

Each process keeps its connection: to open one takes as long as to tell ten complaints again.

Nothing but Postgres is asked. What looks wrong is looked at once more at the end: a letter may have been on its way
from the ledger into the journal just then.
"""

import asyncio
import atexit
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing.process import BaseProcess

from complaints.records.cases import columns_of
from complaints.records.store import Store
from complaints.rules.faults import Fault
from complaints.rules.verification import Lags, Look, Verification, held_together

TOGETHER = 100
"""Complaints that are read in one moment and told again at a stretch."""

FEW = 300
"""So many are looked at in this process: others take longer to start than they spare."""

NAMED = 1_000
"""Faults that a result names; beyond it they are only counted."""

AGAIN_AFTER = 2.0
"""Seconds after which what looked wrong is looked at once more."""

OnProgress = Callable[[int, int], None]
"""Told how many of how many complaints are done."""


@dataclass(frozen=True)
class Asked:
    """What every process is told."""

    dsn: str
    now: datetime
    real_time: bool = True
    """Whether the cases' clock is the wall's; not where time is skipped."""


@dataclass(frozen=True)
class Part:
    """What came of some complaints."""

    complaints: int = 0
    rows: int = 0
    letters: int = 0
    lags: Lags = field(default_factory=Lags)
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        """Both together."""
        return Part(
            self.complaints + other.complaints, self.rows + other.rows, self.letters + other.letters,
            self.lags + other.lags, self.faults + other.faults,
        )  # fmt: skip


async def verified(
    asked: Asked,
    *,
    numbers: Sequence[str] | None = None,
    processes: int | None = None,
    on_progress: OnProgress | None = None,
) -> Verification:
    """Looks at these complaints, or at all; at the letters of nobody too, then. Raises what the store raises."""
    began = time.monotonic()
    store = await Store.connect(asked.dsn, max_size=2)
    try:
        await store.check_schema()
        meant = list(numbers) if numbers is not None else [number async for number in store.all_numbers()]
        processes = processes or os.cpu_count() or 1
        found = await _all(asked, store, meant, processes, on_progress or _untold)
        strays = () if numbers is not None else await _of_nobody(store)
        faults = await _still(asked, store, (*found.faults, *strays), processes)
        head = "" if numbers is not None else await store.chain_head() or ""
    finally:
        await store.close()
    return Verification(
        at=asked.now,
        took=round(time.monotonic() - began, 3),
        whole=numbers is None,
        complaints=found.complaints,
        rows=found.rows,
        letters=found.letters,
        lags=found.lags,
        real_time=asked.real_time,
        head=head,
        found=len(faults),
        faults=faults[:NAMED],
    )


def with_runs(result: Verification, *, lost: Sequence[str], failing: Sequence[str]) -> Verification:
    """The result with what Temporal says of open complaints, before what the records have.

    `lost`: those without a run; `failing`: those whose workflow task fails again and again.
    """
    faults = [Fault(number=number, check="no-run") for number in lost]
    faults += [Fault(number=number, check="task-failing") for number in failing]
    together = (*faults, *result.faults)
    found = result.found + len(faults)
    return result.model_copy(update={"found": found, "faults": together[:NAMED], "temporal": "asked"})


async def _all(asked: Asked, store: Store, numbers: Sequence[str], processes: int, on_progress: OnProgress) -> Part:
    total, found = len(numbers), Part()
    if total <= FEW:
        for some in _chunks(numbers):
            found += await _part(asked, store, some)
            on_progress(found.complaints or total, total)  # none where nobody has the number
        return found
    loop, waiting = asyncio.get_running_loop(), set[asyncio.Future[Part]]()
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=_begins, initargs=(asked.dsn,)
    )
    try:
        chunks = _chunks(numbers)
        while True:
            waiting |= {
                loop.run_in_executor(pool, part_of, asked, some)
                for some in islice(chunks, 2 * processes - len(waiting))
            }
            if not waiting:
                return found
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            found = sum((one.result() for one in done), found)
            on_progress(found.complaints, total)
    finally:
        pool.shutdown(cancel_futures=True)
        await asyncio.gather(*waiting, return_exceptions=True)  # what was begun when another failed


async def _part(asked: Asked, store: Store, numbers: Sequence[str]) -> Part:
    look = Look(now=asked.now, columns=columns_of, real_time=asked.real_time)
    found = Part()
    for one in await store.kept(numbers):
        held = held_together(one, look)
        found += Part(1, len(one.rows), len(one.letters), held.lags, tuple(held.faults))
    return found


async def _of_nobody(store: Store) -> tuple[Fault, ...]:
    strays = await store.letters_of_nobody(limit=NAMED)
    return tuple(Fault(number=number, check="letter-of-nobody", about={"key": key}) for number, key in strays)


async def _still(asked: Asked, store: Store, faults: Sequence[Fault], processes: int) -> tuple[Fault, ...]:
    """Those that are there at a second look too."""
    if not faults:
        return ()
    await asyncio.sleep(AGAIN_AFTER)
    numbers = list(dict.fromkeys(fault.number for fault in faults))
    seen = (await _all(asked, store, numbers, processes, _untold)).faults
    again = {fault.model_dump_json() for fault in (*seen, *await _of_nobody(store))}
    return tuple(fault for fault in faults if fault.model_dump_json() in again)


def _untold(done: int, total: int) -> None:
    """Nobody is told."""


def _chunks(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    return (numbers[start : start + TOGETHER] for start in range(0, len(numbers), TOGETHER))


# -- a process apart --------------------------------------------------------------------------------------------------


class _Apart:
    """What a process of its own keeps from one part to the next."""

    runner: asyncio.Runner
    store: Store


def _begins(dsn: str) -> None:
    """Whoever asked hears of Ctrl-C, and no process outlives who asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_ends_with, args=(parent,), daemon=True).start()
    _Apart.runner = asyncio.Runner()
    _Apart.store = _Apart.runner.run(Store.connect(dsn, max_size=1))
    atexit.register(_ends)


def part_of(asked: Asked, numbers: Sequence[str]) -> Part:
    """Some complaints, in a process apart."""
    return _Apart.runner.run(_part(asked, _Apart.store, numbers))


def _ends() -> None:
    with _Apart.runner as runner:
        runner.run(_Apart.store.close())


def _ends_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
