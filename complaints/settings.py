"""The settings: the environment, read once and checked; every secret may come from a file and none is ever shown."""

import ipaddress
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from complaints.words.catalogue import Language, language_of

TASK_QUEUE = "complaints"
LONGEST_SECRET_FILE = 10_000
"""Characters: a longer file is none of a secret."""

SHORTEST_KEY = 32
"""Characters of a key that signs."""


class SettingsError(Exception):
    """A setting cannot be used. The sentence names the variable and what it should be, never a secret's value."""


class Tls(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    """From the first byte (`smtps://`)."""


_PORTS = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.IMPLICIT: 465}


class SmtpServer(BaseModel):
    """The server that takes our letters."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    user: str | None = None
    password: SecretStr | None = None
    tls: Tls


class ImapServer(BaseModel):
    """The mailbox where customers complain."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    user: str
    password: SecretStr | None = None
    folder: str = "INBOX"
    tls: Tls


class Listen(BaseModel):
    """Where mail servers may hand mail over to us."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    lmtp: bool
    """LMTP (RFC 2033) rather than SMTP."""


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
    """FILE_SCANNER: a command that reads a file on standard input; it ends with 0 where the file may be handed on."""
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
            smtp=_smtp_server(smtp) if smtp else None,
            public_url=address_from("PUBLIC_URL", environ.get("PUBLIC_URL") or None),
            customer_url=address_from("CUSTOMER_URL", environ.get("CUSTOMER_URL") or None),
            file_scanner=environ.get("FILE_SCANNER", "").strip() or None,
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
            imap=_imap_server(imap) if imap else None,
            imap_token_command=environ.get("IMAP_TOKEN_COMMAND", "").strip() or None,
            imap_token_file=Path(token) if token else None,
            mail_new_at_once=_count(environ, "MAIL_NEW_AT_ONCE", most=100_000) or 60,
            mail_authserv_ids=_authserv_ids(environ),
            lmtp_listen=_listen(environ),
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
    url = _split("DATABASE_URL", value)
    if url.scheme not in ("postgresql", "postgres"):
        raise SettingsError(
            "DATABASE_URL must begin with postgresql://, for example postgresql://user:password@host/name."
        )
    if url.hostname and not _is_loopback(url.hostname) and "sslmode" not in dict(parse_qsl(url.query)):
        raise SettingsError(
            "DATABASE_URL names another host without saying how the line is protected: add ?sslmode=verify-full "
            "(with sslrootcert for an authority of your own), or ?sslmode=disable where nobody else is on that network."
        )
    return value


def _smtp_server(value: str) -> SmtpServer:
    url = _split("SMTP_URL", value)
    if url.scheme not in ("smtp", "smtps"):
        raise SettingsError("SMTP_URL must begin with smtp:// or smtps://, for example smtp://user:password@host:587.")
    if not url.hostname:
        raise SettingsError("SMTP_URL names no host, for example smtp://user:password@host:587.")
    tls = _tls("SMTP_URL", url)
    server = SmtpServer(
        host=url.hostname,
        port=_port("SMTP_URL", url) or _PORTS[tls],
        user=unquote(url.username) if url.username else None,
        password=SecretStr(unquote(url.password)) if url.password else None,
        tls=tls,
    )
    if server.tls is Tls.NONE and server.user and not _is_loopback(server.host):
        raise SettingsError("SMTP_URL would send the password unprotected (tls=none): use starttls, or smtps://.")
    return server


def _tls(name: str, url: SplitResult) -> Tls:
    """As asked for; else protected, unless the server is this very machine."""
    asked = dict(parse_qsl(url.query, keep_blank_values=True))
    protected = "imaps" if name == "IMAP_URL" else "smtps"
    if unknown := asked.keys() - {"tls"}:
        raise SettingsError(f"{name} has an unknown option {sorted(unknown)[0]!r}: only tls is known.")
    if url.scheme == protected:
        if asked.get("tls", Tls.IMPLICIT) != Tls.IMPLICIT:
            raise SettingsError(
                f"{name} says {protected}:// and another tls: {protected} is protected from the first byte."
            )
        return Tls.IMPLICIT
    if "tls" not in asked:
        return Tls.NONE if _is_loopback(url.hostname or "") else Tls.STARTTLS
    if asked["tls"] not in (Tls.NONE, Tls.STARTTLS):
        raise SettingsError(
            f"{name}: tls must be starttls or none; for protection from the first byte use {protected}://."
        )
    return Tls(asked["tls"])


def _imap_server(value: str) -> ImapServer:
    example = "for example imaps://user:password@host/INBOX"
    url = _split("IMAP_URL", value)
    if url.scheme not in ("imap", "imaps"):
        raise SettingsError(f"IMAP_URL must begin with imaps:// or imap://, {example}.")
    if not url.hostname or not url.username:
        raise SettingsError(f"IMAP_URL must name a host and a user, {example}.")
    tls = _tls("IMAP_URL", url)
    if tls is Tls.NONE and not _is_loopback(url.hostname):
        raise SettingsError("IMAP_URL would send the password unprotected (tls=none): use imaps://, or starttls.")
    return ImapServer(
        host=url.hostname,
        port=_port("IMAP_URL", url) or (993 if tls is Tls.IMPLICIT else 143),
        user=unquote(url.username),
        password=SecretStr(unquote(url.password)) if url.password else None,
        folder=unquote(url.path.strip("/")) or "INBOX",
        tls=tls,
    )


def _listen(environ: Mapping[str, str]) -> Listen | None:
    value = environ.get("LMTP_LISTEN", "").strip()
    if not value:
        return None
    url = _split("LMTP_LISTEN", value)
    port = _port("LMTP_LISTEN", url)
    if url.scheme not in ("lmtp", "smtp") or not url.hostname or port is None:
        raise SettingsError("LMTP_LISTEN must be lmtp://host:port or smtp://host:port, such as lmtp://127.0.0.1:2424.")
    return Listen(host=url.hostname, port=port, lmtp=url.scheme == "lmtp")


def address_from(name: str, value: str | None) -> str | None:
    """An address of the web, without a slash at its end. Raises `SettingsError`."""
    if value is None:
        return None
    url = _split(name, value.strip())
    if url.scheme not in ("http", "https") or not url.hostname:
        raise SettingsError(f"{name} must be an address like https://quejas.example.org.")
    _port(name, url)
    if url.query or url.fragment or url.username:
        raise SettingsError(f"{name} must be a plain address: no user, no question mark, no #.")
    return value.strip().rstrip("/")


def switch_from(name: str, value: str) -> bool:
    """1 or 0, and what else people write for it. Raises `SettingsError`."""
    match value.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "" | "0" | "false" | "no" | "off":
            return False
    raise SettingsError(f"{name} must be 1 or 0.")


def _split(name: str, value: str) -> SplitResult:
    try:
        return urlsplit(value)
    except ValueError:
        # The cause repeats the value, which may hold a password.
        raise SettingsError(f"{name} is not an address that can be read.") from None


def _port(name: str, url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError:
        raise SettingsError(f"{name}: the port must be a number up to 65535.") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
