"""A mail server for benchmarks that takes everything, counts letters a complaint, and costs next to nothing itself."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from complaints.settings import SmtpServer, Tls

_COMPLAINT = re.compile(rb"^X-Complaint: (\S+)", re.MULTILINE)


class MailCounter:
    """How many letters of each complaint were accepted, and a way to wait for the next."""

    def __init__(self) -> None:
        self.letters: Counter[str] = Counter()
        self._waiting: dict[tuple[str, int], asyncio.Future[None]] = {}
        self.port = 0

    @property
    def smtp(self) -> SmtpServer:
        """For the worker's settings."""
        return SmtpServer(host="127.0.0.1", port=self.port, tls=Tls.NONE)

    async def until(self, number: str, count: int) -> None:
        """Until that many letters of that complaint were accepted."""
        if self.letters[number] < count:
            await self._waiting.setdefault((number, count), asyncio.get_running_loop().create_future())

    def _taken(self, letter: bytes) -> None:
        found = _COMPLAINT.search(letter)
        assert found, "every letter of a complaint names it"
        number = found[1].decode()
        self.letters[number] += 1
        if waiting := self._waiting.pop((number, self.letters[number]), None):
            waiting.set_result(None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):  # a worker that was killed says no goodbye
            await says_yes(reader, writer, self._taken)


async def says_yes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, taken: Callable[[bytes], None]) -> None:
    """One connection to a mail server that takes every letter as fast as it can."""
    writer.write(b"220 sink.test\r\n")
    while line := await reader.readline():
        match line[:4].upper():
            case b"EHLO":
                writer.write(b"250-sink.test\r\n250-SIZE 30000000\r\n250-DSN\r\n250 SMTPUTF8\r\n")
            case b"DATA":
                writer.write(b"354 go on\r\n")
                taken(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 2.0.0 taken\r\n")
            case b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            case _:
                writer.write(b"250 2.0.0 ok\r\n")
    writer.close()


@asynccontextmanager
async def mail_counter() -> AsyncIterator[MailCounter]:
    """One, for as long as the block runs."""
    counter = MailCounter()
    async with await asyncio.start_server(counter._serve, "127.0.0.1", 0, limit=1 << 20) as server:
        counter.port = server.sockets[0].getsockname()[1]
        yield counter
