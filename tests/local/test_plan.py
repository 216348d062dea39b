"""What a stack's programs see of the world: their own servers, and nothing that leads to others."""

import os
from pathlib import Path

import pytest
from temporalio.client import Client

from complaints.settings import Settings
from local.stack.parts import program_part
from local.stack.plan import SENDS, SIGNS_IN, Parts, Program, environment, ours
from starter.stack_links import ensure_key
from tests.local.test_supervisor import example


def test_a_stacks_programs_see_no_other_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tripwires: every variable that could lead a demo's worker to somebody's real servers."""
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_API_KEY", "TEMPORAL_TLS_SERVER_NAME"):
        monkeypatch.setenv(name, "real")
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "PGHOST", "SMTP_URL", "SMTP_URL_FILE", "IMAP_URL"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("COMPLAINTS_SIMULATION", "1")
    monkeypatch.setenv("PUBLIC_URL", "https://quejas.example")
    env = environment(tmp_path, example(), Parts(env={"LANGUAGE": "en"}))
    assert "real" not in env.values()
    assert env["TEMPORAL_CONFIG_FILE"] == os.devnull
    assert "COMPLAINTS_SIMULATION" not in env, "real cases are never played"
    assert env["PUBLIC_URL"] == "https://quejas.example"
    assert env["LANGUAGE"] == "en"
    assert environment(tmp_path, example(time_skipping=True), Parts())["COMPLAINTS_SIMULATION"] == "1"


def test_letters_of_a_stack_with_a_desk_link_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_URL", "SECRET_KEY", "SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with_desk = example().model_copy(update={"desk": "http://127.0.0.1:8600/"})
    env = environment(tmp_path, with_desk, Parts())
    assert env["PUBLIC_URL"] == "http://127.0.0.1:8600"
    for _ in range(2):
        ensure_key(tmp_path)
        keys = Settings.from_env(env).secret_keys
        assert len(keys) == 1, "made once, and long enough to be accepted"
    assert Path(env["SECRET_KEY_FILE"]).stat().st_mode & 0o077 == 0
    assert Settings.from_env(environment(tmp_path, with_desk, Parts())).secret_keys == keys
    without = environment(tmp_path, example().model_copy(update={"desk": None}), Parts())
    assert not {"PUBLIC_URL", "SECRET_KEY_FILE"} & without.keys()
    monkeypatch.setenv("PUBLIC_URL", "https://quejas.example")
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    env = environment(tmp_path, with_desk, Parts())
    assert (env["PUBLIC_URL"], env["SECRET_KEY"]) == ("https://quejas.example", "k" * 32)
    assert "SECRET_KEY_FILE" not in env


def test_a_temporal_of_ones_own_keeps_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    monkeypatch.setenv("TEMPORAL_API_KEY", "key")
    env = environment(tmp_path, example(), Parts(temporal_address="temporal.example:7233"))
    assert (env["TEMPORAL_ADDRESS"], env["TEMPORAL_API_KEY"]) == ("temporal.example:7233", "key")


async def test_a_program_gets_no_secret_that_is_none_of_its_business(tmp_path: Path) -> None:
    async def nobody() -> Client:
        raise AssertionError("nobody asks Temporal here")

    env = {"SMTP_URL": "smtp://mail.example", "OIDC_CLIENT_SECRET": "x", "DATABASE_URL": "postgresql://x"}
    reader = Program("mailbox", ours("mailbox"), without=(*SENDS, *SIGNS_IN))
    part = program_part(reader, port=None, env=env, log=tmp_path / "log", client=nobody)
    assert (await part.prepare()).env == {"DATABASE_URL": "postgresql://x"}
