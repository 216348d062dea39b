"""Programs of the tests that run in a process of their own, to be killed where they say they are."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.rings import ring_environment
from tests.story import Story
from tests.waiting import PATIENCE


@asynccontextmanager
async def a_process(
    story: Story, program: str, marker: str, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m PROGRAM MARKER` on the story's servers, once it says `ready`; killed at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program, marker),
        env={
            **os.environ,
            **ring_environment(story.client),
            "STORY_TEMPORAL": story.client.service_client.config.target_host,
            "STORY_NAMESPACE": story.client.namespace,
            "STORY_QUEUE": story.settings.task_queue,
            "DATABASE_URL": story.settings.database_dsn,
            **environment,
        },
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await says(process, "ready")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def says(process: asyncio.subprocess.Process, marker: str) -> None:
    """Waits until the process prints this."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if line.decode().strip() == marker:
                return
    raise AssertionError(f"It ended before it said {marker!r}.")
