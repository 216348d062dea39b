"""The index by which complaints are found: kept by whoever writes the records, in the same transaction.

`search_words` holds the words of a complaint, never its texts: those are read where they stand. `search_vocabulary`
holds every word that somebody wrote, once, with the spellings by which a slip leads to it. A complaint is forgotten in
one place, with everything else of its person (`erasures.py`): by `FORGET`.
"""

from collections.abc import Iterable
from datetime import datetime

from complaints.records.connection import Connected, Connection
from complaints.records.lexemes import KNOWN_BY, STEM, lexemes, number_lexemes, words_in
from complaints.records.near_words import forgiven, spellings
from complaints.records.search_keys import phone_numbers
from complaints.rules.journal import CaseRecord, Row
from complaints.rules.page_links import said
from complaints.rules.written import TELLING, belongs_to, written_in

MOST_BYTES = 400_000
"""What the words of one complaint may weigh before more of them are left out; Postgres keeps up to a megabyte."""

# What a corrected reading or a typing error said of the customer is their name and number no more.
_STILL = f"""ts_delete(kept.words, CASE WHEN $6::boolean THEN ARRAY(
    SELECT lexeme FROM unnest(tsvector_to_array(kept.words)) AS lexeme
    WHERE starts_with(lexeme, '{KNOWN_BY}') AND lexeme <> ALL ($3)) ELSE '{{}}' END) || excluded.words"""  # noqa: S608
# add_words: what is known already costs a look. The stems are Postgres' own, by the language of the complaint.
# Words that the vocabulary lacks come back.
_ADD = f"""
WITH added AS (
    INSERT INTO search_words AS kept (number, received_at, words)
    SELECT $1, $2, array_to_tsvector($3::text[] || ARRAY(
        SELECT '{STEM}' || lexeme FROM unnest(to_tsvector($4::text::regconfig, $5)) WHERE lexeme <> ALL ($3)))
    ON CONFLICT (number) DO UPDATE
    SET words = {_STILL}, received_at = coalesce(excluded.received_at, kept.received_at)
    WHERE pg_column_size(kept.words) < {MOST_BYTES}
      AND ({_STILL} IS DISTINCT FROM kept.words
           OR excluded.received_at IS NOT NULL AND excluded.received_at IS DISTINCT FROM kept.received_at)
)
SELECT word FROM unnest($7::text[]) AS word WHERE word NOT IN (SELECT word FROM search_vocabulary WHERE word = ANY ($7))
"""  # noqa: S608 - constants of ours
_LEARN = """
INSERT INTO search_vocabulary (word, spellings)
SELECT word, string_to_array(spellings, ' ') FROM unnest($1::text[], $2::text[]) AS new (word, spellings)
ON CONFLICT (word) DO NOTHING
"""
_LANGUAGE_OF = "SELECT language FROM complaints WHERE number = $1"
FORGET = """
WITH gone AS (DELETE FROM search_words WHERE number = $1 RETURNING words),
said AS (SELECT lexeme FROM gone, unnest(tsvector_to_array(gone.words)) AS lexeme)
DELETE FROM search_vocabulary WHERE word IN (SELECT lexeme FROM said) AND NOT EXISTS (
    SELECT FROM search_words WHERE number <> $1
    AND search_words.words @@ ('''' || search_vocabulary.word || '''')::tsquery)
"""

CONFIGS = {"es": "spanish", "en": "english"}
"""The dictionary that knows the stems of a language; both are part of Postgres."""


class Indexing(Connected):
    """The part of the store that keeps the words by which complaints are found."""

    async def add_words(self, number: str, texts: Iterable[str]) -> None:
        """A complaint is found by these texts too. Safe to repeat."""
        async with self.connection() as connection, connection.transaction():
            await add_words(connection, number, texts)


async def add_words(
    connection: Connection,
    number: str,
    texts: Iterable[str],
    *,
    received_at: datetime | None = None,
    known_by: Iterable[str] | None = None,
    language: str | None = None,
) -> None:
    """Put texts into the index, within the caller's transaction; `known_by` are all words that name the customer now.

    Of a link to a customer's page the key is left out.
    """
    found = lexemes(said(text) for text in texts)
    marked = [f"{KNOWN_BY}{word}" for word in known_by or ()]
    if not found and known_by is None:
        return
    if language is None:
        language = await connection.fetchval(_LANGUAGE_OF, number)
    words = " ".join(word for word in found if word.isalpha())
    config = CONFIGS.get(language or "", "spanish")
    # In one order: two writers that learn the same words never wait for each other in a circle.
    learnable = sorted(word for word in found if forgiven(word))
    values = (received_at, [*found, *marked], config, words, known_by is not None, learnable)
    if unknown := [row["word"] for row in await connection.fetch(_ADD, number, *values)]:
        await connection.execute(_LEARN, unknown, [" ".join(spellings(word)) for word in unknown])


async def index_batch(connection: Connection, record: CaseRecord, rows: Iterable[Row]) -> None:
    """What one step of a case says: its rows and the state after them; nothing where only clocks and letters moved.

    Words of another complaint that was merged into it are found under that one's number.
    """
    rows = [row for row in rows if row.what in TELLING]
    if not rows:
        return
    texts: list[str] = []
    of_others: dict[str, list[str]] = {}
    for row in rows:
        whose = belongs_to(row.what, row.data)
        (of_others.setdefault(whose, []) if whose else texts).extend(text for _, text in written_in(row.what, row.data))
    for number in sorted(of_others):
        await add_words(connection, number, of_others[number])
    await add_words(
        connection,
        record.number,
        [*told_by(record), *texts],  # who it is first: of a text too long for the index the end is left out
        received_at=record.received_at,
        known_by=names_of(record),
        language=record.language,
    )


def told_by(record: CaseRecord) -> list[str]:
    """The texts of the state, the number's beginnings among them."""
    said = (
        record.customer_name, record.guardian, record.document, record.email, record.phone, record.address,
        record.subject, record.product, record.category, record.representative, record.description,
    )  # fmt: skip
    return [*number_lexemes(record.number), *(text for text in said if text)]


def names_of(record: CaseRecord) -> list[str]:
    """The words and numbers that say who the customer is."""
    names = [word for name in (record.customer_name, record.guardian) if name for word in words_in(name)]
    numbers = [end for text in (record.document, *phone_numbers(record.phone)) if text for end in lexemes([text])]
    return list(dict.fromkeys([*names, *numbers]))
