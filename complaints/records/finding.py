"""Finding complaints: the open ones by where they stand, and any one by what somebody remembers of it."""

from datetime import datetime

from complaints.records.cases import STATE_COLUMNS, record_of
from complaints.records.connection import Connected, Connection
from complaints.records.search_keys import (
    PHONE_DIGITS,
    all_digits,
    document_key,
    email_key,
    likely_numbers,
    looks_like_phone,
    phone_numbers,
    plain_words,
)
from complaints.rules.journal import CaseRecord
from complaints.rules.number import as_number

SHORTEST_NUMBER_END = 6
"""Digits by which a telephone number may be known: less would find half the school."""

SHORTEST_DOCUMENT = 6

PHONES = "string_to_array(phone_digits, ' ')"
"""The numbers of a complaint: a field may hold two, and either finds it."""

# list: the open ones alone are read through an index that holds no others, so a long past costs nothing.
_LIST = f"""
SELECT {STATE_COLUMNS} FROM complaints
WHERE ($1::text IS NULL OR stage = $1)
  AND ($2::text IS NULL OR department = $2)
  AND ($3::integer IS NULL OR level = $3)
  AND ($4::boolean IS NULL OR late = $4)
  AND (' ' || name_folded LIKE ALL ($5::text[]) OR number ILIKE $6)
"""  # noqa: S608 - the columns are the model's fields
_OPEN = f"{_LIST} AND closed_at IS NULL ORDER BY due NULLS LAST, received_at, number LIMIT $7"
_ALL = f"{_LIST} ORDER BY closed_at IS NOT NULL, due NULLS LAST, received_at, number LIMIT $7"

# find: by what it is known, the surest first; each complaint once. What the text cannot be is null and costs nothing.
_FIND = f"""
SELECT {STATE_COLUMNS} FROM complaints JOIN (
    SELECT number, min(way) AS way FROM (
        SELECT number, 1 AS way FROM complaints WHERE number = ANY ($1)
        UNION ALL SELECT number, 2 FROM complaints WHERE document_folded <> '' AND document_folded = $2
        UNION ALL SELECT number, 3 FROM complaints WHERE email_folded <> '' AND email_folded = $3
        UNION ALL SELECT number, 4 FROM complaints WHERE phone_digits <> '' AND {PHONES} && $4::text[]
        UNION ALL SELECT number, 5 FROM complaints WHERE $5::text IS NOT NULL AND phone_digits || ' ' LIKE $5
        UNION ALL SELECT number, 6 FROM complaints WHERE $6::text[] IS NOT NULL AND ' ' || name_folded LIKE ALL ($6)
    ) AS ways GROUP BY number
) AS known USING (number)
ORDER BY way, received_at DESC, number
LIMIT $7
"""  # noqa: S608

_RECEIVED = f"""
SELECT {STATE_COLUMNS} FROM complaints
WHERE ($1::timestamptz IS NULL OR received_at >= $1) AND ($2::timestamptz IS NULL OR received_at < $2)
ORDER BY received_at, number
"""  # noqa: S608
_STILL_OPEN = "SELECT number FROM complaints WHERE closed_at IS NULL ORDER BY received_at, number"
_KNOWN_NUMBERS = "SELECT number FROM complaints WHERE number = ANY ($1)"


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
    ) -> list[CaseRecord]:
        """The open complaints, what is due first standing first; `text` is part of a name or of the number."""
        words = name_patterns(text) if text else ["%"]
        number = f"%{literal(text.strip())}%" if text and text.strip() else None
        async with self.connection() as connection:
            found = await connection.fetch(
                _ALL if closed_too else _OPEN, stage, department, level, late, words, number, limit
            )
        return [record_of(row) for row in found]

    async def find(self, text: str, *, limit: int = 20) -> list[CaseRecord]:
        """The complaints that somebody may mean, open or closed, the surest first.

        By number (one slip allowed), document, email, telephone number in any spelling (or its last six digits and
        more), or names of the customer or guardian, in any order, accents and case ignored.
        """
        text = text.replace("\x00", "").strip()
        if not text:
            return []
        async with self.connection() as connection:
            numbers = [text, text.upper(), text.lower(), *await _numbers_meant(connection, text)]
            found = await connection.fetch(_FIND, numbers, *_known_by(text), limit)
        return [record_of(row) for row in found]

    async def received_between(self, since: datetime | None, before: datetime | None) -> list[CaseRecord]:
        """Every complaint received in that time, open or closed, oldest first; None: without that bound."""
        async with self.connection() as connection:
            return [record_of(row) for row in await connection.fetch(_RECEIVED, since, before)]

    async def open_without_closed_at(self) -> list[str]:
        """Every complaint that Postgres holds to be open; `doctor` compares them with the running workflows."""
        async with self.connection() as connection:
            return [row["number"] for row in await connection.fetch(_STILL_OPEN)]


async def _numbers_meant(connection: Connection, text: str) -> list[str]:
    """The number as written if it is one that we know; else those one slip away."""
    if (exact := as_number(text)) and await connection.fetchval(_KNOWN_NUMBERS, [exact]):
        return [exact]
    return likely_numbers(text)


def _known_by(text: str) -> tuple[str | None, str | None, list[str] | None, str | None, list[str] | None]:
    """`text` as a document, an address, telephone numbers, the end of one, and a name; None where it cannot be."""
    document = document_key(text)
    phones, end = (phone_numbers(text), all_digits(text)) if looks_like_phone(text) else ([], "")
    phones = [one for one in phones if len(one) >= SHORTEST_NUMBER_END]
    return (
        document if len(document) >= SHORTEST_DOCUMENT and any(c.isdigit() for c in document) else None,
        email_key(text) if "@" in text else None,
        phones or None,
        f"%{end} %" if SHORTEST_NUMBER_END <= len(end) < PHONE_DIGITS else None,
        name_patterns(text) if any(c.isalpha() for c in text) and "@" not in text else None,
    )


def name_patterns(text: str) -> list[str]:
    """Every word must begin a word of the name; a text without any letter or digit is nobody's."""
    return [f"% {word}%" for word in plain_words(text).split()] or ["\x01"]


def literal(text: str) -> str:
    """The text as a LIKE pattern that stands for itself."""
    return text.replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
