"""What whoever runs a host should know of its machine: how old the last copy is, how full the disk and the memory.

`doctor` tells it, and the desk on the board. A home that is for trying has no copies, and is not told of them.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from starter.host_settings import is_real
from starter.last_copy import last_copy
from starter.memory import Memory, memory_of

COPY_IS_OLD_AFTER = timedelta(hours=36)
"""One night's copy is missing."""

DISK_IS_FULL_FROM = 0.80
"""Of the file system: a database that cannot grow answers nobody, and a copy or an upgrade needs room."""

MEMORY_IS_FULL_FROM = 0.80
"""Of the machine's, or of what the service may have: at the end of it the kernel ends a program."""


@dataclass(frozen=True)
class HostState:
    """A home's machine, as it is now."""

    real: bool
    copied_at: datetime | None
    """When the last copy was made; None: none was."""
    copy_path: Path | None
    disk_used: float
    """Share of the file system that is not free for us."""
    disk_free: int
    """Bytes."""
    memory: Memory | None = None
    """What is nearest to its end; None where the system does not say."""

    def copy_is_old(self, now: datetime) -> bool:
        """Whether a copy is missing that should be there."""
        return self.real and (self.copied_at is None or now - self.copied_at > COPY_IS_OLD_AFTER)

    @property
    def disk_is_full(self) -> bool:
        """Whether somebody should make room."""
        return self.disk_used >= DISK_IS_FULL_FROM

    @property
    def memory_is_full(self) -> bool:
        """Whether somebody should see to it that there is more."""
        return self.memory is not None and self.memory.used >= MEMORY_IS_FULL_FROM


def state_of(home: Path) -> HostState | None:
    """The state of the machine that the home is on; None where there is no such folder here (containers, a cluster)."""
    try:
        disk = shutil.disk_usage(home)
    except OSError:
        return None
    last = last_copy(home)
    return HostState(
        real=is_real(home),
        copied_at=last.at if last else None,
        copy_path=last.path if last else None,
        # `used` leaves out what is kept for root: full is what we cannot write to.
        disk_used=1 - disk.free / (disk.used + disk.free),
        disk_free=disk.free,
        memory=memory_of(home),
    )
