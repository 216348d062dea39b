"""`complaints mailbox`, alone and inside `complaints up`: from a real mailbox to an open complaint."""

import asyncio
import json
import signal
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.terminal import Terminal, as_process, environment

AT = (datetime.now(UTC) - timedelta(hours=5)).replace(microsecond=0)
"""When the mail server took it: on the real clock, so today."""


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


def a_mail(sender: str) -> bytes:
    head = f"From: Rosa <{sender}>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\nFaltaron horas.\r\n".encode()


def imap_url(server: Dovecot, user: str) -> str:
    return f"imap://{user}:{quote(PASSWORD)}@127.0.0.1:{server.port}/INBOX?tls=none"


async def test_3_once_takes_in_what_is_there(terminal: Terminal, server: Dovecot) -> None:
    user, sender = f"u{uuid.uuid4().hex[:8]}", f"{uuid.uuid4().hex[:8]}@correo.example"
    await asyncio.to_thread(server.arrives, user, a_mail(sender), at=AT)
    for _ in range(2):
        ran = await terminal.runs("mailbox", "--once", env={"IMAP_URL": imap_url(server, user)})
        assert ran.code == 0, ran.err
    assert await asyncio.to_thread(server.unseen, user) == 0
    [number] = await terminal.store.open_cases_of(sender, since=datetime(2026, 1, 1, tzinfo=UTC))
    status = await terminal.facts("status", number)
    assert datetime.fromisoformat(status["received_at"]) == AT


async def test_without_a_mailbox_it_says_which_setting_is_missing(terminal: Terminal) -> None:
    ran = await terminal.runs("mailbox")
    assert (ran.code, "IMAP_URL" in ran.err, "Traceback" in ran.err) == (1, True, False)


async def test_a_mailbox_that_is_away_is_told_in_a_sentence(terminal: Terminal, server: Dovecot) -> None:
    url = imap_url(server, "somebody").replace(quote(PASSWORD), "wrong")
    ran = await terminal.runs("mailbox", "--once", env={"IMAP_URL": url})
    assert (ran.code, "Traceback" in ran.err, "wrong" in ran.err) == (1, False, False)


@pytest.mark.slow
async def test_inside_up_the_mailbox_that_the_environment_names_is_read(tmp_path: Path, server: Dovecot) -> None:
    user, home = f"u{uuid.uuid4().hex[:8]}", tmp_path / "home"
    with environment({"IMAP_URL": imap_url(server, user)}):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.main", "up", "--home", str(home), "--json", stdout=asyncio.subprocess.PIPE
        )
    assert process.stdout is not None
    try:
        assert json.loads(await asyncio.wait_for(process.stdout.readline(), 240))["status"] == "ready"
        await asyncio.to_thread(server.arrives, user, a_mail("rosa@correo.example"), at=AT)
        async with asyncio.timeout(60):
            while not (found := await listed(home)):  # noqa: ASYNC110 - another process reads it
                await asyncio.sleep(0.2)
            while await asyncio.to_thread(server.unseen, user):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert datetime.fromisoformat(found[0]["received_at"]) == AT
    finally:
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 20)
    assert code == 0


async def listed(home: Path) -> list[dict[str, Any]]:
    ran = await as_process("list", "--home", str(home), "--json", env={})
    assert ran.code == 0, ran.err
    facts: list[dict[str, Any]] = ran.facts
    return facts
