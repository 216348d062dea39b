"""docs/privacy.md names every column that can hold a person: a new one fails until somebody says what becomes of it."""

import re
from pathlib import Path

import asyncpg

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy.md"
KINDS = ("person", "staff", "counted", "nobody")

HOLDS_WORDS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN
    ('text', 'character varying', 'character', 'bytea', 'json', 'jsonb', 'ARRAY', 'tsvector', 'xml', 'USER-DEFINED')
"""


def said() -> dict[str, dict[str, set[str]]]:
    """By table, the columns of each kind."""
    _, _, table = DOCUMENT.read_text(encoding="utf-8").partition("## Every column")
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|(.*)\|$", table, re.MULTILINE)
    return {
        name: {
            kind: {one.strip() for one in cell.split(",") if one.strip()}
            for kind, cell in zip(KINDS, cells, strict=True)
        }
        for name, *cells in rows
    }


async def test_every_column_is_classified_once_and_none_is_named_that_is_not_there(fresh_database: str) -> None:
    connection = await asyncpg.connect(fresh_database, timeout=60)
    found = {(row["table_name"], row["column_name"]) for row in await connection.fetch(HOLDS_WORDS)}
    await connection.close()
    named = [(table, column) for table, kinds in said().items() for columns in kinds.values() for column in columns]
    assert sorted(found - set(named)) == [], "say in docs/privacy.md what these hold, and erase it if it is a person"
    assert sorted(set(named) - found) == [], "docs/privacy.md names columns that are gone"
    assert len(named) == len(set(named)), "each is of one kind"
