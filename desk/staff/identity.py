"""An identity provider's word on who somebody is (OpenID Connect Core 1.0, code flow with PKCE)."""

import asyncio
import base64
import hashlib
import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from complaints.sign_in import Oidc

ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA", "Ed25519"]
"""Signatures that we believe; never a shared secret's, never none."""
ANSWER_WITHIN = 10.0
"""Seconds."""
KNOWN_FOR = 3600.0
"""Seconds after which the provider's document and keys are read again."""
LEEWAY = 60
"""Seconds by which its clock may differ from ours."""
LONGEST_ANSWER = 1_000_000
"""Bytes."""


class IdentityRefused(Exception):
    """The provider's answer is none that we may believe; the words are for the log, without what it holds."""


class ProviderAway(Exception):
    """The provider does not answer, or with an error of its own."""


@dataclass(frozen=True)
class Attempt:
    """One sign-in that has begun; the browser keeps it until it comes back."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """RFC 7636, S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as the provider says."""

    issuer: str
    subject: str
    email: str | None
    """In small letters; only one that the provider has verified."""
    role: str | None
    """By the claim, where the settings name one."""


class Provider:
    """The identity provider of the settings."""

    def __init__(self, oidc: Oidc, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.oidc = oidc
        self._clock = clock
        self._document: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._turn = asyncio.Lock()

    async def beginning(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises ProviderAway."""
        document = await self._described()
        query = {
            "response_type": "code",
            "client_id": self.oidc.client_id,
            "redirect_uri": self.oidc.redirect_uri,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return _with_query(document["authorization_endpoint"], query)

    async def identity(self, code: str, attempt: Attempt) -> Identity:
        """Who came back with that code. Raises IdentityRefused, ProviderAway."""
        document = await self._described()
        tokens = await self._exchanged(document, code, attempt)
        claims = await self._proven(document, tokens.get("id_token"), attempt)
        if "email" not in claims and document.get("userinfo_endpoint") and tokens.get("access_token"):
            claims = claims | await self._told(document["userinfo_endpoint"], tokens["access_token"], claims["sub"])
        email = claims.get("email")
        verified = isinstance(email, str) and claims.get("email_verified") in (True, "true")
        return Identity(
            issuer=self.oidc.issuer,
            subject=str(claims["sub"]),
            email=str(email).strip().lower() if verified else None,
            role=self._role(claims),
        )

    async def leaving(self, back_to: str) -> str | None:
        """Where the browser goes to leave the provider as well; None where it has no such page. Raises ProviderAway."""
        end = (await self._described()).get("end_session_endpoint")
        if not end:
            return None
        return _with_query(end, {"client_id": self.oidc.client_id, "post_logout_redirect_uri": back_to})

    # -- what the provider says --------------------------------------------------------------------------------------

    async def _described(self) -> dict[str, Any]:
        """Its own document (OpenID Connect Discovery 1.0)."""
        async with self._turn:
            if self._document and self._clock() - self._document[0] < KNOWN_FOR:
                return self._document[1]
            found = await self._read("GET", f"{self.oidc.issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != self.oidc.issuer:
                raise ProviderAway("its document names another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not str(found.get(name, "")).startswith(("https://", "http://")):
                    raise ProviderAway(f"its document has no {name}")
            self._document = (self._clock(), found)
            return found

    async def _keys_of(self, document: dict[str, Any], *, anew: bool = False) -> KeySet:
        if self._keys and not anew and self._clock() - self._keys[0] < KNOWN_FOR:
            return self._keys[1]
        try:
            keys = KeySet.import_key_set(await self._read("GET", document["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderAway(f"its keys cannot be read ({type(error).__name__})") from None
        self._keys = (self._clock(), keys)
        return keys

    async def _exchanged(self, document: dict[str, Any], code: str, attempt: Attempt) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.oidc.redirect_uri,
            "client_id": self.oidc.client_id,
            "code_verifier": attempt.verifier,
        }
        secret = self.oidc.client_secret
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = None
        if secret is not None and "client_secret_basic" in methods:
            basic = httpx.BasicAuth(_quoted(self.oidc.client_id), _quoted(secret.get_secret_value()))
        elif secret is not None:
            form["client_secret"] = secret.get_secret_value()
        return await self._read("POST", document["token_endpoint"], data=form, auth=basic, refusal=IdentityRefused)

    async def _proven(self, document: dict[str, Any], token: Any, attempt: Attempt) -> dict[str, Any]:
        """The claims of an ID token (OpenID Connect Core §3.1.3.7)."""
        if not isinstance(token, str):
            raise IdentityRefused("there is no ID token")
        claims = await self._signed(document, token)
        expected = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": document["issuer"]},
            aud={"essential": True, "value": self.oidc.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        try:
            expected.validate(claims)
        except JoseError as error:
            raise IdentityRefused(
                f"its ID token does not fit: {type(error).__name__} {getattr(error, 'claim', '')}"
            ) from None
        audience = claims["aud"]
        for_others = isinstance(audience, list) and len(audience) > 1
        if (for_others or "azp" in claims) and claims.get("azp") != self.oidc.client_id:
            raise IdentityRefused("its ID token was made for another client (azp)")
        if not claims["sub"] or len(claims["sub"]) > 255:
            raise IdentityRefused("its ID token has no subject")
        return claims

    async def _signed(self, document: dict[str, Any], token: str) -> dict[str, Any]:
        """The claims, if one of its keys signed them; keys that we do not know yet are read once more."""
        for anew in (False, True):
            keys = await self._keys_of(document, anew=anew)
            try:
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError) as error:
                problem = type(error).__name__
        raise IdentityRefused(f"its ID token is not signed as it should be ({problem})")

    async def _told(self, endpoint: str, access_token: str, subject: str) -> dict[str, Any]:
        """What its userinfo adds, if it is about the same person (OpenID Connect Core §5.3.4)."""
        found = await self._read("GET", endpoint, headers={"Authorization": f"Bearer {access_token}"})
        if found.get("sub") != subject:
            raise IdentityRefused("its userinfo is about somebody else")
        return {name: value for name, value in found.items() if name in ("email", "email_verified")}

    def _role(self, claims: dict[str, Any]) -> str | None:
        if self.oidc.role_claim is None:
            return None
        value: Any = claims
        for part in self.oidc.role_claim.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        has = {value} if isinstance(value, str) else {one for one in value or () if isinstance(one, str)}
        return next((role for said, role in self.oidc.roles if said in has), None)

    async def _read(
        self, method: str, address: str, *, refusal: type[Exception] = ProviderAway, **options: Any
    ) -> dict[str, Any]:
        """A JSON object of the provider. A refusal (4xx) raises `refusal`, anything else that is none ProviderAway."""
        options = {name: value for name, value in options.items() if value is not None}
        try:
            async with httpx.AsyncClient(timeout=ANSWER_WITHIN, follow_redirects=False, verify=_trusted()) as client:
                answer = await client.request(method, address, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway(type(error).__name__) from None
        if 400 <= answer.status_code < 500:
            raise refusal(f"it refuses with {answer.status_code}")
        try:
            found = answer.json() if answer.status_code == 200 and len(answer.content) <= LONGEST_ANSWER else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ProviderAway(f"it answers {answer.status_code} without a JSON object")
        return found


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities of this machine: reading them takes longer than a question."""
    return httpx.create_ssl_context()


def _with_query(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _quoted(text: str) -> str:
    """RFC 6749 §2.3.1: both halves are form-encoded before they are joined."""
    return urlencode({"": text})[1:]
