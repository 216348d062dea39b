"""The tests' own surroundings: a known environment for each, no complaint that rots, other days and orders."""

import json
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from complaints.contacts_file import ContactsFile
from complaints.records.store import Store
from complaints.rules.received import ComplaintReceived
from starter.front_desk import FrontDesk
from tests import plugins_days, plugins_loading, plugins_reports, receipts
from tests.plugins_days import span
from tests.plugins_order import LONG_FILES, pytest_collection_modifyitems
from tests.plugins_surroundings import known_environment
from tests.pools import store_on
from tests.receipts import FRESH, StaleReceipt, expect_fresh
from tests.story import Story, lima

ROOT = Path(__file__).parents[2]
NOW = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)


def a_start(*, hours_ago: float, **more: Any) -> dict[str, Any]:
    content = {"customer": {"email": "rosa@correo.example"}, "problem": {"description": "Faltaron horas."}}
    return {**content, "received_at": NOW - timedelta(hours=hours_ago), **more}


# -- the environment --------------------------------------------------------------------------------------------------


def test_nothing_that_steers_the_program_comes_from_the_caller() -> None:
    servers = {"TEMPORAL_ADDRESS": "a:1", "DATABASE_URL": "b", "SMTP_URL": "c", "IMAP_URL": "d", "PUBLIC_URL": "e"}
    steering = {"LANGUAGE": "en:es", "COMPLAINTS_HOME": "/x", "COLUMNS": "40", "NO_COLOR": "1", "PGHOST": "f"}
    steering |= {"PYTHONDONTWRITEBYTECODE": "1"}
    machine = {"PATH": "/bin", "HOME": "/h", "TZ": "Asia/Tokyo", "LC_ALL": "C", "UV_CACHE_DIR": "/c", "PIP_CERT": "p"}
    assert known_environment({**servers, **steering, **machine}) == {**machine, "TEMPORAL_CONFIG_FILE": "/dev/null"}


ALONE = ["--disable-plugin-autoload", "-p", "no:cacheprovider", "-c", "/dev/null"]
"""pytest without these tests' own settings."""

LEAKING = """
import os
def test_sets(): os.environ["LANGUAGE"] = "en"
def test_sees_nothing_of_it(): assert "LANGUAGE" not in os.environ
def test_takes_away(): os.environ.pop("HOME")
def test_misses_nothing(): assert "HOME" in os.environ
def test_walks(): os.chdir("/")
def test_is_where_it_was(): assert os.getcwd() != "/"
"""


def test_a_test_that_leaves_something_to_the_next_one_fails_and_the_next_one_does_not_see_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(LEAKING, encoding="utf-8")
    alone = [*ALONE, "-p", "tests.plugins_surroundings"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *alone, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "6 passed, 3 errors" in ran.stdout, ran.stdout  # the tear-down of the three is what fails
    for leak in ("for the next one: LANGUAGE", "for the next one: HOME", "leaves the next one in /"):
        assert leak in ran.stdout


@pytest.mark.parametrize(("text", "days"), [("1d", 1), ("40d", 40), ("13months", 395), ("-2days", -2)])
def test_a_span_to_move_the_date_by(text: str, days: int) -> None:
    assert span(text) // timedelta(days=1) == days


ASKING = """
import time
from datetime import datetime
import pytest
@pytest.fixture(scope="module")
def today(): return datetime.now()
def test_knows_no_day(tmp_path): assert time.monotonic()
def test_asks(): assert time.time()
def test_asks_otherwise(): assert datetime.now()
@pytest.mark.parametrize("what", "ab")
def test_is_told(today, what): assert today
"""


def test_a_run_on_another_day_notes_who_asked_the_clock_and_further_days_take_those(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(ASKING, encoding="utf-8")
    (tmp_path / "test_loaded.py").write_text("import time\nNOW = time.time()\ndef test_it(): pass", encoding="utf-8")
    alone = [*ALONE, "-p", "tests.plugins_days"]
    noting = ["--moved-by", "1d", f"--clock-asked-to={tmp_path / 'asked'}"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *alone, *noting, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "6 passed" in ran.stdout, ran.stdout + ran.stderr
    [file] = (tmp_path / "asked").iterdir()
    asked = ["test_it.py::test_asks", "test_it.py::test_asks_otherwise", "test_it.py::test_is_told[a]",
             "test_it.py::test_is_told[b]", "test_loaded.py::test_it"]  # fmt: skip
    assert json.loads(file.read_text(encoding="utf-8")) == asked
    left: list[Any] = [SimpleNamespace(nodeid=name) for name in ("test_it.py::test_knows_no_day", *asked)]
    hook = SimpleNamespace(pytest_deselected=lambda items: None)
    config: Any = SimpleNamespace(getoption=lambda name: file.parent, hook=hook)
    plugins_days.pytest_collection_modifyitems(config, left)
    assert [item.nodeid for item in left] == asked


def test_the_processes_of_a_run_share_the_loading_of_its_files() -> None:
    shares = [plugins_loading.shared(worker, 3) for worker in range(3)]
    assert sorted(file for share in shares for file in share) == sorted((ROOT / "tests").rglob("test_*.py"))


def test_a_template_is_compiled_by_one_process_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for environment, cache in plugins_loading.kept_below(tmp_path).items():
        name = environment.list_templates()[0]
        for of_a_process in range(2):
            known = environment.overlay(cache_size=10)  # what another process has: nothing
            known.bytecode_cache = cache
            if of_a_process:
                monkeypatch.setattr(type(known), "_generate", None)  # else it would compile
            assert known.get_template(name).name == name
        monkeypatch.undo()
    assert len(list(tmp_path.rglob("*.cache"))) == 3


TELLING = """
import pytest
@pytest.fixture
def breaks(): raise ValueError("before")
@pytest.fixture
def breaks_after():
    yield
    raise ValueError("after")
@pytest.fixture
def warns():
    yield
    print("said afterwards")
def test_passes(): pass
def test_is_skipped(): pytest.skip("a reason")
def test_fails(warns): assert False
def test_is_not_begun(breaks): pass
def test_is_not_ended(breaks_after): pass
"""


def test_a_run_in_processes_shows_all_there_is_to_see(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TELLING, encoding="utf-8")
    alone = [*ALONE, "-p", "xdist", "-n", "1", "-p", "tests.plugins_reports", "-ra"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *alone, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 failed, 2 passed, 1 skipped, 2 errors" in ran.stdout, ran.stdout + ran.stderr
    for shown in ("ValueError: before", "ValueError: after", "said afterwards", "a reason", "[100%]"):
        assert shown in ran.stdout, ran.stdout


def test_of_what_passed_in_a_moment_only_the_call_is_told() -> None:
    passed = {"when": "setup", "outcome": "passed", "duration": 0.1, "sections": [], "user_properties": []}
    assert plugins_reports.is_nothing(passed)
    told: list[dict[str, Any]] = [
        {"when": "call"}, {"outcome": "failed"}, {"outcome": "skipped"}, {"duration": plugins_reports.SHOWN},
        {"sections": [("Captured stdout setup", "said")]}, {"user_properties": [("chaos", "a row")]},
    ]  # fmt: skip
    assert not any(plugins_reports.is_nothing(passed | more) for more in told)


# -- complaints of some fixed day -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        a_start(hours_ago=FRESH / timedelta(hours=1)),
        a_start(hours_ago=-1),
        a_start(hours_ago=900, clock_offset=-900 * 3600.0),
        {**a_start(hours_ago=0), "received_at": None},
        {"carried": {"received_at": "2026-07-22T14:00:00Z"}},
        ComplaintReceived.model_validate(a_start(hours_ago=3)),
        "no complaint at all",
    ],
)  # fmt: skip
def test_a_complaint_of_today_or_on_a_clock_of_its_own_may_come_in(start: Any) -> None:
    expect_fresh(start, now=NOW)


@pytest.mark.parametrize("hours_ago", [20.1, 24.0 * 8, 24.0 * 400])
@pytest.mark.parametrize("as_model", [True, False])
def test_a_complaint_of_a_fixed_day_on_the_real_clock_is_refused_in_a_sentence(
    hours_ago: float, as_model: bool
) -> None:
    start = a_start(hours_ago=hours_ago)
    with pytest.raises(StaleReceipt, match=r"on the real clock: tomorrow other deadlines will have passed"):
        expect_fresh(ComplaintReceived.model_validate(start) if as_model else start, now=NOW)


async def test_it_is_refused_whichever_part_of_the_program_starts_it(story: Story) -> None:
    desk = FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)
    received = ComplaintReceived.model_validate(
        {**a_start(hours_ago=0), "received_at": datetime.now(UTC) - timedelta(days=9)}
    )
    with pytest.raises(StaleReceipt):
        await desk.open(received)
    assert len(receipts.RECEIPTS.refused) == 1, "or else the fixture would not fail a test whose program caught it"
    receipts.RECEIPTS.refused.clear()


def test_no_two_tests_share_a_complaint() -> None:
    looking = receipts.Receipts()
    looking.test = "one"
    for _ in range(2):
        looking.look("Q-1", a_start(hours_ago=0, clock_offset=1.0))
    looking.test = "two"
    looking.look("Q-2", a_start(hours_ago=0, clock_offset=1.0))
    with pytest.raises(receipts.SomebodyElses, match="Q-1 was opened by one"):
        looking.look("Q-1", a_start(hours_ago=0, clock_offset=1.0))


async def test_a_story_of_a_fixed_day_has_that_day(story: Story) -> None:
    story.begins("2026-07-22 09:30")
    desk = FrontDesk(
        story.client, story.store, now=story.clock, contacts=ContactsFile(None), task_queue=story.settings.task_queue
    )
    received = ComplaintReceived.model_validate({**a_start(hours_ago=0), "received_at": lima("2026-07-22 09:00")})
    story.number = (await desk.open(received)).number
    assert (await story.explains())["assessment"].due == lima("2026-07-27 18:00")
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement"], "nothing else is due on that day, whatever today is"


# -- the order ---------------------------------------------------------------------------------------------------------


def test_the_long_files_begin_first() -> None:
    assert [name for name in LONG_FILES if not (ROOT / "tests" / f"{name}.py").exists()] == []
    items: list[Any] = [SimpleNamespace(path=ROOT / "tests" / f"{name}.py") for name in ("a", *LONG_FILES[::-1], "b")]
    pytest_collection_modifyitems(items)
    assert [item.path.relative_to(ROOT / "tests").with_suffix("").as_posix() for item in items] == [
        *LONG_FILES,
        "a",
        "b",
    ]
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "--dist loadfile --no-loadscope-reorder" in options["addopts"], "else xdist sorts them anew"


# -- CI --------------------------------------------------------------------------------------------------------------


def test_ci_runs_the_readmes_test_command_word_for_word() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^(pip install uv && uv run pytest)\s+#", readme, re.MULTILINE)
    assert len(commands) == 1
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"sed -n '(.+?)' README\.md", ci)
    assert pattern is not None
    found = subprocess.run(["sed", "-n", pattern[1], "README.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == commands
    assert set(re.findall(r"--clock-asked-(?:to|in)(.)", ci)) == {"="}, "else pytest takes the folder for one of tests"


async def test_connections_that_outlive_a_test_are_as_new_to_the_next_one(fresh_database: str) -> None:
    async def seen(store: Store) -> dict[str, object]:
        async with store.connection() as connection:
            asked = {
                "process": "SELECT pg_backend_pid()",
                "limit": "SELECT current_setting('lock_timeout')",
                "read so far": "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'chain'",
            }
            found = {what: await connection.fetchval(statement) for what, statement in asked.items()}
            await connection.execute("SET lock_timeout = '50ms'; SELECT count(*) FROM chain")
            return found

    found = []
    for _ in range(2):
        async with store_on(fresh_database) as store:
            found.append(await seen(store))
    assert found[0] == found[1], "the same connection, with the limits that it began with, and nothing counted"
