"""What whoever runs a host should know of its machine: how old the last copy is, and how full the disk.

`doctor` tells it, and the desk on the board. A home that is for trying has no copies, and is told of its disk only.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from starter.host_settings import is_real
from starter.last_copy import last_copy

COPY_IS_OLD_AFTER = timedelta(hours=36)
"""One night's copy is missing."""

DISK_IS_FULL_FROM = 0.80
"""Of the file system: a database that cannot grow answers nobody, and a copy or an upgrade needs room."""


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

    def copy_is_old(self, now: datetime) -> bool:
        """Whether a copy is missing that should be there."""
        return self.real and (self.copied_at is None or now - self.copied_at > COPY_IS_OLD_AFTER)

    @property
    def disk_is_full(self) -> bool:
        """Whether somebody should make room."""
        return self.disk_used >= DISK_IS_FULL_FROM


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
    )
