"""The mailbox reader as a program: by IMAP, by LMTP, or both, until it is told to stop (§3)."""

import asyncio
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AsyncExitStack
from datetime import datetime

from complaints.settings import ImapServer, Settings
from complaints.words.catalogue import N_
from starter.errors import Refused
from starter.mailbox.delivery import Intake, intake_of
from starter.mailbox.imap import ImapReader, Token
from starter.mailbox.lmtp import reception
from starter.place import Place


async def read_mail(
    place: Place, *, once: bool = False, since: datetime | None = None, ready: Callable[[], None] = lambda: None
) -> bool:
    """Reads until SIGTERM or SIGINT; with `once` only what is there. Whether all of it was taken in.

    What came `since` then is looked at again first, seen or not: after a restore.

    Raises Refused where nothing says from where mail comes, or where the answers would stay here.
    """
    settings = place.settings
    if place.stack is not None and place.stack.smtp is not None:
        raise Refused(
            N_("{home} is for trying: it would take this mail in and keep every answer to itself.", home=place.home),
            N_(
                "{home} is for trying: it would take this mail in and keep every answer to itself. "
                "`complaints init` makes a home that serves for real.",
                home=place.home,
            ),
        )
    if settings.imap is None and (once or settings.lmtp_listen is None):
        raise Refused(
            N_("Nothing says where mail comes from: set IMAP_URL=imaps://user:password@host/INBOX, or LMTP_LISTEN."),
        )
    async with intake_of(place) as intake:
        if once:
            assert settings.imap is not None
            return await asyncio.to_thread(reader_of(intake, settings.imap, settings, since).once)
        await _until_stopped(intake, settings, since, ready)
    return True


def reader_of(intake: Intake, server: ImapServer, settings: Settings, since: datetime | None = None) -> ImapReader:
    """A reader whose messages are taken in on this loop."""
    loop = asyncio.get_running_loop()
    own = [box for box in intake.mailboxes if box.lower() == server.user.lower()]
    mailbox = (*own, *intake.mailboxes)[0]

    def take(raw: bytes, received_at: datetime) -> "Future[object]":
        return asyncio.run_coroutine_threadsafe(_object(intake, raw, mailbox, received_at), loop)

    token = Token(command=settings.imap_token_command, file=settings.imap_token_file)
    return ImapReader(server=server, take=take, token=token, since=since)


async def _object(intake: Intake, raw: bytes, mailbox: str, received_at: datetime) -> object:
    return await intake.take_in(raw, mailbox=mailbox, received_at=received_at)


async def _until_stopped(intake: Intake, settings: Settings, since: datetime | None, ready: Callable[[], None]) -> None:
    stop, stopped = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    async with AsyncExitStack() as stack:
        if settings.lmtp_listen is not None:
            await stack.enter_async_context(reception(intake, settings.lmtp_listen))
        ready()
        if settings.imap is not None:
            await asyncio.to_thread(reader_of(intake, settings.imap, settings, since).run, stop)
        else:
            await stopped.wait()
