"""The settings: the environment, read once and checked; every secret may come from a file and none is ever shown."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, SecretStr

from complaints.urls import ImapServer as ImapServer
from complaints.urls import Listen as Listen
from complaints.urls import SettingsError as SettingsError
from complaints.urls import SmtpServer as SmtpServer
from complaints.urls import Tls as Tls
from complaints.urls import address_from as address_from
from complaints.urls import imap_server, is_loopback, listen, smtp_server, split
from complaints.words.catalogue import Language, language_of

TASK_QUEUE = "complaints"
LONGEST_SECRET_FILE = 10_000
"""Characters: a longer file is none of a secret."""

SHORTEST_KEY = 32
"""Characters of a key that signs."""


class Settings(BaseModel):
    """What differs from one installation to the next. Temporal's own settings are read by `temporalio.envconfig`."""

    model_config = ConfigDict(frozen=True)

    database_url: SecretStr | None = None
    """DATABASE_URL, or the file in DATABASE_URL_FILE: postgresql://user:password@host:5432/name."""
    smtp: SmtpServer | None = None
    """SMTP_URL, or the file in SMTP_URL_FILE: smtp://user:password@host:587?tls=starttls, or smtps://…"""
    public_url: str | None = None
    """PUBLIC_URL: where customers reach the desk; without a slash at the end."""
    customer_url: str | None = None
    """CUSTOMER_URL: another address of the desk, for customers' pages alone: an origin of their own."""
    file_scanner: str | None = None
    """FILE_SCANNER: a command that reads a file on standard input; it ends with 0 where the file may be handed on, with
    1 where it must not be, with anything else where it could not look."""
    language: Language = "es"
    """LANGUAGE: what staff read; the first of a list like `es:en` that we speak."""
    policy_file: Path | None = None
    """COMPLAINTS_POLICY; None: the packaged policy."""
    contacts_file: Path | None = None
    """COMPLAINTS_CONTACTS; None: the packaged contacts."""
    home: Path = Path(".complaints")
    """COMPLAINTS_HOME: where the embedded default keeps its state."""
    simulation: bool = False
    """COMPLAINTS_SIMULATION: this worker may play cases on a shifted clock (design §3)."""
    secret_key: SecretStr | None = None
    """SECRET_KEY, or the file in SECRET_KEY_FILE: signs addresses and links; several words: the first signs, the others
    are still understood."""
    cases_in_memory: int = 1000
    """CASES_IN_MEMORY: running cases of which each worker keeps the state at hand (0.2 to 0.3 MB each); another one is
    read anew from its history when something happens to it. 1 to 100,000."""
    mail_connections: int = 3
    """MAIL_CONNECTIONS: kept connections to the mail server, of each worker; 1 to 20."""
    mail_per_minute: int | None = None
    """MAIL_PER_MINUTE: letters that each worker hands over in a minute at most; None: as many as there are."""
    mail_bounce_address: str | None = None
    """MAIL_BOUNCE_ADDRESS: the mailbox to which letters come back, each to an address of its own (name+token@…)."""
    mail_reply_tokens: bool = True
    """MAIL_REPLY_TOKENS: with SECRET_KEY, answers go to the intake's mailbox with a token (name+token@…); 0 where its
    mail server does not take such addresses."""
    link_days: int = 90
    """CUSTOMER_LINK_DAYS: how long the link to a customer's page is good, from each letter's day; 1 to 730."""
    public_form: bool = False
    """PUBLIC_FORM: whoever knows the address may complain by the form at PUBLIC_URL/queja; needs a SECRET_KEY."""
    payload_keys_file: Path | None = None
    """PAYLOAD_KEYS_FILE: the ring of keys that seal what Temporal keeps (`complaints keys`); None: it is in clear."""
    seal_payloads: str = "1"
    """SEAL_PAYLOADS: 1 seals what Temporal keeps, all also the answers to whoever asks in clear, 0 nothing new."""
    temporal_ui: str | None = None
    """COMPLAINTS_TEMPORAL_UI: the address of Temporal's page, to which the desk links each case."""
    temporal_ui_behind: str | None = None
    """COMPLAINTS_TEMPORAL_UI_BEHIND: where the desk reaches a Temporal page that it shows as its own, under /temporal/;
    one that no browser gets to."""
    imap: ImapServer | None = None
    """IMAP_URL, or the file in IMAP_URL_FILE: imaps://user:password@host/INBOX."""
    imap_token_command: str | None = None
    """IMAP_TOKEN_COMMAND: prints an access token (XOAUTH2), at each connection."""
    imap_token_file: Path | None = None
    """IMAP_TOKEN_FILE: holds an access token that somebody else keeps fresh."""
    mail_new_at_once: int = 60
    """MAIL_NEW_AT_ONCE: new complaints by mail in ten minutes that open and are acknowledged by themselves; more wait
    in the quarantine. 1 to 100,000."""
    mail_authserv_ids: tuple[str, ...] = ()
    """MAIL_AUTHSERV_ID: under which name our own mail server writes Authentication-Results (RFC 8601); several words
    where it has several. None: no such header is believed."""
    lmtp_listen: Listen | None = None
    """LMTP_LISTEN: lmtp://host:port or smtp://host:port, where a mail server hands mail over."""
    task_queue: str = TASK_QUEUE

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; a variable that is empty is not set. Raises `SettingsError`."""
        database = secret_from(environ, "DATABASE_URL")
        smtp = secret_from(environ, "SMTP_URL")
        imap = secret_from(environ, "IMAP_URL")
        token = environ.get("IMAP_TOKEN_FILE", "").strip()
        policy, contacts = environ.get("COMPLAINTS_POLICY"), environ.get("COMPLAINTS_CONTACTS")
        keys = environ.get("PAYLOAD_KEYS_FILE", "").strip()
        return cls(
            database_url=SecretStr(_database_url(database)) if database else None,
            smtp=smtp_server(smtp) if smtp else None,
            public_url=address_from("PUBLIC_URL", environ.get("PUBLIC_URL") or None),
            customer_url=address_from("CUSTOMER_URL", environ.get("CUSTOMER_URL") or None),
            file_scanner=_command("FILE_SCANNER", environ),
            language=language_of(environ.get("LANGUAGE", "")),
            policy_file=Path(policy) if policy else None,
            contacts_file=Path(contacts) if contacts else None,
            home=Path(environ.get("COMPLAINTS_HOME") or ".complaints"),
            simulation=switch_from("COMPLAINTS_SIMULATION", environ.get("COMPLAINTS_SIMULATION", "")),
            secret_key=_secret_key(environ),
            cases_in_memory=_count(environ, "CASES_IN_MEMORY", most=100_000) or 1000,
            mail_connections=_count(environ, "MAIL_CONNECTIONS", most=20) or 3,
            mail_per_minute=_count(environ, "MAIL_PER_MINUTE", most=100_000),
            mail_bounce_address=_bounce_address(environ),
            link_days=_count(environ, "CUSTOMER_LINK_DAYS", most=730) or 90,
            public_form=switch_from("PUBLIC_FORM", environ.get("PUBLIC_FORM", "")),
            payload_keys_file=Path(keys) if keys else None,
            seal_payloads=environ.get("SEAL_PAYLOADS", "").strip() or "1",
            temporal_ui=address_from("COMPLAINTS_TEMPORAL_UI", environ.get("COMPLAINTS_TEMPORAL_UI") or None),
            temporal_ui_behind=address_from(
                "COMPLAINTS_TEMPORAL_UI_BEHIND", environ.get("COMPLAINTS_TEMPORAL_UI_BEHIND") or None
            ),
            mail_reply_tokens=switch_from("MAIL_REPLY_TOKENS", environ.get("MAIL_REPLY_TOKENS") or "1"),
            imap=imap_server(imap) if imap else None,
            imap_token_command=environ.get("IMAP_TOKEN_COMMAND", "").strip() or None,
            imap_token_file=Path(token) if token else None,
            mail_new_at_once=_count(environ, "MAIL_NEW_AT_ONCE", most=100_000) or 60,
            mail_authserv_ids=_authserv_ids(environ),
            lmtp_listen=listen(environ),
        )

    @property
    def secret_keys(self) -> tuple[bytes, ...]:
        """The keys, the signing one first; none where SECRET_KEY is not set."""
        return tuple(key.encode() for key in self.secret_key.get_secret_value().split()) if self.secret_key else ()

    @property
    def customers_url(self) -> str | None:
        """Where customers' pages are: at an address of their own, or beside the desk."""
        return self.customer_url or self.public_url

    @property
    def database_dsn(self) -> str:
        """The database, for those who need one. Raises `SettingsError` where none is set."""
        if self.database_url is None:
            raise SettingsError(
                "DATABASE_URL is not set: say where the records are, postgresql://user:password@host/name."
            )
        return self.database_url.get_secret_value()

    @property
    def smtp_server(self) -> SmtpServer:
        """The mail server, for those who send. Raises `SettingsError` where none is set."""
        if self.smtp is None:
            raise SettingsError("SMTP_URL is not set: say who takes our letters, smtp://user:password@host:587.")
        return self.smtp


def secret_from(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable, or the content of the file that `NAME_FILE` names."""
    value, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise SettingsError(f"{name} and {name}_FILE are both set: keep one of them.")
    if not path:
        return value or None
    try:
        with Path(path).open(encoding="utf-8") as file:
            content = file.read(LONGEST_SECRET_FILE).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}_FILE names {path}, which cannot be read ({type(error).__name__}).") from error
    if not content:
        raise SettingsError(f"{name}_FILE names {path}, which is empty: write the value into it.")
    return content


def _secret_key(environ: Mapping[str, str]) -> SecretStr | None:
    value = secret_from(environ, "SECRET_KEY")
    if value and any(len(key) < SHORTEST_KEY for key in value.split()):
        raise SettingsError(
            f"SECRET_KEY is too short: at least {SHORTEST_KEY} random characters, such as 32 hex digits."
        )
    return SecretStr(value) if value else None


def _command(name: str, environ: Mapping[str, str]) -> str | None:
    """A command, as a shell would take it apart. Raises SettingsError where that cannot be done."""
    said = environ.get(name, "").strip()
    try:
        return said if shlex.split(said) else None
    except ValueError:
        raise SettingsError(f"{name} is no command: a quotation mark in it is not closed.") from None


def _count(environ: Mapping[str, str], name: str, *, most: int) -> int | None:
    value = environ.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
        raise SettingsError(f"{name} must be a number from 1 to {most}.")
    return int(value)


def _bounce_address(environ: Mapping[str, str]) -> str | None:
    value = environ.get("MAIL_BOUNCE_ADDRESS", "").strip()
    if not value:
        return None
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value):
        raise SettingsError(
            "MAIL_BOUNCE_ADDRESS must be a mailbox like rebotes@escuela.example, at most 20 characters before the @."
        )
    if not (environ.get("SECRET_KEY", "").strip() or environ.get("SECRET_KEY_FILE", "").strip()):
        raise SettingsError("MAIL_BOUNCE_ADDRESS needs SECRET_KEY: without it anybody could send bounces back.")
    return value


def _authserv_ids(environ: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(environ.get("MAIL_AUTHSERV_ID", "").split())
    if not all(re.fullmatch(r"[A-Za-z0-9._-]{1,253}", name) for name in names):
        raise SettingsError(
            "MAIL_AUTHSERV_ID must be the name that our mail server writes into Authentication-Results, such as "
            "mx.escuela.example; several with blanks between them."
        )
    return names


def _database_url(value: str) -> str:
    url = split("DATABASE_URL", value)
    if url.scheme not in ("postgresql", "postgres"):
        raise SettingsError(
            "DATABASE_URL must begin with postgresql://, for example postgresql://user:password@host/name."
        )
    if url.hostname and not is_loopback(url.hostname) and "sslmode" not in dict(parse_qsl(url.query)):
        raise SettingsError(
            "DATABASE_URL names another host without saying how the line is protected: add ?sslmode=verify-full "
            "(with sslrootcert for an authority of your own), or ?sslmode=disable where nobody else is on that network."
        )
    return value


def switch_from(name: str, value: str) -> bool:
    """1 or 0, and what else people write for it. Raises `SettingsError`."""
    match value.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "" | "0" | "false" | "no" | "off":
            return False
    raise SettingsError(f"{name} must be 1 or 0.")
