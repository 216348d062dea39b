"""How much memory is left: the machine's, and what a unit of systemd or a container may have."""

from pathlib import Path

import pytest

from starter import memory
from starter.memory import Memory, memory_of

GIB = 2**30


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Linux's accounts of a machine of 4 GiB, of which 3 are left; its programs are in no group with a limit."""
    monkeypatch.setattr(memory, "PROC", tmp_path / "proc")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "cgroup")
    (tmp_path / "proc" / "self").mkdir(parents=True)
    said = f"MemTotal:    {4 * 2**20} kB\nMemFree:   1000 kB\nMemAvailable:  {3 * 2**20} kB\nHugePages_Total:     0\n"
    (tmp_path / "proc" / "meminfo").write_text(said, encoding="ascii")
    in_group(tmp_path, "/system.slice/complaint-desk.service")
    return tmp_path


def in_group(system: Path, path: str) -> None:
    (system / "proc" / "self" / "cgroup").write_text(f"1:name=systemd:/other\n0::{path}\n", encoding="ascii")


def limit(system: Path, path: str, most: int | str, *, current: int, cached: int = 0) -> None:
    group = system / "cgroup" / path
    group.mkdir(parents=True, exist_ok=True)
    (group / "memory.max").write_text(f"{most}\n", encoding="ascii")
    (group / "memory.current").write_text(f"{current}\n", encoding="ascii")
    stat = f"anon 1\nactive_file {cached // 2}\ninactive_file {cached - cached // 2}\nslab_reclaimable 0\n"
    (group / "memory.stat").write_text(stat, encoding="ascii")


def test_a_machine_without_limits_is_looked_at_itself(system: Path) -> None:
    assert memory_of(system) == Memory(4 * GIB, 3 * GIB)
    limit(system, "system.slice/complaint-desk.service", "max", current=GIB)
    assert memory_of(system) == Memory(4 * GIB, 3 * GIB), "a unit without a limit"


@pytest.mark.parametrize(
    ("group", "at", "because"),
    [
        ("/system.slice/complaint-desk.service", "system.slice/complaint-desk.service", "MemoryMax of the unit"),
        ("/system.slice/complaint-desk.service", "system.slice", "the narrowest of those that it is in"),
        ("/", ".", "a container sees its own group as the root"),
    ],
)
def test_what_a_service_may_have_counts_where_it_is_nearer_to_its_end(
    system: Path, group: str, at: str, because: str
) -> None:
    in_group(system, group)
    limit(system, at, GIB, current=GIB // 2)
    found = memory_of(system)
    assert found == Memory(GIB, GIB // 2, of_service=True), because
    assert found.used == 0.5
    limit(system, at, GIB, current=GIB // 8)
    assert memory_of(system) == Memory(4 * GIB, 3 * GIB), "the machine is fuller"


def test_files_that_the_kernel_keeps_a_copy_of_are_not_in_use(system: Path) -> None:
    """A database that reads much fills its group with them to the brim, and nothing is wrong."""
    limit(system, "system.slice", GIB, current=GIB, cached=GIB // 4)
    found = memory_of(system)
    assert found is not None
    assert found.used == 0.75


def test_where_the_system_does_not_say_nothing_is_said(system: Path) -> None:
    (system / "proc" / "meminfo").unlink()
    (system / "proc" / "self" / "cgroup").unlink()
    assert memory_of(system) is None


def test_this_machine_says_it(tmp_path: Path) -> None:
    """The accounts as they are, not as this test writes them."""
    found = memory_of(tmp_path)
    assert found is None or (0 < found.left <= found.total and 0 <= found.used < 1)
