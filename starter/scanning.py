"""The hook for a file scanner: a command of the school's gets each file before anybody else does."""

import asyncio
import contextlib
import shlex
from collections.abc import Iterable

from complaints.mail.attachments import Attachment
from complaints.words.catalogue import N_
from starter.errors import Away, Refused

WITHIN = 60.0
"""Seconds; a scanner that takes longer has not looked at it."""


class FileRefused(Refused):
    """The scanner refused the file: nobody gets it here."""


async def expect_clean(command: str | None, data: bytes) -> None:
    """Returns where the command of FILE_SCANNER ends with 0, or where there is none.

    The command gets the file on standard input; what it says is not read. Raises FileRefused, and Away where it cannot
    be run or does not end: a file that nobody looked at is not handed on.
    """
    if command is None:
        return
    try:
        child = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        raise _away() from error
    try:
        async with asyncio.timeout(WITHIN):
            await child.communicate(data)  # one that has seen enough may close its input
    except TimeoutError as error:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        raise _away() from error
    if child.returncode != 0:
        raise FileRefused(N_("The file scanner refused this file: nobody gets it here."))


async def expect_all_clean(command: str | None, files: Iterable[Attachment]) -> None:
    """Of files that somebody chooses to send: raises Refused, with the file's name or for all of them."""
    for file in files:
        try:
            await expect_clean(command, file.data)
        except FileRefused as error:
            raise Refused(N_("Our scanner refused the file {name}: leave it out.", name=file.name)) from error
        except Away as error:
            raise Refused(N_("We cannot check files at the moment: send your words now, the files later.")) from error


def _away() -> Away:
    return Away(N_("The file scanner does not answer: the file was not handed on. Try again in a few minutes."))
