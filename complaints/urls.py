"""URLs among the settings: of mail servers, of pages. A wrong one is told by its variable's name."""

import ipaddress
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from complaints.words.catalogue import N_, Message, say


class SettingsError(Exception):
    """A setting cannot be used. The sentence names the variable and what it should be, never a secret's value."""

    def __init__(self, sentence: Message | str) -> None:
        super().__init__(say(sentence))


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


def smtp_server(value: str) -> SmtpServer:
    """SMTP_URL. Raises `SettingsError`."""
    url = split("SMTP_URL", value)
    if url.scheme not in ("smtp", "smtps"):
        raise SettingsError(
            N_("SMTP_URL must begin with smtp:// or smtps://, for example smtp://user:password@host:587.")
        )
    if not url.hostname:
        raise SettingsError(N_("SMTP_URL names no host, for example smtp://user:password@host:587."))
    tls = _tls("SMTP_URL", url)
    server = SmtpServer(
        host=url.hostname,
        port=_port("SMTP_URL", url) or _PORTS[tls],
        user=unquote(url.username) if url.username else None,
        password=SecretStr(unquote(url.password)) if url.password else None,
        tls=tls,
    )
    if server.tls is Tls.NONE and server.user and not is_loopback(server.host):
        raise SettingsError(N_("SMTP_URL would send the password unprotected (tls=none): use starttls, or smtps://."))
    return server


def _tls(name: str, url: SplitResult) -> Tls:
    """As asked for; else protected, unless the server is this very machine."""
    asked = dict(parse_qsl(url.query, keep_blank_values=True))
    protected = "imaps" if name == "IMAP_URL" else "smtps"
    if unknown := asked.keys() - {"tls"}:
        raise SettingsError(
            N_("{name} has an unknown option {option}: only tls is known.", name=name, option=sorted(unknown)[0])
        )
    if url.scheme == protected:
        if asked.get("tls", Tls.IMPLICIT) != Tls.IMPLICIT:
            raise SettingsError(
                N_(
                    "{name} says {protected}:// and another tls: {protected} is protected from the first byte.",
                    name=name,
                    protected=protected,
                )
            )
        return Tls.IMPLICIT
    if "tls" not in asked:
        return Tls.NONE if is_loopback(url.hostname or "") else Tls.STARTTLS
    if asked["tls"] not in (Tls.NONE, Tls.STARTTLS):
        raise SettingsError(
            N_(
                "{name}: tls must be starttls or none; for protection from the first byte use {protected}://.",
                name=name,
                protected=protected,
            )
        )
    return Tls(asked["tls"])


def imap_server(value: str) -> ImapServer:
    """IMAP_URL. Raises `SettingsError`."""
    url = split("IMAP_URL", value)
    if url.scheme not in ("imap", "imaps"):
        raise SettingsError(
            N_("IMAP_URL must begin with imaps:// or imap://, for example imaps://user:password@host/INBOX.")
        )
    if not url.hostname or not url.username:
        raise SettingsError(N_("IMAP_URL must name a host and a user, for example imaps://user:password@host/INBOX."))
    tls = _tls("IMAP_URL", url)
    if tls is Tls.NONE and not is_loopback(url.hostname):
        raise SettingsError(N_("IMAP_URL would send the password unprotected (tls=none): use imaps://, or starttls."))
    return ImapServer(
        host=url.hostname,
        port=_port("IMAP_URL", url) or (993 if tls is Tls.IMPLICIT else 143),
        user=unquote(url.username),
        password=SecretStr(unquote(url.password)) if url.password else None,
        folder=unquote(url.path.strip("/")) or "INBOX",
        tls=tls,
    )


def listen(environ: Mapping[str, str]) -> Listen | None:
    """LMTP_LISTEN; None where it is not set. Raises `SettingsError`."""
    value = environ.get("LMTP_LISTEN", "").strip()
    if not value:
        return None
    url = split("LMTP_LISTEN", value)
    port = _port("LMTP_LISTEN", url)
    if url.scheme not in ("lmtp", "smtp") or not url.hostname or port is None:
        raise SettingsError("LMTP_LISTEN must be lmtp://host:port or smtp://host:port, such as lmtp://127.0.0.1:2424.")
    return Listen(host=url.hostname, port=port, lmtp=url.scheme == "lmtp")


def address_from(name: str, value: str | None) -> str | None:
    """An address of the web, without a slash at its end. Raises `SettingsError`."""
    if value is None:
        return None
    url = split(name, value.strip())
    if url.scheme not in ("http", "https") or not url.hostname:
        raise SettingsError(N_("{name} must be an address like https://quejas.example.org.", name=name))
    _port(name, url)
    if url.query or url.fragment or url.username:
        raise SettingsError(N_("{name} must be a plain address: no user, no question mark, no #.", name=name))
    return value.strip().rstrip("/")


def split(name: str, value: str) -> SplitResult:
    """Its parts. Raises `SettingsError`, without the value."""
    try:
        return urlsplit(value)
    except ValueError:
        # The cause repeats the value, which may hold a password.
        raise SettingsError(N_("{name} is not an address that can be read.", name=name)) from None


def _port(name: str, url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError:
        raise SettingsError(N_("{name}: the port must be a number up to 65535.", name=name)) from None


def is_loopback(host: str) -> bool:
    """Whether it is this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
