"""Sending a letter over SMTP, so that of every failure it is known whether the server may have the letter."""

import asyncio
import ssl
import time
from collections.abc import Sequence

import aiosmtplib

from complaints.mail.smtp import Delivery, NotAccepted, SmtpAddress, SmtpTimeouts, Uncertain
from complaints.mail.smtp_session import Broken, Session

__all__ = ["Delivery", "Mailer", "NotAccepted", "SmtpAddress", "SmtpTimeouts", "Uncertain"]


class Mailer:
    """One kept connection to the mail server, made when it is needed, and made anew when it is stale or broken.

    Safe for many tasks: they take turns. A pool is several of these (issue 4).
    """

    def __init__(
        self,
        smtp: SmtpAddress,
        *,
        timeouts: SmtpTimeouts | None = None,
        hello_as: str | None = None,
        tls_context: ssl.SSLContext | None = None,
        keep_seconds: float = 60.0,
        letters_a_connection: int = 100,
    ) -> None:
        """`hello_as` is our name in EHLO; `tls_context` replaces the system's authorities, never the verification."""
        self._smtp = smtp
        self._timeouts = timeouts or SmtpTimeouts()
        self._hello_as = hello_as
        self._tls = tls_context
        self._keep_seconds = keep_seconds
        self._letters_a_connection = letters_a_connection
        self._session: Session | None = None
        self._turn = asyncio.Lock()

    async def send(self, raw: bytes, *, sender: str, to: Sequence[str]) -> Delivery:
        """Hands `raw` to the mail server for all of `to`.

        Raises NotAccepted: the server surely does not have it (`temporary` says whether trying again makes sense).
        Raises Uncertain: it was handed over whole, and the answer was lost; perhaps it goes out.
        """
        async with self._turn:
            kept = self._fresh_enough()
            try:
                return await self._send_over(kept or await self._connected(), raw, sender, to)
            except Broken as broken:
                if not (kept and broken.before_mail):
                    raise broken.problem from None
            # The server had closed the kept connection, as it may at any time: nothing was said yet.
            try:
                return await self._send_over(await self._connected(), raw, sender, to)
            except Broken as broken:
                raise broken.problem from None

    async def close(self) -> None:
        """Says goodbye to the server; the next letter connects anew."""
        async with self._turn:
            session, self._session = self._session, None
            if session:
                await session.quit()

    async def _send_over(self, session: Session, raw: bytes, sender: str, to: Sequence[str]) -> Delivery:
        self._session = None  # until it went well, or was refused in good order: whoever is cancelled here leaves none
        try:
            delivery = await session.transaction(raw, sender=sender, to=to)
        except NotAccepted:
            await session.reset()
            self._keep(session)
            raise
        except BaseException:
            session.drop()
            raise
        self._keep(session)
        return delivery

    async def _connected(self) -> Session:
        session = Session(self._client(), self._timeouts)
        try:
            await session.open()
        except BaseException:
            session.drop()
            raise
        return session

    def _fresh_enough(self) -> Session | None:
        session = self._session
        if session is None or not session.usable:
            return None
        stale = time.monotonic() - session.used_at > self._keep_seconds
        if stale or session.letters >= self._letters_a_connection:
            session.drop()
            self._session = None
            return None
        return session

    def _keep(self, session: Session) -> None:
        self._session = session if session.usable else None

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
