"""What surrounds every test: the same environment, folder and examples for each.

A program is steered by its environment, so tests know theirs: of the caller's variables only those below are kept. A
test that needs more sets it with `monkeypatch` or gives it to its own process; one that leaves a change behind fails.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from complaints import passwords
from local.stack import ports
from tests.ports import nobody_listens

KEPT = frozenset(
    {
        *("CI", "HOME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV", "XDG_CACHE_HOME", "LANG"),
        *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
        *("UPDATE_GOLDEN_LETTERS", "UPDATE_DOCS"),
    }
)
"""Who runs the tests, where programs lie, the machine's own zone and locale, and the switches of our own tests."""

KEPT_FAMILIES = (
    "COV_",
    "CURL_",
    "GO",
    "HYPOTHESIS_",
    "LC_",
    "PIP_",
    "PYENV_",
    "PYTEST_",
    "PYTHON",
    "REQUESTS_",
    "SSL_",
    "UV_",
)
"""What package installers, the Go toolchain and Python's own tools go by."""

WITHOUT = frozenset({"PYTHONDONTWRITEBYTECODE"})
"""With it each of the hundreds of programs that tests start would compile itself and its libraries anew."""

RUNNING = "PYTEST_CURRENT_TEST"

SERVER_FIXTURES = frozenset({"temporal", "postgres", "browser"})
"""Whoever asks for one of them talks with another process, whose clock nobody moves."""

SERVER_MODULES = frozenset(
    {
        *("local/test_demo", "local/test_build", "local/test_find", "local/test_guard", "local/test_part"),
        *("local/test_postgres", "local/test_supervisor", "local/test_temporal_server", "local/test_temporal_ports"),
        *("cli/test_simulate", "cli/test_up", "cli/test_refusals", "cli/test_running", "desk/test_temporal_page"),
        *("house/test_packaging", "house/test_compose", "house/test_compose_native", "house/test_surroundings"),
        *("mailbox/test_imap", "desk/test_api_doc"),
    }
)
"""Files whose tests start programs of their own; their clocks nobody moves either."""


# Hypothesis draws the same examples for a test at each run, and no clock looks on: a run that fails by what was drawn,
# or by a processor that somebody else had, says nothing about a change. `--hypothesis-profile=search` draws others.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True, database=None)
settings.load_profile("same")  # before any module of tests, whose own settings begin with these


def pytest_configure() -> None:
    known = known_environment(os.environ)
    os.environ.clear()
    os.environ.update(known)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`-n auto`: one process more than there are cores, because half of their time they wait for servers."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4) + 1


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        named = f"{item.path.parent.name}/{item.path.stem}"
        if named in SERVER_MODULES or SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")


def known_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What every test has of these variables: nothing that steers the program, and no servers that they name."""
    kept = {name for name in environ if name in KEPT or name.startswith(KEPT_FAMILIES)} - WITHOUT
    return {**{name: environ[name] for name in kept}, "TEMPORAL_CONFIG_FILE": os.devnull}


@pytest.fixture(autouse=True)
def surroundings() -> Iterator[None]:
    """A clean, known environment and folder for this test; and it fails if it leaves others to the next one."""
    before, folder = dict(os.environ), Path.cwd()
    yield
    after, moved = dict(os.environ), Path.cwd()
    # pytest says in a variable which test runs; it changes between set-up and tear-down.
    before[RUNNING] = after[RUNNING] = ""
    left = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if left:
        before[RUNNING] = os.environ.get(RUNNING, "")
        os.environ.clear()
        os.environ.update(before)
    os.chdir(folder)
    assert left == [], f"this test leaves the environment changed for the next one: {', '.join(left)}"
    assert moved == folder, f"this test leaves the next one in {moved}"


@pytest.fixture(scope="session", autouse=True)
def as_the_program_hashes() -> Iterator[tuple[PasswordHasher, str]]:
    """How the program hashes passwords, and the hash that stands for unknown accounts. Tests sign in hundreds of times:
    for them it costs little, as it must not anywhere else."""
    ours, little = (passwords._HASHER, passwords._NOBODY), PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", little)
        patch.setattr(passwords, "_NOBODY", little.hash("nobody's"))
        yield ours


@pytest.fixture
def nowhere() -> Iterator[str]:
    """`127.0.0.1:PORT`, where every connection is refused during the test."""
    with nobody_listens() as address:
        yield address


@pytest.fixture(scope="session", autouse=True)
def ports_of_this_process() -> Iterator[None]:
    """Each process of pytest's looks for free ports in a part of the range of its own: two would find the same one."""
    worker, count = (os.environ.get(name, "") for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"))
    whole = ports._RANGE
    part = len(whole) // int(count or 1)
    begin = whole.start + part * int(worker.removeprefix("gw") or 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports, "_RANGE", range(begin, begin + part))
        yield
