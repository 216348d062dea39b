"""temporalio: what a stranger can send to a plain workflow: one thing freezes it, one vanishes, one never begins.

Needs a server: `python frozen_runs.py [ADDRESS [NAMESPACE]]`. Still there if any of the three is so:
1. a signal with one argument too many fails the workflow task, again and again, and nothing else reaches the run;
2. a signal whose payload does not match the annotated type is dropped, with a line in the worker's log only;
3. a start with an argument of a wrong type leaves a run behind whose first task fails for ever.
"""

import asyncio
import logging
import sys
import uuid
from dataclasses import dataclass
from typing import Any

from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.worker import Worker


@dataclass
class Said:
    """A signal's payload."""

    words: str


@workflow.defn
class Listens:
    """Ends when something was said."""

    @workflow.run
    async def run(self, first: Said) -> str:
        """What was said last."""
        self.last = first.words
        await workflow.wait_condition(lambda: self.last != first.words)
        return self.last

    @workflow.signal
    def say(self, said: Said) -> None:
        """Something was said."""
        self.last = said.words


async def main(address: str = "localhost:7233", namespace: str = "default") -> int:
    """How many of the three are so."""
    client = await Client.connect(address, namespace=namespace)
    queue = f"upstream-{uuid.uuid4()}"
    logging.disable()
    async with Worker(client, task_queue=queue, workflows=[Listens]):
        one, two = [await started(client, queue, {"words": "Hello"}) for _ in range(2)]
        three = await started(client, queue, 3.14)
        await one.signal("say", args=[{"words": "Goodbye"}, "one too many"])
        await two.signal("say", {"words": ["no", "text"]})
        await asyncio.sleep(3)
        await one.signal("say", {"words": "Goodbye"})  # what any run should hear
        found = {
            "frozen by an argument too many": not await ended(one),
            "dropped a payload that does not match": await running_without_failed_task(two),
            "started with a wrong type, and neither begins nor fails": not await ended(three),
        }
    for run in (one, two, three):
        if (await run.describe()).status == WorkflowExecutionStatus.RUNNING:
            await run.terminate()
    for what, is_so in found.items():
        print(f"{what}: {'yes' if is_so else 'no'}")
    return sum(found.values())


async def started(client: Client, queue: str, argument: Any) -> WorkflowHandle[Any, Any]:
    """A run."""
    return await client.start_workflow("Listens", argument, id=f"{queue}-{uuid.uuid4()}", task_queue=queue)


async def ended(run: WorkflowHandle[Any, Any]) -> bool:
    """Whether it ends, well or not, within ten seconds."""
    for _ in range(20):
        if (await run.describe()).status != WorkflowExecutionStatus.RUNNING:
            return True
        await asyncio.sleep(0.5)
    return False


async def running_without_failed_task(run: WorkflowHandle[Any, Any]) -> bool:
    """Whether it waits as if nothing had come."""
    kinds = [event.WhichOneof("attributes") for event in (await run.fetch_history()).events]
    still = (await run.describe()).status == WorkflowExecutionStatus.RUNNING
    return still and "workflow_task_failed_event_attributes" not in kinds


if __name__ == "__main__":
    print("still there" if asyncio.run(main(*sys.argv[1:])) else "mended", flush=True)
