"""`complaints init` in a home that serves already: its servers are changed, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import tomlkit

from complaints.settings import secret_from
from complaints.words.catalogue import language_of
from local.host import tried, written
from local.host.wishes import Servers
from starter.host_settings import FILE, SECRETS, settings_of
from starter.private_files import write_private
from starter.settings_text import SettingsText


def servers_of(home: Path) -> Servers:
    """Those that the home's file names, whatever the environment says. Raises SettingsError."""
    said = settings_of(home, {}) or {}
    return Servers(
        smtp=secret_from(said, "SMTP_URL") or "",
        imap=secret_from(said, "IMAP_URL"),
        public_url=said.get("PUBLIC_URL") or None,
        language=language_of(said.get("LANGUAGE", "")),
    )


async def try_one(home: Path, name: str, servers: Servers, letter_to: str) -> str | None:
    """Tries the server of one answer (`tried.TRIALS`); what works. Raises Refused or SettingsError."""
    contacts = Path((settings_of(home, {}) or {})["COMPLAINTS_CONTACTS"])
    return await tried.TRIALS[name](servers.settings(contacts), letter_to)


def change(home: Path, servers: Servers) -> None:
    """Writes them: each file in one step, comments and all other lines as they were.

    Raises SettingsError, or the file's own errors: nothing was changed.
    """
    text = SettingsText.read(home / FILE).edited(_with(servers), check=lambda text: None)
    (home / SECRETS).mkdir(exist_ok=True, mode=0o700)
    written.secret_of(home, "smtp_url", servers.smtp)
    if servers.imap:
        written.secret_of(home, "imap_url", servers.imap)
    write_private(home / FILE, text)
    if not servers.imap:
        (home / SECRETS / "imap_url").unlink(missing_ok=True)


def _with(servers: Servers) -> Callable[[tomlkit.TOMLDocument], None]:
    wanted = {
        "SMTP_URL": None,
        "SMTP_URL_FILE": f"{SECRETS}/smtp_url",
        "IMAP_URL": None,
        "IMAP_URL_FILE": f"{SECRETS}/imap_url" if servers.imap else None,
        "PUBLIC_URL": servers.public_url,
    }

    def edit(document: tomlkit.TOMLDocument) -> None:
        for name, value in wanted.items():
            if value is None:
                document.pop(name, None)
            elif document.get(name) != value:
                document[name] = value

    return edit
