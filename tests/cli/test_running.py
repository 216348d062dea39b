"""What operators run: doctor, setup, migrate; and the program itself as a process."""

import asyncio
import re
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from cli.application import app
from cli.commands import looking
from complaints.records.schema import HEAD
from tests.terminal import Terminal, a_home, as_process, in_this_process

# -- the machine's side -----------------------------------------------------------------------------------------------


async def test_doctor_looks_at_everything(terminal: Terminal) -> None:
    found = {one["check"]: one["health"] for one in await terminal.facts("doctor")}
    assert found["worker"] == found["database"] == found["search attributes"] == found["contacts"] == "ok"


async def test_setup_and_migrate_may_be_repeated(terminal: Terminal) -> None:
    for _ in range(2):
        ran = await terminal.runs("setup", "--test-letter", "jefe@escuela.example")
        assert (ran.code, "Test letter: accepted." in ran.out) == (0, True), ran.err
    assert len(terminal.sink.to("jefe@escuela.example")) == 2
    assert (await terminal.facts("migrate"))["after"] == HEAD


async def test_an_unmigrated_database_is_named_with_its_cure(
    terminal: Terminal, empty_database: str, tmp_path: Path
) -> None:
    empty = terminal.addresses.model_copy(update={"database": empty_database})
    with a_home(tmp_path / "empty", empty) as home:
        listed = await in_this_process(["list", "--home", str(home)], env={})
        assert (listed.code, "complaints migrate" in listed.err) == (1, True)
        doctor = await in_this_process(["doctor", "--home", str(home)], env={})
        assert (doctor.code, "complaints migrate" in doctor.out) == (1, True)
        assert "payload.keys cannot be read" in doctor.out, "what else is missing does not hide it"
        assert (await in_this_process(["migrate", "--home", str(home)], env={})).code == 0
        assert (await in_this_process(["list", "--home", str(home)], env={})).code == 0


async def test_a_lost_run_is_found_and_mended(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    await terminal.writes(number)
    await terminal.client.get_workflow_handle(number).terminate()
    found = await terminal.runs("doctor", "--json")
    assert found.code == 1
    assert [number in one["message"] for one in found.facts if one["check"] == "lost runs"] == [True]
    mended = await terminal.runs("doctor", "--mend", "--json")
    assert mended.code == 0
    assert (await terminal.facts("status", number))["source"] == "workflow"


async def test_the_unexpected_is_a_sentence_and_a_file(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    words = " ".join(["Rosa", "Quispe"])

    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError(words)

    monkeypatch.setattr(looking, "at_desk", breaks)
    ran = await terminal.runs("status", "Q-0000-00000", env={"COMPLAINTS_HOME": str(terminal.home)})
    assert ran.code == 1
    assert "unexpected" in ran.err
    assert "Traceback" not in ran.err
    log = terminal.home / "logs" / "cli.log"
    assert log.stat().st_mode & 0o777 == 0o600
    assert "ZeroDivisionError" in log.read_text()
    assert words not in log.read_text()


# -- as a process -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_exit_codes_are_true_every_time(terminal: Terminal, number: str) -> None:
    """Temporal's core may abort an interpreter that winds down: `complaints` does not let it come to that."""
    for _ in range(25):
        fine = await as_process("status", number, "--home", str(terminal.home), env={})
        refused = await as_process("status", "Q-0000-00000", "--home", str(terminal.home), env={})
        assert (fine.code, fine.err, refused.code) == (0, "", 1)


async def test_help_does_not_load_what_it_does_not_need(tmp_path: Path) -> None:
    """So that it comes within half a second: none of the heavy modules is imported for it."""
    script = (
        "import sys; from cli import main; code = main.run(['--help']); "
        "heavy = {'temporalio', 'asyncpg', 'pydantic', 'jinja2', 'sqlalchemy', 'babel'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"complaints" in out


def test_every_command_says_what_it_does_and_by_which_section() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    wanted = "up demo forward open intake assess request-details receive-details assign note involve promise-date"
    wanted += " resolve satisfied dissatisfied call feedback survey withdraw dismiss merge close reopen status timeline"
    wanted += " explain list find worker migrate setup doctor"
    assert set(wanted.split()) <= set(commands)
    groups = [command for command in commands.values() if hasattr(command, "commands")]
    leaves = {name: one for name, one in commands.items() if one not in groups}
    for group in groups:
        leaves |= {f"{group.name} {name}": one for name, one in group.commands.items()}
    for name, command in leaves.items():
        assert re.search(r"§\d", command.help or ""), name
