"""A stack of one machine has its schedules without anybody setting it up; what people paused stays paused."""

from contextlib import suppress
from dataclasses import replace

import pytest
from temporalio.client import Client, ScheduleActionStartWorkflow
from temporalio.service import RPCError

from starter.place import Place, place_of
from starter.scheduling import schedules_ensured
from tests.terminal import Terminal
from workflows import names


async def scheduled(client: Client) -> dict[str, str]:
    """The workflow that each schedule starts, by its name; as Temporal knows them by name at once."""
    found = {}
    for name in names.SCHEDULES:
        action = (await client.get_schedule_handle(name).describe()).schedule.action
        assert isinstance(action, ScheduleActionStartWorkflow)
        found[name] = action.workflow
    return found


async def none_left(client: Client) -> None:
    for name in names.SCHEDULES:
        await client.get_schedule_handle(name).delete()


async def test_the_worker_of_a_stack_ensures_them_and_again_changes_nothing(terminal: Terminal) -> None:
    place = replace(place_of(terminal.home), stack=terminal.addresses.model_copy(update={"time_skipping": False}))
    await schedules_ensured(place)
    try:
        digest = terminal.client.get_schedule_handle(names.DAILY_DIGEST_SCHEDULE)
        await digest.pause(note="holidays")
        await schedules_ensured(place)
        found = await scheduled(terminal.client)
        assert set(found) == {"quality-review", "daily-digest", "verify", "retention"}
        assert (found["daily-digest"], found["verify"]) == ("DailyDigest", "Verify")
        assert (await digest.describe()).schedule.state.paused
    finally:
        await none_left(terminal.client)


async def test_where_time_is_skipped_or_others_set_up_it_does_nothing(terminal: Terminal) -> None:
    for name in names.SCHEDULES:  # the server is shared: another test may have set it up
        with suppress(RPCError):
            await terminal.client.get_schedule_handle(name).delete()
    skipping = terminal.addresses.model_copy(update={"time_skipping": True})
    for stack in (skipping, None):
        place: Place = replace(place_of(terminal.home), stack=stack)
        await schedules_ensured(place)
    for name in names.SCHEDULES:
        with pytest.raises(RPCError, match="not found"):
            await terminal.client.get_schedule_handle(name).describe()
