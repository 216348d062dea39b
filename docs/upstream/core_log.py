"""temporalio: what the core has to say goes to standard output, among what a program prints for other programs.

Needs a server: `python core_log.py [ADDRESS [NAMESPACE]]`. A child prints one line of JSON, and meets a workflow that
fails: the core's warning stands beside it.
"""

import subprocess
import sys

CHILD = """
import asyncio, logging, sys, uuid
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

@workflow.defn
class Fails:
    @workflow.run
    async def run(self) -> None:
        raise RuntimeError("no")

async def main(address="localhost:7233", namespace="default"):
    logging.disable()
    client = await Client.connect(address, namespace=namespace)
    queue = f"upstream-{uuid.uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[Fails], workflow_runner=UnsandboxedWorkflowRunner()):
        run = await client.start_workflow(Fails.run, id=queue, task_queue=queue)
        await asyncio.sleep(2)
        await run.terminate()
    print('{"done": true}', flush=True)
    await asyncio.sleep(0.5)

asyncio.run(main(*sys.argv[1:]))
"""

said = subprocess.run([sys.executable, "-c", CHILD, *sys.argv[1:]], capture_output=True, text=True, check=False).stdout
print(said[:200])
print("mended" if said == '{"done": true}\n' else "still there")
