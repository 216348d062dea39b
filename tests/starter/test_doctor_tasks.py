"""A worker that asks for work and fails at all of it is no healthy worker: doctor says which complaints wait."""

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from starter.doctor import Health, failing_tasks
from tests.chance import new_name
from tests.story import Story
from tests.waiting import becomes
from workflows import names


@workflow.defn(name=names.COMPLAINT)
class BrokenComplaint:
    """A deploy that cannot go on with any case."""

    @workflow.run
    async def run(self) -> None:
        raise RuntimeError("a deploy that went wrong")


async def says(client: Client, number: str) -> bool:
    """Whether doctor names that complaint within a while."""

    async def is_named() -> bool:
        found = await failing_tasks(client)
        return found.health is Health.BAD and number in found.message

    return await becomes(is_named, True)


async def test_complaints_whose_tasks_fail_are_named(story: Story) -> None:
    queue = f"broken-{new_name()}"
    async with Worker(
        story.client, task_queue=queue, workflows=[BrokenComplaint], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        handle = await story.client.start_workflow(names.COMPLAINT, id=f"broken-{new_name()}", task_queue=queue)
        try:
            assert await says(story.client, handle.id)
        finally:
            await handle.terminate()
