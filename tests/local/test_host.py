"""A host's settings: written once, read by every command, and never a home that takes mail in and keeps the answers."""

import asyncio
import json
import socket
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from complaints.contacts import load_contacts
from complaints.policy_file import load_policy
from complaints.settings import ImapServer, Settings, SettingsError, Tls
from local.host import beginning, tried, written
from local.host.beginning import check_place
from local.host.wishes import Wishes, lacks_password, with_password
from local.stack.home import StackRefused, check_kind
from starter.errors import Refused
from starter.homes import home_folder
from starter.host_settings import one_database, settings_of
from starter.mailbox.imap import ImapReader
from starter.private_files import write_private
from starter.stack_addresses import Addresses, write_addresses

AT = datetime(2026, 11, 28, 15, tzinfo=UTC)

WISHES = Wishes(
    school='Colegio "San José" \\ Ñaña',
    intake="quejas@colegio.example",
    smtp="smtps://quejas:s3cr%C3%A9to@smtp.colegio.example",
    imap="imaps://quejas:otro@imap.colegio.example/INBOX",
    public_url="https://quejas.colegio.example",
    language="es",
    admin="ana",
    admin_name="Ana Ruiz",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    written.home_of(WISHES, tmp_path / "home", at=AT)
    return tmp_path / "home"


def test_what_was_said_is_what_every_command_reads(home: Path) -> None:
    read = settings_of(home, {})
    assert read is not None
    settings = Settings.from_env(read)
    assert (settings.smtp_server.host, settings.imap and settings.imap.host) == (
        "smtp.colegio.example",
        "imap.colegio.example",
    )
    assert settings.smtp_server.password is not None
    assert settings.smtp_server.password.get_secret_value() == "s3créto"
    assert (settings.public_url, settings.language) == ("https://quejas.colegio.example", "es")
    contacts = load_contacts(settings.contacts_file)
    contacts.check(load_policy(None))
    assert (contacts.school.name, contacts.intake.emails) == (WISHES.school, ("quejas@colegio.example",))
    assert (contacts.sender.name, contacts.sender.address) == (WISHES.school, "quejas@colegio.example")


def test_nobody_else_reads_it_and_no_password_stands_in_the_readable_file(home: Path) -> None:
    for path in (home, *home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    said = (home / "settings.toml").read_text(encoding="utf-8")
    assert "s3cr" not in said
    assert "otro" not in said


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("SMTP_URL", "is no TOML"),
        ('DATABASE_URL = "postgresql://u@h/d"', "the stack has a database of its own"),
        ('SMPT_URL = "smtp://h"', "a slip of the pen"),
        ("MAIL_REPLY_TOKENS = true", "neither text nor number"),
        ('SMTP_URL_FILE = ["a"]', "neither text nor number"),
    ],
)
def test_a_wrong_line_is_named(home: Path, said: str, because: str) -> None:
    (home / "settings.toml").write_text(said, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        settings_of(home, {})


def test_the_environment_wins_whatever_of_the_two_names_it_uses(home: Path) -> None:
    read = settings_of(home, {"SMTP_URL": "smtp://localhost", "PUBLIC_URL": "", "DATABASE_URL": "x", "PATH": "y"})
    assert read is not None
    assert (read["SMTP_URL"], read["PUBLIC_URL"]) == ("smtp://localhost", "https://quejas.colegio.example")
    assert not read.keys() & {"SMTP_URL_FILE", "DATABASE_URL", "PATH"}


def test_a_home_that_is_for_trying_has_no_settings(tmp_path: Path) -> None:
    assert settings_of(tmp_path, {"SMTP_URL": "smtp://localhost"}) is None


def test_a_home_with_cases_that_were_only_tried_never_becomes_real(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(Refused, match="para probar"):
        check_place(tmp_path)


def test_a_real_home_whose_settings_are_gone_does_not_go_on_with_a_catcher(tmp_path: Path) -> None:
    write_addresses(
        tmp_path,
        Addresses(status="stopped", pid=1, temporal="h:1", database="postgresql://u@h/d", smtp=None, mailbox=None),
    )
    with pytest.raises(StackRefused, match=r"settings\.toml"):
        check_kind(tmp_path, time_skipping=False)
    check_kind(tmp_path, time_skipping=False, catches=False)


@pytest.mark.parametrize("there", [True, False])
async def test_a_home_that_does_not_come_to_its_end_leaves_nothing(tmp_path: Path, there: bool) -> None:
    """By Ctrl-C, by an error: what was there stays, what was made goes; and a cut of power is made good next time."""
    home = tmp_path / "home"
    if there:
        home.mkdir()
        (home / "contacts.toml").write_text("ours", encoding="utf-8")

    async def interrupted() -> None:
        async with beginning.made_whole(home, say=print):
            (home / "postgres" / "data").mkdir(parents=True)
            (home / "secrets").mkdir()
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await interrupted()
    assert {path.name for path in tmp_path.rglob("*")} == ({"home", "contacts.toml"} if there else set())
    home.mkdir(exist_ok=True)
    write_private(home / beginning.BEGUN, json.dumps([path.name for path in home.iterdir()]))
    (home / "postgres").mkdir()
    check_place(home)
    async with beginning.made_whole(home, say=print):
        assert not (home / "postgres").exists(), "half made"
        (home / "postgres").mkdir()
    assert {path.name for path in home.iterdir()} - {"stack.lock", "contacts.toml"} == {"postgres"}
    with pytest.raises(Refused, match="para probar"):
        check_place(home)


async def test_a_note_of_a_beginning_takes_nothing_from_a_home_that_has_served(tmp_path: Path) -> None:
    write_private(tmp_path / beginning.BEGUN, "[]")
    (tmp_path / "postgres").mkdir()
    served = Addresses(status="stopped", pid=1, temporal="h:1", database="postgresql://u@h/d", smtp=None, mailbox=None)
    write_addresses(tmp_path, served)
    with pytest.raises(Refused, match="para probar"):
        check_place(tmp_path)


async def test_two_beginnings_at_once_do_not_take_each_others_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with beginning.made_whole(home, say=print):
        (home / "postgres").mkdir()
        with pytest.raises(StackRefused):
            async with beginning.made_whole(home, say=print):
                raise AssertionError("two at once")
        assert (home / "postgres").is_dir()


@pytest.mark.parametrize("name", ["file", "file/home"])
def test_where_no_home_can_be_it_is_said_before_anybody_is_asked(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Refused, match="otra carpeta"):
        check_place(tmp_path / name)


WHY = ImapServer(host="imap.colegio.example", port=993, user="quejas", folder="Quejas", tls=Tls.IMPLICIT)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(-2, "x"), "no hay ninguna máquina imap.colegio.example"),
        (ConnectionRefusedError(), "nadie responde en imap.colegio.example, puerto 993"),
        (TimeoutError(), "no responde en el puerto 993"),
        (ssl.SSLCertVerificationError(1, "x"), "no es de confianza"),
        (ssl.SSLError(1, "x"), "no habla TLS en el puerto 993"),
        (MailboxLoginError(("NO", [b"quejas"]), "OK"), "no acepta este usuario o esta contraseña"),
        (MailboxFolderSelectError(("NO", [b""]), "OK"), "no tiene ninguna carpeta Quejas"),
    ],
)
def test_why_a_mailbox_does_not_open_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def connected(self: ImapReader) -> None:
        raise error

    monkeypatch.setattr(ImapReader, "connected", connected)
    with pytest.raises(Refused) as refused:
        tried.mailbox_opens(WHY)
    assert said in refused.value.es
    assert "IMAP_URL" in refused.value.es


@pytest.mark.parametrize("password", ["secreto", "h#sh/d @%:ñ", ""])
def test_a_password_that_is_asked_for_may_have_any_character(password: str) -> None:
    url = "smtps://quejas%40colegio.example@smtp.colegio.example:465"
    assert lacks_password(url)
    server = Settings.from_env({"SMTP_URL": with_password(url, password)}).smtp_server
    assert (server.user, server.host) == ("quejas@colegio.example", "smtp.colegio.example")
    assert (server.password.get_secret_value() if server.password else "") == password


@pytest.mark.parametrize(
    ("line", "expected", "because"),
    [
        ("", False, "written before there was a choice: its runs are in a file"),
        ('TEMPORAL_STORE = "file"', False, "said"),
        ('TEMPORAL_STORE = "postgres"', True, "said"),
    ],
)
def test_where_temporals_data_is_stands_in_the_settings(home: Path, line: str, expected: bool, because: str) -> None:
    assert one_database(settings_of(home, {})) is True, "of a home that is begun now"
    (home / "settings.toml").write_text(line + "\n", encoding="utf-8")
    assert one_database(settings_of(home, {})) is expected, because
    assert one_database(settings_of(home / "of-a-trial", {})) is False


def test_another_store_is_refused_before_anything_starts(home: Path) -> None:
    (home / "settings.toml").write_text('TEMPORAL_STORE = "sqlite"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="TEMPORAL_STORE"):
        one_database(settings_of(home, {}))


def test_the_home_is_found_from_any_folder_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "docs" / "a"
    below.mkdir(parents=True)
    home = tmp_path / ".complaints"
    home.mkdir()
    monkeypatch.chdir(below)
    assert home_folder(None, {}) == home
    monkeypatch.chdir(tmp_path)
    assert home_folder(None, {}) == Path(".complaints")
    assert home_folder(None, {"COMPLAINTS_HOME": "there"}) == Path("there")
    assert home_folder(Path("here"), {"COMPLAINTS_HOME": "there"}) == Path("here")


def test_where_there_is_none_it_would_be_made_right_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if not any((folder / ".complaints").is_dir() for folder in tmp_path.parents):
        assert home_folder(None, {}) == Path(".complaints")
    assert list(tmp_path.iterdir()) == []
