"""The hook for a file scanner: its command gets the file on standard input, and its end decides; no end, no file."""

import asyncio
import shlex
import sys
from pathlib import Path

import pytest

from complaints import scanning
from complaints.scanning import Condemned, NotLookedAt, clean
from complaints.settings import Settings, SettingsError
from starter.errors import Away
from starter.scanning import handed_out
from tests.local.test_guard import lives
from tests.waiting import until

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


LOOKS = python("import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())")


async def test_what_the_command_accepts_is_handed_on_and_what_it_refuses_is_not() -> None:
    assert await clean(LOOKS, b"una boleta") == b"una boleta"
    with pytest.raises(Condemned):
        await clean(LOOKS, b"antes " + EICAR)
    assert await clean(None, EICAR) == EICAR


async def test_one_that_has_seen_enough_need_not_read_it_all() -> None:
    with pytest.raises(Condemned):
        await clean(python("import sys; sys.exit(1)"), b"x" * 5_000_000)


@pytest.mark.parametrize(
    "command",
    [
        "/no/such/scanner",
        "un'closed",
        python("import sys; sys.stdin.buffer.read(); sys.exit(2)"),  # ClamAV: its database cannot be read
        python("import sys; sys.exit(255)"),
        python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),  # out of memory
        "sh -c 'no-such-program-in-it -'",
    ],
    ids=["missing", "no command", "error", "another error", "killed", "missing within"],
)
async def test_a_file_that_nobody_looked_at_is_not_handed_on_and_is_not_condemned(command: str) -> None:
    with pytest.raises(NotLookedAt):
        await clean(command, b"x")
    with pytest.raises(Away, match="no responde"):
        await handed_out(command, b"x")


def is_running(pid: str) -> bool:
    """Whether it does something yet, or is only about to say who it is."""
    return not pid.strip() or lives(int(pid))


async def test_one_that_does_not_end_is_ended_with_all_that_it_began(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scanning, "WITHIN", 1.0)
    began = tmp_path / "began"
    with pytest.raises(NotLookedAt):
        await clean(f"sh -c 'sleep 3600 & echo $! > {began}; sleep 3600'", b"x")
    await until(lambda: not (began.exists() and is_running(began.read_text())))


async def test_whoever_does_not_wait_leaves_no_scanner_behind(tmp_path: Path) -> None:
    began = tmp_path / "began"
    asking = asyncio.create_task(clean(f"sh -c 'echo $$ > {began}; exec sleep 3600'", b"x"))
    await until(lambda: began.exists() and began.read_text().endswith("\n"))
    asking.cancel()
    await asyncio.wait([asking])
    assert not is_running(began.read_text())


def test_the_setting() -> None:
    assert Settings.from_env({"FILE_SCANNER": " clamdscan --no-summary - "}).file_scanner == "clamdscan --no-summary -"
    assert Settings.from_env({}).file_scanner is None
    with pytest.raises(SettingsError, match="FILE_SCANNER"):
        Settings.from_env({"FILE_SCANNER": "clamdscan '--no-summary"})
