"""`complaints mailbox` alone: from a real mailbox to an open complaint; inside `complaints up`: see test_host.py."""

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from starter.stack_addresses import write_addresses
from tests.chance import new_name
from tests.dovecot import Dovecot, dovecot
from tests.terminal import Terminal

AT = (datetime.now(UTC) - timedelta(hours=5)).replace(microsecond=0)
"""When the mail server took it: on the real clock, so today."""


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


@pytest.fixture
def real(terminal: Terminal) -> Iterator[Terminal]:
    """The terminal's home as one whose letters go out to people."""
    write_addresses(terminal.home, terminal.addresses.model_copy(update={"smtp": None, "mailbox": None}))
    yield terminal
    write_addresses(terminal.home, terminal.addresses)


def a_mail(sender: str) -> bytes:
    head = f"From: Rosa <{sender}>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\nFaltaron horas.\r\n".encode()


async def test_3_once_takes_in_what_is_there(real: Terminal, server: Dovecot) -> None:
    user, sender = f"u{new_name()}", f"{new_name()}@correo.example"
    await asyncio.to_thread(server.arrives, user, a_mail(sender), at=AT)
    for _ in range(2):
        ran = await real.runs("mailbox", "--once", env={"IMAP_URL": server.url(user)})
        assert ran.code == 0, ran.err
    assert await asyncio.to_thread(server.unseen, user) == 0
    [number] = await real.store.open_cases_of(sender, since=datetime(2026, 1, 1, tzinfo=UTC))
    status = await real.facts("status", number)
    assert datetime.fromisoformat(status["received_at"]) == AT


async def test_a_home_that_keeps_its_letters_takes_no_real_mail(terminal: Terminal, server: Dovecot) -> None:
    user = f"u{new_name()}"
    await asyncio.to_thread(server.arrives, user, a_mail("rosa@correo.example"), at=AT)
    ran = await terminal.runs("mailbox", "--once", env={"IMAP_URL": server.url(user)})
    assert (ran.code, "complaints init" in ran.err, "Traceback" in ran.err) == (1, True, False)
    assert await asyncio.to_thread(server.unseen, user) == 1


async def test_without_a_mailbox_it_says_which_setting_is_missing(real: Terminal) -> None:
    ran = await real.runs("mailbox")
    assert (ran.code, "IMAP_URL" in ran.err, "Traceback" in ran.err) == (1, True, False)


async def test_a_mailbox_that_is_away_is_told_in_a_sentence(real: Terminal, server: Dovecot) -> None:
    url = server.url("somebody", "wrong")
    ran = await real.runs("mailbox", "--once", env={"IMAP_URL": url})
    assert (ran.code, "Traceback" in ran.err, "wrong" in ran.err) == (1, False, False)
