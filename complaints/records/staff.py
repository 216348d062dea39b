"""Who works at the desk: accounts, their roles, who they are elsewhere, and wrong passwords counted."""

from datetime import timedelta
from enum import StrEnum

import asyncpg
from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import AccountTaken, IdentityTaken, UnknownAccount
from complaints.records.keepable import refuse_unkeepable

MOST_FAILURES = 5
"""Wrong passwords in a row, after which the account rests."""
LOCKED_FOR = timedelta(minutes=15)


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
    email: str | None = None
    """By which an identity provider's account is known the first time."""
    linked: bool = False
    """An identity provider's account is theirs."""
    temporary: bool = False
    """The password was given by somebody else and has to be changed first."""
    second_factor: bool = False
    """A code of an app is asked for after the password."""
    disabled_at: AwareDatetime | None = None
    locked_until: AwareDatetime | None = None


class Credentials(BaseModel):
    """What a sign-in is checked against."""

    model_config = ConfigDict(frozen=True)

    member: StaffMember
    password_hash: str
    locked: bool


MEMBER_COLUMNS = (
    "account, name, role, email, subject IS NOT NULL AS linked, temporary, disabled_at, "
    "totp_secret IS NOT NULL AS second_factor, "
    "CASE WHEN locked_until > now() THEN locked_until END AS locked_until"
)
_STAFF = f"SELECT {MEMBER_COLUMNS} FROM staff ORDER BY disabled_at IS NOT NULL, account"  # noqa: S608
# credentials: asked only where a try was not counted, because the account rests.
_CREDENTIALS = f"""
SELECT {MEMBER_COLUMNS}, password_hash, true AS locked
FROM staff WHERE account = $1 AND disabled_at IS NULL
"""  # noqa: S608
_ADD = "INSERT INTO staff (account, name, role, password_hash, email, temporary) VALUES ($1, $2, $3, $4, $5, true)"
_DISABLE = "UPDATE staff SET disabled_at = coalesce(disabled_at, now()) WHERE account = $1 RETURNING account"
_SET_ROLE = "UPDATE staff SET role = $2 WHERE account = $1 RETURNING account"
# give_another (password): also unlocks, and lets somebody in again who was disabled.
_GIVE_ANOTHER = """
UPDATE staff SET password_hash = $2, temporary = $3, failures = 0, locked_until = NULL, disabled_at = NULL
WHERE account = $1 RETURNING account
"""
# try: counted as wrong before anybody looks at it, so that of many at once no more than the limit are looked at. The
# last of them locks the account and begins a new count; a right one takes all of it back.
_TRY = f"""
UPDATE staff
SET failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END,
    locked_until = CASE WHEN failures + 1 >= $2 THEN clock_timestamp() + $3::interval ELSE locked_until END
WHERE account = $1 AND disabled_at IS NULL AND (locked_until IS NULL OR locked_until <= clock_timestamp())
RETURNING {MEMBER_COLUMNS}, password_hash, false AS locked
"""  # noqa: S608
SUCCEEDED = "UPDATE staff SET failures = 0, locked_until = NULL WHERE account = $1"
# set_email: another address is another person at the identity provider.
_SET_EMAIL = "UPDATE staff SET email = $2, issuer = NULL, subject = NULL WHERE account = $1 RETURNING account"
_LINK = "UPDATE staff SET issuer = $2, subject = $3 WHERE account = $1 RETURNING account"
# identified: who is linked already, before whoever only has the address.
_IDENTIFIED = f"""
SELECT {MEMBER_COLUMNS} FROM staff
WHERE (issuer = $1 AND subject = $2) OR (subject IS NULL AND email = $3)
ORDER BY subject IS NULL LIMIT 1
"""  # noqa: S608
END_SESSIONS = """
UPDATE staff_sessions SET ended_at = now(), browser = NULL
WHERE ended_at IS NULL AND account = $1 AND digest IS DISTINCT FROM $2
"""


class Staff(Connected):
    """The part of the store that keeps staff. Times are the database's wall clock."""

    async def add_staff(
        self, account: str, *, name: str, role: Role, password_hash: str, email: str | None = None
    ) -> None:
        """A new account, with a password to be changed at the first sign-in. Raises `AccountTaken`."""
        refuse_unkeepable({"account": account, "name": name}, place="the account")
        async with self.connection() as connection:
            try:
                await connection.execute(_ADD, account, name, role.value, password_hash, email)
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

    async def try_password(self, account: str) -> Credentials | None:
        """What to check a password against; it counts as wrong until `password_is_right` says otherwise.

        `locked`: too many were wrong, and this one must not be looked at. None for an account that nobody may use.
        """
        async with self.connection() as connection:
            found = await connection.fetchrow(_TRY, account, MOST_FAILURES, LOCKED_FOR)
            if found is None:
                found = await connection.fetchrow(_CREDENTIALS, account)
        if found is None:
            return None
        member = StaffMember.model_validate(dict(found))
        return Credentials(member=member, password_hash=found["password_hash"], locked=found["locked"])

    async def password_is_right(self, account: str) -> None:
        """The count begins anew; `open_session` says so by itself."""
        async with self.connection() as connection:
            await connection.execute(SUCCEEDED, account)

    async def set_email(self, account: str, email: str | None) -> None:
        """By which address an identity provider's account is theirs; a link that there was is undone; sessions end.

        Raises `UnknownAccount`, and `IdentityTaken` where another account has the address.
        """
        await self._changed(account, _SET_EMAIL, email)

    async def link_staff(self, account: str, *, issuer: str, subject: str) -> None:
        """This subject of the identity provider is them. Raises `UnknownAccount`, `IdentityTaken`."""
        await self._changed(account, _LINK, issuer, subject)

    async def identified(self, *, issuer: str, subject: str, email: str | None) -> StaffMember | None:
        """Whose account that is: by the subject, or the first time by the address, and linked then.

        None where nobody has it, or nobody may use it.
        """
        async with self.connection() as connection, connection.transaction():
            found = await connection.fetchrow(_IDENTIFIED, issuer, subject, email)
            if found is None or found["disabled_at"] is not None:
                return None
            if not found["linked"]:
                await connection.execute(_LINK, found["account"], issuer, subject)
        return StaffMember.model_validate(dict(found))

    async def _changed(self, account: str, statement: str, *values: object, keep_session: str | None = None) -> None:
        async with self.connection() as connection, connection.transaction():
            try:
                changed = await connection.fetchval(statement, account, *values)
            except asyncpg.UniqueViolationError:
                raise IdentityTaken(account) from None
            if changed is None:
                raise UnknownAccount(account)
            await connection.execute(END_SESSIONS, account, keep_session)
