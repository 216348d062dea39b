"""A program that calls the intake API of a house, with a token of its own."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from complaints.bearer import digest_of, generated
from complaints.records.programs import Scope
from tests.desk_house import ADDRESS, House

COMPLAINT: dict[str, Any] = {
    "channel": "web",
    "customer": {"name": "Rosa Quispe", "email": "rosa@correo.example"},
    "problem": {"description": "El curso de BIM no tuvo las horas prometidas."},
}


@dataclass
class Caller:
    """The program."""

    client: httpx.AsyncClient
    token: str

    async def posts(self, path: str, content: Any = None, *, key: str | None = "k", **headers: str) -> httpx.Response:
        """Sends JSON under that key."""
        keyed = {"Idempotency-Key": key} if key else {}
        return await self.client.post(f"/api{path}", json=content or {}, headers={**keyed, **headers})

    async def gets(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(f"/api{path}", headers=headers)

    async def opens(self, **changes: Any) -> str:
        """The number of a new complaint."""
        # The number comes from the key, and the tests share a server: another test's complaint may have ended there.
        key = changes.get("source_key", uuid.uuid4().hex)
        answer = await self.posts("/complaints", COMPLAINT | changes, key=f"open-{key}")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["number"])


async def token_of(house: House, *scopes: Scope, name: str = "crm", lasts: timedelta | None = None) -> str:
    """A new token."""
    token = generated()
    await house.office.store.add_program(
        name, digest=digest_of(token), scopes=scopes or tuple(Scope), made_by="cli", lasts=lasts
    )
    return token


@asynccontextmanager
async def calling(house: House, *scopes: Scope, name: str = "crm") -> AsyncIterator[Caller]:
    """A program with these scopes, or all."""
    token = await token_of(house, *scopes, name=name)
    transport = httpx.ASGITransport(app=house.app)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers) as client:
        yield Caller(client, token)
