"""temporalio: a query hands a signal over before its workflow task, at the time of the step before it.

Needs a server: `python early_event.py [ADDRESS [NAMESPACE]]`. Whether the query or the task is taken first is chance:
so several runs.
"""

import asyncio
import sys
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import cast

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

RUNS = 16


@workflow.defn
class Listens:
    """Keeps the time at which it heard a signal."""

    def __init__(self) -> None:
        self.heard: datetime | None = None

    @workflow.run
    async def run(self) -> None:
        """Never ends by itself."""
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def speak(self) -> None:
        """Something happens."""
        self.heard = workflow.now()

    @workflow.query
    def when(self) -> str:
        """When it happened."""
        return self.heard.isoformat() if self.heard else ""


async def main(address: str = "localhost:7233", namespace: str = "default") -> int:
    """How many of the runs were told too early."""
    client = await Client.connect(address, namespace=namespace)
    queue = f"upstream-{uuid.uuid4()}"
    runs = [await client.start_workflow(Listens.run, id=f"{queue}-{n}", task_queue=queue) for n in range(RUNS)]
    async with Worker(client, task_queue=queue, workflows=[Listens]):
        await asyncio.gather(*(run.query(Listens.when) for run in runs))  # the first task is done
    queries = [asyncio.create_task(run.query(Listens.when, rpc_timeout=timedelta(seconds=30))) for run in runs]
    await asyncio.sleep(2)  # the time by which the event is early; the queries wait for a worker meanwhile
    for run in runs:
        await run.signal(Listens.speak)
    async with Worker(client, task_queue=queue, workflows=[Listens]):
        await asyncio.gather(*queries, return_exceptions=True)
        early = [run.id for run in runs if await is_early(run)]
    for run in runs:
        with suppress(Exception):
            await run.terminate()
    print(f"{len(early)} of {RUNS} signals were heard before their workflow task")
    return len(early)


async def is_early(run: WorkflowHandle[Listens, None]) -> bool:
    """Whether the run heard the signal before the task that follows it in the history began."""
    heard = datetime.fromisoformat(cast("str", await run.query(Listens.when)))
    events = (await run.fetch_history()).events
    said = next(e for e in events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
    return heard.timestamp() < said.event_time.ToDatetime(heard.tzinfo).timestamp()


if __name__ == "__main__":
    print("still there" if asyncio.run(main(*sys.argv[1:])) else "mended", flush=True)
