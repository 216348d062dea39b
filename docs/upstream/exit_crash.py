"""temporalio: a process that only asked something of a server now and then aborts or crashes at interpreter exit.

Needs a server: `python exit_crash.py [ADDRESS [NAMESPACE]]`. Stops at the first of 160 children whose exit code is not
0: one in three was seen on a busy machine, one in twenty on a quiet one.
"""

import subprocess
import sys

CHILD = """
import asyncio, contextlib, sys
from temporalio.client import Client

async def main(address="localhost:7233", namespace="default"):
    client = await Client.connect(address, namespace=namespace)
    with contextlib.suppress(Exception):
        await client.get_workflow_handle("nobody").describe()

asyncio.run(main(*sys.argv[1:]))
"""

for started in range(0, 160, 4):
    children = [subprocess.Popen([sys.executable, "-c", CHILD, *sys.argv[1:]], stderr=-1) for _ in range(4)]
    for child in children:
        said = child.communicate()[1].decode(errors="replace")
        if child.returncode:
            print(f"exit code {child.returncode} among the first {started + 4}: {said.strip().splitlines()[:1]}")
            print("still there")
            sys.exit()
print("160 clean exits\nmended")
