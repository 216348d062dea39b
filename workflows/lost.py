"""Open complaints that nobody follows: without a run, or with one whose tasks fail again and again."""

import asyncio
from collections.abc import Iterable, Sequence

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from workflows import names

_RUNNING = f"WorkflowType = '{names.COMPLAINT}' AND ExecutionStatus = 'Running'"


TRIES = 3
"""A task that was tried more often does not fail by accident."""

_AT_ONCE = 20
"""Runs that are asked about at the same time."""


async def without_run(client: Client, numbers: Iterable[str]) -> list[str]:
    """Of these open complaints, those that have no run."""
    running = {run.id async for run in client.list_workflows(_RUNNING)}
    # Visibility lags behind by moments: whoever is not listed is asked for by name.
    return [number for number in numbers if number not in running and not await _runs(client, number)]


async def failing_tasks(client: Client, numbers: Sequence[str]) -> list[str]:
    """Of these running complaints, those whose workflow task was tried too often; who has no run is none of them."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def fails(number: str) -> bool:
        async with room:
            run = await _described(client, number)
        return run is not None and run.raw_description.pending_workflow_task.attempt > TRIES

    failing = await asyncio.gather(*(fails(number) for number in numbers))
    return [number for number, fails_ in zip(numbers, failing, strict=True) if fails_]


async def _runs(client: Client, number: str) -> bool:
    run = await _described(client, number)
    return run is not None and run.status is WorkflowExecutionStatus.RUNNING


async def _described(client: Client, number: str) -> WorkflowExecutionDescription | None:
    """Its newest run; None where Temporal knows of none."""
    try:
        return await client.get_workflow_handle(number).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
