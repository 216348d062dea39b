"""Finds or makes the Temporal server before the first test: a build takes minutes, and no test's time limit."""

import asyncio
import sys

import pytest

from local.temporal_find import TemporalMissing, find_temporal

#: Fixtures and modules that need the server.
FIXTURES = frozenset({"temporal", "story"})
MODULES = ("test_local_find", "test_local_temporal_server", "test_local_supervisor")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Says what it does through pytest's capture, so that nobody thinks that nothing happens."""
    if session.config.option.collectonly or not any(needs_temporal(item) for item in session.items):
        return
    capture = session.config.pluginmanager.getplugin("capturemanager")

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            print(line, file=sys.stderr, flush=True)

    try:
        asyncio.run(find_temporal(say=say, time_skipping=True))
    except TemporalMissing as missing:
        pytest.exit(str(missing), returncode=1)


def needs_temporal(item: pytest.Item) -> bool:
    """Whether the test uses a server, itself or through what it asks for."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & FIXTURES) or item.path.stem in MODULES
