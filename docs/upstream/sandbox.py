"""temporalio's sandbox: `ZoneInfo` in a workflow's file gives no time zone that datetime takes; `holidays` dies in it.

Needs a server (`python sandbox.py [ADDRESS [NAMESPACE]]`) and the `holidays` package.
"""

import asyncio
import logging
import sys
import uuid
import warnings
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

with workflow.unsafe.imports_passed_through():
    import holidays


def lima() -> None:
    """Noon in Lima."""
    datetime(2026, 7, 28, 12, tzinfo=ZoneInfo("America/Lima"))


def independence_day() -> None:
    """The 28th of July."""
    assert date(2026, 7, 28) in holidays.country_holidays("PE", years=2026)


@workflow.defn
class Tries:
    """Says what went wrong."""

    @workflow.run
    async def run(self) -> dict[str, str]:
        """Each attempt, and its error."""
        return {"ZoneInfo": self.error(lima), "holidays": self.error(independence_day)}

    def error(self, attempt: Callable[[], None]) -> str:
        """In one line."""
        try:
            attempt()
        except BaseException as error:
            return f"{type(error).__name__}: {error}".splitlines()[0]
        return ""


async def main(address: str = "localhost:7233", namespace: str = "default") -> bool:
    """Whether either fails."""
    logging.disable()
    warnings.simplefilter("ignore")
    client = await Client.connect(address, namespace=namespace)
    queue = f"upstream-{uuid.uuid4()}"
    runner = SandboxedWorkflowRunner(SandboxRestrictions.default.with_passthrough_modules("holidays", "dateutil"))
    async with Worker(client, task_queue=queue, workflows=[Tries], workflow_runner=runner, debug_mode=True):
        errors = await client.execute_workflow(Tries.run, id=queue, task_queue=queue)
    for what, error in errors.items():
        print(f"{what}: {error or 'works'}")
    return any(errors.values())


if __name__ == "__main__":
    print("still there" if asyncio.run(main(*sys.argv[1:])) else "mended", flush=True)
