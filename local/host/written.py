"""What `complaints init` writes into a home: one readable settings file, secrets in files of their own, who is who."""

import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from complaints.words.catalogue import _
from local.host.wishes import Wishes
from starter.host_settings import FILE, SECRETS, STORE
from starter.private_files import write_private
from starter.stack_links import ensure_key

CONTACTS = "contacts.toml"
POLICY = "policy.toml"


def home_of(wishes: Wishes, home: Path, *, one_database: bool = True, at: datetime | None = None) -> None:
    """Writes them all; the settings last, because a home is real as soon as they are there."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / SECRETS).mkdir(exist_ok=True, mode=0o700)
    secret_of(home, "smtp_url", wishes.smtp)
    if wishes.imap:
        secret_of(home, "imap_url", wishes.imap)
    ensure_key(home)
    if not (home / CONTACTS).exists():
        write_private(home / CONTACTS, contacts_of(wishes))
    if not (home / POLICY).exists():
        write_private(home / POLICY, (files("complaints") / POLICY).read_text(encoding="utf-8"))
    write_private(home / FILE, settings_of(wishes, at or datetime.now(UTC), one_database=one_database))


def settings_of(wishes: Wishes, at: datetime, *, one_database: bool) -> str:
    """The file, as somebody reads it who has never seen it."""
    lines = [
        _("# The settings of this host, written by `complaints init` on {day}. Each line is a variable of").format(
            day=f"{at:%Y-%m-%d}"
        ),
        _("# docs/operating.md; paths are meant from this folder. After a change start `complaints up` again."),
        "",
        f"LANGUAGE = {quoted(wishes.language)}",
        f'COMPLAINTS_CONTACTS = "{CONTACTS}"   {_("# who is who: look at it")}',
        f'COMPLAINTS_POLICY = "{POLICY}"       {_("# the rules as numbers")}',
        *([f"PUBLIC_URL = {quoted(wishes.public_url)}"] if wishes.public_url else []),
        "",
        _("# Temporal's data: in the same Postgres as the records (postgres), or in a file of its own (file)."),
        f'{STORE} = "{"postgres" if one_database else "file"}"',
        "",
        _("# The passwords lie in files that only their owner may read."),
        f'SMTP_URL_FILE = "{SECRETS}/smtp_url"',
        *([f'IMAP_URL_FILE = "{SECRETS}/imap_url"'] if wishes.imap else []),
    ]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    return text


def contacts_of(wishes: Wishes) -> str:
    """The packaged contacts with this school's name and address; the other people are for the school to put in."""
    text = (files("complaints") / CONTACTS).read_text(encoding="utf-8")
    packaged = tomllib.loads(text)
    for table, entry, value in (
        ("school", "name", wishes.school),
        ("sender", "name", wishes.school),
        ("sender", "address", wishes.intake),
    ):
        head, mark, rest = text.partition(f"[{table}]")
        before = f"{entry} = {quoted(packaged[table][entry])}"
        text = head + mark + rest.replace(before, f"{entry} = {quoted(value)}", 1)
    emails = ", ".join(quoted(email) for email in packaged["intake"]["emails"])
    return text.replace(f"emails = [{emails}]", f"emails = [{quoted(wishes.intake)}]", 1)


def quoted(text: str) -> str:
    """A TOML basic string (TOML 1.0, "String")."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in escaped) + '"'


def secret_of(home: Path, name: str, value: str) -> None:
    """A secret in a file of its own."""
    write_private(home / SECRETS / name, value + "\n")
