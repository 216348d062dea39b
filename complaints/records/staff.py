"""Who works at the desk: accounts, their roles, wrong passwords counted, and the sessions that are open."""

from datetime import timedelta
from enum import StrEnum

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import AccountTaken, UnknownAccount
from complaints.records.keepable import refuse_unkeepable

MOST_FAILURES = 5
"""Wrong passwords in a row, after which the account rests."""
LOCKED_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
"""From signing in, whatever happens."""
IDLE_AT_MOST = timedelta(hours=2)
"""A browser that nobody touches is signed out."""


class Role(StrEnum):
    """What somebody is at the desk; docs/roles.md says what each may do."""

    AGENT = "agent"
    MANAGER = "manager"
    DIRECTOR = "director"
    QUALITY = "quality"
    ADMIN = "admin"


class StaffMember(BaseModel):
    """Somebody who may sign in, or might."""

    model_config = ConfigDict(frozen=True)

    account: str
    name: str
    role: Role
    temporary: bool = False
    """The password was given by somebody else and has to be changed first."""
    disabled_at: AwareDatetime | None = None
    locked_until: AwareDatetime | None = None


class Credentials(BaseModel):
    """What a sign-in is checked against."""

    model_config = ConfigDict(frozen=True)

    member: StaffMember
    password_hash: str
    locked: bool


class Session(BaseModel):
    """Somebody who is signed in."""

    model_config = ConfigDict(frozen=True)

    member: StaffMember
    form_token: str


_MEMBER = (
    "account, name, role, temporary, disabled_at, CASE WHEN locked_until > now() THEN locked_until END AS locked_until"
)
_STAFF = f"SELECT {_MEMBER} FROM staff ORDER BY disabled_at IS NOT NULL, account"  # noqa: S608
_CREDENTIALS = f"""
SELECT {_MEMBER}, password_hash, coalesce(locked_until > now(), false) AS locked
FROM staff WHERE account = $1 AND disabled_at IS NULL
"""  # noqa: S608
_ADD = "INSERT INTO staff (account, name, role, password_hash, temporary) VALUES ($1, $2, $3, $4, true)"
_DISABLE = "UPDATE staff SET disabled_at = coalesce(disabled_at, now()) WHERE account = $1 RETURNING account"
_SET_ROLE = "UPDATE staff SET role = $2 WHERE account = $1 RETURNING account"
# give_another (password): also unlocks, and lets somebody in again who was disabled.
_GIVE_ANOTHER = """
UPDATE staff SET password_hash = $2, temporary = $3, failures = 0, locked_until = NULL, disabled_at = NULL
WHERE account = $1 RETURNING account
"""
# failed: the last of too many locks the account and begins a new count.
_FAILED = """
UPDATE staff
SET failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END,
    locked_until = CASE WHEN failures + 1 >= $2 THEN now() + $3::interval ELSE locked_until END
WHERE account = $1
"""
_SUCCEEDED = "UPDATE staff SET failures = 0, locked_until = NULL WHERE account = $1"
_OPEN = "INSERT INTO staff_sessions (digest, account, form_token, expires_at) VALUES ($1, $2, $3, now() + $4::interval)"
_SWEEP = "DELETE FROM staff_sessions WHERE expires_at < now() OR seen_at < now() - $1::interval"
_SESSION = f"""
SELECT {_MEMBER}, form_token, seen_at < now() - interval '1 minute' AS unseen
FROM staff_sessions JOIN staff USING (account)
WHERE digest = $1 AND expires_at > now() AND seen_at > now() - $2::interval AND disabled_at IS NULL
"""  # noqa: S608
_SEEN = "UPDATE staff_sessions SET seen_at = now() WHERE digest = $1"
_CLOSE = "DELETE FROM staff_sessions WHERE digest = $1"
_CLOSE_ALL = "DELETE FROM staff_sessions WHERE account = $1 AND digest IS DISTINCT FROM $2"


class Staff(Connected):
    """The part of the store that keeps staff. Times are the database's wall clock."""

    async def add_staff(self, account: str, *, name: str, role: Role, password_hash: str) -> None:
        """A new account, with a password to be changed at the first sign-in. Raises `AccountTaken`."""
        refuse_unkeepable({"account": account, "name": name}, place="the account")
        async with self.connection() as connection:
            try:
                await connection.execute(_ADD, account, name, role.value, password_hash)
            except asyncpg.UniqueViolationError:
                raise AccountTaken(account) from None

    async def staff(self) -> list[StaffMember]:
        """Everybody, those who may not sign in any more last."""
        async with self.connection() as connection:
            return [StaffMember.model_validate(dict(row)) for row in await connection.fetch(_STAFF)]

    async def disable_staff(self, account: str) -> None:
        """Nobody signs in with it any more; who is signed in is out at once. Raises `UnknownAccount`."""
        await self._changed(account, _DISABLE)

    async def set_role(self, account: str, role: Role) -> None:
        """Another role, from the next sign-in on; sessions end. Raises `UnknownAccount`."""
        await self._changed(account, _SET_ROLE, role.value)

    async def set_password(
        self, account: str, password_hash: str, *, temporary: bool, keep_session: str | None = None
    ) -> None:
        """Another password; the account is unlocked, and every session but `keep_session` ends.

        Raises `UnknownAccount`.
        """
        await self._changed(account, _GIVE_ANOTHER, password_hash, temporary, keep_session=keep_session)

    async def credentials(self, account: str) -> Credentials | None:
        """What to check a password against; None for an account that nobody may use."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_CREDENTIALS, account)
        if found is None:
            return None
        member = StaffMember.model_validate(dict(found))
        return Credentials(member=member, password_hash=found["password_hash"], locked=found["locked"])

    async def sign_in_failed(self, account: str) -> None:
        """One more wrong password; too many in a row lock the account for a while."""
        async with self.connection() as connection:
            await connection.execute(_FAILED, account, MOST_FAILURES, LOCKED_FOR)

    async def open_session(self, account: str, *, digest: str, form_token: str) -> None:
        """Somebody has signed in. Sessions that are over are swept out on the way."""
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_SWEEP, IDLE_AT_MOST)
            await connection.execute(_SUCCEEDED, account)
            await connection.execute(_OPEN, digest, account, form_token, SESSION_LASTS)

    async def session(self, digest: str, *, used: bool = True) -> Session | None:
        """Who is signed in there; None where nobody is any more. `used`: a person did something, not the page alone."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_SESSION, digest, IDLE_AT_MOST)
            if found is not None and used and found["unseen"]:
                await connection.execute(_SEEN, digest)
        if found is None:
            return None
        return Session(member=StaffMember.model_validate(dict(found)), form_token=found["form_token"])

    async def close_session(self, digest: str) -> None:
        """Signed out."""
        async with self.connection() as connection:
            await connection.execute(_CLOSE, digest)

    async def _changed(self, account: str, statement: str, *values: object, keep_session: str | None = None) -> None:
        async with self.connection() as connection, connection.transaction():
            if await connection.fetchval(statement, account, *values) is None:
                raise UnknownAccount(account)
            await connection.execute(_CLOSE_ALL, account, keep_session)
