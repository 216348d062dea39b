"""A Temporal server is found or made: the first way that works, each way with something that plays it."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from temporalio.common import SearchAttributeKey

from local.stack import temporal_download, temporal_probe
from local.stack.temporal_build import built_already
from local.stack.temporal_download import download
from local.stack.temporal_find import TemporalMissing, address_in, find_temporal
from local.stack.temporal_probe import good_enough
from local.stack.temporal_program import Cli, FromSource
from local.stack.temporal_server import TemporalServer

#: Plays the `temporal` command: the server built from source behind the options of `server start-dev`.
DELEGATE = """#!{python}
import json, os, sys
from pathlib import Path
sys.path[:0] = {path!r}
from local.stack.temporal_build import built_already
from local.stack.temporal_find import find_temporal
from local.stack.temporal_program import FromSource, Place, TemporalPorts
arguments = sys.argv[1:]
with open({diary!r}, "a") as diary:
    print(json.dumps(arguments), file=diary)
assert arguments[:2] == ["server", "start-dev"], arguments
dynamic = dict(one.split("=", 1) for at, one in enumerate(arguments) if arguments[at - 1] == "--dynamic-config-value")
dynamic = {{key: json.loads(value) for key, value in dynamic.items() if {keeps}}}
ports = TemporalPorts.choose(frontend=int(arguments[arguments.index("--port") + 1]))
place = Place(Path.cwd(), ports, persistent="--db-filename" in arguments, ui=False, dynamic=dynamic)
built = built_already(Path({cache!r}))
order = FromSource(built.server, built.ui).server_order(place)
os.execv(order.command[0], order.command)
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lines are in the language of the process."""
    monkeypatch.setenv("LANGUAGE", "en")


def command(folder: Path, text: str) -> Path:
    """An executable `temporal`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "temporal").write_text(text, encoding="utf-8")
    (folder / "temporal").chmod(0o755)
    return folder / "temporal"


@pytest.fixture(scope="session")
async def real_cache() -> Path:
    """The cache with the server built from source."""
    built = await find_temporal(say=print, environ={"PATH": "/usr/bin:/bin:/usr/local/bin:/usr/local/go/bin"})
    if not isinstance(built, FromSource):
        pytest.skip("this machine's Temporal was not built from source")
    return built.server.parent.parent


@pytest.fixture
def good(tmp_path: Path, real_cache: Path) -> Path:
    """A `temporal` command that does all that we need."""
    return delegate(tmp_path, real_cache, keeps="True")


def delegate(folder: Path, cache: Path, *, keeps: str) -> Path:
    diary, path = str(folder / "diary"), [str(one) for one in sys.path if one]
    text = DELEGATE.format(python=sys.executable, path=path, diary=diary, cache=str(cache), keeps=keeps)
    return command(folder / "bin", text)


def started(folder: Path) -> list[list[str]]:
    """The arguments of each start of the command."""
    if not (folder / "diary").exists():
        return []
    return [json.loads(line) for line in (folder / "diary").read_text(encoding="utf-8").splitlines()]


async def nothing_to_fetch(cache: Path, **_: object) -> Path | None:
    raise AssertionError("nothing should be downloaded")


async def test_a_good_command_on_path_is_taken_and_remembered(tmp_path: Path, good: Path) -> None:
    environ, cache = {"PATH": str(good.parent)}, tmp_path / "cache"
    cache.mkdir()
    for _ in range(2):
        found = await find_temporal(say=print, time_skipping=True, cache=cache, environ=environ, fetch=nothing_to_fetch)
        assert found == Cli(good)
    assert len(started(tmp_path)) == 1, "tried once, remembered after that"
    good.write_text(good.read_text(encoding="utf-8") + "\n# a new version\n", encoding="utf-8")
    await find_temporal(say=print, time_skipping=True, cache=cache, environ=environ, fetch=nothing_to_fetch)
    assert len(started(tmp_path)) == 2, "another file is tried anew"


async def test_the_command_runs_as_our_server(tmp_path: Path, good: Path) -> None:
    level = SearchAttributeKey.for_int("ComplaintLevel")
    async with TemporalServer.started(tmp_path / "home", program=Cli(good), attributes=[level]) as server:
        assert (await server.client.count_workflows("ComplaintLevel = 1")).count == 0
    arguments = started(tmp_path)[0]
    assert arguments[arguments.index("--ip") + 1] == "127.0.0.1"
    assert "--headless" in arguments
    assert "--db-filename" not in arguments


@pytest.mark.parametrize(
    ("text", "fault", "because"),
    [
        ("#!/bin/sh\necho 'unknown command \"server\"' >&2; exit 1\n", 'unknown command "server"', "too old a command"),
        ("#!/bin/sh\nexec sleep 600\n", "did not serve us within", "a command that hangs"),
    ],
)
async def test_a_command_that_cannot_serve_is_not_used(
    text: str, fault: str, because: str, tmp_path: Path, real_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporal_probe, "LIMIT", 1.0 if "did not serve" in fault else 60.0)
    (tmp_path / "cache" / "temporal").mkdir(parents=True)
    for name in real_cache.glob("temporal/temporal-*-v*"):
        (tmp_path / "cache" / "temporal" / name.name).symlink_to(name)
    said: list[str] = []
    environ = {"PATH": f"{command(tmp_path / 'bin', text).parent}:/bin:/usr/bin"}
    found = await find_temporal(say=said.append, cache=tmp_path / "cache", environ=environ, fetch=nothing_to_fetch)
    assert isinstance(found, FromSource), because
    assert fault in said[-1], because


@pytest.mark.slow
async def test_a_command_that_cannot_skip_time_serves_only_where_time_is_real(tmp_path: Path, real_cache: Path) -> None:
    old = Cli(delegate(tmp_path, real_cache, keeps="'imeSkipping' not in key"))
    said: list[str] = []
    assert await good_enough(old, tmp_path, say=said.append, time_skipping=False)
    assert not await good_enough(old, tmp_path, say=said.append, time_skipping=True)
    assert "is not used: The Time-Skipping feature is not enabled" in said[-1]


async def test_the_download_is_tried_before_the_build(tmp_path: Path, good: Path) -> None:
    async def fetch(cache: Path, **_: object) -> Path | None:
        return good

    (tmp_path / "cache").mkdir()
    found = await find_temporal(say=print, cache=tmp_path / "cache", environ={"PATH": "/nowhere"}, fetch=fetch)
    assert found == Cli(good)


async def test_when_nothing_works_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetch(cache: Path, **_: object) -> Path | None:
        return None

    monkeypatch.setattr("local.stack.go_toolchain._has_pip", lambda: False)
    with pytest.raises(TemporalMissing, match=r"Install the `temporal` command .* or Go 1\.26 or newer"):
        await find_temporal(say=print, cache=tmp_path / "cache", environ={"PATH": "/nowhere"}, fetch=fetch)


@pytest.mark.parametrize(("environ", "address"), [({"TEMPORAL_ADDRESS": "a:7233"}, "a:7233"), ({}, None)])
def test_a_server_that_the_environment_names_is_only_told(environ: dict[str, str], address: str | None) -> None:
    assert address_in(environ) == address


def downloader(body: str) -> Sequence[str]:
    """A program that plays the SDK's download into the folder it is given."""
    return sys.executable, "-c", f"import pathlib, sys, time\nfolder = pathlib.Path(sys.argv[1])\n{body}"


GOOD_DOWNLOAD = """
partial = folder / "temporal-sdk-python-1.0.downloading"
for size in range(1, 6):
    partial.write_bytes(b"x" * size)
    time.sleep(0.7)
partial.rename(folder / "temporal-sdk-python-1.0")
"""


async def test_a_slow_download_is_waited_for_and_kept_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only bytes move this clock, by nearly what is waited for the next one: a busy machine is no slow download."""
    folder = tmp_path / "temporal" / "cli"
    clock = SimpleNamespace(monotonic=lambda: 2.9 * temporal_download._size(folder))
    monkeypatch.setattr(temporal_download, "time", clock)
    said: list[str] = []
    fetched = await download(tmp_path, say=said.append, program=downloader(GOOD_DOWNLOAD), no_byte=3)
    assert fetched == folder / "temporal-sdk-python-1.0"
    again = await download(tmp_path, say=said.append, program=downloader("sys.exit('asked again')"))
    assert again == fetched


@pytest.mark.parametrize(
    ("body", "said_at_last", "because"),
    [
        ("time.sleep(600)", "no byte came for 0 seconds", "nothing ever comes"),
        (
            "(folder / 'temporal-sdk-python-1.0.downloading').write_bytes(b'x'); time.sleep(600)",
            "no byte came for 0 seconds",
            "it stops in the middle",
        ),
        ("sys.exit('name resolution failed')", "name resolution failed", "the network says no at once"),
        ("pass", "it says nothing", "it ends without a file"),
    ],
)
async def test_a_download_that_fails_gives_way(body: str, said_at_last: str, because: str, tmp_path: Path) -> None:
    said: list[str] = []
    silent = 0.4 if "no byte" in said_at_last else 60  # an interpreter may take its time to say no
    async with asyncio.timeout(60):
        assert await download(tmp_path, say=said.append, program=downloader(body), no_byte=silent) is None, because
    assert said_at_last in said[-1], because


async def test_what_went_wrong_is_told_in_the_reader_s_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "es")
    said: list[str] = []
    assert await download(tmp_path, say=said.append, program=downloader("print('no route'); sys.exit(1)")) is None
    assert said[-1] == "La orden `temporal` no se pudo descargar: no route"


async def test_a_download_that_was_killed_does_not_hold_up_the_next(tmp_path: Path) -> None:
    left = tmp_path / "temporal" / "cli" / "temporal-sdk-python-1.0.downloading"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert await download(tmp_path, say=print, program=downloader(GOOD_DOWNLOAD), no_byte=60) is not None


async def test_the_sdks_own_download_says_its_reason_when_there_is_no_network(tmp_path: Path) -> None:
    """The real one; with the network cut off by a proxy that nobody answers at."""
    import os

    said: list[str] = []
    before = dict(os.environ)
    os.environ |= {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    try:
        async with asyncio.timeout(60):
            assert await download(tmp_path, say=said.append) is None
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert "could not be downloaded" in said[-1]


def test_a_build_in_the_cache_needs_both_programs(tmp_path: Path) -> None:
    (tmp_path / "temporal").mkdir()
    (tmp_path / "temporal" / "temporal-server-v1.32.0").touch()
    assert built_already(tmp_path) is None
