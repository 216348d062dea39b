"""temporalio: two seconds by the clock on the wall, not of the processor, and a workflow task counts as deadlocked.

Needs a server: `python deadlock_limit.py [ADDRESS [NAMESPACE]]`. On a busy machine a task that computes for a tenth of
that is taken back, done again, and taken back again; nothing but debug mode, which has no limit, changes it. Shown here
by a task that only waits. Mended if the worker has a setting for the limit.
"""

import asyncio
import inspect
import logging
import sys
import time
import uuid

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

MARK = "TMPRL1101"


@workflow.defn
class IsSlow:
    """Takes as long as a machine with too much to do."""

    @workflow.run
    async def run(self) -> None:
        """No processor time is used."""
        time.sleep(2.5)  # noqa: ASYNC251


async def main(address: str = "localhost:7233", namespace: str = "default") -> bool:
    """Whether the limit was met and cannot be moved."""
    logging.disable()
    client = await Client.connect(address, namespace=namespace)
    queue = f"upstream-{uuid.uuid4()}"
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue=queue, workflows=[IsSlow], workflow_runner=runner):
        run = await client.start_workflow(IsSlow.run, id=queue, task_queue=queue)
        await asyncio.sleep(5)
        failed = MARK in (await run.fetch_history()).to_json()
        await run.terminate()
    settings = [name for name in inspect.signature(Worker).parameters if "deadlock" in name]
    print(f"failed with {MARK}: {failed}; settings of the worker for it: {settings or 'none'}")
    return failed and not settings


if __name__ == "__main__":
    print("still there" if asyncio.run(main(*sys.argv[1:])) else "mended", flush=True)
