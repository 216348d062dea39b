"""A mail server that misbehaves as told, and remembers every letter that it took: that list is what really went out."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

_COMPLAINT = re.compile(rb"^X-Complaint: (\S+)", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^Message-ID:\s+(\S+)", re.MULTILINE | re.IGNORECASE)

BUSY = "421 4.3.2 Come back later"
GREYLISTED = "450 4.2.0 Greylisted"
DROPPED_BEFORE, DROPPED_AFTER = "dropped before the dot", "dropped after the dot"
SLOW = "answers late"
FAULTS = (BUSY, GREYLISTED, DROPPED_BEFORE, DROPPED_AFTER, SLOW)


class Catcher:
    """Takes letters. What it took without saying so is taken all the same, as with any mail server."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[tuple[str, str]] = []
        """Complaint and Message-ID of each letter, in the order in which it came whole."""
        self.by_number: dict[str, set[str]] = {}
        self.dawdles = 0.0
        """Seconds from having a letter to saying so."""
        self.late = 20.0
        """The same, for a letter that is answered late."""
        self.faults: list[str] = []
        """What goes wrong with the next letters, one each."""
        self.in_hand = 0
        """Letters that came whole and have no answer yet."""
        self.moved = asyncio.Event()
        """Set anew with each letter."""

    def misbehaves(self, faults: Iterable[str]) -> None:
        """With the next letters."""
        self.faults += faults

    def letters(self, number: str) -> int:
        """How many different ones of that complaint came."""
        return len(self.by_number.get(number, ()))

    def twice(self) -> dict[str, int]:
        """Message-IDs that came more than once, and how often."""
        return {key: times for key, times in Counter(key for _, key in self.taken).items() if times > 1}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._conversation(reader, writer)
        writer.close()

    async def _conversation(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 catcher.test\r\n")
        while line := await reader.readline():
            answer = b"250 2.0.0 ok"
            match line[:4].upper():
                case b"EHLO":
                    answer = b"250-catcher.test\r\n250-SIZE 30000000\r\n250-DSN\r\n250 SMTPUTF8"
                case b"MAIL" if self.faults and self.faults[0] == BUSY:
                    writer.write(self.faults.pop(0).encode() + b"\r\n")
                    return
                case b"RCPT" if self.faults and self.faults[0] == GREYLISTED:
                    answer = self.faults.pop(0).encode()
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    if not await self._letter(reader):
                        return
                    answer = b"250 2.0.0 taken"
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    return
            writer.write(answer + b"\r\n")
            await writer.drain()

    async def _letter(self, reader: asyncio.StreamReader) -> bool:
        """Takes it; whether that is said."""
        fault = self.faults.pop(0) if self.faults and self.faults[0] not in (BUSY, GREYLISTED) else ""
        if fault == DROPPED_BEFORE:
            await reader.readline()
            return False
        letter = await reader.readuntil(b"\r\n.\r\n")
        self._note(letter)
        self.in_hand += 1
        try:
            await asyncio.sleep(self.late if fault == SLOW else self.dawdles)
        finally:
            self.in_hand -= 1
        return fault != DROPPED_AFTER

    def _note(self, letter: bytes) -> None:
        complaint, key = _COMPLAINT.search(letter), _MESSAGE_ID.search(letter)
        if complaint and key:  # a digest is of no complaint
            number, message_id = complaint[1].decode(), key[1].decode()
            self.taken.append((number, message_id))
            self.by_number.setdefault(number, set()).add(message_id)
        self.moved.set()


@asynccontextmanager
async def catcher() -> AsyncIterator[Catcher]:
    """One, for as long as the block runs."""
    made = Catcher()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, limit=1 << 20)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()  # and nobody is waited for: a frozen worker keeps its line open
