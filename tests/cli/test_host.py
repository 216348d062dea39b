"""`complaints init`, then `complaints up`: a small school's machine, from its answers to its first letter."""

import asyncio
import json
import shutil
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from starter.host_settings import one_database, settings_of
from starter.stack_addresses import find_stack
from tests.chance import new_name
from tests.dovecot import Dovecot, dovecot
from tests.sink import Sink, sink
from tests.terminal import Ran, as_process, environment, in_this_process
from tests.waiting import becomes, until

INTAKE = "quejas@colegio.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


async def init(home: Path, *, smtp: str, imap: str = "-", letter: str = "-", more: tuple[str, ...] = ()) -> Ran:
    words = ["init", "--school", "Colegio San José", "--intake", INTAKE, "--smtp", smtp, "--imap", imap]
    words += ["--public-url", "-", "--admin", "ana", "--admin-name", "Ana Ruiz", "--test-letter", letter]
    return await in_this_process([*words, "--home", str(home), *more], env={})


async def test_each_answer_is_tried_and_the_first_account_is_there(tmp_path: Path, server: Dovecot, mail: Sink) -> None:
    user, home = f"u{new_name()}", tmp_path / "home"
    ran = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}", imap=server.url(user), letter="ana@x.example")
    assert ran.code == 0, ran.err
    assert [str(letter["To"]) for letter in mail.letters] == ["ana@x.example"]
    assert "127.0.0.1 took one for ana@x.example" in ran.out
    assert f"the mailbox of {user} at 127.0.0.1 opens (0 unread)" in ran.out
    assert "ana: password for the first time:" in ran.out
    assert one_database(settings_of(home, {})) is True
    again = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}")
    assert (again.code, "settings.toml" in again.err, "Traceback" in again.err) == (1, True, False)


async def test_where_the_server_cannot_be_built_init_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The `temporal` command alone serves, but keeps its data in a file: it is said, and written into the settings."""
    monkeypatch.setattr("local.stack.go_toolchain._has_pip", lambda: False)
    words = ["--school", "Colegio San José", "--intake", INTAKE, "--smtp", "smtp://127.0.0.1:9", "--imap", "-"]
    words += ["--public-url", "-", "--admin", "ana", "--admin-name", "Ana Ruiz", "--test-letter", "-"]
    nowhere = {"PATH": "/nowhere", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    home = tmp_path / "home"
    ran = await in_this_process(["init", *words, "--home", str(home)], env=nowhere)
    assert ran.code == 0, ran.err
    assert "temporal-sql-tool" in ran.out
    assert "Go 1.26" in ran.out
    assert one_database(settings_of(home, {})) is False


@pytest.mark.parametrize("wrong", ["smtp", "imap"])
async def test_a_server_that_does_not_work_is_told_and_nothing_is_written(
    tmp_path: Path, server: Dovecot, mail: Sink, wrong: str
) -> None:
    nowhere = "smtp://127.0.0.1:9"
    ran = await init(
        tmp_path / "home",
        smtp=nowhere if wrong == "smtp" else f"smtp://127.0.0.1:{mail.port}",
        imap=server.url("somebody", "not-the-password"),
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


@asynccontextmanager
async def up(home: Path) -> AsyncIterator[None]:
    """`complaints up` as a process, ready."""
    with environment({}):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.main", "up", "--home", str(home), "--json", stdout=asyncio.subprocess.PIPE
        )
    assert process.stdout is not None
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 240))
        assert (ready["smtp"], ready["mailbox"]) == (None, None)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 60) == 0


@pytest.mark.slow
async def test_the_home_is_lost_and_comes_back_with_what_came_since(tmp_path: Path, server: Dovecot) -> None:
    """A copy at noon, another complaint after it, then the disk is gone: two cases, each with its dates, none twice."""
    user, home, key = f"u{new_name()}", tmp_path / "home", tmp_path / "key"
    at = (datetime.now(UTC) - timedelta(hours=5)).replace(microsecond=0)
    async with sink() as mail:
        ran = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}", imap=server.url(user))
        assert ran.code == 0, ran.err
        async with up(home):
            await asyncio.to_thread(server.arrives, user, a_mail("rosa@correo.example"), at=at)
            await until(lambda: mail.to("rosa@correo.example"))
            [before] = (await as_process("list", "--home", str(home), "--json", env={})).facts
            run = await run_of(home, before["number"])
            copied = await as_process(
                "backup", str(tmp_path / "copies"), "--key", str(key), "--home", str(home), env={}
            )
            assert copied.code == 0, copied.err
            await asyncio.to_thread(server.arrives, user, a_mail("luis@correo.example"), at=at)
            await until(lambda: mail.to("luis@correo.example"))
        await asyncio.to_thread(shutil.rmtree, home)
        [copy] = (tmp_path / "copies").iterdir()
        back = await as_process("restore", str(copy), "--key", str(key), "--home", str(home), env={})
        assert back.code == 0, back.err
        assert "1 complaints, 1 of them open" in back.out
        async with up(home):
            await until(lambda: len(mail.to("luis@correo.example")) == 2)
            found = (await as_process("list", "--home", str(home), "--json", env={})).facts
            [after] = [one for one in found if one["number"] == before["number"]]
            status = await as_process("status", before["number"], "--home", str(home), "--json", env={})
            assert await run_of(home, before["number"]) == run, "the very run: one copy holds both of one moment"
            assert before["number"] in await workflows(home, "ExecutionStatus = 'Running'"), "and can be found"
        assert len(found) == 2
        assert (after["received_at"], after["due"], after["stage"]) == (
            before["received_at"],
            before["due"],
            before["stage"],
        )
        assert status.code == 0, status.err  # its run is there again
        # What the copy knew is not said again; what it did not know is, as the same letter.
        assert len(mail.to("rosa@correo.example")) == 1
        assert len({str(letter["Message-ID"]) for letter in mail.to("luis@correo.example")}) == 1
    assert await asyncio.to_thread(server.unseen, user) == 0


async def run_of(home: Path, number: str) -> str | None:
    """The id of the complaint's run in Temporal."""
    stack = find_stack(home)
    assert stack is not None
    return (await (await Client.connect(stack.temporal)).get_workflow_handle(number).describe()).run_id


async def workflows(home: Path, query: str) -> list[str]:
    """By Temporal's own lists."""
    stack = find_stack(home)
    assert stack is not None
    client = await Client.connect(stack.temporal)
    return [one.id async for one in client.list_workflows(query)]


def a_mail(sender: str) -> bytes:
    head = f"From: {sender}\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\nFaltaron horas.\r\n".encode()


@pytest.mark.slow
async def test_a_complaint_by_mail_is_answered_by_mail(tmp_path: Path, server: Dovecot) -> None:
    """No setting but the home: the letter leaves by the school's own server, and no catcher is there to keep it."""
    user, home = f"u{new_name()}", tmp_path / "home"
    at = (datetime.now(UTC) - timedelta(hours=5)).replace(microsecond=0)
    raw = a_mail("rosa@correo.example")
    async with sink() as mail:
        ran = await init(home, smtp=f"smtp://127.0.0.1:{mail.port}", imap=server.url(user))
        assert ran.code == 0, ran.err
        for _ in range(2):  # also after a stop; the same mail twice is one complaint and one letter
            await asyncio.to_thread(server.arrives, user, raw, at=at)
            async with up(home):
                await until(lambda: mail.to("rosa@correo.example"))
                await becomes(lambda: asyncio.to_thread(server.unseen, user), 0)
                listed = await as_process("list", "--home", str(home), "--json", env={})
                assert len(listed.facts) == 1
        assert len(mail.to("rosa@correo.example")) == 1
    assert not (home / "mail").exists()
    assert (home / "stack.json").stat().st_mode & 0o077 == 0
