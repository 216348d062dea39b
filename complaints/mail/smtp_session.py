"""One SMTP session, driven command by command, so that every failure knows its phase."""

import asyncio
import contextlib
import re
import ssl
import time
from collections.abc import Awaitable, Sequence
from typing import cast

import aiosmtplib
from aiosmtplib.protocol import normalize_message_line_endings

from complaints.mail.smtp import Delivery, NotAccepted, SmtpTimeouts, Uncertain
from complaints.words.catalogue import N_, Message

BLOCK = 64 * 1024
"""Bytes of a letter that must leave us within `data_block` seconds."""

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_PLAIN = re.compile(r"[^\s@<>\"(),:;\[\]\\\x00-\x1f\x7f-\x9f]+@[^\s@<>\"(),:;\\\x00-\x1f\x7f-\x9f]+")
_ABOUT_US = {530, 534, 535, 538}
"""Refusals that are about our login, not about this letter (RFC 4954)."""


class Broken(Exception):
    """The session cannot go on. `problem` is what to tell; `before_mail`: nothing of the letter had been said."""

    def __init__(self, problem: NotAccepted | Uncertain, *, before_mail: bool) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.before_mail = before_mail


class Session:
    """A connection that one letter after the other goes over."""

    def __init__(self, client: aiosmtplib.SMTP, timeouts: SmtpTimeouts) -> None:
        self._client = client
        self._timeouts = timeouts
        self._delivery = Delivery(accepted=0)
        """Of the letter that waits for its dot."""
        self.letters = 0
        """Letters handed over so far."""
        self.used_at = time.monotonic()

    @property
    def usable(self) -> bool:
        """Whether the connection is still up, as far as we know."""
        return self._client.is_connected

    async def open(self) -> None:
        """Connects, greets, secures and logs in. Raises NotAccepted, always temporary: it is not about any letter."""
        problem: Message
        try:
            await self._client.connect(timeout=self._timeouts.connect)
            await self._client._ehlo_or_helo_if_needed()  # also without TLS and login: we need to know what it can
            return
        except aiosmtplib.SMTPAuthenticationError as refused:
            problem = N_(
                "the mail server refused our login ({code}): check the user and password of SMTP_URL",
                code=_code(refused),
            )
        except aiosmtplib.SMTPResponseException as refused:
            problem = N_("the mail server did not let us in ({code})", code=_code(refused))
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            problem = N_("the mail server did not answer in time when we connected")
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as failed:
            problem = _connecting(failed)
        raise NotAccepted(problem, temporary=True)

    async def letter(self, raw: bytes, *, sender: str, to: Sequence[str], envelope_id: str | None = None) -> None:
        """One letter but for its final dot: until `final_dot` the server has nothing.

        Raises NotAccepted: refused in good order, the session can go on. Raises Broken: it cannot.
        """
        self.used_at = time.monotonic()
        body = normalize_message_line_endings(raw)
        options, encoding = self._options(len(body), [sender, *to])
        reports = self._client.supports_extension("dsn") and bool(sender)
        if reports and envelope_id:
            options += ["RET=HDRS", f"ENVID={_xtext(envelope_id)}"]
        await self._mail(sender, options, encoding)
        # RFC 3461: tell us of failures and of delays; a report that it was delivered is nobody's business.
        wishes = ["NOTIFY=FAILURE,DELAY"] if reports else []
        refused = [problem for one in to if (problem := await self._recipient(one, wishes, encoding))]
        if refused and (len(refused) == len(to) or any(problem.temporary for problem in refused)):
            raise next((problem for problem in refused if problem.temporary), refused[0])
        await self._command("DATA", self._start_of_data())
        await self._body(_LEADING_DOT.sub(b"..", body))
        self._delivery = Delivery(accepted=len(to) - len(refused), refused=len(refused))

    async def final_dot(self) -> Delivery:
        """The end of the letter, and what the server answers to it. Raises as `letter` does."""
        await self._final_dot()
        self.letters += 1
        self.used_at = time.monotonic()
        return self._delivery

    async def reset(self) -> None:
        """Clears a refused letter off the session; a session that cannot even do that is dropped."""
        try:
            await self._client.rset(timeout=self._timeouts.command)
        except (aiosmtplib.SMTPException, OSError):
            self.drop()

    async def quit(self) -> None:
        """Ends the session politely, within a second."""
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await self._client.quit(timeout=1.0)
        self.drop()

    def drop(self) -> None:
        """Closes the connection at once."""
        self._client.close()

    # -- the phases --------------------------------------------------------------------------------------------------

    def _options(self, size: int, addresses: Sequence[str]) -> tuple[list[str], str]:
        options, encoding = [], "ascii"
        if not all(_PLAIN.fullmatch(address) for address in addresses):
            # The library would take what it can parse out of such a text, and perhaps write to somebody else.
            raise NotAccepted(N_("an address is not a plain name@domain"), temporary=False)
        if self._client.supports_extension("size"):
            options.append(f"SIZE={size}")
        if not all(address.isascii() for address in addresses):
            if not self._client.supports_extension("smtputf8"):
                reason = N_("an address has letters beyond ASCII, and the mail server does not take those (RFC 6531)")
                raise NotAccepted(reason, temporary=False)
            options += ["SMTPUTF8", "BODY=8BITMIME"]
            encoding = "utf-8"
        return options, encoding

    async def _mail(self, sender: str, options: list[str], encoding: str) -> None:
        """MAIL. A refusal for good is about us and our sender's address, unless it is about the letter's size."""
        try:
            await self._command("MAIL", self._client.mail(sender, options=options, encoding=encoding), first=True)
        except NotAccepted as refused:
            if refused.temporary or refused.too_large:
                raise
            # No customer's address is to be marked because the school's own is refused: people mend that, and it goes.
            raise NotAccepted(
                N_("{reason}: check the sender of the contacts and SMTP_URL", reason=refused.message), temporary=True
            ) from None

    async def _recipient(self, address: str, wishes: list[str], encoding: str) -> NotAccepted | None:
        try:
            await self._command("RCPT", self._client.rcpt(address, options=wishes, encoding=encoding))
        except NotAccepted as refused:
            return refused
        return None

    async def _start_of_data(self) -> None:
        answer = await self._client.execute_command(b"DATA", timeout=self._timeouts.data_start)
        if answer.code != 354:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)

    async def _command(self, name: str, answer: Awaitable[object], *, first: bool = False) -> None:
        """Awaits a command's answer and gives its failure a meaning: nothing before the final dot is uncertain."""
        problem: NotAccepted
        lost = True
        try:
            await answer
            return
        except aiosmtplib.SMTPResponseException as refused:
            problem = _refusal(name, refused)
            lost = not self.usable
        except aiosmtplib.SMTPTimeoutError:
            problem = NotAccepted(N_("the mail server did not answer {command} in time", command=name), temporary=True)
        except (aiosmtplib.SMTPException, OSError):
            problem = NotAccepted(
                N_("the connection to the mail server was lost at {command}", command=name), temporary=True
            )
        except ValueError:  # an address that the library will not put on a command line, or cannot encode
            problem = NotAccepted(N_("an address cannot be used in SMTP"), temporary=False)
            lost = False
        if lost:
            raise Broken(problem, before_mail=first and problem.temporary)
        raise problem

    async def _body(self, body: bytes) -> None:
        """Everything but the final dot, block by block: as long as the dot is not written, nothing is accepted."""
        protocol, transport = self._client.protocol, self._client.transport
        try:
            if protocol is None or transport is None:
                raise ConnectionError("not connected")
            # So that draining means: it has left us. libuv's transports write too, and are no asyncio.WriteTransport.
            cast("asyncio.WriteTransport", transport).set_write_buffer_limits(high=0)
            for start in range(0, len(body), BLOCK):
                protocol.write(body[start : start + BLOCK])
                async with asyncio.timeout(self._timeouts.data_block):
                    await protocol._drain_helper()
            return
        except TimeoutError:
            problem = N_("the mail server stopped taking the letter")
        except (aiosmtplib.SMTPException, OSError):
            problem = N_("the connection to the mail server was lost while the letter was handed over")
        raise Broken(NotAccepted(problem, temporary=True), before_mail=False)

    async def _final_dot(self) -> None:
        """From the writing of the dot on, a lost answer leaves it open whether the server has the letter."""
        protocol = self._client.protocol
        try:
            if protocol is None:
                raise ConnectionError("not connected")
            protocol.write(b".\r\n")
        except (aiosmtplib.SMTPException, OSError):
            reason = N_("the connection to the mail server was lost before the letter was handed over")
            raise Broken(NotAccepted(reason, temporary=True), before_mail=False) from None
        try:
            answer = await protocol.read_response(timeout=self._timeouts.data_end)
        except aiosmtplib.SMTPTimeoutError:
            limit = f"{self._timeouts.data_end:g} s"
            lost = N_("the mail server did not answer within {limit} of taking the letter", limit=limit)
        except (aiosmtplib.SMTPException, OSError):
            lost = N_("the connection was lost before the mail server said whether it took the letter")
        else:
            if 200 <= answer.code < 300:
                return
            if 400 <= answer.code < 600:
                raise _refusal("the letter", aiosmtplib.SMTPDataError(answer.code, answer.message))
            lost = N_("the mail server's answer to the letter makes no sense ({code})", code=answer.code)
        raise Broken(Uncertain(lost), before_mail=False)


def _xtext(text: str) -> str:
    """As a value of an ESMTP parameter (RFC 3461 §4): what is not plain ASCII goes as +XX."""
    return "".join(
        one if "!" <= one <= "~" and one not in "+=" else "".join(f"+{b:02X}" for b in one.encode()) for one in text
    )


def _refusal(name: str, refused: aiosmtplib.SMTPResponseException) -> NotAccepted:
    """What a refusal means: 4xx and what is about our login may pass, 5xx is for good (RFC 5321 §4.2.1)."""
    temporary = not 500 <= refused.code < 600 or refused.code in _ABOUT_US
    return NotAccepted(
        N_("the mail server refused {command} ({code})", command=name, code=_code(refused)), temporary=temporary
    )


def _code(refused: aiosmtplib.SMTPResponseException) -> str:
    """`550 5.1.1`: the codes only; the server's words may repeat an address."""
    enhanced = _ENHANCED.match(refused.message.strip())
    return f"{refused.code} {enhanced[0]}" if enhanced else str(refused.code)


def _connecting(failed: Exception) -> Message:
    cause: BaseException | None = failed
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return N_(
                "the mail server's certificate could not be verified: check its name, or the machine's authorities"
            )
        cause = cause.__cause__
    if isinstance(failed, aiosmtplib.SMTPException) and "AUTH" in failed.message:
        return N_("the mail server does not offer a login here: check the port and TLS of SMTP_URL")
    if isinstance(failed, aiosmtplib.SMTPException) and "STARTTLS" in failed.message:
        return N_("the mail server does not offer STARTTLS, and without it nothing is sent: check the port of SMTP_URL")
    return N_("the mail server cannot be reached")
