"""Some of the same at once, until all are done."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def abreast(at_once: int, items: Iterable[T], does: Callable[[T], Awaitable[object]]) -> None:
    """Each item, `at_once` of them at a time: the next begins when one has ended."""
    left = iter(items)

    async def one_after_the_other() -> None:
        for item in left:
            await does(item)

    async with asyncio.TaskGroup() as going:
        for _ in range(at_once):
            going.create_task(one_after_the_other())
