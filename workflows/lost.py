"""Open complaints that have lost their run: what the records know to be open, and Temporal does not run."""

from collections.abc import Iterable

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from workflows import names

_RUNNING = f"WorkflowType = '{names.COMPLAINT}' AND ExecutionStatus = 'Running'"


async def without_run(client: Client, numbers: Iterable[str]) -> list[str]:
    """Of these open complaints, those that have no run."""
    running = {run.id async for run in client.list_workflows(_RUNNING)}
    # Visibility lags behind by moments: whoever is not listed is asked for by name.
    return [number for number in numbers if number not in running and not await _runs(client, number)]


async def _runs(client: Client, number: str) -> bool:
    try:
        run = await client.get_workflow_handle(number).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return run.status is WorkflowExecutionStatus.RUNNING
