"""A mail server that delivers nothing: it keeps what it gets, shows it, and hands on what is meant for us.

As a process: `python -m local.stack.mail_catcher --folder … --smtp-port … --http-port … [--intake ADDRESS …]`.
"""

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from complaints import log_lines
from local.stack.mail_folder import MailFolder
from local.stack.mail_page import MailPage
from local.stack.ports import LOOPBACK
from starter.mailbox.envelope import with_envelope
from starter.mailbox.turns import InTurn, Turns

log = logging.getLogger(__name__)

#: Bytes of the largest message that is taken; common mail servers take about as much.
LARGEST = 35_000_000

#: Takes complaints in, see `--intake-handler`.
INTAKE_HANDLER = "starter.mailbox.delivery:take_in"


@dataclass(frozen=True)
class Envelope:
    """Around a message: what the sending side said, and when it was here."""

    sender: str
    #: All that the message was sent to.
    recipients: tuple[str, ...]
    #: The intake address that it reached.
    mailbox: str
    received_at: datetime


OnIntake = Callable[[bytes, Envelope], Awaitable[None]]


async def _nobody(raw: bytes, envelope: Envelope) -> None:
    raise LookupError("no intake is set up")


class MailCatcher:
    """What the SMTP conversation asks of us (aiosmtpd calls `handle_…`), and what was caught."""

    def __init__(self, folder: Path, *, intake: Sequence[str] = (), on_intake: OnIntake = _nobody) -> None:
        self.mail = MailFolder(folder)
        self.intake = {address.lower(): address for address in intake}
        self.on_intake = on_intake
        self.turns = Turns()
        self.smtp_port = self.http_port = 0

    @property
    def smtp_url(self) -> str:
        """Where to send mail."""
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    @property
    def url(self) -> str:
        """Where to look at it."""
        return f"http://{LOOPBACK}:{self.http_port}/"

    @classmethod
    @asynccontextmanager
    async def started(
        cls,
        folder: Path,
        *,
        smtp_port: int = 0,
        http_port: int = 0,
        intake: Sequence[str] = (),
        on_intake: OnIntake = _nobody,
        language: str = "es",
        bind: str = LOOPBACK,
    ) -> "AsyncIterator[MailCatcher]":
        """Catches while the block runs.

        Args:
            folder: keeps the messages.
            smtp_port: on loopback; 0: a free one.
            http_port: of the page, on loopback; 0: a free one.
            intake: addresses whose mail is a complaint or belongs to one; `name+anything@…` is meant as well.
            on_intake: gets such a message. The sending side is told that we have it only when this has returned;
                if it raises, that it should try again.
            language: of the page, `es` or `en`.
            bind: the address to listen on; another than loopback only inside a container of its own, because whoever
                reaches the page reads everybody's letters.
        """
        catcher = cls(folder, intake=intake, on_intake=on_intake)
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(catcher.conversation, bind, smtp_port)
        page = await asyncio.start_server(MailPage(catcher.mail, language).answer, bind, http_port, limit=16384)
        catcher.smtp_port = smtp.sockets[0].getsockname()[1]
        catcher.http_port = page.sockets[0].getsockname()[1]
        try:
            yield catcher
        finally:
            smtp.close()
            page.close()

    def conversation(self) -> SMTP:
        """One for each connection."""
        return InTurn(
            self,
            data_size_limit=LARGEST,
            decode_data=False,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Complaint Desk mail catcher",
            loop=asyncio.get_running_loop(),
        )

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keeps the message; 250 means that it is on the disk, and taken in where it was meant for us."""
        sender, recipients = (envelope.mail_from or "").strip("<>"), tuple(envelope.rcpt_tos)
        raw = with_envelope(bytes(envelope.content), sender=sender, recipients=recipients)
        envelope.content = envelope.original_content = None  # once in memory is enough
        received_at = datetime.now(UTC)
        for mailbox in dict.fromkeys(self.mailbox_of(recipient) for recipient in recipients):
            if mailbox is None:
                continue
            try:
                await self.on_intake(raw, Envelope(sender, recipients, mailbox, received_at))
            except Exception as error:  # whatever it is, the sending side keeps the message and tries again
                log.warning("a message could not be taken in: %s", type(error).__name__)
                return "451 4.3.0 not taken in, try again later"
        await asyncio.to_thread(self.mail.add, raw)
        return "250 2.0.0 kept"

    def mailbox_of(self, recipient: str) -> str | None:
        """The intake address that a recipient stands for."""
        local, _, domain = recipient.lower().rpartition("@")
        return self.intake.get(f"{local.partition('+')[0]}@{domain}")


def handler_named(name: str) -> OnIntake:
    """The coroutine `module:function(raw, *, mailbox, received_at)`, imported when the first message comes."""

    async def take_in(raw: bytes, envelope: Envelope) -> None:
        module, _, function = name.partition(":")
        await getattr(import_module(module), function)(raw, mailbox=envelope.mailbox, received_at=envelope.received_at)

    return take_in


async def _serve(arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with MailCatcher.started(
        arguments.folder,
        smtp_port=arguments.smtp_port,
        http_port=arguments.http_port,
        intake=arguments.intake,
        on_intake=handler_named(arguments.intake_handler),
        language=arguments.language,
        bind=arguments.bind,
    ) as catcher:
        log.info("mail to %s, to look at on %s", catcher.smtp_url, catcher.url)
        await stopped.wait()


def main() -> None:
    """The process."""
    parser = argparse.ArgumentParser(prog="python -m local.stack.mail_catcher", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="keeps the messages")
    parser.add_argument("--smtp-port", type=int, default=0, help="default: a free one")
    parser.add_argument("--http-port", type=int, default=0, help="default: a free one")
    parser.add_argument(
        "--bind", default=LOOPBACK, metavar="ADDRESS", help="only inside a container another than loopback"
    )
    parser.add_argument("--intake", action="append", default=[], metavar="ADDRESS", help="its mail is taken in")
    parser.add_argument("--intake-handler", default=INTAKE_HANDLER, metavar="MODULE:FUNCTION")
    parser.add_argument("--language", default=os.environ.get("LANGUAGE", "es")[:2], help="es or en")
    log_lines.begin(os.environ)
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd would write addresses
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
