"""Each server that a host will depend on, tried before anything is written: letter, mailbox, certificate."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from urllib.parse import urlsplit

from complaints.settings import ImapServer, Settings
from complaints.words.catalogue import N_, _
from starter import trial_letter
from starter.errors import Refused
from starter.mailbox.imap import GONE, ImapReader

ANSWER_WITHIN = 10.0
"""Seconds for a connection to the public address."""


async def all_servers(settings: Settings, *, letter_to: str, tell: Callable[[str], None]) -> None:
    """Tries them one after the other, and tells of each. Raises Refused at the first that does not work."""
    await trial_letter.send(settings, letter_to)
    tell(_("Letters go out: {host} took one for {to}.").format(host=settings.smtp_server.host, to=letter_to))
    if settings.imap is not None:
        unread = await asyncio.to_thread(mailbox_opens, settings.imap)
        tell(
            _("Mail comes in: the mailbox of {user} at {host} opens ({unread} unread).").format(
                user=settings.imap.user, host=settings.imap.host, unread=unread
            )
        )
    if settings.public_url is not None:
        tell(await asyncio.to_thread(public_address, settings.public_url))


def mailbox_opens(server: ImapServer) -> int:
    """How many messages wait there unread; nothing is marked. Raises Refused."""
    try:
        with ImapReader(server, _takes_nothing).connected() as box:
            return len(box.uids("UNSEEN", charset=None))
    except GONE as error:
        raise Refused(
            N_(
                "The mailbox does not open ({error}): check host, user and password in IMAP_URL.",
                error=type(error).__name__,
            )
        ) from error


def public_address(url: str) -> str:
    """What is known of the desk's public address: a certificate that browsers would take, or nobody there yet.

    Raises Refused where somebody answers whose certificate no browser would take.
    """
    address = urlsplit(url)
    if address.scheme != "https":
        return _("The desk is reached without encryption ({url}): good inside one house only.").format(url=url)
    assert address.hostname is not None
    try:
        with (
            socket.create_connection((address.hostname, address.port or 443), timeout=ANSWER_WITHIN) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=address.hostname),
        ):
            return _("{url} answers, with a certificate that browsers take.").format(url=url)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or type(error).__name__
        raise Refused(
            N_("{url} answers with a certificate that no browser takes: {reason}.", url=url, reason=reason)
        ) from error
    except OSError:
        return _("Nobody answers at {url} yet: tried again by `complaints doctor`.").format(url=url)


def _takes_nothing(raw: bytes, received_at: datetime) -> "Future[object]":
    raise AssertionError("the mailbox is only looked at")
