"""Loading seven thousand tests: once compiled for all processes, and nothing for the garbage collector to look at.

Each process of pytest's loads every file of tests, and in a fresh clone each would compile them all, at the same time.
So each begins with a share of its own, and finds the rest compiled by the others. What was loaded stays until the end,
and the trees of the sources that some tests read stay too: a collector at Python's own pace walks through all of it
again and again (a seventh of the processor time, and seconds at a stretch on a busy machine, longer than a worker's
patience with a workflow). So what was loaded is not looked at any more, and the rest less often. Templates too are
compiled by whichever process comes to one first.
"""

import gc
import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from complaints.mail import templating
from desk import request

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


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Pages and letters have 263, which take a process two seconds: the processes of a run find each other's."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    of_the_run = tmp_path_factory.getbasetemp().parent / "templates"
    with pytest.MonkeyPatch.context() as patch:
        for environment, cache in kept_below(of_the_run).items():
            patch.setattr(environment, "bytecode_cache", cache)
        yield


def kept_below(folder: Path) -> Mapping[Environment, FileSystemBytecodeCache]:
    """Where each kind of template is kept once it is compiled: the same file is another one as text and as HTML."""
    kinds = {form: templating.environment(form) for form in get_args(templating.Form)} | {"pages": request._templates()}
    for name in kinds:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {environment: FileSystemBytecodeCache(str(folder / name)) for name, environment in kinds.items()}


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """pytest looks for what nobody holds any more at the very end; for a process that ends, that is all of it."""
    gc.freeze()
