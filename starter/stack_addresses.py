"""Where a stack can be reached: kept in its home, so that every command finds it."""

import fcntl
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from starter.private_files import write_private

FILE = "stack.json"
LOCK = "stack.lock"

Status = Literal["starting", "ready", "stopped"]


class Addresses(BaseModel):
    """Everything that others need to know of a stack. `model_dump_json()` is what `complaints up --json` prints."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Status
    #: Process id of the supervisor.
    pid: int
    #: Host and port of Temporal.
    temporal: str
    namespace: str = "default"
    #: URL of Temporal's page at the desk; None without a desk, or with a Temporal that is not ours.
    temporal_ui: str | None = None
    #: Where the desk alone reaches that page, and the certificate by which it knows it.
    page_behind: str | None = None
    page_trust: str | None = None
    #: URL of the database, with its password: this file and what prints it are for its owner only.
    database: str
    #: The same as the role that owns the tables, for migrations and copies; None: one role does both.
    database_owner: str | None = None
    #: URL of the mail catcher, where a home that is for trying keeps its letters; None: they go out to people.
    smtp: str | None
    #: URL of the page that shows caught mail.
    mailbox: str | None
    #: URL of the desk, once there is one.
    desk: str | None = None
    #: Whether the time of its cases can be skipped; such a home is never used for real cases.
    time_skipping: bool = False
    #: Port of each part that listens on one; the next start takes the same.
    ports: dict[str, int] = {}
    #: Process id of each part.
    pids: dict[str, int] = {}


def find_stack(home: Path) -> Addresses | None:
    """The stack that runs in `home` and is ready; None if there is none."""
    addresses = last_addresses(home)
    if addresses is None or addresses.status != "ready":
        return None
    return addresses if is_locked(home) and process_lives(addresses.pid) else None


def last_addresses(home: Path) -> Addresses | None:
    """What the last stack in `home` wrote, whether it lives or not."""
    try:
        return Addresses.model_validate_json((home / FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_addresses(home: Path, addresses: Addresses) -> None:
    """Replaces the file in one step; it can only be read by its owner."""
    write_private(home / FILE, addresses.model_dump_json(indent=1))


def is_locked(home: Path) -> bool:
    """Whether a stack, or what is left of one, holds the home."""
    try:
        descriptor = os.open(home / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def process_lives(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
