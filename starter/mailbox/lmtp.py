"""Takes mail that a mail server hands over, by LMTP (RFC 2033) or SMTP: 250 means that it is safe with us (§3)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from complaints.settings import Listen
from starter.mailbox.delivery import Intake
from starter.mailbox.envelope import with_envelope
from starter.mailbox.turns import InTurn, Turns

LARGEST = 35_000_000
"""Bytes of a message: 25 MB of attachments as mail carries them."""

LONGEST_LINE = 2 << 20
"""Bytes of one line of a message. RFC 5321 §4.5.3.1.6 asks for 998 and lets a server take more: whose program puts a
whole page into one line gets the complaint in, as by IMAP."""

ANSWERED_WITHIN = timedelta(seconds=60)
"""For a message that is under way when we are told to stop: the rest of it, and taking it in."""

log = logging.getLogger("complaints.mailbox")


class Reception:
    """What the conversation asks of us (aiosmtpd calls `handle_…`)."""

    def __init__(self, intake: Intake, *, lmtp: bool) -> None:
        self._intake, self._lmtp = intake, lmtp
        self.turns = Turns()
        self._at_work: set[asyncio.Future[Any]] = set()

    def conversation(self) -> SMTP:
        """One for each connection."""
        return (_Lmtp if self._lmtp else _Smtp)(
            self,
            data_size_limit=LARGEST,
            decode_data=False,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Complaint Desk",
            loop=asyncio.get_running_loop(),
        )

    async def given(self, message: Coroutine[Any, Any, None]) -> None:
        """A message, from DATA to our answer, which `ended` waits for."""
        at_work = asyncio.ensure_future(message)
        self._at_work.add(at_work)
        at_work.add_done_callback(self._at_work.discard)
        await at_work

    async def ended(self) -> None:
        """Waits until every message that is under way is answered for, so that nobody needs to bring it again."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=ANSWERED_WITHIN.total_seconds())

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Sequence[str]
    ) -> str:
        """Only what is addressed to our mailboxes."""
        if self._mailbox_of(address) is None:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Taken in before it is answered; each recipient has an answer of its own in LMTP."""
        recipients = list(envelope.rcpt_tos)
        mailbox = next(filter(None, map(self._mailbox_of, recipients)), self._intake.mailboxes[0])
        raw = with_envelope(
            bytes(envelope.content), sender=(envelope.mail_from or "").strip("<>"), recipients=recipients
        )
        envelope.content = envelope.original_content = None  # once in memory is enough
        try:
            await self._intake.take_in(raw, mailbox=mailbox, received_at=datetime.now(UTC))
            answer = "250 2.0.0 taken in"
        except Exception as error:  # whatever it is, the mail server keeps the message and tries again
            log.warning("A message could not be taken in: %s.", type(error).__name__)
            answer = "451 4.3.0 not taken in, try again later"
        return "\r\n".join([answer] * (len(recipients) if self._lmtp else 1))

    def _mailbox_of(self, address: str) -> str | None:
        """The mailbox that an address means, whatever stands behind its plus; None for others."""
        meant = _plain(address)
        bounces = self._intake.settings.mail_bounce_address
        if bounces and meant == _plain(bounces):
            return self._intake.mailboxes[0]
        return next((box for box in self._intake.mailboxes if _plain(box) == meant), None)


class _Smtp(InTurn):
    """A conversation whose DATA is known to be under way."""

    line_length_limit = LONGEST_LINE

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Takes the message of this conversation."""
        await self.event_handler.given(super().smtp_DATA(arg))


class _Lmtp(_Smtp, LMTP):
    """The same for LMTP."""


@asynccontextmanager
async def reception(intake: Intake, listen: Listen) -> AsyncIterator[int]:
    """Receives while the block runs; the port, which matters where 0 was asked for."""
    reception = Reception(intake, lmtp=listen.lmtp)
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd would write addresses
    server = await asyncio.get_running_loop().create_server(reception.conversation, listen.host, listen.port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await reception.ended()


def _plain(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
