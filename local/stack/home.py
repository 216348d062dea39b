"""The home folder of a stack: held by one supervisor at a time, and of one kind for ever."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from complaints.words.catalogue import _
from local.stack.voice import Say
from starter.stack_addresses import LOCK, last_addresses, process_lives

#: Seconds in which what a killed supervisor left behind has ended.
LEFT_BEHIND = 15.0


class StackRefused(RuntimeError):
    """The stack may not run like this here; the message says why and what to do. Nothing was changed."""


def check_kind(home: Path, *, time_skipping: bool, catches: bool = True) -> None:
    """Real cases and cases whose time is skipped never share a home: skipped time would fall due on real customers.

    Raises:
        StackRefused: the home is of the other kind.
    """
    last = last_addresses(home)
    if last is not None and catches and last.smtp is None:
        raise StackRefused(
            _(
                "{home} serves real customers, and its settings.toml is gone: bring it back, or their letters would "
                "stay in a catcher. For trying choose another --home."
            ).format(home=home)
        )
    if last is None or last.time_skipping == time_skipping:
        return
    if time_skipping:
        raise StackRefused(
            _("{home} is in real use: its cases keep real time. Choose another --home for --time-skipping.").format(
                home=home
            )
        )
    raise StackRefused(
        _(
            "{home} was begun with --time-skipping: its cases are played, not real. Add --time-skipping, "
            "or choose another --home."
        ).format(home=home)
    )


@asynccontextmanager
async def held(home: Path, *, say: Say) -> AsyncIterator[int]:
    """Holds the home while the block runs; yields the lock's open file, for the guards to hold it too.

    So the home is free again only when the last part has ended, also after `kill -9` of the supervisor.

    Raises:
        StackRefused: another supervisor holds it, and lives; or the folder cannot be made or written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StackRefused(
            _("{home} cannot be used ({strerror}): choose another --home.").format(home=home, strerror=error.strerror)
        ) from error
    try:
        await _take(descriptor, home, say=say)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


async def _take(descriptor: int, home: Path, *, say: Say) -> None:
    started = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            waited = time.monotonic() - started
            # A moment of patience for those who only look whether the home is held.
            if waited > 0.5 and holder.isdigit() and process_lives(int(holder)):
                raise StackRefused(
                    _(
                        "A stack already runs in {home} (process {holder}): use it, stop it, or choose another --home."
                    ).format(home=home, holder=holder)
                ) from None
            if waited > LEFT_BEHIND:
                raise StackRefused(
                    _(
                        "Parts of an earlier stack in {home} have not ended: look for them with `ps`, end them, try "
                        "again."
                    ).format(home=home)
                ) from None
        else:
            return
        if not told and time.monotonic() - started > 0.5:
            told = True
            say(_("Waiting for the last parts of a stack that was killed …"))
        await asyncio.sleep(0.1)
