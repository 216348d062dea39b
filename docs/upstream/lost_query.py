"""temporalio: of several queries to a run that has ended, some are lost; each waits until its caller gives up.

Needs a server: `python lost_query.py [ADDRESS [NAMESPACE]]`. The worker's core drops an ended run from its cache with
the first answer, and with it the queries that came meanwhile ("There were leftover buffered tasks when evicting run").
Which comes when is chance: so several runs.
"""

import asyncio
import sys
import uuid
from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import Worker

RUNS, ROUNDS, AT_ONCE = 8, 10, 4

PATIENCE = timedelta(seconds=8)
"""Far more than a query to a worker that has nothing else to do takes."""


@workflow.defn
class Ends:
    """Ends at once, and can be asked."""

    @workflow.run
    async def run(self) -> None:
        """Nothing to do."""

    @workflow.query
    def there(self) -> bool:
        """Whether anybody answers."""
        return True


async def main(address: str = "localhost:7233", namespace: str = "default") -> int:
    """How many queries were lost."""
    client = await Client.connect(address, namespace=namespace)
    queue = f"upstream-{uuid.uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[Ends]):
        runs = [await client.start_workflow(Ends.run, id=f"{queue}-{n}", task_queue=queue) for n in range(RUNS)]
        await asyncio.gather(*(run.result() for run in runs))
        lost = sum(await asyncio.gather(*(lost_of(run) for run in runs)))
    print(f"{lost} queries were lost")
    return lost


async def lost_of(run: WorkflowHandle[Ends, None]) -> int:
    """Until the first is lost: more would only take longer."""
    for _ in range(ROUNDS):
        asked = (run.query(Ends.there, rpc_timeout=PATIENCE) for _ in range(AT_ONCE))
        lost = sum(isinstance(answer, RPCError) for answer in await asyncio.gather(*asked, return_exceptions=True))
        if lost:
            return lost
    return 0


if __name__ == "__main__":
    print("still there" if asyncio.run(main(*sys.argv[1:])) else "mended", flush=True)
