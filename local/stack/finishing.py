"""What has to come to its end, however often whoever waits for it is cancelled meanwhile."""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from typing import Any


async def to_its_end(doing: Awaitable[object]) -> None:
    """Waits for it, and for nothing less: left half-done it would go on, and nobody would see to it any more.

    Says nothing of how it ended, and nothing of having been cancelled: whoever calls it is ending already.
    """
    task = asyncio.ensure_future(doing)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])


async def gathered(*coroutines: Coroutine[Any, Any, Any]) -> list[Any]:
    """All results; when one fails, the others are ended before its own exception goes on."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.cancelling():  # one that was told once already puts away what it has begun
                task.cancel()
        if tasks:
            await to_its_end(asyncio.wait(tasks))
