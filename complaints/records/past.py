"""Past complaints as their journals tell them, for whoever plays them again; nothing is written."""

from collections.abc import Sequence
from datetime import datetime

from complaints.records.connection import Connected
from complaints.rules.journal import Row

_TOGETHER = 200
"""Journals that are read in one question."""

_NUMBERS = """
SELECT number FROM complaints
WHERE ($1::timestamptz IS NULL OR received_at >= $1) AND ($2::timestamptz IS NULL OR received_at < $2)
  AND ($3::text[] IS NULL OR number = ANY ($3))
ORDER BY received_at, number
"""
_ROWS = """
SELECT number, seq, at, what, by, via, data FROM journal WHERE number = ANY ($1) ORDER BY number, seq
"""
_COUNTED_BY_THE_SCHOOL = """
SELECT number FROM complaints WHERE closed_at IS NULL AND (
    SELECT jsonb_typeof(data #> '{rules,national_days}') IS DISTINCT FROM 'object' FROM journal
    WHERE journal.number = complaints.number AND what IN ('received', 'rules-changed') AND data ? 'rules'
    ORDER BY seq DESC LIMIT 1
) ORDER BY received_at, number
"""


class Past(Connected):
    """The part of the store that hands out whole journals."""

    async def journals(
        self, *, since: datetime | None = None, before: datetime | None = None, numbers: Sequence[str] | None = None
    ) -> dict[str, list[Row]]:
        """Every row of the complaints received in that time, oldest complaint first, as of one moment; None: any."""
        async with self.one_moment() as connection:
            meant = [row["number"] for row in await connection.fetch(_NUMBERS, since, before, numbers)]
            found: dict[str, list[Row]] = {each: [] for each in meant}
            for start in range(0, len(meant), _TOGETHER):
                for row in await connection.fetch(_ROWS, meant[start : start + _TOGETHER]):
                    found[row["number"]].append(Row.model_validate(dict(row)))
        return {each: rows for each, rows in found.items() if rows}

    async def counted_by_the_school(self) -> list[str]:
        """Open complaints whose legal limit counts the school's own days, as older releases had it (Ley 31435)."""
        async with self.connection() as connection:
            return [row["number"] for row in await connection.fetch(_COUNTED_BY_THE_SCHOOL)]
