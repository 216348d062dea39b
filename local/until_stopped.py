"""Runs something that takes its time, and stops it cleanly on Ctrl-C, SIGTERM or the terminal's end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

STOPPED = 130
"""The exit code of what was stopped from outside, as shells know it."""


def run_until_stopped(main: Coroutine[Any, Any, None]) -> int:
    """0 when `main` has ended by itself, `STOPPED` when it was told to end; what it raises goes on.

    Told once, `main` is cancelled and puts everything away; being told again meanwhile changes nothing.
    """

    async def guarded() -> int:
        task = asyncio.ensure_future(main)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, lambda: task.cancelling() or task.cancel())
        try:
            await task
        except asyncio.CancelledError:
            return STOPPED
        return 0

    return asyncio.run(guarded())
