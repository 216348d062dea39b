"""Questions to a complaint: asked of its run, and of the records where no run or no worker answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from complaints.records.errors import RecordsError
from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.status import (
    DeadlineExplained,
    Status,
    TimelineEntry,
    explained,
    status_of,
    timeline_of,
    without_what_left,
)
from complaints.words.catalogue import N_
from starter.errors import Away, NotFound, Refused, expect_number
from starter.journals import case_in_records
from starter.opening import NOTHING_CAME_OF_IT, is_away
from workflows import names

LIMIT = timedelta(seconds=5)
"""How long a run may take to answer before the records are asked."""

RECORDS_AFTER = timedelta(milliseconds=300)
"""How long a run may take before the records are asked as well: of one that has ended they know everything."""

PAUSE = timedelta(milliseconds=100)

T = TypeVar("T")


class Source(StrEnum):
    """Who answered."""

    WORKFLOW = "workflow"
    RECORDS = "records"
    """Postgres: what has been written; of a running case it may be a moment behind."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """An answer and who gave it."""

    value: T
    source: Source


class Answers:
    """Status, timeline and explanation of a complaint."""

    def __init__(self, client: Client, store: Store | None) -> None:
        self._client, self._store = client, store

    async def status(self, number: str) -> Answer[Status]:
        """Where it stands."""
        answer = await self._asked(number, names.STATUS, Status, status_of)
        if answer.value.closed_at is None or self._store is None:
            return answer
        try:  # its run has ended: what came of the call and was written since, only the records know
            calls = await self._store.calls(number) if answer.value.call else []
            written = await self._store.written_after_the_end(number)
        except RecordsError:
            if answer.source is Source.RECORDS:
                raise
            return answer
        still_open = next((call for call in calls if call.done_at is None), None)
        since = written[0].received_at if written else None
        told = {"call": still_open, "unread": len(written), "unread_since": since}
        return Answer(answer.value.model_copy(update=told), answer.source)

    async def explain(self, number: str) -> Answer[list[DeadlineExplained]]:
        """Why each date is what it is."""
        return await self._asked(number, names.EXPLAIN, list[DeadlineExplained], explained)

    async def timeline(self, number: str) -> Answer[list[TimelineEntry]]:
        """What happened, with what was said outside a run (`seq` 0), in order of time."""
        answer = await self._asked(number, names.TIMELINE, list[TimelineEntry], timeline_of)
        if self._store is None:
            return answer
        try:
            words = await self._store.afterwords(number)
        except RecordsError:
            if answer.source is Source.RECORDS:
                raise
            return answer  # the run has told its story; nothing was said after its end while it runs
        said = [
            TimelineEntry(seq=0, at=word.at, what=word.what, by=word.by, via=word.via.value, data=word.data)
            for word in words
        ]
        told = sorted([*answer.value, *said], key=lambda entry: entry.at)
        return Answer(without_what_left(told), answer.source)

    async def status_of_run(self, number: str) -> Status | None:
        """What its run says, and nobody else; None if none answers."""
        found = await self._of_run(number, names.STATUS, Status)
        return found if isinstance(found, Status) else None

    async def _asked(self, number: str, query: str, kind: Any, from_case: Callable[[Case], T]) -> Answer[T]:
        found = await self._of_run_or_its_end(number, query, kind)
        if isinstance(found, Case):
            return Answer(from_case(found), Source.RECORDS)
        if not isinstance(found, _Silent):
            return Answer(found, Source.WORKFLOW)
        if self._store is not None and (case := await case_in_records(self._store, number)) is not None:
            return Answer(from_case(case), Source.RECORDS)
        if self._store is not None and await self._is_pending(number):
            raise Refused(
                N_("{number} is taken down, and begins by itself when the server answers again.", number=number),
                N_("{number} waits for the Temporal server: `complaints doctor --mend` starts it.", number=number),
            )
        raise found.error

    async def _of_run_or_its_end(self, number: str, query: str, kind: Any) -> Any:
        """As `_of_run`; or the Case, as the records have it, where it ended and its run is slow to answer.

        Temporal drops a run that has ended from a worker's memory with its first answer, and loses what was asked
        meanwhile: whoever asked it waits until they give up (`docs/decisions.md`, 659).
        """
        asked = asyncio.ensure_future(self._of_run(number, query, kind))
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())  # also where nobody waits any more
        try:
            await asyncio.wait({asked}, timeout=RECORDS_AFTER.total_seconds())
            if not asked.done() and (ended := await self._ended(number)) is not None:
                return ended
            return await asked
        finally:
            asked.cancel()

    async def _ended(self, number: str) -> Case | None:
        """The case, if the records say that it has ended."""
        if self._store is None:
            return None
        try:
            record = await self._store.record(number)
            if record is None or record.closed_at is None:
                return None
            return await case_in_records(self._store, number)
        except (RecordsError, Refused):  # then its run is waited for, as before
            return None

    async def _of_run(self, number: str, query: str, kind: Any) -> Any:
        """The run's answer, or _Silent with the error for when the records do not know it either."""
        handle = self._client.get_workflow_handle(number)
        try:
            expect_number(number)
            async with asyncio.timeout(LIMIT.total_seconds()):
                return await _once_opened(lambda: handle.query(query, result_type=kind), handle.describe, number)
        except Refused as error:
            return _Silent(error)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return _Silent(NotFound.number(number))
            if error.status is RPCStatusCode.FAILED_PRECONDITION or is_away(error):
                return _Silent(_nobody_answers(number))
            raise
        except (TimeoutError, RuntimeError) as error:
            if not is_away(error):
                raise
            return _Silent(_nobody_answers(number))

    async def _is_pending(self, number: str) -> bool:
        assert self._store is not None
        return any(waiting.number == number for waiting in await self._store.pending())


@dataclass(frozen=True)
class _Silent:
    error: Refused | Away


async def _once_opened(ask: Callable[[], Awaitable[Any]], describe: Callable[[], Awaitable[Any]], number: str) -> Any:
    """Asks until the case is open; a start that failed never will be."""
    while True:
        try:
            return await ask()
        except WorkflowQueryFailedError:
            if (await describe()).status in NOTHING_CAME_OF_IT:
                raise NotFound(
                    N_("{number} could not be a complaint.", number=number),
                    N_("{number} could not be a complaint: `complaints doctor` says why.", number=number),
                ) from None
            await asyncio.sleep(PAUSE.total_seconds())


def _nobody_answers(number: str) -> Away:
    return Away(
        N_("Nobody answers for {number}.", number=number),
        N_(
            "Nobody answers for {number}: no worker runs (`complaints worker`), or Temporal does not answer.",
            number=number,
        ),
    )
