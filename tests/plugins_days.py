"""Other days: what needs no server runs with Python's date moved.

Whoever never asks the clock cannot know what day it is. So a run on one other day notes which tests asked
(`--clock-asked-to=FOLDER`, a file for each of its processes), and the runs on further days take those only
(`--clock-asked-in=FOLDER`; with the `=`, since pytest takes a folder that stands alone for one of tests). No list is
kept by hand. A test asked where it did itself, or a fixture of a whole file or session did that it takes, or its file
when it was loaded.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

DAYS = {"d": 1, "day": 1, "days": 1, "month": 30.4375, "months": 30.4375}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--moved-by",
        metavar="SPAN",
        help="run with Python's date moved by that much: 1d, 40d, 13months (-m 'not server')",
    )
    parser.addoption("--clock-asked-to", metavar="FOLDER", help="write down which tests asked a moved clock")
    parser.addoption("--clock-asked-in", metavar="FOLDER", help="run only the tests that are written down there")


def pytest_configure(config: pytest.Config) -> None:
    if moved := config.getoption("--moved-by"):
        travel = time_machine.travel(datetime.now(UTC) + span(moved), tick=True)
        asked = Asked(travel.start())
        config.add_cleanup(travel.stop)
        if folder := config.getoption("--clock-asked-to"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            worker = os.environ.get("PYTEST_XDIST_WORKER", "all")
            config.pluginmanager.register(Noting(asked, Path(folder) / f"{worker}.json"))


def pytest_report_header(config: pytest.Config) -> str | None:
    return f"today is {datetime.now(UTC):%A %Y-%m-%d}, moved" if config.getoption("--moved-by") else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not (folder := config.getoption("--clock-asked-in")):
        return
    asked = {name for file in Path(folder).glob("*.json") for name in json.loads(file.read_text(encoding="utf-8"))}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in asked])
    items[:] = [item for item in items if item.nodeid in asked]


def span(text: str) -> timedelta:
    """`40d`, `13months`."""
    digits = text[: len(text) - len(text.lstrip("0123456789+-"))]
    return timedelta(days=int(digits) * DAYS[text[len(digits) :]])


class Asked:
    """How often the moved clock was asked, by whatever way Python has."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.times = 0
        answer = traveller.time_ns

        def counted() -> int:
            self.times += 1
            return answer()

        traveller.time_ns = counted  # type: ignore[method-assign]


class Noting:
    """Which tests asked; a plugin of the run that notes it."""

    def __init__(self, asked: Asked, file: Path) -> None:
        self._asked, self._file = asked, file
        self._tests: set[str] = set()
        self._fixtures: set[str] = set()
        self._files: set[Path] = set()
        pytest.CallInfo.from_call(list, "collect")
        self._by_pytest = asked.times
        """How often pytest itself asks around the loading of a file."""

    @contextmanager
    def _looked_at(self, found: set[Any], one: Any, *, but: int = 0) -> Iterator[None]:
        before = self._asked.times
        try:
            yield
        finally:
            if self._asked.times > before + but:
                found.add(one)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Any:
        """A file that is loaded."""
        with self._looked_at(self._files, collector.path, but=self._by_pytest):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Any:
        """A fixture: where it stays for other tests, they have asked too."""
        with self._looked_at(self._fixtures if fixturedef.scope != "function" else set(), fixturedef.argname):
            return (yield)

    # Innermost: pytest itself asks for the time before and after each of the three.

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Any:
        """What a test takes."""
        with self._looked_at(self._tests, item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Any:
        """A test."""
        with self._looked_at(self._tests, item.nodeid):
            return (yield)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Writes them down."""
        asked = [
            item.nodeid
            for item in session.items
            if item.nodeid in self._tests
            or item.path in self._files
            or self._fixtures & set(getattr(item, "fixturenames", ()))
        ]
        self._file.write_text(json.dumps(sorted(asked)), encoding="utf-8")
