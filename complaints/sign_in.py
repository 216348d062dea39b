"""How staff sign in: passwords, an identity provider (OpenID Connect), and whom we believe about addresses."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self

from pydantic import BaseModel, ConfigDict, SecretStr

from complaints.settings import SettingsError, address_from, secret_from, switch_from

_ROLES = ("agent", "manager", "director", "quality", "admin")
_RULE = re.compile(r"\s*([^=,]+?)\s*=\s*([a-z]+)\s*")


class Oidc(BaseModel):
    """An identity provider that vouches for staff."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    """OIDC_ISSUER: where `/.well-known/openid-configuration` is found, without a slash at the end."""
    client_id: str
    """OIDC_CLIENT_ID: what it calls the desk."""
    client_secret: SecretStr | None = None
    """OIDC_CLIENT_SECRET, or the file in OIDC_CLIENT_SECRET_FILE; None: a public client, by PKCE alone."""
    name: str = "OpenID Connect"
    """OIDC_NAME: what the button says after "Sign in with"."""
    redirect_uri: str
    """PUBLIC_URL + /sign-in/oidc/callback: to be allowed at the provider."""
    role_claim: str | None = None
    """OIDC_ROLE_CLAIM: the claim that says who is what, `groups` or `realm_access.roles`; None: our table says it."""
    roles: tuple[tuple[str, str], ...] = ()
    """OIDC_ROLES: `value=role, value=role`; the first that somebody has counts, and without any they stay outside."""


class SignIn(BaseModel):
    """How staff sign in at this desk."""

    model_config = ConfigDict(frozen=True)

    passwords: bool = True
    """PASSWORD_SIGN_IN: 0 where only the identity provider counts."""
    second_factor: bool = False
    """REQUIRE_SECOND_FACTOR: 1 where everybody with a password sets up an app's codes before anything else."""
    oidc: Oidc | None = None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """TRUSTED_PROXIES: whose X-Forwarded-For we believe; addresses or networks. None: what connects is the visitor."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str], *, public_url: str | None) -> Self:
        """Reads the settings; a variable that is empty is not set. Raises `SettingsError`."""
        passwords = switch_from("PASSWORD_SIGN_IN", environ.get("PASSWORD_SIGN_IN") or "1")
        oidc = _oidc(environ, public_url)
        if not passwords and oidc is None:
            raise SettingsError("PASSWORD_SIGN_IN is 0 and OIDC_ISSUER is not set: nobody could sign in.")
        required = switch_from("REQUIRE_SECOND_FACTOR", environ.get("REQUIRE_SECOND_FACTOR") or "0")
        return cls(passwords=passwords, second_factor=required, oidc=oidc, trusted_proxies=_proxies(environ))


def _oidc(environ: Mapping[str, str], public_url: str | None) -> Oidc | None:
    issuer = address_from("OIDC_ISSUER", environ.get("OIDC_ISSUER") or None)
    if issuer is None:
        return None
    client_id = environ.get("OIDC_CLIENT_ID", "").strip()
    if not client_id:
        raise SettingsError("OIDC_ISSUER needs OIDC_CLIENT_ID: what the identity provider calls the desk.")
    if public_url is None:
        raise SettingsError("OIDC_ISSUER needs PUBLIC_URL: the identity provider sends people back to it.")
    claim, roles = environ.get("OIDC_ROLE_CLAIM", "").strip() or None, _roles(environ.get("OIDC_ROLES", ""))
    if bool(claim) != bool(roles):
        raise SettingsError("OIDC_ROLE_CLAIM and OIDC_ROLES belong together: set both or none.")
    secret = secret_from(environ, "OIDC_CLIENT_SECRET")
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        client_secret=SecretStr(secret) if secret else None,
        name=environ.get("OIDC_NAME", "").strip()[:60] or "OpenID Connect",
        redirect_uri=f"{public_url}/sign-in/oidc/callback",
        role_claim=claim,
        roles=roles,
    )


def _roles(text: str) -> tuple[tuple[str, str], ...]:
    rules = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _RULE.fullmatch(part)
        if found is None or found[2] not in _ROLES:
            raise SettingsError(f"OIDC_ROLES must read `value=role, value=role`, each role one of {', '.join(_ROLES)}.")
        rules.append((found[1], found[2]))
    return tuple(rules)


def _proxies(environ: Mapping[str, str]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(
            ip_network(one, strict=False) for one in environ.get("TRUSTED_PROXIES", "").replace(",", " ").split()
        )
    except ValueError:
        raise SettingsError("TRUSTED_PROXIES must be addresses or networks, such as 127.0.0.1 10.0.0.0/8.") from None
