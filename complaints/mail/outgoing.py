"""Sending a letter over SMTP, so that of every failure it is known whether the server may have the letter."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib

from complaints.mail.rate_limiter import RateLimiter
from complaints.mail.smtp import Delivery, NotAccepted, SmtpAddress, SmtpTimeouts, Uncertain
from complaints.mail.smtp_pool import Pool
from complaints.mail.smtp_session import Broken, Session
from complaints.mail.unbroken import to_its_end
from complaints.words.catalogue import N_

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
        self._rate_limiter = RateLimiter(per_minute)
        self._turns: set[Turn] = set()
        self._stopped = False
        self._pool = Pool(
            self._connected,
            connections=connections,
            keep_seconds=keep_seconds,
            letters_a_connection=letters_a_connection,
        )

    async def send(self, raw: bytes, *, sender: str, to: Sequence[str], envelope_id: str | None = None) -> Delivery:
        """Hands `raw` to the mail server for all of `to`, when it is its turn. `Turn.send` says how it can fail.

        Cancelled once the turn has come, it ends as `Turn.stop` says.
        """
        async with self.turn() as turn:
            work = turn.send(raw, sender=sender, to=to, envelope_id=envelope_id)
            return await to_its_end(work, when_stopped=turn.stop)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        """Waits until a connection is free and the minute has room; what is claimed then goes out at once."""
        async with self._pool.place():
            await self._rate_limiter.take()
            turn = Turn(self._pool)
            self._turns.add(turn)
            if self._stopped:
                turn.stop()
            try:
                yield turn
            finally:
                self._turns.discard(turn)
                if not turn.used:
                    self._rate_limiter.give_back()

    def stop(self) -> None:
        """Nothing new is handed over any more; `Turn.stop` says what becomes of the rest."""
        self._stopped = True
        for turn in self._turns:
            turn.stop()

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


_STOPPED = N_("we were told to stop before the letter was handed over")


class Turn:
    """The right to hand over one letter now."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._stopped = False
        self._until_the_dot: asyncio.Future[Session] | None = None
        self.used = False

    def stop(self) -> None:
        """Gives the letter up while that is still certain.

        Before its final dot `send` ends at once, with NotAccepted; after it `send` waits for the server's answer as
        ever, for only that tells whether the letter goes out.
        """
        self._stopped = True
        if self._until_the_dot is not None:
            self._until_the_dot.cancel()

    async def send(
        self,
        raw: bytes,
        *,
        sender: str,
        to: Sequence[str],
        envelope_id: str | None = None,
        may_go: Callable[[], Awaitable[bool]] | None = None,
    ) -> Delivery:
        """Hands `raw` over for all of `to`; `envelope_id` is what a delivery report will name (RFC 3461).

        `may_go` is asked last before the final dot: at a no the letter is given up.
        Raises NotAccepted: the server surely does not have it (`temporary` says whether trying again makes sense).
        Raises Uncertain: it was handed over whole, and the answer was lost; perhaps it goes out.
        """
        self.used = True
        say = _Said(raw, sender, to, envelope_id, may_go)
        kept = self._pool.kept()
        try:
            return await self._send_over(kept, say)
        except Broken as broken:
            if not (kept and broken.before_mail):
                raise broken.problem from None
        # The server had closed the kept connection, as it may at any time: nothing was said yet.
        try:
            return await self._send_over(None, say)
        except Broken as broken:
            raise broken.problem from None

    async def _send_over(self, kept: Session | None, say: "_Said") -> Delivery:
        session = await self._up_to_the_dot(kept, say)
        try:
            if say.may_go is not None and not await say.may_go():
                somebody = N_("another attempt may have the letter now")
                raise Broken(NotAccepted(somebody, temporary=True), before_mail=False)
            if self._stopped:
                raise Broken(NotAccepted(_STOPPED, temporary=True), before_mail=False)
            delivery = await session.final_dot()
        except NotAccepted:
            await session.reset()
            self._pool.keep(session)
            raise
        except BaseException:  # also whoever is cancelled here leaves no connection in the middle of a letter
            session.drop()
            raise
        self._pool.keep(session)
        return delivery

    async def _up_to_the_dot(self, kept: Session | None, say: "_Said") -> Session:
        if not self._stopped:
            self._until_the_dot = asyncio.ensure_future(self._spoken(kept, say))
            try:
                return await self._until_the_dot
            except asyncio.CancelledError:
                if not self._stopped:
                    raise
            finally:
                self._until_the_dot = None
        elif kept:
            self._pool.keep(kept)
        raise NotAccepted(_STOPPED, temporary=True)

    async def _spoken(self, kept: Session | None, say: "_Said") -> Session:
        """Everything but the final dot: whatever ends it, the server surely does not have the letter."""
        session = kept or await self._pool.new()
        try:
            await session.letter(say.raw, sender=say.sender, to=say.to, envelope_id=say.envelope_id)
        except NotAccepted:
            await session.reset()
            self._pool.keep(session)
            raise
        except BaseException:
            session.drop()
            raise
        return session


@dataclass(frozen=True)
class _Said:
    """What is to be said to the server."""

    raw: bytes
    sender: str
    to: Sequence[str]
    envelope_id: str | None
    may_go: Callable[[], Awaitable[bool]] | None
