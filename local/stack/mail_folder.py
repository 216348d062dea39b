"""The folder where caught mail lies: one file a message, as a mail server would have delivered it."""

import itertools
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_NAME = re.compile(r"[0-9]{20}-[0-9]{1,9}-[0-9]{1,9}")
_count = itertools.count()


@dataclass(frozen=True)
class Caught:
    """One message that was caught."""

    #: The name of its file without the ending; later messages have greater names.
    name: str
    path: Path

    @property
    def received_at(self) -> datetime:
        """When it was caught."""
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) / 1e9, tz=UTC)

    @property
    def raw(self) -> bytes:
        """What was received, below `Return-Path` and `Delivered-To` for the envelope."""
        return self.path.read_bytes()

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def recipients(self) -> list[str]:
        """To whom the envelope addressed it."""
        head = self.raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        envelope = itertools.takewhile(lambda line: line.startswith((b"Return-Path: ", b"Delivered-To: ")), head)
        return [line.partition(b": ")[2].decode() for line in envelope if line.startswith(b"Delivered-To: ")]


class MailFolder:
    """Like a maildir: written in `tmp`, complete in `new`. Several processes may write and read at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("tmp", "new"):
            (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)

    def add(self, raw: bytes) -> Caught:
        """Keeps a message: on the disk when this returns."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(_count)}"
        partial, path = self.folder / "tmp" / name, self.folder / "new" / f"{name}.eml"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        return Caught(name, path)

    def __iter__(self) -> Iterator[Caught]:
        """All messages, oldest first."""
        return (Caught(path.stem, path) for path in sorted((self.folder / "new").glob("*.eml")))

    def named(self, name: str) -> Caught | None:
        """One message; None for anything that is not the name of one."""
        if not _NAME.fullmatch(name):
            return None
        path = self.folder / "new" / f"{name}.eml"
        return Caught(name, path) if path.is_file() else None

    def sent_to(self, address: str) -> list[Caught]:
        """The messages to one address, oldest first."""
        return [caught for caught in self if address.lower() in (one.lower() for one in caught.recipients)]
