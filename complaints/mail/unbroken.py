"""Shielding from cancellation: what must come to its end once begun, such as handing a letter over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def to_its_end(work: Awaitable[T], *, when_stopped: Callable[[], object] = lambda: None) -> T:
    """What `work` gives or raises, also where we are cancelled meanwhile: it goes on, and its end is what counts.

    `when_stopped` is called at each cancellation, so that the work may come to its end sooner. The cancellation itself
    is used up: whoever awaits this goes on with the result, and should have little left to do.
    """
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # the work itself was, by somebody else: there is no other end
                raise
            when_stopped()
        except BaseException:
            if task.done():  # its own; raised below, where it is told apart from nothing
                break
            raise
    return task.result()
