"""A real SMTP server for tests: takes letters in, remembers them, and can be away for a while."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from complaints.settings import SmtpServer, Tls
from tests.ports import held


class Sink:
    """Accepts what it is sent. `letters` is what really went out, in the order in which it was accepted."""

    def __init__(self) -> None:
        self.port = 0
        self._taken: list[bytes] = []
        self._read: list[EmailMessage] = []
        self.arrived = asyncio.Event()
        self.refuses: dict[str, str] = {}
        """What to answer to RCPT for an address, instead of 250."""
        self.recipients: list[str] = []
        """Who was named in RCPT, letter or no letter."""
        self.takes_its_time = 0.0
        """Seconds to answer to RCPT, which is before it has any letter."""
        self.dawdles = 0.0
        """Seconds from taking a letter to saying so: it has the letter all the while."""
        self.largest = 33_554_432
        """Bytes of a letter that whoever connects from now on may send."""
        self._server: asyncio.Server | None = None
        self._place: socket.socket | None = None
        self._open: set[Any] = set()

    @property
    def smtp(self) -> SmtpServer:
        return SmtpServer(host="127.0.0.1", port=self.port, tls=Tls.NONE)

    async def come_back(self) -> None:
        def protocol() -> SMTP:
            smtp = SMTP(
                self, hostname="sink.test", enable_SMTPUTF8=True, loop=asyncio.get_running_loop(),
                data_size_limit=self.largest,
            )  # fmt: skip
            self._open.add(smtp)
            return smtp

        self.gives_its_place_up()
        self._server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
            self._place = held(self.port)  # or it may be somebody else's when it comes back
        for smtp in self._open:
            if smtp.transport:
                smtp.transport.abort()
        self._open.clear()

    def gives_its_place_up(self) -> None:
        """Its port is anybody's."""
        if self._place:
            self._place.close()
            self._place = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        await asyncio.sleep(self.takes_its_time)
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self._taken.append(envelope.content if isinstance(envelope.content, bytes) else b"")
        self.arrived.set()
        await asyncio.sleep(self.dawdles)
        return "250 Taken"

    @property
    def letters(self) -> list[EmailMessage]:
        """Read when somebody looks at them: that costs more than taking them in, and most tests look at none."""
        for content in self._taken[len(self._read) :]:
            self._read.append(message_from_bytes(content, policy=policy.default))
        return self._read

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if address in str(letter["To"])]

    @property
    def message_ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    """A sink for one test."""
    catcher = Sink()
    await catcher.come_back()
    try:
        yield catcher
    finally:
        await catcher.go_away()
        catcher.gives_its_place_up()
