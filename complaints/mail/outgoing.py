"""Sending a letter over SMTP, so that of every failure it is known whether the server may have the letter."""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiosmtplib

from complaints.mail.pace import Pace
from complaints.mail.smtp import Delivery, NotAccepted, SmtpAddress, SmtpTimeouts, Uncertain
from complaints.mail.smtp_pool import Pool
from complaints.mail.smtp_session import Broken, Session

__all__ = ["Delivery", "Mailer", "NotAccepted", "SmtpAddress", "SmtpTimeouts", "Turn", "Uncertain"]


class Mailer:
    """A small pool of kept connections to the mail server, and a limit of letters a minute. Safe for many tasks."""

    def __init__(
        self,
        smtp: SmtpAddress,
        *,
        timeouts: SmtpTimeouts | None = None,
        hello_as: str | None = None,
        tls_context: ssl.SSLContext | None = None,
        connections: int = 3,
        per_minute: int | None = None,
        keep_seconds: float = 60.0,
        letters_a_connection: int = 100,
    ) -> None:
        """`hello_as` is our name in EHLO; `tls_context` replaces the system's authorities, never the verification."""
        self._smtp = smtp
        self._timeouts = timeouts or SmtpTimeouts()
        self._hello_as = hello_as
        self._tls = tls_context
        self._pace = Pace(per_minute)
        self._pool = Pool(
            self._connected,
            connections=connections,
            keep_seconds=keep_seconds,
            letters_a_connection=letters_a_connection,
        )

    async def send(self, raw: bytes, *, sender: str, to: Sequence[str], envelope_id: str | None = None) -> Delivery:
        """Hands `raw` to the mail server for all of `to`, when it is its turn. `Turn.send` says how it can fail."""
        async with self.turn() as turn:
            return await turn.send(raw, sender=sender, to=to, envelope_id=envelope_id)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        """Waits until a connection is free and the minute has room; what is claimed then goes out at once."""
        async with self._pool.place():
            await self._pace.take()
            turn = Turn(self._pool)
            try:
                yield turn
            finally:
                if not turn.used:
                    self._pace.give_back()

    async def close(self) -> None:
        """Says goodbye to the server; the next letter connects anew."""
        await self._pool.close()

    async def _connected(self) -> Session:
        session = Session(self._client(), self._timeouts)
        try:
            await session.open()
        except BaseException:
            session.drop()
            raise
        return session

    def _client(self) -> aiosmtplib.SMTP:
        smtp = self._smtp
        return aiosmtplib.SMTP(
            hostname=smtp.host,
            port=smtp.port,
            username=smtp.user,
            password=smtp.password if smtp.user else None,
            local_hostname=self._hello_as,
            timeout=self._timeouts.command,
            use_tls=smtp.tls == "implicit",
            start_tls=smtp.tls == "starttls",  # True: it is required; the library's None would go on without
            tls_context=self._tls,
        )


class Turn:
    """The right to hand over one letter now."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.used = False

    async def send(self, raw: bytes, *, sender: str, to: Sequence[str], envelope_id: str | None = None) -> Delivery:
        """Hands `raw` over for all of `to`; `envelope_id` is what a delivery report will name (RFC 3461).

        Raises NotAccepted: the server surely does not have it (`temporary` says whether trying again makes sense).
        Raises Uncertain: it was handed over whole, and the answer was lost; perhaps it goes out.
        """
        self.used = True
        kept = self._pool.kept()
        try:
            return await self._send_over(kept or await self._pool.new(), raw, sender, to, envelope_id)
        except Broken as broken:
            if not (kept and broken.before_mail):
                raise broken.problem from None
        # The server had closed the kept connection, as it may at any time: nothing was said yet.
        try:
            return await self._send_over(await self._pool.new(), raw, sender, to, envelope_id)
        except Broken as broken:
            raise broken.problem from None

    async def _send_over(
        self, session: Session, raw: bytes, sender: str, to: Sequence[str], envelope_id: str | None
    ) -> Delivery:
        try:
            delivery = await session.transaction(raw, sender=sender, to=to, envelope_id=envelope_id)
        except NotAccepted:
            await session.reset()
            self._pool.keep(session)
            raise
        except BaseException:  # also whoever is cancelled here leaves no connection in the middle of a letter
            session.drop()
            raise
        self._pool.keep(session)
        return delivery
