"""Finds or makes the Temporal server before the first test: a build takes minutes, and no test's time limit."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

import pytest

from local.stack.temporal_find import TemporalMissing, find_beside_records, find_temporal
from local.stack.voice import to_stderr

#: Fixtures and modules that need the server.
FIXTURES = frozenset({"temporal", "story"})
MODULES = (
    "test_host",
    "test_find",
    "test_temporal_server",
    "test_temporal_page",
    "test_temporal_ports",
    "test_supervisor",
)
CHAOS = "chaos"
"""The folder whose tests have a server each."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Before the tests are spread over processes, whose words nobody would see: the build is told here, once.

    Which tests there are, only those processes will know; so it is made for all but those that need no server.
    """
    if "not server" not in config.getoption("markexpr"):
        _find(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """In one process: only if a test needs it."""
    if session.config.option.collectonly or "PYTEST_XDIST_WORKER" in os.environ:
        return
    if any(needs_temporal(item) for item in session.items):
        _find(session.config)


def _find(config: pytest.Config) -> None:
    """Says what it does through pytest's capture, so that nobody thinks that nothing happens."""
    try:
        asyncio.run(find_temporal(say=_loud(config), time_skipping=True))
    except TemporalMissing as missing:
        pytest.exit(str(missing), returncode=1)
    with suppress(TemporalMissing):  # then those few tests say it that want one database for both
        asyncio.run(find_beside_records(say=_loud(config)))


def _loud(config: pytest.Config) -> Callable[[str], None]:
    capture = config.pluginmanager.getplugin("capturemanager")

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            to_stderr(line)

    return say


def needs_temporal(item: pytest.Item) -> bool:
    """Whether the test uses a server, itself or through what it asks for."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & FIXTURES) or item.path.stem in MODULES or item.path.parent.name == CHAOS
