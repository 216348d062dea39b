"""The unit of a host: accepted by systemd, with no more rights than it needs; none for a home that is for trying."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.host import service, written
from starter.errors import Refused
from tests.local.test_host import AT, WISHES
from tests.terminal import in_this_process


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / 'a "home" with 100 % $HOME'
    written.home_of(WISHES, home, at=AT)
    return home


@pytest.fixture
def nobodys(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of a user of its own, also where tests run as root."""
    own = pwd.struct_passwd(("complaint-desk", "x", 990, 990, "", "/", "/bin/false"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: own)
    return home


def says(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting:
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("of_user", [True, False])
def test_systemd_accepts_it(nobodys: Path, tmp_path: Path, of_user: bool) -> None:
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI"):
            pytest.fail("CI has Debian's systemd-analyze")
        pytest.skip("systemd-analyze is not on this machine")
    unit = service.unit_of(nobodys, {"DESK_LISTEN": "0.0.0.0:443", "BACKUP_DIR": "/var/backups"}, of_user=of_user)
    (tmp_path / service.NAME).write_text(unit.text, encoding="utf-8")
    words = ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no"]
    words += ["--user"] if of_user else []
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    ran = subprocess.run([*words, str(tmp_path / service.NAME)], capture_output=True, text=True, check=False, env=env)
    ours = [line for line in ran.stderr.splitlines() if service.NAME in line]
    assert (ran.returncode, ours) == (0, []), ran.stderr


def test_it_starts_this_very_home_and_python_and_grants_a_letter_its_answer(nobodys: Path) -> None:
    said = says(service.unit_of(nobodys, {}, of_user=False).text)
    escaped = str(nobodys).replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    assert said["ExecStart"] == [f'"{sys.executable}" "-m" "cli.main" "up" "--home" "{escaped}"']
    assert int(said["TimeoutStopSec"][0]) > 600
    assert (said["KillMode"], said["Restart"], said["User"]) == (["mixed"], ["on-failure"], ["complaint-desk"])


def test_it_may_write_its_home_and_its_copies_and_nothing_else(nobodys: Path) -> None:
    said = says(service.unit_of(nobodys, {"BACKUP_DIR": "/var/backups"}, of_user=False).text)
    assert said["ProtectSystem"] == ["strict"]
    assert said["ReadWritePaths"][0].endswith('"/var/backups"')
    assert said["NoNewPrivileges"] == ["yes"]
    assert "MemoryMax" in said


@pytest.mark.parametrize(("listen", "needs"), [("0.0.0.0:443", True), ("0.0.0.0:8443", False), ("", False)])
def test_only_for_a_port_below_1024_it_may_take_one(nobodys: Path, listen: str, needs: bool) -> None:
    said = says(service.unit_of(nobodys, {"DESK_LISTEN": listen}, of_user=False).text)
    assert (said["AmbientCapabilities"] == ["CAP_NET_BIND_SERVICE"]) is needs


def test_nothing_of_ours_runs_as_root(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = pwd.getpwuid(0)
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: root)
    with pytest.raises(Refused, match="useradd"):
        service.unit_of(home, {}, of_user=False)


def test_a_home_that_is_for_trying_gets_none(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="complaints init"):
        service.unit_of(tmp_path, {}, of_user=True)


async def test_a_users_unit_is_written_told_and_taken_away(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RUNNING", tmp_path / "not-here")  # else it would really be started
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    path = tmp_path / "config" / "systemd" / "user" / service.NAME
    assert (await in_this_process(["service", "status", "--user"], env=env)).code == 1
    ran = await in_this_process(["service", "install", "--user", "--home", str(home)], env=env)
    assert (ran.code, str(path) in ran.out.replace("\n", "")) == (0, True)
    printed = await in_this_process(["service", "install", "--user", "--print", "--home", str(home)], env=env)
    assert printed.out == path.read_text(encoding="utf-8")
    assert (await in_this_process(["service", "status", "--user"], env=env)).code == 0
    assert (await in_this_process(["service", "uninstall", "--user"], env=env)).code == 0
    assert not path.exists()
    assert (home / "settings.toml").exists()
