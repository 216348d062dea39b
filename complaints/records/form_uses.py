"""Uses of the public form, counted on the wall clock: from where, for whom, and all together (§3)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from complaints.records.connection import Connected

_TURNS = 0x466F726D73
"""The advisory lock under which forms are counted, one after the other: of many at once no more than the limit pass."""

_LOCK = "SELECT pg_advisory_xact_lock($1)"
_USED = "SELECT count(*) FROM form_uses WHERE allowance = $1 AND used_at > now() - $2::interval"
_USE = "INSERT INTO form_uses (allowance) SELECT unnest($1::text[])"


class Allowance(NamedTuple):
    """How often something may happen."""

    name: str
    """What is counted: `all`, or a digest of where a form came from or whom it names."""
    most: int
    within: timedelta


class FormUses(Connected):
    """The part of the store that counts complaints by the public form."""

    async def use_form(self, allowances: Sequence[Allowance]) -> bool:
        """Counts one use in each; False, and nothing is counted, where one of them is used up."""
        async with self.connection() as connection, connection.transaction():
            await connection.execute(_LOCK, _TURNS)
            for allowance in allowances:
                if await connection.fetchval(_USED, allowance.name, allowance.within) >= allowance.most:
                    return False
            await connection.execute(_USE, [allowance.name for allowance in allowances])
        return True
