"""An event never reaches the case before its workflow task, and so never at a wrong time: a query that meets it on the
way, while no worker has the case in its cache, used to bring it at the time of the step before."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1.command_type_pb2 import CommandType
from temporalio.bridge.proto.workflow_activation import (
    FireTimer,
    QueryWorkflow,
    ResolveActivity,
    SignalWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowQueryFailedError
from temporalio.worker import WorkflowInstance
from temporalio.worker.workflow_sandbox._runner import _fake_info

from complaints.rules.status import Status
from tests.story import Story
from workflows import names
from workflows.contexts import Contexts
from workflows.timely import TOO_EARLY, _Guarded

CASES = 4
"""Whether the query or the task is taken first is chance: about every second query used to bring the event early."""

SIGNAL = WorkflowActivationJob(signal_workflow=SignalWorkflow(signal_name="assigned"))
TIMER = WorkflowActivationJob(fire_timer=FireTimer(seq=1))
LETTER = WorkflowActivationJob(resolve_activity=ResolveActivity(seq=1))
RECORDS = WorkflowActivationJob(resolve_activity=ResolveActivity(seq=2, is_local=True))
QUESTION = WorkflowActivationJob(query_workflow=QueryWorkflow(query_type="status"))


class Run(WorkflowInstance):
    """A run that does whatever it is told, successfully, and remembers when."""

    def __init__(self) -> None:
        self.at: list[int] = []

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self.at.append(act.timestamp.seconds)
        completion = WorkflowActivationCompletion()
        completion.successful.SetInParent()
        return completion

    def get_serialization_context(self, command_info: object) -> Any:
        raise NotImplementedError

    def get_external_store_context(self, command_info: object) -> Any:
        raise NotImplementedError

    def get_info(self) -> Any:
        return _fake_info


def step(at: int, length: int, *jobs: WorkflowActivationJob, replaying: bool = False) -> WorkflowActivation:
    """What core hands over: `at` in seconds, with so many events of history."""
    act = WorkflowActivation(history_length=length, is_replaying=replaying, jobs=jobs)
    act.timestamp.seconds = at
    return act


@pytest.mark.parametrize("event", [SIGNAL, TIMER, LETTER])
def test_a_step_that_brings_an_event_without_a_task_is_failed(event: WorkflowActivationJob) -> None:
    run = _Guarded(Run())
    assert run.activate(step(100, 8, SIGNAL, replaying=True)).HasField("successful")
    assert run.activate(step(100, 10, event)).failed.failure.message == TOO_EARLY


@pytest.mark.parametrize(
    "then",
    [
        step(101, 10, SIGNAL),  # its task has begun
        step(100, 8, RECORDS),  # within the same task
        step(100, 10, RECORDS),  # a local activity ended while its task was kept alive
        step(100, 10, QUESTION),
        step(100, 10, SIGNAL, replaying=True),  # events of one task may come in two steps when they are told again
    ],
)
def test_any_other_step_is_done(then: WorkflowActivation) -> None:
    run = _Guarded(Run())
    run.activate(step(100, 8, SIGNAL, replaying=True))
    assert run.activate(then).HasField("successful")


def test_the_first_step_has_nothing_before_it() -> None:
    assert _Guarded(Run()).activate(step(100, 3, SIGNAL)).HasField("successful")


def test_within_a_task_the_time_stands_still() -> None:
    """Replayed, core gives a local activity's end the time of its task, where live it had one of its own."""
    run = Run()
    guarded = _Guarded(run)
    for one in (step(100, 8, SIGNAL), step(103, 8, RECORDS), step(104, 10, QUESTION), step(104, 10, RECORDS)):
        guarded.activate(one)
    guarded.activate(step(105, 12, TIMER))
    guarded.activate(step(106, 12, RECORDS))
    assert run.at == [100, 100, 100, 100, 105, 105]


async def asked(story: Story) -> Status | None:
    """What one question brings that waits for a worker; None if it is to be asked again."""
    try:
        status: Status = await story.handle.query(names.STATUS, result_type=Status, rpc_timeout=timedelta(minutes=1))
    except WorkflowQueryFailedError as error:
        assert error.message == TOO_EARLY  # noqa: PT017 - any other failure is one
        return None
    return status


async def test_what_happens_while_a_question_waits_for_a_worker_keeps_its_own_time(story: Story) -> None:
    cases = [story.another() for _ in range(CASES)]
    for case in cases:
        await case.complaint_arrives("2026-07-22 09:00")
        await case.all_is_told()
    await story.worker_stops()
    questions = [asyncio.create_task(asked(case)) for case in cases]
    for case in cases:
        await case.until("2026-07-23 10:00")
        await case.says("assigned", department="academic")
    await story.worker_starts()
    await asyncio.gather(*questions)
    for case in cases:
        assert (await case.comes_true(lambda status: status.stage == "investigation")).department == "academic"
        await case.all_is_told()
        assert await case.happened("assigned") == ["2026-07-23 10:00 assigned"]
        told = [(row.seq, row.at) for row in await case.timeline()]
        assert told == [(row.seq, row.at) for row in await story.store.journal(case.number)]


async def test_whose_a_payload_is_comes_out_as_the_sandbox_says(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A codec may seal each payload with it: records, letters, a word to another complaint, a search attribute."""
    asked: set[tuple[str, str]] = set()
    differ: list[str] = []

    def compared(
        kind: str, ours: Callable[[Contexts, Any], Any], theirs: Callable[[WorkflowInstance, Any], Any]
    ) -> Any:
        def answer(guarded: _Guarded, command_info: Any) -> Any:
            said, expected = ours(guarded._known, command_info), theirs(guarded._instance, command_info)
            command = CommandType.Name(command_info.command_type) if command_info else "none"
            asked.add((kind, f"{command} {type(said).__name__}"))
            if said != expected:
                differ.append(f"{command}: {said} instead of {expected}")
            return said

        return answer

    serialization = compared(
        "context", Contexts.serialization, lambda run, command: run.get_serialization_context(command)
    )
    storage = compared("store", Contexts.storage, lambda run, command: run.get_external_store_context(command))
    monkeypatch.setattr(_Guarded, "get_serialization_context", serialization)
    monkeypatch.setattr(_Guarded, "get_external_store_context", storage)
    other = story.another()
    await story.complaint_arrives("2026-07-22 09:00")
    await other.complaint_arrives("2026-07-22 09:05")
    await story.asks("assign", department="academic")
    await other.asks("merge", into=story.number, whose="same")
    assert await other.outcome() == "merged"
    await story.all_is_told()
    assert differ == []
    for kind in (
        "COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK ActivitySerializationContext",
        "COMMAND_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION WorkflowSerializationContext",
        "none WorkflowSerializationContext",
    ):
        assert ("context", kind) in asked
