"""The second factor of staff: its sealed secret, the last step that was used, and recovery codes by digest."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from complaints.records.connection import Connected
from complaints.records.errors import UnknownAccount
from complaints.records.staff import END_SESSIONS

_FACTOR = """
SELECT totp_secret, (SELECT count(*) FROM staff_recovery_codes WHERE staff_recovery_codes.account = staff.account
    AND used_at IS NULL) AS codes_left
FROM staff WHERE account = $1 AND totp_secret IS NOT NULL
"""
_SET = "UPDATE staff SET totp_secret = $2, totp_step = $3, totp_since = now() WHERE account = $1 RETURNING account"
_OFF = "UPDATE staff SET totp_secret = NULL, totp_step = 0, totp_since = NULL WHERE account = $1 RETURNING account"
# codes of before are used up: nothing is deleted by the daily role.
_CODES_OVER = "UPDATE staff_recovery_codes SET used_at = now() WHERE account = $1 AND used_at IS NULL"
_CODES = "INSERT INTO staff_recovery_codes (account, digest) SELECT $1, unnest($2::text[])"
# use_step: one statement, so that of the same code twice at once one is refused (RFC 6238 §5.2).
_USE_STEP = "UPDATE staff SET totp_step = $2 WHERE account = $1 AND totp_step < $2 RETURNING true"
_USE_CODE = """
UPDATE staff_recovery_codes SET used_at = now() WHERE account = $1 AND digest = $2 AND used_at IS NULL RETURNING true
"""


class SecondFactor(BaseModel):
    """What somebody's codes are checked against."""

    model_config = ConfigDict(frozen=True)

    totp_secret: str
    """Sealed."""
    codes_left: int


class SecondFactors(Connected):
    """The part of the store that keeps second factors."""

    async def second_factor(self, account: str) -> SecondFactor | None:
        """Somebody's; None where they have none."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_FACTOR, account)
        return SecondFactor.model_validate(dict(found)) if found else None

    async def set_second_factor(
        self, account: str, *, secret: str, step: int, codes: Sequence[str], keep_session: str | None = None
    ) -> None:
        """Codes of that sealed secret are asked for; the step that proved it is used; other sessions end.

        Raises UnknownAccount.
        """
        async with self.connection() as connection, connection.transaction():
            if await connection.fetchval(_SET, account, secret, step) is None:
                raise UnknownAccount(account)
            await connection.execute(_CODES_OVER, account)
            await connection.execute(_CODES, account, list(codes))
            await connection.execute(END_SESSIONS, account, keep_session)

    async def drop_second_factor(self, account: str, *, keep_session: str | None = None) -> None:
        """The password alone lets them in again, until they enrol anew; every session but `keep_session` ends.

        Raises UnknownAccount.
        """
        async with self.connection() as connection, connection.transaction():
            if await connection.fetchval(_OFF, account) is None:
                raise UnknownAccount(account)
            await connection.execute(_CODES_OVER, account)
            await connection.execute(END_SESSIONS, account, keep_session)

    async def use_step(self, account: str, step: int) -> bool:
        """Uses a code's step up; False where it, or a later one, was used before."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_USE_STEP, account, step))

    async def use_recovery_code(self, account: str, digest: str) -> bool:
        """Uses a recovery code up; False where it is none, or was used."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_USE_CODE, account, digest))
