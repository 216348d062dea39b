"""The reader on a real IMAP server: nothing is marked before it is taken in, and what is away is waited for."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from complaints.settings import ImapServer, Settings, SettingsError, Tls
from starter.mailbox import imap as imap_reader
from starter.mailbox.imap import ImapReader, Token
from tests.chance import new_name
from tests.dovecot import PASSWORD, Dovecot, dovecot

AT = datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


@pytest.fixture
def user() -> str:
    return f"u{new_name()}"


def a_mail(name: str) -> bytes:
    return f"From: rosa@correo.example\r\nMessage-ID: <{name}@correo.example>\r\n\r\nFaltaron horas.\r\n".encode()


class Taker:
    """Stands for whatever takes mail in: remembers it, and may be away."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, datetime]] = []
        self.refuses: Callable[[bytes], bool] = lambda raw: False
        self.changed = threading.Condition()

    def __call__(self, raw: bytes, received_at: datetime) -> "Future[object]":
        done: Future[object] = Future()
        with self.changed:
            if self.refuses(raw):
                done.set_exception(ConnectionRefusedError())
            else:
                self.taken.append((raw, received_at))
                done.set_result(None)
            self.changed.notify_all()
        return done

    def has(self, number: int, *, within: float = 20) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: len(self.taken) >= number, within)


@contextmanager
def reading(reader: ImapReader) -> Iterator[None]:
    """A reader at work in its thread."""
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=reader.run, args=(stop,), kwargs={"ready": ready.set})
    thread.start()
    try:
        assert ready.wait(60)
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def seen_within(server: Dovecot, user: str, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while server.unseen(user):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_3_a_message_is_received_when_the_mail_server_took_it(server: Dovecot, user: str) -> None:
    taker = Taker()
    server.arrives(user, a_mail("one"), at=AT)
    assert ImapReader(server.server(user), taker).once()
    assert taker.taken == [(a_mail("one"), AT)]
    assert server.unseen(user) == 0


def test_what_is_not_taken_in_stays_unseen_and_others_go_on(server: Dovecot, user: str) -> None:
    taker = Taker()
    taker.refuses = lambda raw: b"<poison@" in raw
    for name in ("poison", "two", "three"):
        server.arrives(user, a_mail(name), at=AT)
    reader = ImapReader(server.server(user), taker)
    assert not reader.once()
    assert (len(taker.taken), server.unseen(user)) == (2, 1)
    taker.refuses = lambda raw: False
    assert reader.once()
    assert (len(taker.taken), server.unseen(user)) == (3, 0)


def test_poison_never_blocks_what_comes_behind_it(server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_reader, "AT_ONCE", 1)
    taker = Taker()
    taker.refuses = lambda raw: b"<poison@" in raw
    for name in ("poison", "two"):
        server.arrives(user, a_mail(name), at=AT)
    reader = ImapReader(server.server(user), taker)
    for _ in range(2):  # the first look ends at the poison, the second has it last
        assert not reader.once()
    assert [raw for raw, _ in taker.taken] == [a_mail("two")]


@pytest.mark.parametrize(
    ("idle", "every"),
    [
        (True, timedelta(minutes=10)),  # IDLE alone can have told of it
        (False, timedelta(milliseconds=200)),  # looked for now and then
    ],
)
def test_new_mail_is_noticed(server: Dovecot, user: str, idle: bool, every: timedelta) -> None:
    taker = Taker()
    with reading(ImapReader(server.server(user), taker, look_every=every, idle=idle)):
        for number in (1, 2, 3):
            server.arrives(user, a_mail(str(number)))
            assert taker.has(number)
        assert seen_within(server, user)


def test_a_server_without_idle_is_looked_at_now_and_then(user: str) -> None:
    taker = Taker()
    often = timedelta(milliseconds=200)
    with dovecot(idle=False) as here, reading(ImapReader(here.server(user), taker, look_every=often)):
        here.arrives(user, a_mail("one"))
        assert taker.has(1)


def test_a_connection_that_breaks_is_opened_again(server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_reader, "FIRST_PAUSE", timedelta(milliseconds=50))
    taker, reader = Taker(), ImapReader(server.server(user), Taker(), look_every=timedelta(minutes=10))
    reader.take = taker
    boxes = []
    opened = reader._connection

    def remembered() -> object:
        boxes.append(opened())
        return boxes[-1]

    monkeypatch.setattr(reader, "_connection", remembered)
    with reading(reader):
        boxes[0].client.sock.shutdown(2)
        server.arrives(user, a_mail("one"))
        assert taker.has(1)
        assert seen_within(server, user)
    assert len(boxes) == 2


def test_a_message_that_arrives_during_a_look_does_not_wait_for_the_next(server: Dovecot, user: str) -> None:
    taker = Taker()

    def while_the_first_is_taken(raw: bytes) -> bool:
        if b"<one@" in raw:
            server.arrives(user, a_mail("two"))
        return False

    taker.refuses = while_the_first_is_taken
    with reading(ImapReader(server.server(user), taker, look_every=timedelta(minutes=10))):
        server.arrives(user, a_mail("one"))
        assert taker.has(2)
        assert seen_within(server, user)


def test_what_is_told_in_one_breath_with_the_leave_to_idle_is_heard() -> None:
    """Both lines come in one packet, and nothing after them: who only watches the socket sleeps until the next look."""
    taker, looks = Taker(), threading.Semaphore(0)

    def answers(line: bytes) -> bytes:
        tag, verb = line.split()[0], line.upper().split()[1]
        if verb == b"UID":  # its search: the message is there from the second look on
            looks.release()
            return b"* SEARCH\r\n" + tag + b" OK done\r\n"
        said = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n", b"SELECT": b"* 1 EXISTS\r\n"}.get(verb, b"")
        return b"+ idling\r\n* 2 EXISTS\r\n" if verb == b"IDLE" else said + tag + b" OK done\r\n"

    with imap_script(answers) as here:
        reader = ImapReader(here, taker, look_every=timedelta(minutes=10))
        with reading(reader):
            assert looks.acquire(timeout=60)
            assert looks.acquire(timeout=60)


@contextmanager
def imap_script(answers: Callable[[bytes], bytes]) -> Iterator[ImapServer]:
    """A server that says to each line what it is told to, and ends IDLE when asked."""
    tags: list[bytes] = []

    class Script(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                if line.strip().upper() == b"DONE":
                    self.wfile.write(tags.pop() + b" OK done\r\n")
                    continue
                if b"IDLE" in line.upper().split():
                    tags.append(line.split()[0])
                self.wfile.write(answers(line))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Script) as here:
        here.daemon_threads = True
        threading.Thread(target=here.serve_forever, daemon=True).start()
        port = here.server_address[1]
        yield ImapServer(host="127.0.0.1", port=port, user="rosa", password=SecretStr("secret"), tls=Tls.NONE)
        here.shutdown()


def test_two_readers_of_one_mailbox_leave_nothing_behind(server: Dovecot, user: str) -> None:
    taker = Taker()
    names = [str(number) for number in range(30)]
    with reading(ImapReader(server.server(user), taker)), reading(ImapReader(server.server(user), taker)):
        for name in names:
            server.arrives(user, a_mail(name))
        assert taker.has(len(names))
        assert seen_within(server, user)
    assert {raw for raw, _ in taker.taken} == {a_mail(name) for name in names}


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_the_connection_is_protected_and_the_certificate_looked_at(server: Dovecot, user: str, tls: Tls) -> None:
    server.arrives(user, a_mail("one"))
    taker = Taker()
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        ImapReader(server.server(user, tls=tls), taker).once()
    assert ImapReader(server.server(user, tls=tls), taker, tls=server.trust).once()
    assert taker.has(1)


def test_a_wrong_password_takes_nothing(server: Dovecot, user: str) -> None:
    with pytest.raises(imap_reader.GONE) as error:
        ImapReader(server.server(user, password="wrong"), Taker()).once()
    assert PASSWORD not in str(error.value)


def test_a_token_comes_from_a_command_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("abc\n")
    assert Token(file=file).read() == "abc"
    assert Token(command="printf abc").read() == "abc"
    assert not Token()
    for broken in (Token(command="false"), Token(file=file / "x"), Token(command="no-such-program-here")):
        with pytest.raises(SettingsError, match="IMAP_TOKEN_COMMAND"):
            broken.read()


def test_an_access_token_opens_the_mailbox_and_a_wrong_one_does_not(server: Dovecot, user: str, tmp_path: Path) -> None:
    file, taker = tmp_path / "token", Taker()
    server.arrives(user, a_mail("one"))
    reader = ImapReader(server.server(user, password=""), taker, token=Token(file=file))
    file.write_text(server.access_token("somebody-else"))
    with pytest.raises(imap_reader.GONE):
        reader.once()
    file.write_text(server.access_token(user))  # whoever keeps it fresh has written a new one
    assert reader.once()
    assert taker.has(1)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"IMAP_URL": "https://x@host"}, "IMAP_URL"),
        ({"IMAP_URL": "imaps://host/INBOX"}, "IMAP_URL"),  # whose mailbox?
        ({"IMAP_URL": "imap://u:p@host?tls=none"}, "IMAP_URL"),  # the password would be readable
        ({"LMTP_LISTEN": "127.0.0.1:24"}, "LMTP_LISTEN"),
    ],
)
def test_a_mailbox_that_cannot_be_is_refused_by_name(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as error:
        Settings.from_env(environ)
    assert "u:p" not in str(error.value)


def test_a_mailbox_as_the_environment_names_it() -> None:
    imap = Settings.from_env({"IMAP_URL": "imaps://soporte%40x.example:a%2Fb@mail.example/Quejas"}).imap
    assert imap is not None
    assert (imap.host, imap.port, imap.user, imap.folder, imap.tls) == (
        "mail.example", 993, "soporte@x.example", "Quejas", Tls.IMPLICIT,
    )  # fmt: skip
    assert imap.password is not None
    assert imap.password.get_secret_value() == "a/b"
    assert "a/b" not in repr(imap)
