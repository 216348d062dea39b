"""Each day the system looks whether an open complaint has lost its run; the care team hears only if one has."""

import asyncio
import uuid
from typing import Any

from starter.runs import Runs
from tests.story import CARE_TEAM, PATIENCE, Story
from workflows import names


async def verified(story: Story) -> Any:
    handle = await story.client.start_workflow(
        names.VERIFY, id=f"verify-{uuid.uuid4().hex[:8]}", task_queue=story.settings.task_queue, result_type=list[str]
    )
    return await asyncio.wait_for(handle.result(), PATIENCE)


def alarms(story: Story) -> list[str]:
    return [str(one["Subject"]) for one in story.sink.to(CARE_TEAM) if "sin seguimiento" in str(one["Subject"])]


async def test_while_every_open_complaint_has_its_run_nobody_hears_anything(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    assert await verified(story) == []
    assert alarms(story) == []


async def test_a_lost_run_is_told_once_a_day_and_found_no_more_once_it_was_started_again(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    await story.handle.terminate("an operator's mistake")
    assert await verified(story) == [story.number]
    assert await verified(story) == [story.number]
    assert alarms(story) == ["1 queja abierta sin seguimiento"]
    [letter] = [one for one in story.sink.to(CARE_TEAM) if str(one["Subject"]) in alarms(story)]
    body = letter.get_body(("plain",))
    assert body is not None
    assert story.number in str(body.get_content())
    assert "complaints doctor --mend" in str(body.get_content())
    await Runs(story.client, story.store, task_queue=story.settings.task_queue).restarted(story.number)
    assert await verified(story) == []
