"""`complaints simulate` as people and programs call it: on a stage of its own, whatever the environment names."""

import asyncio
import json
import signal
import time
from pathlib import Path

import pytest

from cli.main import run
from tests.on_stage import running, tripwires

STORY = """
title = "De prueba"
says = "Nadie evalúa."
received = "2026-09-07 09:00"
until = "2026-09-08 20:00"
[complaint.customer]
email = "ines@correo.example"
[complaint.problem]
description = "El audio no se oye."
"""


async def test_it_prints_json_and_touches_no_server_that_the_environment_names(tmp_path: Path) -> None:
    story, policy = tmp_path / "story.toml", tmp_path / "policy.toml"
    story.write_text(STORY, encoding="utf-8")
    policy.write_text("[windows]\nassessment = 1\n", encoding="utf-8")
    with tripwires() as environment:
        arguments = ["simulate", str(story), "--json", "--policy", str(policy)]
        async with running(arguments, temporary=tmp_path / "t", **environment) as command:
            assert await command.ends() == 0, command.text
            assert command.left_behind() == []
    told = json.loads(command.said[-1])
    late = [entry for entry in told["timeline"] if entry["what"] == "late/assessment"]
    assert [entry["due"] for entry in late] == ["2026-09-08T23:00:00Z"]  # 18:00 in Lima: the window has one day here
    assert (told["stage"], told["outcome"], told["late"]) == ("assessment", None, True)
    assert {entry["letter"]["kind"] for entry in told["timeline"] if entry["letter"]} == {
        "acknowledgement", "warning", "late",
    }  # fmt: skip
    assert not (tmp_path / "home").exists()


MOMENTS = {
    "its folder is made": "complaints-*",
    "a database is being made": "*/postgres.partial",
    "the servers are being started": "*/stack.json",
    "the mail catcher starts": "*/mail",
    "Temporal starts": "*/temporal/*",
    "the tables are being made": "*/postgres/data/postmaster.pid",
    "the worker starts": "*/logs/worker.log",
}
"""What one sees in the temporary folder then."""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("moment", MOMENTS)
async def test_stopped_at_any_moment_it_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, moment: str
) -> None:
    async with running(["simulate", "silent-staff"], temporary=tmp_path / "t") as command:
        await until_seen(command.temporary, MOMENTS[moment])
        command.stop(number)
        command.stop(number)  # impatience changes nothing
        assert await command.ends() == 128 + number
        assert command.left_behind() == []
        assert "Traceback" not in command.text


async def until_seen(temporary: Path, what: str) -> None:
    """Until the stage has come so far."""
    deadline = time.monotonic() + 60
    while not any(temporary.glob(what)):
        assert time.monotonic() < deadline, f"{what} was never seen"
        await asyncio.sleep(0.002)


@pytest.mark.slow
async def test_it_prints_a_table_in_the_readers_language(tmp_path: Path) -> None:
    async with running(["simulate", "smooth"], temporary=tmp_path / "t", LANGUAGE="en", NO_COLOR="1") as command:
        assert await command.ends() == 0, command.text
    assert "Mon 20 Jul 09:30" in command.text
    assert "We received your complaint → customer" in command.text
    assert "\x1b" not in command.text


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["simulate", "smoth"], 1, "did you mean smooth?"),
        (["simulate", "no/such.toml"], 1, "There is no file"),
        (["simulate"], 2, "--list"),
        (["simulate", "smooth", "--policy", "no/such.toml"], 1, "There is no file"),
    ],
)
def test_a_wrong_call_is_refused_in_a_sentence(
    arguments: list[str],
    code: int,
    sentence: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("COMPLAINTS_HOME", str(tmp_path))
    assert run(arguments) == code
    assert sentence in capfd.readouterr().err


def test_the_list_names_every_story(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--list", "--json"]) == 0
    assert len(json.loads(capfd.readouterr().out)) == 8
