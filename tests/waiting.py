"""Waiting for what another task or process does, with an end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starter.front_desk import FrontDesk

PATIENCE = 90.0
"""Seconds of real time after which a wait has failed."""

Found = TypeVar("Found")


async def until(condition: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Returns once the condition holds; fails after so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        if condition():
            return
        assert asyncio.get_running_loop().time() < deadline, f"It did not come true within {within:.0f} s."
        await asyncio.sleep(0.02)


async def comes(asked: Callable[[], Awaitable[Found]], what: str, *, within: float = PATIENCE) -> Found:
    """The answer, once there is one; fails after so many seconds for want of `what`."""
    deadline = asyncio.get_running_loop().time() + within
    while not (found := await asked()):
        assert asyncio.get_running_loop().time() < deadline, f"There is no {what} after {within:.0f} s."
        await asyncio.sleep(0.05)
    return found


async def becomes(asked: Callable[[], Awaitable[object]], wanted: object, *, within: float = PATIENCE) -> bool:
    """Whether the answer becomes the one that is wanted within so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while (found := await asked()) != wanted:
        assert asyncio.get_running_loop().time() < deadline, f"It is {found!r} after {within:.0f} s, not {wanted!r}."
        await asyncio.sleep(0.05)
    return True


async def all_is_written(desk: FrontDesk, number: str) -> None:
    """Returns once the records have every row of that complaint."""

    async def unwritten() -> int:
        return (await desk.status(number)).value.unwritten_rows

    await becomes(unwritten, 0)
