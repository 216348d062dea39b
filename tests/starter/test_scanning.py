"""The hook for a file scanner: its command gets the file on standard input, and its end decides."""

import shlex
import sys

import pytest

from complaints.settings import Settings
from starter import scanning
from starter.errors import Away
from starter.scanning import FileRefused, expect_clean

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


LOOKS = python("import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())")


async def test_what_the_command_accepts_is_handed_on_and_what_it_refuses_is_not() -> None:
    await expect_clean(LOOKS, b"una boleta")
    with pytest.raises(FileRefused):
        await expect_clean(LOOKS, b"antes " + EICAR)
    await expect_clean(None, EICAR)


async def test_one_that_has_seen_enough_need_not_read_it_all() -> None:
    with pytest.raises(FileRefused):
        await expect_clean(python("import sys; sys.exit(3)"), b"x" * 5_000_000)


@pytest.mark.parametrize("command", ["/no/such/scanner", "un'closed"])
async def test_a_file_that_nobody_looked_at_is_not_handed_on(command: str) -> None:
    with pytest.raises(Away):
        await expect_clean(command, b"x")


async def test_one_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "WITHIN", 0.2)
    with pytest.raises(Away):
        await expect_clean(python("import time; time.sleep(3600)"), b"x")


def test_the_setting() -> None:
    assert Settings.from_env({"FILE_SCANNER": " clamdscan --no-summary - "}).file_scanner == "clamdscan --no-summary -"
    assert Settings.from_env({}).file_scanner is None
