"""Runs something that takes its time, and stops it cleanly on Ctrl-C, SIGTERM or the terminal's end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

STOPPED = 128
"""What is stopped by a signal ends with this and the signal's number, as shells know it: 130 for Ctrl-C, 143 for
SIGTERM."""


def run_until_stopped(main: Coroutine[Any, Any, None]) -> int:
    """0 when `main` has ended by itself, more than `STOPPED` when it was told to end; what it raises goes on.

    Told once, `main` is cancelled and puts everything away; being told again meanwhile changes nothing.
    """
    return asyncio.run(_guarded(main))


async def _guarded(main: Coroutine[Any, Any, None]) -> int:
    told: list[signal.Signals] = []
    task = asyncio.ensure_future(main)

    def stop(number: signal.Signals) -> None:
        if not told:
            told.append(number)
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise
        return STOPPED + told[0]
    return 0
