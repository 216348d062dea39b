"""What ended longer ago than the policy keeps it is erased at night, Temporal's history with it (Ley 29733)."""

import asyncio
from datetime import UTC, datetime

from temporalio.service import RPCError, RPCStatusCode

from complaints.verifying import Asked, verified
from tests.chance import new_name
from tests.story import Story
from tests.waiting import PATIENCE, becomes
from workflows import names


async def a_night(story: Story) -> int:
    handle = await story.client.start_workflow(
        names.RETENTION, id=f"retention-{new_name()}", task_queue=story.settings.task_queue, result_type=int
    )
    return await asyncio.wait_for(handle.result(), PATIENCE)


async def is_known_to_temporal(story: Story) -> bool:
    try:
        await story.handle.describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


async def test_a_complaint_of_years_ago_names_nobody_after_a_night(story: Story) -> None:
    await story.complaint_arrives("2022-07-20 09:00")
    await story.all_is_told()
    assert await a_night(story) == 0, "it is open, however old"
    await story.says("withdrawn", by="customer")
    assert await story.outcome() == "withdrawn"
    assert await a_night(story) == 1
    assert await becomes(lambda: is_known_to_temporal(story), False, within=3 * PATIENCE)
    record = await story.store.record(story.number)
    assert record is not None
    assert (record.customer_name, record.email, record.outcome) == ("[···1]", "erased-1@erased.invalid", "withdrawn")
    [note] = [word for word in await story.store.afterwords(story.number) if word.what == "erased"]
    assert (note.by, note.data["reason"], note.data["places"]["runs"]) == ("retention", "3 years after closing", 1)
    now = datetime.now(UTC)
    result = await verified(Asked(story.settings.database_dsn, now, real_time=False))
    assert [(fault.check, fault.about) for fault in result.faults] == []
    assert await a_night(story) == 0, "once"
