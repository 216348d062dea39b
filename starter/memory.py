"""How much memory is left for a host: on its machine, and within what systemd or a container lets it have.

Read from Linux's own accounts (proc(5), and "Memory Interface Files" of the kernel's cgroup-v2.rst); on another system
nothing is said. What the kernel gives back when somebody asks for it, such as files it keeps a copy of, counts as left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starter.stack_addresses import find_stack

PROC = Path("/proc")

CGROUPS = Path("/sys/fs/cgroup")

GIVEN_BACK = ("active_file", "inactive_file", "slab_reclaimable")
"""Of a group's `memory.stat`: what the kernel takes back before it ends anybody."""


@dataclass(frozen=True)
class Memory:
    """What somebody may have of it, and has."""

    total: int
    """Bytes."""
    left: int
    """Bytes that nobody has, or would give back."""
    of_service: bool = False
    """Whether it is a limit that the service was given (MemoryMax of its unit, or a container's), not the machine's."""

    @property
    def used(self) -> float:
        """Share that is in use."""
        return 1 - self.left / self.total


def memory_of(home: Path) -> Memory | None:
    """What is nearest to its end: the machine's memory, or what the stack in `home` may have; None where unknown."""
    stack = find_stack(home)
    process = str(stack.pid) if stack else "self"  # a command at a terminal is in no group of the service
    found = [*_machine(), *_limits(process)]
    return max(found, key=lambda each: each.used, default=None)


def _machine() -> Iterator[Memory]:
    try:
        said = dict(line.split(":", 1) for line in (PROC / "meminfo").read_text(encoding="ascii").splitlines())
        total, left = (int(said[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    except (OSError, KeyError, ValueError):
        return
    yield Memory(total, left)


def _limits(process: str) -> Iterator[Memory]:
    """Of the process's group, and of each one that it is in: the narrowest ends it."""
    try:
        lines = (PROC / process / "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    path = next((line.removeprefix("0::") for line in lines if line.startswith("0::/")), None)
    if path is None:
        return
    group = PurePosixPath(path)
    for each in (group, *group.parents):
        yield from _limit(CGROUPS / each.relative_to("/"))


def _limit(group: Path) -> Iterator[Memory]:
    try:
        total = int((group / "memory.max").read_text(encoding="ascii"))  # "max" is none
        current = int((group / "memory.current").read_text(encoding="ascii"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text(encoding="ascii").splitlines())
        back = sum(int(stat.get(name, 0)) for name in GIVEN_BACK)
    except (OSError, ValueError):
        return
    if total > 0:
        yield Memory(total, max(0, total - current + back), of_service=True)
