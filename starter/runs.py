"""Runs that begin again: a reopened complaint (§8), one that lost its run, and the starts that came to nothing."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from temporalio.client import Client, WorkflowExecution, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.erasing import erased_source_key
from complaints.rules.facts import CustomerDissatisfied, Fact, Separated
from complaints.rules.number import key_digest
from complaints.rules.refusals import NotNow, Refusal
from complaints.rules.requests import Carried
from complaints.rules.text import one_line
from complaints.words.catalogue import N_, Language, catalogue
from complaints.words.refusals import said as in_words
from starter.errors import NotFound, Refused
from starter.journals import case_in_records
from starter.refusals import answer_in, refused
from workflows import names
from workflows.lost import without_run
from workflows.page import view_of

_FAILED = f"WorkflowType = '{names.COMPLAINT}' AND ExecutionStatus = 'Failed'"


class FailedStart(BaseModel):
    """A start that could not be a complaint (design §4)."""

    model_config = ConfigDict(frozen=True)

    number: str
    started_at: AwareDatetime
    reason: str
    """Names the field, never its value."""
    refusals: Annotated[tuple[Refusal, ...], Field(exclude=True)] = ()
    """The same by codes, where the worker gave them."""

    def said(self, language: Language) -> str:
        """The reason in the reader's words."""
        return in_words(NotNow(*self.refusals), language) if self.refusals else self.reason


class Runs:
    """New runs of cases that are known to the records."""

    def __init__(self, client: Client, store: Store | None, *, task_queue: str) -> None:
        self._client, self._store, self._task_queue = client, store, task_queue

    async def reopened(self, number: str, fact: CustomerDissatisfied, *, now: datetime) -> bool:
        """Starts the next round of a closed complaint; False if a run of it began meanwhile. Raises Refused."""
        case, offset = await self._judged(number, fact, now=now)
        return await self._started(Carried(carried=case, reopening=fact, clock_offset=offset))

    async def separated(self, number: str, fact: Separated, *, now: datetime) -> bool:
        """Starts a complaint again that had ended as part of another; False if a run of it began meanwhile. Raises
        Refused."""
        case, offset = await self._judged(number, fact, now=now)
        return await self._started(Carried(carried=case, separation=fact, clock_offset=offset))

    async def _judged(self, number: str, fact: Fact, *, now: datetime) -> tuple[Case, timedelta]:
        """The case as it ended, to which this fact applies now. Raises Refused."""
        case = await self._case(number)
        if case.received.source_key == erased_source_key(number):
            raise Refused(
                N_("{number} is erased: it cannot go on, and a new complaint is opened instead.", number=number)
            )
        offset = case.received.clock_offset
        judged = case.model_copy(deep=True)
        judged.settle(max(now + offset, judged.as_of), inclusive=False)
        try:
            judged.expect(fact)
        except NotNow as error:
            raise refused(error) from error
        return case, offset

    async def restarted(self, number: str) -> None:
        """Starts the run of a complaint that lost its own. Raises Refused for one that has ended."""
        case = await self._case(number)
        if case.ended:
            raise Refused(N_("{number} is closed.", number=number))
        await self._started(Carried(carried=case, clock_offset=case.received.clock_offset))

    async def lost(self) -> list[str]:
        """Numbers that are open in Postgres and have no run."""
        if self._store is None:
            return []
        return await without_run(self._client, await self._store.open_without_closed_at())

    async def failed_starts(self, *, limit: int) -> list[FailedStart]:
        """Starts that failed, the newest first."""
        found = []
        async for run in self._client.list_workflows(_FAILED, limit=limit):
            reason, refusals = await self._why(run)
            found.append(FailedStart(number=run.id, started_at=run.start_time, reason=reason, refusals=refusals))
        return found

    # -- helpers -----------------------------------------------------------------------------------------------------

    async def _started(self, carried: Carried) -> bool:
        case = carried.carried
        try:
            await self._client.start_workflow(
                names.COMPLAINT,
                carried,
                id=case.number,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                memo={names.KEY_DIGEST_MEMO: key_digest(case.received.source_key or case.number)},
                static_summary=self._summary(carried),
                search_attributes=view_of(case).attributes,
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    def _summary(self, carried: Carried) -> str:
        """One line for Temporal's page, with what the complaint is about as staff put it; nothing of the customer's."""
        case, _ = carried.carried, catalogue(carried.carried.policy.language).gettext
        said = _("Complaint that goes on")
        if carried.reopening:
            said = _("Complaint reopened")
        elif carried.separation:
            said = _("Complaint that goes on by itself again")
        return one_line(" · ".join(text for text in (said, case.category, case.department) if text), longest=150)

    async def _why(self, run: WorkflowExecution) -> tuple[str, tuple[Refusal, ...]]:
        try:
            await self._client.get_workflow_handle(run.id, run_id=run.run_id).result(follow_runs=False)
        except WorkflowFailureError as error:
            reason = error.cause.message if isinstance(error.cause, ApplicationError) else type(error.cause).__name__
            answer = answer_in(error.cause)
            return reason, answer.refusals if answer else ()
        return "", ()

    async def _case(self, number: str) -> Case:
        case = await case_in_records(self._store, number) if self._store is not None else None
        if case is None:
            raise NotFound.number(number)
        return case
