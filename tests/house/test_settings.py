"""The environment, read once: what it says, what is assumed, and what is refused by name."""

import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from complaints.settings import Settings, SettingsError, SmtpServer, Tls


def smtp(url: str) -> SmtpServer:
    return Settings.from_env({"SMTP_URL": url}).smtp_server


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert (settings.language, settings.home, settings.task_queue) == ("es", Path(".complaints"), "complaints")
    assert settings.simulation is False
    assert settings == Settings.from_env(
        dict.fromkeys(("DATABASE_URL", "SMTP_URL", "PUBLIC_URL", "COMPLAINTS_HOME"), "")
    )


def test_everything_that_can_be_said() -> None:
    settings = Settings.from_env(
        {
            "DATABASE_URL": "postgresql://app:s%40fe@db/complaints?sslmode=verify-full",
            "SMTP_URL": "smtps://mail.example.org",
            "PUBLIC_URL": "https://quejas.example.org/",
            "LANGUAGE": "en",
            "COMPLAINTS_POLICY": "policy.toml",
            "COMPLAINTS_CONTACTS": "contacts.toml",
            "COMPLAINTS_HOME": "state",
            "COMPLAINTS_SIMULATION": "1",
        }
    )
    assert settings.database_dsn == "postgresql://app:s%40fe@db/complaints?sslmode=verify-full"
    assert settings.public_url == "https://quejas.example.org"
    assert (settings.policy_file, settings.contacts_file) == (Path("policy.toml"), Path("contacts.toml"))
    assert (settings.language, settings.home, settings.simulation) == ("en", Path("state"), True)


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, Tls.STARTTLS),  # protected unless said otherwise
        ("smtp://mail.example.org:25?tls=starttls", "mail.example.org", 25, Tls.STARTTLS),
        ("smtp://catcher:1025?tls=none", "catcher", 1025, Tls.NONE),  # said so, and no password to lose
        ("smtps://mail.example.org", "mail.example.org", 465, Tls.IMPLICIT),
        ("smtps://mail.example.org:2465?tls=implicit", "mail.example.org", 2465, Tls.IMPLICIT),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Tls.NONE),  # this very machine
        ("smtp://[::1]:1025", "::1", 1025, Tls.NONE),
        ("smtp://localhost", "localhost", 25, Tls.NONE),
        ("smtp://localhost?tls=starttls", "localhost", 587, Tls.STARTTLS),
        ("smtp://127.0.0.1.example.org", "127.0.0.1.example.org", 587, Tls.STARTTLS),  # only looks like this machine
    ],
)
def test_mail_servers(url: str, host: str, port: int, tls: Tls) -> None:
    server = smtp(url)
    assert (server.host, server.port, server.tls, server.user) == (host, port, tls, None)


def test_a_password_may_hold_any_character() -> None:
    server = smtp("smtp://soporte%40example.org:p%40ss%3A%2Fword@mail.example.org")
    assert server.user == "soporte@example.org"
    assert server.password is not None
    assert server.password.get_secret_value() == "p@ss:/word"


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("es", "es"),
        ("en_US.UTF-8", "en"),
        ("fr:en:es", "en"),  # the first that we speak
        ("ES-pe", "es"),
        ("C", "es"),
        ("estonian", "es"),  # by default, not because it begins with es
        ("energy:en", "en"),
        ("", "es"),
    ],
)
def test_languages(value: str, language: str) -> None:
    assert Settings.from_env({"LANGUAGE": value}).language == language


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"DATABASE_URL": "mysql://u:hush@h/n"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+asyncpg://u:hush@h/n"}, "DATABASE_URL"),  # SQLAlchemy's spelling
        ({"DATABASE_URL": "postgresql://[hush"}, "DATABASE_URL"),
        ({"SMTP_URL": "mail.example.org:587/hush"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://:hush@"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:hush@h:many"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:hush@h:70000"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:hush@h?tls=maybe"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:hush@h?tls=implicit"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:hush@h?ssl=1"}, "SMTP_URL"),
        ({"SMTP_URL": "smtps://u:hush@h?tls=none"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://u:hush@mail.example.org?tls=none"}, "SMTP_URL"),  # the password in the clear
        ({"PUBLIC_URL": "quejas.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "javascript:alert(1)"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://u:hush@quejas.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://quejas.example.org?x=1"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://quejas.example.org:many"}, "PUBLIC_URL"),
        ({"COMPLAINTS_SIMULATION": "perhaps"}, "COMPLAINTS_SIMULATION"),
        ({"DATABASE_URL": "postgresql://u:hush@h/n?sslmode=disable", "DATABASE_URL_FILE": "x"}, "DATABASE_URL_FILE"),
        ({"DATABASE_URL_FILE": "no-such-file"}, "DATABASE_URL_FILE"),
        ({"DATABASE_URL": "postgresql://u:hush@db.example.org/n"}, "sslmode=verify-full"),
        ({"DATABASE_URL": "postgresql://u:hush@10.0.0.7/n?application_name=x"}, "sslmode=verify-full"),
        ({"SMTP_URL_FILE": "."}, "SMTP_URL_FILE"),  # a folder
    ],
)
def test_what_cannot_be_used_is_refused_by_name_and_never_repeated(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as refused:
        Settings.from_env(environ)
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None or "hush" not in str(refused.value.__cause__)


def test_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("postgresql://app:hush@db/complaints?sslmode=require\n")
    (tmp_path / "smtp").write_text("smtp://app:hush@mail.example.org\n")
    settings = Settings.from_env({"DATABASE_URL_FILE": str(tmp_path / "db"), "SMTP_URL_FILE": str(tmp_path / "smtp")})
    assert settings.database_dsn == "postgresql://app:hush@db/complaints?sslmode=require"
    assert settings.smtp_server.host == "mail.example.org"


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe"])
def test_a_secret_file_that_holds_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "db").write_bytes(content)
    with pytest.raises(SettingsError, match="DATABASE_URL_FILE"):
        Settings.from_env({"DATABASE_URL_FILE": str(tmp_path / "db")})


def test_secrets_are_never_shown() -> None:
    settings = Settings.from_env(
        {"DATABASE_URL": "postgresql://u:hush@h/n?sslmode=disable", "SMTP_URL": "smtp://u:hush@mail.example.org"}
    )
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.smtp)):
        assert "hush" not in shown


def test_settings_do_not_change() -> None:
    settings = Settings.from_env({})
    with pytest.raises(ValidationError):
        settings.language = "en"
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(("ask", "named"), [("database_dsn", "DATABASE_URL"), ("smtp_server", "SMTP_URL")])
def test_what_is_needed_and_not_set_is_asked_for(ask: str, named: str) -> None:
    with pytest.raises(SettingsError, match=f"{named} is not set"):
        getattr(Settings.from_env({}), ask)


# -- outgoing mail ---------------------------------------------------------------------------------------------------


def test_outgoing_mail_as_the_environment_wants_it() -> None:
    settings = Settings.from_env(
        {
            "SECRET_KEY": f"{'n' * 32} {'o' * 32}",
            "CASES_IN_MEMORY": "40",
            "MAIL_CONNECTIONS": "2",
            "MAIL_PER_MINUTE": "30",
            "MAIL_BOUNCE_ADDRESS": "rebotes@escuela.example",
            "MAIL_REPLY_TOKENS": "0",
        }
    )
    assert settings.secret_keys == (b"n" * 32, b"o" * 32)
    assert settings.cases_in_memory == 40
    assert (settings.mail_connections, settings.mail_per_minute, settings.mail_reply_tokens) == (2, 30, False)
    assert settings.mail_bounce_address == "rebotes@escuela.example"
    assert "nnn" not in repr(settings)
    nothing = Settings.from_env({"MAIL_CONNECTIONS": "", "MAIL_PER_MINUTE": ""})
    assert (nothing.mail_connections, nothing.mail_per_minute, nothing.secret_keys) == (3, None, ())


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": f"{'n' * 32} short"}, "SECRET_KEY"),  # an old key that is weak is weak too
        ({"CASES_IN_MEMORY": "0"}, "CASES_IN_MEMORY"),
        ({"MAIL_CONNECTIONS": "0"}, "MAIL_CONNECTIONS"),
        ({"MAIL_CONNECTIONS": "21"}, "MAIL_CONNECTIONS"),
        ({"MAIL_PER_MINUTE": "-1"}, "MAIL_PER_MINUTE"),
        ({"MAIL_PER_MINUTE": "many"}, "MAIL_PER_MINUTE"),
        ({"MAIL_BOUNCE_ADDRESS": "rebotes@escuela.example"}, "SECRET_KEY"),  # anybody could send bounces back
        ({"MAIL_BOUNCE_ADDRESS": "rebotes", "SECRET_KEY": "n" * 32}, "MAIL_BOUNCE_ADDRESS"),
        ({"MAIL_BOUNCE_ADDRESS": f"{'x' * 21}@e.example", "SECRET_KEY": "n" * 32}, "MAIL_BOUNCE_ADDRESS"),
        ({"MAIL_REPLY_TOKENS": "perhaps"}, "MAIL_REPLY_TOKENS"),
    ],
)
def test_outgoing_mail_that_cannot_be_is_refused_by_name(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_env(environ)
