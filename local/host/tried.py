"""Each server that a host will depend on, tried before anything is written: letter, mailbox, certificate."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from urllib.parse import urlsplit

from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from complaints.settings import ImapServer, Settings
from complaints.words.catalogue import N_, Message, _
from starter import trial_letter
from starter.errors import Refused
from starter.mailbox.imap import GONE, ImapReader

ANSWER_WITHIN = 10.0
"""Seconds for a connection to the public address."""


async def letters(settings: Settings, letter_to: str) -> str:
    """A test letter to that address. Raises Refused."""
    await trial_letter.send(settings, letter_to)
    return _("Letters go out: {host} took one for {to}.").format(host=settings.smtp_server.host, to=letter_to)


async def mailbox(settings: Settings, _letter_to: str) -> str | None:
    """The mailbox is opened; None where there is to be none. Raises Refused."""
    if settings.imap is None:
        return None
    unread = await asyncio.to_thread(mailbox_opens, settings.imap)
    return _("Mail comes in: the mailbox of {user} at {host} opens ({unread} unread).").format(
        user=settings.imap.user, host=settings.imap.host, unread=unread
    )


async def desk(settings: Settings, _letter_to: str) -> str | None:
    """Who is at the public address; None where there is to be none. Raises Refused."""
    if settings.public_url is None:
        return None
    return await asyncio.to_thread(public_address, settings.public_url)


TRIALS: Mapping[str, Callable[[Settings, str], Awaitable[str | None]]] = {
    "smtp": letters,
    "imap": mailbox,
    "public_url": desk,
}
"""By the answer that each one tries; each says what works."""


def mailbox_opens(server: ImapServer) -> int:
    """How many messages wait there unread; nothing is marked. Raises Refused."""
    try:
        with ImapReader(server, _takes_nothing).connected() as box:
            return len(box.uids("UNSEEN", charset=None))
    except GONE as error:
        raise Refused(
            N_(
                "The mailbox does not open: {why}. Check host, user and password in IMAP_URL.",
                why=_why(error, server),
            )
        ) from error


def _why(error: Exception, server: ImapServer) -> Message | str:
    """In words, where the kind of the error says it; never the server's own, which may repeat what it was sent."""
    match error:
        case ssl.SSLCertVerificationError():
            return N_("the certificate of {host} is not to be trusted ({why})", host=server.host, why=_verified(error))
        case ssl.SSLError():
            return N_("{host} does not speak TLS on port {port}", host=server.host, port=server.port)
        case socket.gaierror():
            return N_("there is no host {host}", host=server.host)
        case ConnectionRefusedError():
            return N_("nobody answers at {host} on port {port}", host=server.host, port=server.port)
        case TimeoutError():
            return N_("{host} does not answer on port {port}", host=server.host, port=server.port)
        case MailboxLoginError():
            return N_("it does not take this user or password")
        case MailboxFolderSelectError():
            return N_("it has no folder {folder}", folder=server.folder)
    return type(error).__name__


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
        raise Refused(
            N_("{url} answers with a certificate that no browser takes: {reason}.", url=url, reason=_verified(error))
        ) from error
    except OSError:
        return _("Nobody answers at {url} yet: tried again by `complaints doctor`.").format(url=url)


def _verified(error: Exception) -> str:
    """What OpenSSL says of a certificate; in English."""
    return str(getattr(error, "verify_message", "") or type(error).__name__).rstrip(".")


def _takes_nothing(raw: bytes, received_at: datetime) -> "Future[object]":
    raise AssertionError("the mailbox is only looked at")
