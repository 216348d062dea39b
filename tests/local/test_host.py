"""A host's settings: written once, read by every command, and never a home that takes mail in and keeps the answers."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaints.contacts import load_contacts
from complaints.policy_file import load_policy
from complaints.settings import Settings, SettingsError
from local.host import written
from local.host.wishes import Wishes, check
from local.stack.home import StackRefused, check_kind
from starter.errors import Refused
from starter.homes import home_folder
from starter.host_settings import one_database, settings_of
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
        check(WISHES, tmp_path)


def test_a_real_home_whose_settings_are_gone_does_not_go_on_with_a_catcher(tmp_path: Path) -> None:
    write_addresses(
        tmp_path,
        Addresses(status="stopped", pid=1, temporal="h:1", database="postgresql://u@h/d", smtp=None, mailbox=None),
    )
    with pytest.raises(StackRefused, match=r"settings\.toml"):
        check_kind(tmp_path, time_skipping=False)
    check_kind(tmp_path, time_skipping=False, catches=False)


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
