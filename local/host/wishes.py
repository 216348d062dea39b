"""What `complaints init` is told of the school: each answer checked as the program itself will read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from complaints.settings import ImapServer, Settings, SmtpServer, Tls
from complaints.words.catalogue import N_, Message, say


@dataclass(frozen=True)
class Servers:
    """What a host depends on. Addresses as URLs, as docs/operating.md writes them."""

    smtp: str
    imap: str | None
    """None: mail comes by another way, or not at all."""
    public_url: str | None
    """None: the desk is reached on this machine only, and letters carry no link."""
    language: str

    def settings(self, contacts: Path | None = None) -> Settings:
        """As the program will see them. Raises SettingsError with the variable's name, never its value."""
        said = {"SMTP_URL": self.smtp, "IMAP_URL": self.imap or "", "PUBLIC_URL": self.public_url or ""}
        settings = Settings.from_env(said | {"LANGUAGE": self.language})
        return settings.model_copy(update={"contacts_file": contacts})


@dataclass(frozen=True)
class Wishes(Servers):
    """All the answers of the first time."""

    school: str
    intake: str
    """Where customers complain, and what letters to them come from."""
    admin: str
    """The account of whoever signs in first."""
    admin_name: str


def lacks_password(url: str) -> bool:
    """Whether it names a user and no password."""
    address = urlsplit(url)
    return bool(address.username) and address.password is None


def with_password(url: str, password: str) -> str:
    """The URL with it, whatever characters it has (RFC 3986 §2.1)."""
    who, at, where = url.partition("@")
    return f"{who}:{quote(password, safe='')}{at}{where}"


PROTECTED: Mapping[Tls, Message | str] = {Tls.NONE: N_("without TLS"), Tls.STARTTLS: "STARTTLS", Tls.IMPLICIT: "TLS"}


def shown(server: SmtpServer | ImapServer) -> str:
    """What was understood, for a screen that others may see: without the password."""
    user = f"{server.user}@" if server.user else ""
    folder = f"/{server.folder}" if isinstance(server, ImapServer) else ""
    return f"{user}{server.host}:{server.port}{folder} ({say(PROTECTED[server.tls])})"
