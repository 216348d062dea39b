"""Mail that a mail server hands over: 250 only when it is safe with us, an answer for each recipient in LMTP."""

import asyncio
import smtplib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.contacts_file import ContactsFile
from complaints.records.errors import Unreachable
from complaints.settings import Listen, Settings
from starter.front_desk import FrontDesk
from starter.mailbox.delivery import Intake
from starter.mailbox.lmtp import reception
from tests.story import Story

BOX = "soporte@escuelaconstrucciondigital.com"
SENDER = "rosa@correo.example"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def intake(story: Story) -> Intake:
    contacts = ContactsFile(None)
    desk = FrontDesk(story.client, story.store, contacts=contacts, task_queue=story.settings.task_queue)
    settings = Settings.from_env({"SECRET_KEY": KEY, "MAIL_BOUNCE_ADDRESS": "rebotes@escuela.example"})
    return Intake(desk, settings, contacts)


def a_mail() -> bytes:
    head = f"From: Rosa <{SENDER}>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\nFaltaron horas.\r\n".encode()


def by_lmtp(port: int, raw: bytes, *recipients: str) -> list[tuple[int, bytes]]:
    """One conversation, command by command; what was answered to each recipient after the dot."""
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo_or_helo_if_needed()
        client.mail(SENDER)
        for recipient in recipients:
            assert client.rcpt(recipient)[0] == 250
        first = client.data(raw)
        return [first, *(client.getreply() for _ in recipients[1:])]


def by_smtp(port: int, raw: bytes, recipient: str) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail(SENDER, [recipient], raw)


async def test_3_accepted_means_that_the_complaint_is_there(intake: Intake, story: Story) -> None:
    raw, before = a_mail(), datetime.now(UTC)
    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
        answers = await asyncio.to_thread(by_lmtp, port, raw, BOX, BOX.replace("@", "+algo@"))
    assert [code for code, _ in answers] == [250, 250]
    [number] = await story.store.open_cases_of(SENDER, since=before - timedelta(hours=1))
    status = (await intake.desk.status(number)).value
    assert before - timedelta(seconds=1) <= status.received_at <= datetime.now(UTC)
    kept = await story.store.message_for(number)
    assert kept is not None
    assert kept.raw.endswith(raw)
    assert b"Return-Path: <rosa@correo.example>" in kept.raw


async def test_the_same_by_smtp(intake: Intake, story: Story) -> None:
    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=False)) as port:
        await asyncio.to_thread(by_smtp, port, a_mail(), BOX)
    assert len(await story.store.open_cases_of(SENDER, since=datetime.now(UTC) - timedelta(hours=1))) == 1


async def test_what_is_not_safe_with_us_stays_with_the_mail_server(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unreachable("The database does not answer.")

    raw = a_mail()
    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
        with monkeypatch.context() as patched:
            patched.setattr(intake.desk.store, "mail_taken", away)
            assert [code for code, _ in await asyncio.to_thread(by_lmtp, port, raw, BOX, BOX)] == [451, 451]
        assert [code for code, _ in await asyncio.to_thread(by_lmtp, port, raw, BOX)] == [250]
    since = datetime.now(UTC) - timedelta(hours=1)
    assert intake.desk.store is not None
    assert len(await intake.desk.store.open_cases_of(SENDER, since=since)) == 1


async def test_only_our_mailboxes_are_known(intake: Intake) -> None:
    def asked(port: int) -> list[int]:
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.ehlo_or_helo_if_needed()
            client.mail("")
            return [client.rcpt(one)[0] for one in (BOX, "rebotes+x@escuela.example", "otro@escuela.example", "x")]

    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
        assert await asyncio.to_thread(asked, port) == [250, 250, 550, 550]


async def test_told_to_stop_while_a_mail_is_taken_in_it_is_answered_first(
    intake: Intake, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the mail server would bring it again."""
    under_way, takes_in = asyncio.Event(), Intake.take_in

    async def slowly(self: Intake, raw: bytes, **how: Any) -> Any:
        under_way.set()
        await asyncio.sleep(0.5)
        return await takes_in(self, raw, **how)

    monkeypatch.setattr(Intake, "take_in", slowly)
    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
        handing_over = asyncio.create_task(asyncio.to_thread(by_lmtp, port, a_mail(), BOX))
        await asyncio.wait_for(under_way.wait(), 60)
    since = datetime.now(UTC) - timedelta(hours=1)
    assert len(await story.store.open_cases_of(SENDER, since=since)) == 1, "it was waited for"
    assert [code for code, _ in await handing_over] == [250]
