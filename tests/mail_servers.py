"""What the mail servers of this system have in common as servers of tests: found, run for a while, waited for."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest


def program(name: str, *, package: str) -> str:
    """Where it is. Skips the test where it is not, except in CI, where `.ci/run` installs the package."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name.title()} is missing: apt-get install {package} (.ci/run does).")
        pytest.skip(f"needs {name.title()}: apt-get install {package}")
    return found


@contextmanager
def home_of(name: str) -> Iterator[Path]:
    """Its folder: short, and not below one that only root may enter."""
    home = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def answering(
    name: str, process: "subprocess.Popen[bytes]", log: Path, asked: Callable[[], AbstractContextManager[object]]
) -> Iterator[None]:
    """From its first answer on; ended with the block."""
    try:
        _answers(name, process, log, asked)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _answers(
    name: str, process: "subprocess.Popen[bytes]", log: Path, asked: Callable[[], AbstractContextManager[object]]
) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with asked():
                return
        except Exception:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{name.title()} does not answer: {log.read_text()[-800:] if log.exists() else 'no log'}")
            time.sleep(0.05)
