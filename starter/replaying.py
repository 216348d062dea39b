"""Whether this program may take the running complaints on: their histories are replayed with it, before a deploy.

Nothing is changed, and no worker of this program is needed: Temporal hands the histories out, and they are replayed
here. A history that does not replay would fail that complaint's workflow tasks from the deploy on, until another
program mends it.
"""

import random
from collections.abc import AsyncIterator, Callable, Sequence

from pydantic import BaseModel, ConfigDict
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Interceptor, Replayer

from starter.core_log import forward_core_log
from workflows import names
from workflows.complaint import Complaint

_RUNNING = f"WorkflowType = '{names.COMPLAINT}' AND ExecutionStatus = 'Running'"

OnProgress = Callable[[int, int], None]
"""Told how many of how many complaints are done."""


class NotReplayed(BaseModel):
    """A running complaint that this program could not go on with."""

    model_config = ConfigDict(frozen=True)

    number: str
    reason: str
    """In Temporal's words: which command it expected at which event."""


class Replay(BaseModel):
    """What came of replaying the running complaints with this program."""

    model_config = ConfigDict(frozen=True)

    running: int
    """Complaints that run."""
    replayed: int
    """How many of them were replayed."""
    not_replayed: tuple[NotReplayed, ...] = ()


def patient_replayer(
    data_converter: DataConverter, *workflows: type, interceptors: Sequence[Interceptor] = ()
) -> Replayer:
    """Replays complaints, or runs of these workflows, without the 2 seconds that a worker gives each step.

    Whether a program may go on with a history is asked: a machine that is busy, or a garbage collection in a large
    process, would answer in its place ("TMPRL1101, potential deadlock").
    """
    return Replayer(
        workflows=list(workflows) or [Complaint],
        data_converter=data_converter,
        interceptors=interceptors,
        debug_mode=True,
    )


async def replay(
    client: Client, *, sample: int | None = None, on_progress: OnProgress = lambda done, total: None
) -> Replay:
    """Replays the histories of the running complaints, or of so many of them, chosen at random."""
    forward_core_log()
    running = [run.id async for run in client.list_workflows(_RUNNING)]
    chosen = running if sample is None or sample >= len(running) else random.sample(running, sample)
    replayed, broken = 0, []
    async with patient_replayer(client.data_converter).workflow_replay_iterator(_histories(client, chosen)) as results:
        async for result in results:
            replayed += 1
            on_progress(replayed, len(chosen))
            if result.replay_failure is not None:
                reason = str(result.replay_failure).partition("\n")[0]
                broken.append(NotReplayed(number=result.history.workflow_id, reason=reason))
    return Replay(running=len(running), replayed=replayed, not_replayed=tuple(broken))


async def _histories(client: Client, numbers: Sequence[str]) -> AsyncIterator[WorkflowHistory]:
    for number in numbers:
        try:
            yield await client.get_workflow_handle(number).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it has ended meanwhile, and was forgotten
                raise
