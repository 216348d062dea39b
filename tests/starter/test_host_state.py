"""What is told of a host's machine: the age of its last copy, a disk and a memory that fill up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from starter import doctor, host_state, last_copy
from starter.host_state import HostState, state_of
from starter.memory import Memory
from starter.private_files import write_private

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def a_state(**known: Any) -> HostState:
    values: dict[str, Any] = {"real": True, "copied_at": AT, "copy_path": Path("/x"), "disk_used": 0.5, "disk_free": 1}
    return HostState(**{**values, **known})


@pytest.mark.parametrize(
    ("state", "after", "old", "because"),
    [
        (a_state(), 30, False, "last night's"),
        (a_state(), 36, False, "the machine was off at the quiet hour; it comes"),
        (a_state(), 37, True, "a night's is missing"),
        (a_state(copied_at=None), 0, True, "none was ever made"),
        (a_state(real=False, copied_at=None), 0, False, "a home for trying has none"),
    ],
)
def test_a_copy_is_old_when_a_nights_is_missing(state: HostState, after: int, old: bool, because: str) -> None:
    assert state.copy_is_old(AT + timedelta(hours=after)) is old, because


@pytest.mark.parametrize(("used", "full"), [(0.79, False), (0.80, True), (1.0, True)])
def test_a_disk_is_full_from_eighty_percent(used: float, full: bool) -> None:
    assert a_state(disk_used=used).disk_is_full is full


@pytest.mark.parametrize(("left", "full"), [(21, False), (20, True), (0, True)])
def test_a_memory_is_full_from_eighty_percent(left: int, full: bool) -> None:
    assert a_state(memory=Memory(100, left)).memory_is_full is full
    assert a_state(memory=None).memory_is_full is False


def test_the_machine_is_looked_at_and_where_there_is_no_folder_nothing_is_said(tmp_path: Path) -> None:
    assert state_of(tmp_path / "none") is None
    state = state_of(tmp_path)
    assert state is not None
    assert (state.real, state.copied_at, 0 < state.disk_used < 1, state.disk_free > 0) == (False, None, True, True)
    write_private(tmp_path / "settings.toml", "")
    made = last_copy.Made(at=AT, path=tmp_path / "copy", bytes=1, encrypted=True)
    write_private(tmp_path / last_copy.FILE, made.model_dump_json())
    state = state_of(tmp_path)
    assert state is not None
    assert (state.real, state.copied_at, state.copy_path) == (True, AT, tmp_path / "copy")


def test_doctor_tells_of_all_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    place: Any = SimpleNamespace(home=tmp_path)
    monkeypatch.setattr(host_state, "DISK_IS_FULL_FROM", 2.0)
    monkeypatch.setattr(host_state, "memory_of", lambda home: Memory(4 * 10**9, 3 * 10**9))
    assert [(each.check, each.health) for each in doctor.machine(place)] == [("disk", "ok"), ("memory", "ok")]
    write_private(tmp_path / "settings.toml", "")
    monkeypatch.setattr(host_state, "DISK_IS_FULL_FROM", 0.0)
    monkeypatch.setattr(host_state, "memory_of", lambda home: Memory(4 * 10**9, 10**8))
    found = {each.check: each for each in doctor.machine(place)}
    assert (found["backup"].health, "BACKUP_DIR" in found["backup"].message) == ("warn", True)
    assert (found["disk"].health, "make room" in found["disk"].message) == ("warn", True)
    assert (found["memory"].health, found["memory"].message[:32]) == ("warn", "98 % full, 0.1 GB are left: at t")


@pytest.mark.parametrize(("language", "said"), [("en", "Raise MemoryMax"), ("es", "Aumente MemoryMax")])
def test_a_full_service_is_told_what_to_do_about_its_own_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setattr(host_state, "memory_of", lambda home: Memory(10**9, 10**8, of_service=True))
    place: Any = SimpleNamespace(home=tmp_path)
    [found] = [each for each in doctor.machine(place) if each.check == "memory"]
    assert (found.health, said in found.message) == ("warn", True)
