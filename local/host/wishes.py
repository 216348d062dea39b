"""What `complaints init` is told of the school: each answer checked as the program itself will read it."""

from dataclasses import dataclass
from pathlib import Path

from complaints.settings import Settings
from complaints.words.catalogue import N_
from starter.errors import Refused


@dataclass(frozen=True)
class Wishes:
    """The answers. Addresses as URLs, as docs/operating.md writes them."""

    school: str
    intake: str
    """Where customers complain, and what letters to them come from."""
    smtp: str
    imap: str | None
    """None: mail comes by another way, or not at all."""
    public_url: str | None
    """None: the desk is reached on this machine only, and letters carry no link."""
    language: str
    admin: str
    """The account of whoever signs in first."""
    admin_name: str

    def settings(self, contacts: Path | None = None) -> Settings:
        """As the program will see them. Raises SettingsError with the variable's name, never its value."""
        said = {"SMTP_URL": self.smtp, "IMAP_URL": self.imap or "", "PUBLIC_URL": self.public_url or ""}
        settings = Settings.from_env(said | {"LANGUAGE": self.language})
        return settings.model_copy(update={"contacts_file": contacts})


def check(wishes: Wishes, home: Path) -> None:
    """Raises Refused or SettingsError where nothing should be begun with them; nothing was written."""
    _ = wishes.settings().smtp_server  # it says itself what is missing
    if (home / "postgres").exists():
        raise Refused(
            N_(
                "{home} was begun for trying: its cases believe that their letters went out. "
                "Choose another folder with --home.",
                home=home,
            )
        )
