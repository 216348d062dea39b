"""An identity provider on a port of its own: discovery, codes with PKCE, signed ID tokens, leaving. It may lie."""

import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.plugins_browser import on_a_port

CLIENT, SECRET = "complaint-desk", "ñ secreto/del:cliente"


@cache
def _key() -> RSAKey:
    """The one that it publishes: a tenth of a second's work, so each provider of a process has the same."""
    return RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


@dataclass
class TestProvider:
    """The provider, whoever is signed in there, and what it gets wrong on purpose."""

    __test__ = False

    back: str
    """The only redirect_uri that it allows."""
    issuer: str = ""
    somebody: dict[str, Any] | None = None
    """Who is signed in there; None: whoever comes says that they give up."""
    twist: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token that are not as they should be; None: left out."""
    signs_with: Any = None
    """Another key than the one it publishes."""
    asks: bool = False
    """Whether a page asks before it sends anybody back, as real ones do."""
    email_in_token: bool = True
    key: Any = field(default_factory=_key)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.document),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/userinfo", self.userinfo),
                Route("/keys", self.keys),
                Route("/leave", self.leave),
            ]
        )

    async def document(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "end_session_endpoint": f"{self.issuer}/leave",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["redirect_uri"] == self.back
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        if self.asks and "yes" not in asked:
            there = f"/authorize?{urlencode({**asked, 'yes': '1'})}".replace("&", "&amp;")
            return HTMLResponse(f'<!doctype html><title>Identidad</title><a href="{there}">Continuar como Ana</a>')
        if self.somebody is None:
            return self._back({"error": "access_denied", "state": asked["state"]})
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return self._back({"code": code, "state": asked["state"]})

    async def token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        begun = self.codes.pop(form["code"], None)
        expected = base64.b64encode(f"{urlencode({'': CLIENT})[1:]}:{urlencode({'': SECRET})[1:]}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            begun is None
            or request.headers.get("authorization") != f"Basic {expected}"
            or form["redirect_uri"] != self.back
            or challenge.rstrip(b"=").decode() != begun["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert self.somebody is not None
        now = int(time.time())
        person = self.somebody if self.email_in_token else {"sub": self.somebody["sub"]}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"], **person}
        claims = {name: value for name, value in (claims | self.twist).items() if value is not None}
        key = self.signs_with or self.key
        algorithm = "ES256" if isinstance(key, ECKey) else "RS256" if isinstance(key, RSAKey) else "HS256"
        signed = jwt.encode({"alg": algorithm, "kid": "1"}, claims, key)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": signed})

    async def userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer a"
        return JSONResponse(self.somebody)

    async def keys(self, _: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def leave(self, request: Request) -> Response:
        self.left.append(request.query_params["client_id"])
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)

    def _back(self, query: dict[str, str]) -> Response:
        return RedirectResponse(f"{self.back}?{urlencode(query)}", 303)


@asynccontextmanager
async def a_provider(back: str) -> AsyncIterator[TestProvider]:
    """A provider that sends people back there."""
    provider = TestProvider(back)
    async with on_a_port(provider.app()) as address:
        provider.issuer = address
        yield provider
