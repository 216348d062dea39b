"""The first build is told in one line that grows, and beforehand: that it happens once, how long, where it stays."""

import io
from pathlib import Path

import pytest

from local.stack import temporal_build, voice
from local.stack.making import Making, share_of_time, span
from local.stack.temporal_find import find_temporal
from local.stack.voice import Passing, Voice, to_stderr
from tests.local.test_build import fake_go

BUILDING = """    for package in range(40):
        print(f"example.org/package/{package}", file=sys.stderr, flush=True)
        time.sleep(0.03)
"""
FETCHING = """    for package in range(41):
        print(f"# example.org/package/{package}", file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


async def test_a_newcomer_is_told_beforehand_and_then_how_far_each_step_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporal_build, "TELL_EVERY", 0.1)
    said: list[str] = []

    async def fetch(cache: Path, *, say: voice.Say) -> None:
        assert "made ready once" in said[0], "before anything takes time"
        say(Passing("downloading, 12 MB", part="download"))
        say("The `temporal` command could not be downloaded: no way to the network")

    environ = fake_go(tmp_path, fetching=FETCHING, building=BUILDING)
    await find_temporal(say=said.append, cache=tmp_path / "cache", environ=environ, fetch=fetch)
    assert "3 to 7 minutes" in said[0]
    assert str(tmp_path / "cache") in said[0]
    assert said[1].startswith("Step 1 of 4 · downloading, 12 MB · ")
    for step, name in (
        ("Step 2 of 4", "temporal-server"),
        ("Step 3 of 4", "temporal-ui"),
        ("Step 4 of 4", "temporal-sql-tool"),
    ):
        counted = [line for line in said if line.startswith(step) and "of 41 packages" in line]
        assert counted, f"{name} was not spoken of while it was built"
        assert all(f" · {name}: " in line and line.endswith("left") for line in counted)
        assert all(isinstance(line, Passing) for line in counted), "each takes the place of the one before"
    stay = [line for line in said if not isinstance(line, Passing)]
    assert len(stay) == 3, "what was going to happen, why nothing came by download, and that it is done"
    assert stay[-1].startswith("The Temporal server is ready: it took ")


async def test_a_server_that_is_there_already_is_not_announced(tmp_path: Path) -> None:
    environ = fake_go(tmp_path)

    async def nothing(cache: Path, *, say: voice.Say) -> None:
        return None

    await find_temporal(say=print, cache=tmp_path / "cache", environ=environ, fetch=nothing)
    said: list[str] = []
    await find_temporal(say=said.append, cache=tmp_path / "cache", environ=environ, fetch=nothing)
    assert said == []


@pytest.mark.parametrize(
    ("part", "share", "after", "left", "because"),
    [
        ("server", None, 60, None, "while modules are fetched nobody can know"),
        ("server", 0.08, 5, "3 to 7 min left", "so early only what is usual can be said"),
        ("server", 0.57, 78, "about 4 min left", "26 % of the time: 300 s in all, and 16 s for the page"),
        ("server", 0.94, 300, "about 1 min left", "37 s and the page"),
        ("server", 1.0, 300, "less than 1 min left", "the page"),
        ("page", 0.5, 10, "less than 1 min left", "as long again"),
        ("page", 0.1, 30, "about 4 min left", "a slow machine: 270 s"),
    ],
)
def test_what_is_left_is_told_by_the_pace_of_this_machine(
    part: str, share: float | None, after: float, left: str | None, because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    said: list[str] = []
    told = Making(said.append, Path("/cache"))
    told(Passing("x", part=part, share=None if share is None else 0.0))
    now += after
    told(Passing("x", part=part, share=share))
    expected = ["x", span(after), *([left] if left else [])]
    assert said[-1].split(" · ")[1:] == expected, because


def test_the_curve_never_goes_back() -> None:
    shares = [share_of_time(each / 200) for each in range(201)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_where_no_line_can_be_taken_back_one_is_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    said: list[str] = []
    speak = Voice(said.append, None, every=30)
    for second in range(100):
        now = float(second)
        speak(Passing(f"server {second}", part="server"))
    speak(Passing("page 0", part="page"))
    speak("done")
    assert said == ["server 0", "server 30", "server 60", "server 90", "page 0", "done"]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_each_line_for_the_moment_takes_the_place_of_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    to_stderr(Passing("one", part="server"))
    to_stderr(Passing("t" * 30, part="server"))
    to_stderr("done")
    assert screen.getvalue() == f"\r\x1b[Kone\r\x1b[K{'t' * 19}\r\x1b[Kdone\n", "never more than a line"
