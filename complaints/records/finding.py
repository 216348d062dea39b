"""Finding complaints by where they stand; by what somebody remembers of them: searching.py."""

from datetime import datetime

from complaints.records.cases import STATE_COLUMNS, record_of
from complaints.records.connection import Connected
from complaints.records.part import Part, part_of
from complaints.records.search_keys import plain_words
from complaints.rules.journal import CaseRecord

# list: the open ones alone are read through an index that holds no others, so a long past costs nothing.
_LIST = f"""
SELECT {STATE_COLUMNS}, count(*) OVER () AS found FROM complaints
WHERE ($1::text IS NULL OR stage = $1)
  AND ($2::text IS NULL OR department = $2)
  AND ($3::integer IS NULL OR level = $3)
  AND ($4::boolean IS NULL OR late = $4)
  AND (' ' || name_folded LIKE ALL ($5::text[]) OR number ILIKE $6)
"""  # noqa: S608 - the columns are the model's fields
_OPEN = f"{_LIST} AND closed_at IS NULL ORDER BY due NULLS LAST, received_at, number LIMIT $7 OFFSET $8"
_ALL = f"{_LIST} ORDER BY closed_at IS NOT NULL, due NULLS LAST, received_at, number LIMIT $7 OFFSET $8"

_RECEIVED = f"""
SELECT {STATE_COLUMNS} FROM complaints
WHERE ($1::timestamptz IS NULL OR received_at >= $1) AND ($2::timestamptz IS NULL OR received_at < $2)
ORDER BY received_at, number
"""  # noqa: S608
_STILL_OPEN = "SELECT number FROM complaints WHERE closed_at IS NULL ORDER BY received_at, number"
_UNDER_OTHERS = """
SELECT number, count(*) OVER () AS total FROM complaints WHERE closed_at IS NULL AND policy_version <> $1
ORDER BY received_at, number LIMIT $2
"""


class Finding(Connected):
    """The part of the store that finds complaints."""

    async def open_cases(
        self,
        *,
        stage: str | None = None,
        department: str | None = None,
        level: int | None = None,
        late: bool | None = None,
        text: str | None = None,
        closed_too: bool = False,
        limit: int = 200,
        skip: int = 0,
    ) -> Part[CaseRecord]:
        """The open complaints, what is due first standing first; `text` is part of a name or of the number. At most
        `limit` after the first `skip`, and how many there are."""
        words = name_patterns(text) if text else ["%"]
        number = f"%{literal(text.strip())}%" if text and text.strip() else None
        async with self.connection() as connection:
            found = await connection.fetch(
                _ALL if closed_too else _OPEN, stage, department, level, late, words, number, limit, skip
            )
        return part_of(found, record_of, skip)

    async def received_between(self, since: datetime | None, before: datetime | None) -> list[CaseRecord]:
        """Every complaint received in that time, open or closed, oldest first; None: without that bound."""
        async with self.connection() as connection:
            return [record_of(row) for row in await connection.fetch(_RECEIVED, since, before)]

    async def open_without_closed_at(self) -> list[str]:
        """Every complaint that Postgres holds to be open; `doctor` compares them with the running workflows."""
        async with self.connection() as connection:
            return [row["number"] for row in await connection.fetch(_STILL_OPEN)]

    async def open_under_others(self, version: str, *, limit: int) -> tuple[list[str], int]:
        """Open complaints whose rules have another version than this one, the oldest first, and how many there are."""
        async with self.connection() as connection:
            rows = await connection.fetch(_UNDER_OTHERS, version, limit)
        return [row["number"] for row in rows], rows[0]["total"] if rows else 0


def name_patterns(text: str) -> list[str]:
    """Every word must begin a word of the name; a text without any letter or digit is nobody's."""
    return [f"% {word}%" for word in plain_words(text).split()] or ["\x01"]


def literal(text: str) -> str:
    """The text as a LIKE pattern that stands for itself."""
    return text.replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
