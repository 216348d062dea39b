"""Large mail takes turns: two at a time are read, a third hears `400 4.3.2` and comes again; nothing is lost (§3)."""

import asyncio
import smtplib
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaints.contacts_file import ContactsFile
from complaints.settings import Listen, Settings
from local.stack.mail_catcher import MailCatcher
from starter.front_desk import FrontDesk
from starter.mailbox import turns
from starter.mailbox.delivery import Intake
from starter.mailbox.imap import ImapReader
from starter.mailbox.lmtp import reception
from tests.chance import new_name
from tests.dovecot import Dovecot, dovecot
from tests.story import Story
from tests.waiting import PATIENCE

BOX = "soporte@escuelaconstrucciondigital.com"


def a_mail(n: int) -> bytes:
    head = f"From: r{n}@correo.example\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\nFaltaron horas.\r\n".encode()


class Door:
    """Where mail is handed over, whose intake holds each message until it is let go."""

    def __init__(self) -> None:
        self.port = 0
        self.inside: list[bytes] = []
        self.most_inside = 0
        self.taken: list[bytes] = []
        self.open = asyncio.Event()
        self.came = asyncio.Condition()

    async def take_in(self, raw: bytes) -> None:
        self.inside.append(raw)
        self.most_inside = max(self.most_inside, len(self.inside))
        async with self.came:
            self.came.notify_all()
        await self.open.wait()
        self.inside.remove(raw)
        self.taken.append(raw)

    async def has(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE), self.came:
            await self.came.wait_for(lambda: len(self.inside) == number)


@asynccontextmanager
async def by_lmtp(door: Door, folder: Path) -> AsyncIterator[type[smtplib.SMTP]]:
    class Held(Intake):
        async def take_in(self, raw: bytes, *, mailbox: str, received_at: datetime) -> None:  # type: ignore[override]
            await door.take_in(raw)

    intake = Held(None, Settings(), ContactsFile(None))  # type: ignore[arg-type]
    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as door.port:
        yield smtplib.LMTP


@asynccontextmanager
async def by_the_catcher(door: Door, folder: Path) -> AsyncIterator[type[smtplib.SMTP]]:
    async with MailCatcher.started(folder, intake=[BOX], on_intake=lambda raw, _: door.take_in(raw)) as catcher:
        door.port = catcher.smtp_port
        yield smtplib.SMTP


@pytest.mark.parametrize("doors", [by_lmtp, by_the_catcher])
async def test_a_third_message_is_put_off_before_it_is_read_and_loses_nothing(
    doors: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns.Turns.__init__, "__kwdefaults__", {"patience": timedelta(milliseconds=50)})
    door = Door()
    async with doors(door, tmp_path) as client:

        def send(n: int) -> None:
            with client("127.0.0.1", door.port) as connection:
                connection.sendmail("r@correo.example", [BOX], a_mail(n))

        first = [asyncio.create_task(asyncio.to_thread(send, n)) for n in range(2)]
        await door.has(2)
        with pytest.raises(smtplib.SMTPDataError) as put_off:
            await asyncio.to_thread(send, 2)
        assert put_off.value.smtp_code == 400
        assert "4.3.2" in str(put_off.value.smtp_error), "of RFC 3463: this system takes none now"
        door.open.set()
        await asyncio.gather(*first)
        await asyncio.to_thread(send, 2)
    assert len(door.taken) == 3
    assert door.most_inside == 2


async def test_a_burst_of_small_mail_waits_its_turn_instead_of_coming_again(tmp_path: Path) -> None:
    door = Door()
    door.open.set()
    async with by_lmtp(door, tmp_path) as client:

        def send(n: int) -> None:
            with client("127.0.0.1", door.port) as connection:
                connection.sendmail("r@correo.example", [BOX], a_mail(n))

        await asyncio.gather(*(asyncio.to_thread(send, n) for n in range(10)))
    assert len(door.taken) == 10
    assert door.most_inside <= 2


async def test_who_sends_too_slowly_loses_the_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door()
    door.open.set()
    async with by_lmtp(door, tmp_path) as client:

        def dawdle() -> None:
            with client("127.0.0.1", door.port) as connection:
                connection.ehlo_or_helo_if_needed()
                connection.mail("r@correo.example")
                connection.rcpt(BOX)
                assert connection.docmd("DATA")[0] == 354
                with pytest.raises(smtplib.SMTPServerDisconnected):  # noqa: PT012 - whichever comes after 200 ms
                    connection.send(b"Subject: lento\r\n")  # and never a dot
                    connection.getreply()

        with monkeypatch.context() as short:
            short.setattr(turns, "READ_WITHIN", timedelta(milliseconds=200))
            await asyncio.gather(*(asyncio.to_thread(dawdle) for _ in range(2)))

        def send() -> None:
            with client("127.0.0.1", door.port) as connection:
                connection.sendmail("r@correo.example", [BOX], a_mail(1))

        await asyncio.to_thread(send)
    assert len(door.taken) == 1


async def test_ten_at_once_are_all_complaints_at_last(story: Story) -> None:
    """As on 2026-11-28, each sender coming again when it is put off, as mail servers do."""
    desk = FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)
    intake = Intake(desk, Settings(), ContactsFile(None))

    refused: list[int] = []

    def send(port: int, n: int) -> None:
        raw = a_mail(n)
        while True:
            try:
                with smtplib.LMTP("127.0.0.1", port) as connection:
                    connection.sendmail(f"r{n}@correo.example", [BOX], raw)
            except smtplib.SMTPDataError as error:
                refused.append(error.smtp_code)
            else:
                return

    since, loop = datetime.now(UTC) - timedelta(hours=1), asyncio.get_running_loop()
    with ThreadPoolExecutor(10) as senders:  # threads of their own: taking mail in needs the loop's
        async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
            sending = (loop.run_in_executor(senders, send, port, n) for n in range(10))
            await asyncio.wait_for(asyncio.gather(*sending), PATIENCE)
    assert set(refused) <= {400}
    for n in range(10):
        assert len(await story.store.open_cases_of(f"r{n}@correo.example", since=since)) == 1


# -- by IMAP ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


def test_a_mailbox_full_of_mail_is_read_two_at_a_time(server: Dovecot) -> None:
    """Fetched but not taken in yet is what memory holds."""
    user, lock = f"u{new_name()}", threading.Lock()
    for n in range(9):
        server.arrives(user, a_mail(n))
    held: list[int] = []
    most = taken = 0

    def take(raw: bytes, received_at: datetime) -> "Future[object]":
        nonlocal most
        done: Future[object] = Future()
        with lock:
            held.append(len(raw))
            most = max(most, len(held))

        def over() -> None:
            nonlocal taken
            with lock:
                held.pop()
                taken += 1
            done.set_result(None)

        threading.Timer(0.05, over).start()
        return done

    assert ImapReader(server=server.server(user), take=take).once()
    assert (taken, most) == (9, 2)
    assert server.unseen(user) == 0
