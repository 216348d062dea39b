"""What the sandbox costs each case: the workflow's module is loaded anew for every instance.

uv run python -m benchmarks.sandbox
"""

import asyncio
import gc
import statistics
import sys
import time
import tracemalloc
from typing import Any

from temporalio import workflow
from temporalio.worker import WorkflowInstance
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

# As installed: without its bytecode the module is compiled anew for every instance, which costs another 2 ms.
sys.dont_write_bytecode = False

from workflows.complaint import Complaint  # noqa: E402
from workflows.review import QualityReview  # noqa: E402

TIME_TARGET, MEMORY_TARGET = 3.0, 150.0
"""Milliseconds of CPU and KiB an instance."""

ROUNDS, WARM_UP = 200, 20


class Keeping(SandboxedWorkflowRunner):
    """The sandbox, whose instances can be held."""

    kept: list[WorkflowInstance] = []  # noqa: RUF012 - one list for the one runner of this program

    def create_instance(self, det: Any) -> WorkflowInstance:
        made = super().create_instance(det)
        self.kept.append(made)
        return made


def measured(cls: type) -> tuple[float, float]:
    """The middle of the milliseconds of CPU that an instance takes, and the KiB it holds."""
    definition = workflow._Definition.must_from_class(cls)
    runner = Keeping()
    for _ in range(WARM_UP):
        runner.prepare_workflow(definition)
    runner.kept.clear()
    took = []
    for _ in range(ROUNDS):
        before = time.process_time()
        runner.prepare_workflow(definition)
        took.append((time.process_time() - before) * 1000)
    runner.kept.clear()
    gc.collect()
    tracemalloc.start()
    for _ in range(ROUNDS):
        runner.prepare_workflow(definition)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return statistics.median(took), held / 1024 / ROUNDS


async def main() -> int:
    """Prints the figures; 1 if one misses its target."""
    well = True
    for cls in (Complaint, QualityReview):
        milliseconds, kib = measured(cls)
        print(f"{cls.__name__}: {milliseconds:.2f} ms of CPU and {kib:.0f} KiB an instance")
        well = well and milliseconds < TIME_TARGET and kib < MEMORY_TARGET
    print(f"target: under {TIME_TARGET:.0f} ms and {MEMORY_TARGET:.0f} KiB")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
