"""The settings of one host that serves for real: a file in its home, which every command finds (design §6).

`complaints init` writes it. It holds the documented variables as TOML, `SMTP_URL_FILE = "secrets/smtp_url"`; a variable
of the environment wins over its line. A home without the file is for trying: its letters never leave it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from complaints.settings import SettingsError

FILE = "settings.toml"

SECRETS = "secrets"
"""Beside the file: one file a secret, for the owner only."""

STORE = "TEMPORAL_STORE"
"""Where Temporal keeps its data: `postgres`, beside the records, or `file`, as all homes did before 1.0.0."""

KNOWN = frozenset(
    {
        *("SMTP_URL", "SMTP_URL_FILE", "IMAP_URL", "IMAP_URL_FILE", "IMAP_TOKEN_COMMAND", "IMAP_TOKEN_FILE"),
        *("LMTP_LISTEN", "PUBLIC_URL", "LANGUAGE", "COMPLAINTS_POLICY", "COMPLAINTS_CONTACTS", "CUSTOMER_LINK_DAYS"),
        *("MAIL_REPLY_TOKENS", "MAIL_BOUNCE_ADDRESS", "MAIL_NEW_AT_ONCE", "MAIL_AUTHSERV_ID", "MAIL_CONNECTIONS"),
        *("MAIL_PER_MINUTE", "SECRET_KEY_FILE", "PASSWORD_SIGN_IN", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_NAME"),
        *("CASES_IN_MEMORY", "REQUIRE_SECOND_FACTOR", "CUSTOMER_URL", "FILE_SCANNER"),
        *("LOG_FORMAT", "DESK_METRICS_LISTEN", "WORKER_METRICS_LISTEN"),
        *("OIDC_CLIENT_SECRET_FILE", "OIDC_ROLE_CLAIM", "OIDC_ROLES", "TRUSTED_PROXIES", "PUBLIC_FORM"),
        STORE,
        *("BACKUP_DIR", "BACKUP_KEY_FILE", "DESK_LISTEN", "DESK_REDIRECT_LISTEN", "TLS_CERT_FILE", "TLS_KEY_FILE"),
    }
)
"""What the file may hold: everything of docs/operating.md but where the stack's own servers are."""

INSTEAD = (("SMTP_URL", "SMTP_URL_FILE"), ("IMAP_URL", "IMAP_URL_FILE"))
"""Two names of one thing: a variable of the environment takes the place of either line."""

_PATHS = ("COMPLAINTS_POLICY", "COMPLAINTS_CONTACTS", "BACKUP_DIR")

MAIL_IN = ("IMAP_URL", "IMAP_URL_FILE", "IMAP_TOKEN_COMMAND", "IMAP_TOKEN_FILE", "LMTP_LISTEN")
"""Where mail comes in: only the reader of the mailbox has these."""


def is_real(home: Path) -> bool:
    """Whether this home was made to serve real customers."""
    return (home / FILE).is_file()


def settings_of(home: Path, environ: Mapping[str, str]) -> dict[str, str] | None:
    """The variables of that host, those of `environ` first; None in a home that is for trying.

    Raises:
        SettingsError: the file cannot be read, or says something that is no setting; the sentence names the line.
    """
    if not is_real(home):
        return None
    try:
        said = tomllib.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{home / FILE} cannot be read: {error}.") from None
    found: dict[str, str] = {}
    for name, value in said.items():
        if name not in KNOWN:
            raise SettingsError(f"{home / FILE}: {name} is no setting of a host; docs/operating.md lists them.")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise SettingsError(f"{home / FILE}: {name} must be a text in quotes, or a number.")
        found[name] = _from_home(home, name, str(value))
    given = {name: value for name, value in environ.items() if name in KNOWN and value}
    for pair in INSTEAD:
        if any(name in given for name in pair):
            found = {name: value for name, value in found.items() if name not in pair}
    return found | given


def one_database(settings: Mapping[str, str] | None) -> bool:
    """Whether Temporal's data is beside the records. Raises SettingsError where that is not said as we know it."""
    said = (settings or {}).get(STORE, "file")
    if said not in ("postgres", "file"):
        raise SettingsError(f"{STORE} is `postgres` or `file`.")
    return said == "postgres"


def environment_of(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, with the host's settings where the home has some. Raises SettingsError, as `settings_of`."""
    return {**environ, **(settings_of(home, environ) or {})}


def _from_home(home: Path, name: str, value: str) -> str:
    """Paths in the file are meant from its folder."""
    is_path = name.endswith("_FILE") or name in _PATHS
    return str(home.absolute() / value) if is_path and value else value
