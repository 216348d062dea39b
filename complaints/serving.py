"""Where the desk listens, and with which certificate; read from the environment as every setting is."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from complaints.settings import SettingsError


class At(NamedTuple):
    """An address and a port to listen on."""

    host: str
    port: int


class Serving(BaseModel):
    """How browsers reach the desk of this host."""

    model_config = ConfigDict(frozen=True)

    listen: At | None = None
    """DESK_LISTEN: host:port, such as 0.0.0.0:443; None: as the command line says, on this machine only."""
    certificate: Path | None = None
    """TLS_CERT_FILE: the certificate with its chain, PEM; read again when the file changes."""
    key: Path | None = None
    """TLS_KEY_FILE: its private key."""
    redirect: At | None = None
    """DESK_REDIRECT_LISTEN: host:port where plain HTTP is sent on to PUBLIC_URL, such as 0.0.0.0:80."""
    metrics: At | None = None
    """DESK_METRICS_LISTEN: host:port where Prometheus finds the desk's figures, such as 127.0.0.1:9101."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str], *, public_url: str | None) -> Self:
        """Reads the settings; a variable that is empty is not set. Raises `SettingsError`."""
        certificate, key = environ.get("TLS_CERT_FILE", "").strip(), environ.get("TLS_KEY_FILE", "").strip()
        if bool(certificate) != bool(key):
            raise SettingsError("TLS_CERT_FILE and TLS_KEY_FILE belong together: set both or none.")
        redirect = at_from("DESK_REDIRECT_LISTEN", environ)
        if redirect is not None and not (public_url or "").startswith("https://"):
            raise SettingsError("DESK_REDIRECT_LISTEN needs PUBLIC_URL=https://…: browsers are sent on to it.")
        return cls(
            listen=at_from("DESK_LISTEN", environ),
            certificate=Path(certificate) if certificate else None,
            key=Path(key) if key else None,
            redirect=redirect,
            metrics=at_from("DESK_METRICS_LISTEN", environ),
        )


def at_from(name: str, environ: Mapping[str, str]) -> At | None:
    """The address and port of that variable; None where it is not set. Raises `SettingsError`."""
    value = environ.get(name, "").strip()
    if not value:
        return None
    try:
        url = urlsplit(f"//{value}")
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    if not host or not port or url.path or url.query or url.username:
        raise SettingsError(f"{name} must be an address and a port, such as 0.0.0.0:443 or [::]:443.")
    return At(host, port)
