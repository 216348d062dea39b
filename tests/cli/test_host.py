"""`complaints init`, then `complaints up`: a small school's machine, from its answers to its first letter."""

import asyncio
import json
import signal
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from starter.host_settings import settings_of
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.sink import Sink, sink
from tests.terminal import Ran, as_process, environment, in_this_process

INTAKE = "quejas@colegio.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


def imap_url(server: Dovecot, user: str, password: str = PASSWORD) -> str:
    return f"imap://{user}:{quote(password)}@127.0.0.1:{server.port}/INBOX?tls=none"


async def init(home: Path, *, smtp: str, imap: str = "-", letter: str = "-", more: tuple[str, ...] = ()) -> Ran:
    words = ["init", "--school", "Colegio San José", "--intake", INTAKE, "--smtp", smtp, "--imap", imap]
    words += ["--public-url", "-", "--admin", "ana", "--admin-name", "Ana Ruiz", "--test-letter", letter]
    return await in_this_process([*words, "--home", str(home), *more], env={})


async def test_each_answer_is_tried_and_the_first_account_is_there(tmp_path: Path, server: Dovecot, mail: Sink) -> None:
    user, home = f"u{uuid.uuid4().hex[:8]}", tmp_path / "home"
    ran = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}", imap=imap_url(server, user), letter="ana@x.example")
    assert ran.code == 0, ran.err
    assert [str(letter["To"]) for letter in mail.letters] == ["ana@x.example"]
    assert "127.0.0.1 took one for ana@x.example" in ran.out
    assert f"the mailbox of {user} at 127.0.0.1 opens (0 unread)" in ran.out
    assert "ana: password for the first time:" in ran.out
    assert settings_of(home, {}) is not None
    again = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}")
    assert (again.code, "settings.toml" in again.err, "Traceback" in again.err) == (1, True, False)


@pytest.mark.parametrize("wrong", ["smtp", "imap"])
async def test_a_server_that_does_not_work_is_told_and_nothing_is_written(
    tmp_path: Path, server: Dovecot, mail: Sink, wrong: str
) -> None:
    nowhere = "smtp://127.0.0.1:9"
    ran = await init(
        tmp_path / "home",
        smtp=nowhere if wrong == "smtp" else f"smtp://127.0.0.1:{mail.port}",
        imap=imap_url(server, "somebody", "not-the-password"),
        letter="ana@x.example",
    )
    assert (ran.code, f"{wrong.upper()}_URL" in ran.err, "Traceback" in ran.err) == (1, True, False)
    assert not (tmp_path / "home").exists()


async def test_where_nobody_can_be_asked_the_missing_answer_is_named(tmp_path: Path) -> None:
    ran = await in_this_process(["init", "--school", "Colegio", "--home", str(tmp_path / "home")], env={})
    assert (ran.code, "--intake" in ran.err) == (2, True)


@pytest.mark.parametrize("variable", ["IMAP_URL", "LMTP_LISTEN"])
async def test_up_refuses_a_real_mailbox_where_letters_would_stay(tmp_path: Path, variable: str) -> None:
    named = {"IMAP_URL": "imaps://a:b@imap.example/INBOX", "LMTP_LISTEN": "lmtp://127.0.0.1:2424"}[variable]
    smtp = {"SMTP_URL": "smtp://a:b@smtp.example"}  # whatever else is there: `up` without settings has its catcher
    ran = await in_this_process(["up", "--home", str(tmp_path / "home")], env={variable: named, **smtp})
    assert (ran.code, variable in ran.err, "complaints init" in ran.err) == (1, True, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
async def test_a_complaint_by_mail_is_answered_by_mail(tmp_path: Path, server: Dovecot) -> None:
    """No setting but the home: the letter leaves by the school's own server, and no catcher is there to keep it."""
    user, home = f"u{uuid.uuid4().hex[:8]}", tmp_path / "home"
    received_at = (datetime.now(UTC) - timedelta(hours=5)).replace(microsecond=0)
    head = (
        f"From: Rosa <rosa@correo.example>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
    )
    async with sink() as mail:
        ran = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}", imap=imap_url(server, user))
        assert ran.code == 0, ran.err
        for _ in range(2):  # also after a stop
            await asyncio.to_thread(server.arrives, user, f"{head}\r\nFaltaron horas.\r\n".encode(), at=received_at)
            with environment({}):
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "cli.main",
                    "up",
                    "--home",
                    str(home),
                    "--json",
                    stdout=asyncio.subprocess.PIPE,
                )
            assert process.stdout is not None
            try:
                ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 240))
                assert (ready["smtp"], ready["mailbox"]) == (None, None)
                async with asyncio.timeout(60):
                    while not mail.to("rosa@correo.example"):  # noqa: ASYNC110 - other processes send it
                        await asyncio.sleep(0.1)
                assert len(mail.to("rosa@correo.example")) == 1
                listed = await as_process("list", "--json", env={}, cwd=tmp_path)
                assert listed.code == 1  # no home is found from there
                listed = await as_process("list", "--home", str(home), "--json", env={})
                assert len(listed.facts) == 1
            finally:
                process.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(process.wait(), 30) == 0
        assert len(mail.to("rosa@correo.example")) == 1  # the same mail twice is one complaint and one letter
    assert not (home / "mail").exists()
    assert (home / "stack.json").stat().st_mode & 0o077 == 0
