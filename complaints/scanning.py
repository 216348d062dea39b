"""The file scanner: a command of the school's looks at each file when it is taken in by somebody's choice, and again
whenever it is handed on.

The rule is held by types. What keeps a file for an act or a form takes a `LookedAt`, what hands bytes out takes
`Clean`, and only what asked the scanner makes either: a door that forgot to ask would not pass the type check.
"""

import asyncio
import contextlib
import os
import shlex
import signal
from typing import NewType

from complaints.mail.attachments import Attachment

WITHIN = 60.0
"""Seconds; a scanner that takes longer has not looked at it."""

CONDEMNED = 1
"""How a scanner ends that found something, as ClamAV's do; 0: nothing found. Whatever else: it did not get to look."""

Clean = NewType("Clean", bytes)
"""Bytes that the scanner let through a moment ago, or where there is none."""

LookedAt = NewType("LookedAt", Attachment)
"""A file whose bytes are `Clean`."""


class Condemned(Exception):
    """The scanner refuses the file: nobody gets it, however often it is asked for."""


class NotLookedAt(Exception):
    """The scanner is not there, does not end, or broke: nobody gets the file now; later, perhaps."""

    def __init__(self) -> None:
        super().__init__("the file scanner does not answer, and no file goes out that nobody looked at")


async def clean(command: str | None, data: bytes) -> Clean:
    """The bytes, where the command of FILE_SCANNER lets them through, or where there is none.

    It gets them on standard input; what it says is not read. Raises Condemned, NotLookedAt.
    """
    if command is not None:
        await _expect_clean(command, data)
    return Clean(data)


async def looked_at(command: str | None, file: Attachment) -> LookedAt:
    """The same of a file that somebody chose. Raises Condemned, NotLookedAt."""
    await clean(command, file.data)
    return LookedAt(file)


async def _expect_clean(command: str, data: bytes) -> None:
    try:
        child = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # what it started ends with it
        )
    except (OSError, ValueError) as error:
        raise NotLookedAt from error
    try:
        async with asyncio.timeout(WITHIN):
            try:
                await child.communicate(data)  # one that has seen enough may close its input
            except RuntimeError:  # what libuv's loop says where it was closed before we began
                await child.wait()
    except TimeoutError as error:
        raise NotLookedAt from error
    finally:  # also where whoever asked has gone
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    if child.returncode == CONDEMNED:
        raise Condemned
    if child.returncode != 0:
        raise NotLookedAt
