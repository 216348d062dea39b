"""Who is signed in at the desk, from which browser, and how often a place failed to. Nothing is ever deleted."""

from datetime import timedelta
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.staff import MEMBER_COLUMNS, SUCCEEDED, StaffMember

SESSION_LASTS = timedelta(hours=12)
"""From signing in, whatever happens."""
IDLE_AT_MOST = timedelta(hours=2)
"""A browser that nobody touches is signed out."""
FROM_ONE_PLACE = 30
"""Wrong passwords from one network address, whoever's account was tried, after which the address rests."""
PLACE_RESTS = timedelta(minutes=15)

PASSWORD, OIDC = "password", "oidc"
"""How somebody signed in."""


class Session(BaseModel):
    """Somebody who is signed in."""

    model_config = ConfigDict(frozen=True)

    member: StaffMember
    form_token: str
    via: str = PASSWORD


class OpenSession(BaseModel):
    """One of somebody's sessions, as they see it."""

    model_config = ConfigDict(frozen=True)

    handle: UUID
    via: str
    browser: str | None
    opened_at: AwareDatetime
    seen_at: AwareDatetime
    """To the minute."""
    here: bool
    """The one that asks."""


_OPEN = """
INSERT INTO staff_sessions (digest, account, form_token, expires_at, via, browser)
VALUES ($1, $2, $3, now() + $4::interval, $5, $6)
"""
# sweep: what is over says so, and forgets the browser.
_SWEEP = """
UPDATE staff_sessions SET ended_at = now(), browser = NULL
WHERE ended_at IS NULL AND (expires_at < now() OR seen_at < now() - $1::interval)
"""
_SESSION = f"""
SELECT {MEMBER_COLUMNS}, form_token, via, seen_at < now() - interval '1 minute' AS unseen
FROM staff_sessions JOIN staff USING (account)
WHERE digest = $1 AND ended_at IS NULL AND expires_at > now() AND seen_at > now() - $2::interval
  AND disabled_at IS NULL
"""  # noqa: S608
_SEEN = "UPDATE staff_sessions SET seen_at = now() WHERE digest = $1"
_OWN = """
SELECT handle, via, browser, opened_at, seen_at, digest = $2 AS here FROM staff_sessions
WHERE account = $1 AND ended_at IS NULL AND expires_at > now() AND seen_at > now() - $3::interval
ORDER BY digest = $2 DESC, seen_at DESC, handle
"""
_WAS = "SELECT true FROM staff_sessions WHERE digest = $1 AND account = $2"
_END = "UPDATE staff_sessions SET ended_at = now(), browser = NULL WHERE ended_at IS NULL AND"
_CLOSE = f"{_END} digest = $1"
_END_ONE = f"{_END} account = $1 AND handle = $2 RETURNING handle"
_END_OTHERS = f"{_END} account = $1 AND digest IS DISTINCT FROM $2"
# try_from: one row a place, whose count begins again after its rest; as in staff.py counted before it is looked at.
_TRY_FROM = """
INSERT INTO sign_in_failures AS known (place, failures) VALUES ($1, 1)
ON CONFLICT (place) DO UPDATE SET
    failures = CASE WHEN known.since > now() - $2::interval THEN known.failures + 1 ELSE 1 END,
    since = CASE WHEN known.since > now() - $2::interval THEN known.since ELSE now() END
WHERE known.failures < $3 OR known.since <= now() - $2::interval
RETURNING true
"""
# take_back: a count has at least one, which is nothing against the limit.
_TAKE_BACK = "UPDATE sign_in_failures SET failures = failures - 1 WHERE place = $1 AND failures > 1"


class Sessions(Connected):
    """The part of the store that knows who is signed in. Times are the database's wall clock."""

    async def open_session(
        self, account: str, *, digest: str, form_token: str, via: str = PASSWORD, browser: str | None = None
    ) -> None:
        """Somebody has signed in. Sessions that are over are swept up on the way."""
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_SWEEP, IDLE_AT_MOST)
            await connection.execute(SUCCEEDED, account)
            await connection.execute(_OPEN, digest, account, form_token, SESSION_LASTS, via, browser)

    async def session(self, digest: str, *, used: bool = True) -> Session | None:
        """Who is signed in there; None where nobody is any more. `used`: a person did something, not the page alone."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_SESSION, digest, IDLE_AT_MOST)
            if found is not None and used and found["unseen"]:
                await connection.execute(_SEEN, digest)
        if found is None:
            return None
        member = StaffMember.model_validate(dict(found))
        return Session(member=member, form_token=found["form_token"], via=found["via"])

    async def sessions_of(self, account: str, *, here: str) -> list[OpenSession]:
        """Where somebody is signed in, `here` (a digest) first."""
        async with self.connection() as connection:
            rows = await connection.fetch(_OWN, account, here, IDLE_AT_MOST)
        return [OpenSession.model_validate(dict(row)) for row in rows]

    async def end_session(self, account: str, handle: UUID) -> bool:
        """Ends one of somebody's own sessions; False where it is none, or over."""
        async with self.connection() as connection:
            return await connection.fetchval(_END_ONE, account, handle) is not None

    async def end_other_sessions(self, account: str, *, here: str) -> None:
        """Ends all of somebody's sessions but `here` (a digest)."""
        async with self.connection() as connection:
            await connection.execute(_END_OTHERS, account, here)

    async def was_signed_in(self, account: str, digest: str) -> bool:
        """Whether that was ever a session of that account, ended or not."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_WAS, digest, account))

    async def close_session(self, digest: str) -> None:
        """End the session: whoever had it is signed out."""
        async with self.connection() as connection:
            await connection.execute(_CLOSE, digest)

    async def try_from(self, place: str) -> bool:
        """Counts a password from there as wrong, until `take_back`; False where too many were, lately.

        `place`: a digest of its address.
        """
        async with self.connection() as connection:
            return bool(await connection.fetchval(_TRY_FROM, place, PLACE_RESTS, FROM_ONE_PLACE))

    async def take_back(self, place: str) -> None:
        """The one that was counted was right, or was not looked at."""
        async with self.connection() as connection:
            await connection.execute(_TAKE_BACK, place)
