"""Who asks the task queue for work: `python -m starter.pollers` is the health check of a worker's container."""

import asyncio
import socket
import sys
import time
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from starter.leaving import leave
from workflows import names
from workflows.connection import TemporalUnreachable, connect

FRESH = timedelta(minutes=2)
"""A worker asks at least once a minute (its long poll); one that has not for so long is gone or hangs."""


async def pollers(client: Client, task_queue: str = names.TASK_QUEUE) -> dict[str, float]:
    """Each worker's identity (`process@host`), and how many seconds ago it last asked for workflow tasks."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    now = time.time()
    return {poller.identity: now - poller.last_access_time.ToMicroseconds() / 1e6 for poller in answer.pollers}


async def polls_here(client: Client, task_queue: str = names.TASK_QUEUE) -> bool:
    """Whether a worker on this host, or in this container, has asked lately."""
    here = f"@{socket.gethostname()}"
    found = await pollers(client, task_queue)
    return any(name.endswith(here) and ago < FRESH.total_seconds() for name, ago in found.items())


async def _healthy() -> str | None:
    """None, or the sentence that says what is wrong."""
    try:
        client = await connect()
    except TemporalUnreachable:
        return None  # not the worker's fault, and restarting it would mend nothing: it waits and goes on
    if await polls_here(client):
        return None
    return f"No worker on {socket.gethostname()} has asked for work for {FRESH.total_seconds():.0f} s: restart it."


def main() -> int:
    """0: a worker here works; 1: none does."""
    if problem := asyncio.run(_healthy()):
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    leave(main())
