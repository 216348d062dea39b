"""Workers stopped, killed and frozen while the mail server is slow: the server's own list says what went out."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from activities.letters import LEASE
from complaints.rules.letters import LetterState
from tests.stories.test_killed import a_worker
from tests.story import QUIET, Story
from tests.waiting import PATIENCE, comes, until
from workflows.options import LETTER_OPTIONS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SLOW = 12.0
"""Seconds that the mail server takes to answer the final dot: longer than a worker leaves what it does undisturbed."""
IN_FLIGHT = 3
UNHEARD = 31.0
"""Seconds: its last sign of life may be five older, and from that one its letters are its own for 45."""
HELD = LEASE.total_seconds() - 10
"""Seconds, fewer than a letter that nobody gave back is waited for: on a busy machine a start alone takes ten."""


async def arrive(story: Story) -> list[Story]:
    """Complaints whose acknowledgements the mail server has and has not answered for."""
    stories = [story, *(story.another() for _ in range(IN_FLIGHT - 1))]
    for one in stories:
        await one.complaint_arrives("2026-07-22 09:00", policy=QUIET, opened=False)
    await until(lambda: len(story.sink.letters) == IN_FLIGHT)
    return stories


async def are_acknowledged(stories: list[Story], *, within: float) -> None:
    """Waits until every case knows that its letter went out, so many seconds at most."""

    async def all_are() -> bool:
        rows = [await one.store.letters(one.number) for one in stories]
        return all(row and row[0].state is LetterState.SENT for row in rows)

    await comes(all_are, "acknowledgement of each", within=within)


@asynccontextmanager
async def workers(story: Story, count: int) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """Worker processes with leases and heartbeats as in real use."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(a_worker(story, "true")) for _ in range(count)]


async def perhaps_twice(stories: list[Story]) -> list[bool]:
    return [row.uncertain_at is not None for one in stories for row in await one.store.letters(one.number)]


async def test_a_deploy_while_the_mail_server_is_slow_sends_nothing_twice(story: Story) -> None:
    await story.worker_stops()
    story.sink.dawdles = SLOW
    async with workers(story, 1) as [old]:
        stories = await arrive(story)
        old.send_signal(signal.SIGTERM)
        async with workers(story, 1):  # the new one, at once
            assert await asyncio.wait_for(old.wait(), SLOW + PATIENCE) == 0
            story.sink.dawdles = 0
            await are_acknowledged(stories, within=HELD)
            for one in stories:
                await one.is_opened()
                await one.all_is_told()
    assert len(story.sink.message_ids) == len(set(story.sink.message_ids)) == IN_FLIGHT
    assert await perhaps_twice(stories) == [False] * IN_FLIGHT


async def test_a_worker_that_stops_gives_back_what_the_mail_server_has_not_got(story: Story) -> None:
    """Before the final dot nothing has gone out: the next worker sends it, and nobody waits for a lease."""
    await story.worker_stops()
    story.sink.takes_its_time = 120.0
    async with workers(story, 1) as [old]:
        await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, opened=False)
        await until(lambda: story.sink.recipients)
        story.sink.takes_its_time = 0
        old.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(old.wait(), 60) == 0
    async with workers(story, 1):
        await are_acknowledged([story], within=HELD)
    assert len(story.sink.message_ids) == 1
    assert await perhaps_twice([story]) == [False]


async def test_after_a_kill_all_is_well_within_a_minute(story: Story) -> None:
    await story.worker_stops()
    story.sink.dawdles = 60
    async with workers(story, 2) as both:
        stories = await arrive(story)
        story.sink.dawdles = 0
        for one in both:
            one.kill()
        async with workers(story, 1):
            await are_acknowledged(stories, within=LEASE.total_seconds() + 30)
    assert await perhaps_twice(stories) == [True] * IN_FLIGHT, "the server had them: it is told"


async def test_a_frozen_worker_that_wakes_up_ends_what_it_began(story: Story) -> None:
    """With another worker beside: longer than Temporal believes that it lives, well within its lease."""
    await story.worker_stops()
    story.sink.dawdles = SLOW
    async with workers(story, 1) as [frozen]:
        stories = await arrive(story)
        async with workers(story, 1):
            assert LETTER_OPTIONS["heartbeat_timeout"] == timedelta(seconds=UNHEARD - 1)
            frozen.send_signal(signal.SIGSTOP)
            await asyncio.sleep(UNHEARD)
            story.sink.dawdles = 0
            frozen.send_signal(signal.SIGCONT)
            await are_acknowledged(stories, within=PATIENCE)
            for one in stories:
                await one.is_opened()
                await one.all_is_told()
    assert len(story.sink.message_ids) == IN_FLIGHT
    assert await perhaps_twice(stories) == [False] * IN_FLIGHT
