"""How a program that runs for long waits and forgets: libuv's event loop, and a garbage collector that looks seldom.

To whoever waits on it libuv's loop (uvloop) is as Python's own, and it needs less of the processor for whatever comes
and goes (decision 642). There is none for Windows, where Python's own is taken.
"""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

NEWEST = 20_000
"""Objects that come to be before the newest are looked through for circles. Python's own 700 come and go several times
with each step of a case, and what had to be looked through with every tenth and hundredth time was most of a worker's
collecting (decision 643)."""

OLDEST = 3
"""Times that the middle ones are looked through before all are. With Python's own 10 a worker that puts cases out of
its memory held thousands of them, which are circles, until one look of two to four seconds (decision 667)."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, signals and the end of what is left over included."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes a loop of libuv's; None where there is none, which asks for Python's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def settle() -> None:
    """To be said once the program is ready: what it is made of stays, and is not looked through for circles again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEWEST, gc.get_threshold()[1], OLDEST)
