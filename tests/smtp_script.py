"""A mail server that follows a script: refuses, drops and dawdles as told; what it accepted is the ground truth."""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest

from complaints.mail.outgoing import SmtpTimeouts

DROP = "drop"
"""In a script: close the connection instead of answering."""

SILENCE = "silence"
"""In a script: do not answer at all."""


@dataclass
class Script:
    """What the server answers, by command; a list is used up one answer a time, and then the default comes.

    Beside `connect`, the commands, `body` (DROP in the middle) and `dot`: `after 0.7 s: 250 ok` answers late, and
    `when released: 250 ok` as soon as the test says so.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("SIZE 1000000", "SMTPUTF8")
    secured: ssl.SSLContext | None = None
    """What STARTTLS leads to."""
    envelopes: list[str] = field(default_factory=list)
    """The MAIL and RCPT lines, as they came."""
    accepted: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    handing_over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a first DATA was asked for."""
    dots: int = 0
    """Letters that came whole; it may not have been said yet."""
    hang_up: list[Callable[[], None]] = field(default_factory=list)

    @property
    def message_ids(self) -> list[str]:
        """Of what was accepted, in order: the ground truth of what went out, and how often."""
        return [str(BytesHeaderParser(policy=policy.default).parsebytes(raw)["Message-ID"]) for raw in self.accepted]

    def answer(self, command: str, default: str) -> str:
        queue = self.answers.get(command, [])
        return queue.pop(0) if queue else default

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.hang_up.append(writer.close)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._conversation(reader, writer)
        writer.close()

    async def _conversation(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._say(writer, self.answer("connect", "220 ready")):
            return
        while line := await reader.readline():
            self.commands.append(line.decode().strip())
            if line.upper().startswith((b"MAIL", b"RCPT")):
                self.envelopes.append(line.decode().strip())
            command = line.split()[0].decode().upper()
            said = {"DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome", "STARTTLS": "220 go on"}
            default = said.get(command, "250 2.0.0 ok")
            if command == "EHLO":
                default = "\r\n".join(f"250-{one}" for one in ("hello", *self.extensions)) + "\r\n250 HELP"
            answer = self.answer(command, default)
            if not await self._say(writer, answer):
                return
            if command == "STARTTLS" and self.secured is not None:
                await writer.start_tls(self.secured)
            if command == "DATA":
                self.handing_over.set()
            if command == "DATA" and answer.startswith("354") and not await self._letter(reader, writer):
                return

    async def _letter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if self.answers.get("body", []) and self.answers["body"].pop(0) == DROP:
            await reader.readline()
            return False
        letter = await reader.readuntil(b"\r\n.\r\n")
        self.dots += 1
        answer = self.answer("dot", "250 2.0.0 queued")
        # A server takes the letter before it answers: dropped or silent after the dot, it may well have it.
        if answer.endswith((" ok", " queued")) or answer in (DROP, SILENCE):
            self.accepted.append(letter[:-3].replace(b"\r\n..", b"\r\n."))
        return await self._say(writer, answer)

    async def _say(self, writer: asyncio.StreamWriter, answer: str) -> bool:
        if answer.startswith("after "):
            seconds, _, answer = answer.removeprefix("after ").partition(" s: ")
            await asyncio.sleep(float(seconds))
        if answer.startswith("when released: "):
            await self.released.wait()
            answer = answer.removeprefix("when released: ")
        if answer == DROP:
            return False
        if answer != SILENCE:
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
        return True


def patience_with(script: Script) -> SmtpTimeouts:
    """A minute for every answer that will come, however busy the machine; two seconds for one that is withheld."""
    silent = {command for command, answers in script.answers.items() if SILENCE in answers}
    after = {"connect": "connect", "DATA": "data_start", "body": "data_block", "dot": "data_end"}
    given_up = {after.get(command, "command") for command in silent}
    names = ("connect", "command", "data_start", "data_block", "data_end")
    return SmtpTimeouts(**{name: 2.0 if name in given_up else 60.0 for name in names})


@contextlib.asynccontextmanager
async def server(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Script]:
    listening = await asyncio.start_server(script.serve, "127.0.0.1", 0, ssl=tls)
    script.port = listening.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        listening.close()
        for hang_up in script.hang_up:
            hang_up()


@pytest.fixture
def identity(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for `localhost` that no authority knows, and its key."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", *subject]
    try:
        subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl program here to make a certificate with")
    return certificate, key
