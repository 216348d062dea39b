"""Loading seven thousand tests: once compiled for all processes, and nothing for the garbage collector to look at.

Each process of pytest's loads every file of tests, and in a fresh clone each would compile them all, at the same time.
So each begins with a share of its own, and finds the rest compiled by the others. What was loaded stays until the end,
and the trees of the sources that some tests read stay too: a collector at Python's own pace walks through all of it
again and again (a seventh of the processor time, and seconds at a stretch on a busy machine, longer than a worker's
patience with a workflow). So what was loaded is not looked at any more, and the rest less often.
"""

import gc
import importlib
import os
from contextlib import suppress
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

SELDOM = (10_000, 20, 20)
"""Objects, and rounds of the younger generations, until the collector looks; Python's own are 700, 10 and 10."""


def pytest_configure() -> None:
    gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    worker, count = (os.environ.get(name, "") for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"))
    # Where a few files were named, loading them is all.
    if worker and {Path(arg).absolute() for arg in session.config.args} == {TESTS}:
        for file in shared(int(worker.removeprefix("gw")), int(count)):
            with suppress(Exception):  # pytest will come to it, and say so
                importlib.import_module(".".join(file.relative_to(TESTS.parent).with_suffix("").parts))


def shared(worker: int, count: int) -> list[Path]:
    """The files of tests that this worker of so many loads first."""
    return sorted(TESTS.rglob("test_*.py"))[worker::count]


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """pytest looks for what nobody holds any more at the very end; for a process that ends, that is all of it."""
    gc.freeze()
