"""Each day the system looks whether an open complaint has lost its run, and whether everything that is kept holds
together; the care team hears only where it does not."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from complaints.records.staff import Role
from complaints.verifying import Asked
from complaints.verifying import verified as looked_at
from starter.runs import Runs
from tests.chance import new_name
from tests.desk_house import house_of
from tests.lives import LIVES
from tests.story import CARE_TEAM, Story
from tests.waiting import PATIENCE
from workflows import names


async def verified(story: Story) -> Any:
    handle = await story.client.start_workflow(
        names.VERIFY, id=f"verify-{new_name()}", task_queue=story.settings.task_queue, result_type=list[str]
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
    assert "quien opera el sistema" in str(body.get_content())
    await Runs(story.client, story.store, task_queue=story.settings.task_queue).restarted(story.number)
    assert await verified(story) == []


async def broken_by_hand(story: Story) -> None:
    async with story.store.connection() as connection:
        await connection.execute("UPDATE complaints SET level = 2, due_name = 'x' WHERE number = $1", story.number)


async def test_records_that_were_changed_by_hand_are_told_and_kept_for_the_desk(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    assert await verified(story) == []
    whole = await story.store.newest_verification()
    assert whole is not None
    assert (whole.complaints, whole.found, whole.temporal, whole.real_time) == (1, 0, "asked", False)
    await broken_by_hand(story)
    assert await verified(story) == []
    [letter] = [one for one in story.sink.to(CARE_TEAM) if "no concuerda" in str(one["Subject"])]
    body = letter.get_body(("plain",))
    assert body is not None
    words = " ".join(str(body.get_content()).split())
    assert f"{story.number}: su estado actual no es el que cuenta su historia: level, due_name" in words
    assert "quien opera el sistema" in words
    kept = await story.store.newest_verification()
    assert kept is not None
    assert [(fault.number, fault.check) for fault in kept.faults] == [(story.number, "state")]


async def test_managers_and_administrators_see_below_the_board_what_came_of_it(story: Story) -> None:
    house = house_of(story)
    for account, role in (("ana", Role.AGENT), ("mario", Role.MANAGER), ("alma", Role.ADMIN)):
        await house.employs(account, name=account.title(), role=role)
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    async with house.signed_in("mario") as mario, house.signed_in("ana") as ana:
        assert "Todavía no se ha revisado si los registros concuerdan" in (await mario.reads("/")).text
        await verified(story)
        assert "todo concuerda" in (await mario.reads("/")).text
        await broken_by_hand(story)
        await verified(story)
        page = (await mario.reads("/")).text
        assert "1 cosa no concuerda" in page
        assert f'<a href="/cases/{story.number}">{story.number}</a>: su estado actual' in page
        assert "concuerda" not in (await ana.reads("/")).text
    async with house.signed_in("alma") as alma:
        assert "1 cosa no concuerda" in (await alma.reads("/")).text


@pytest.mark.parametrize(
    "life", ["smooth", *(pytest.param(one, marks=pytest.mark.slow) for one in LIVES if one != "smooth")]
)
async def test_every_life_as_it_was_really_lived_is_whole(story: Story, life: str) -> None:
    """Nothing that the system itself writes is ever taken for a fault: in no stage, with no letter or call."""
    await LIVES[life](story)
    result = await looked_at(Asked(story.settings.database_dsn, datetime.now(UTC), real_time=False))
    assert result.faults == ()
    assert result.complaints > 0
