"""What Temporal keeps of a complaint that is erased: its histories are deleted, every run of it (Ley 29733)."""

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode


class StillRuns(Exception):
    """A complaint whose workflow still runs: its history is not deleted under it."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"{number} has a workflow that runs: it must end before it is erased.")


async def forget_runs(client: Client, number: str) -> int:
    """Deletes every history of that complaint; how many. Safe to repeat. Raises StillRuns, and then deletes nothing.

    The server does it a moment later. What it does not know any more, after its own retention, is no error.
    """
    quoted = number.replace("'", "''")
    known = {run.run_id async for run in client.list_workflows(f"WorkflowId = '{quoted}'")}
    try:
        newest = await client.get_workflow_handle(number).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    else:  # visibility lags behind by moments: the newest run is asked for by name
        if newest.status is WorkflowExecutionStatus.RUNNING:
            raise StillRuns(number)
        known.add(newest.run_id)
    return sum([await _deleted(client, number, run) for run in sorted(known)])


async def _deleted(client: Client, number: str, run: str) -> bool:
    request = DeleteWorkflowExecutionRequest(
        namespace=client.namespace, workflow_execution=WorkflowExecution(workflow_id=number, run_id=run)
    )
    try:
        await client.workflow_service.delete_workflow_execution(request)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True
