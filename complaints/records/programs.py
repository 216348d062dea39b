"""Programs that may use the intake API: their tokens, and what they sent under a key already."""

from datetime import timedelta
from enum import StrEnum

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import ProgramTaken, UnknownProgram


class Scope(StrEnum):
    """What a program may do; docs/integration.md says it in full."""

    INTAKE = "intake"
    """Open complaints, and pass on what customers write (§3)."""
    ACTS = "acts"
    """The acts of staff, from assessing to what the customer said (§5 to §8)."""
    DECIDE = "decide"
    """Close a case by decision (§7)."""
    READ = "read"
    """Where a case stands, its timeline, its deadlines; of a case whose number is known."""
    FIND = "find"
    """Look for cases by whatever anybody wrote in them, the customers' names among it."""


class Program(BaseModel):
    """A program that has, or had, a token."""

    model_config = ConfigDict(frozen=True)

    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    made_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    used_at: AwareDatetime | None = None
    """To the minute."""
    revoked_at: AwareDatetime | None = None
    live: bool
    """Neither revoked nor expired."""


_PROGRAM = """
name, scopes, made_by, made_at, expires_at, used_at, revoked_at,
revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS live
"""
_ALL = f"SELECT {_PROGRAM} FROM api_tokens ORDER BY revoked_at IS NOT NULL, name, made_at DESC"  # noqa: S608
_ADD = """
INSERT INTO api_tokens (digest, name, scopes, made_by, expires_at) VALUES ($1, $2, $3, $4, now() + $5::interval)
"""
_REVOKE = "UPDATE api_tokens SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL RETURNING name"
_FIND = f"""
SELECT {_PROGRAM}, coalesce(used_at < now() - interval '1 minute', true) AS unseen FROM api_tokens WHERE digest = $1
"""  # noqa: S608
_SEEN = "UPDATE api_tokens SET used_at = now() WHERE digest = $1"
_KEEP_REQUEST = """
INSERT INTO api_requests (program, key_digest, content_digest) VALUES ($1, $2, $3)
ON CONFLICT (program, key_digest) DO NOTHING
"""
_REQUEST = "SELECT content_digest FROM api_requests WHERE program = $1 AND key_digest = $2"


class Programs(Connected):
    """The part of the store that keeps programs. Times are the database's wall clock."""

    async def add_program(
        self, name: str, *, digest: str, scopes: tuple[Scope, ...], made_by: str, lasts: timedelta | None
    ) -> None:
        """A new token, known by its digest. Raises `ProgramTaken` while another of that name is not revoked."""
        async with self.connection() as connection:
            try:
                await connection.execute(_ADD, digest, name, [scope.value for scope in scopes], made_by, lasts)
            except asyncpg.UniqueViolationError:
                raise ProgramTaken(name) from None

    async def programs(self) -> list[Program]:
        """Every token there ever was, those that are revoked last."""
        async with self.connection() as connection:
            return [Program.model_validate(dict(row)) for row in await connection.fetch(_ALL)]

    async def revoke_program(self, name: str) -> None:
        """Its token is worth nothing from now on. Raises `UnknownProgram`."""
        async with self.connection() as connection:
            if await connection.fetchval(_REVOKE, name) is None:
                raise UnknownProgram(name)

    async def program(self, digest: str) -> Program | None:
        """Whose token it is, and that it was used; None for one that is worth nothing."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_FIND, digest)
            if found is None or not found["live"]:
                return None
            if found["unseen"]:
                await connection.execute(_SEEN, digest)
        return Program.model_validate(dict(found))

    async def is_same_request(self, program: str, *, key_digest: str, content_digest: str) -> bool:
        """Keeps what the program sends under this key; False where it sent something else under it before."""
        async with self.connection() as connection:
            await connection.execute(_KEEP_REQUEST, program, key_digest, content_digest)
            return bool(await connection.fetchval(_REQUEST, program, key_digest) == content_digest)
