"""Finding by everything that anybody wrote (§9): the words of each complaint, and a subject that lists can show."""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from complaints.records.indexing import CONFIGS
from complaints.records.lexemes import KNOWN_BY, STEM, lexemes, number_lexemes, words_in
from complaints.records.near_words import forgiven, spellings
from complaints.records.search_keys import phone_numbers
from complaints.rules.page_links import said
from complaints.rules.written import TELLING, written_in

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TOGETHER = 500
"""Complaints that are indexed in one statement."""

TABLES = (
    "ALTER TABLE complaints ADD COLUMN subject text",
    "CREATE TABLE search_words (number text PRIMARY KEY, received_at timestamptz, words tsvector NOT NULL)",
    "CREATE TABLE search_vocabulary (word text PRIMARY KEY, spellings text[] NOT NULL)",
    "CREATE TABLE saved_views (account text NOT NULL REFERENCES staff, name text NOT NULL CHECK (name <> ''), "
    "address text NOT NULL CHECK (address LIKE '/%'), saved_at timestamptz NOT NULL DEFAULT now(), "
    "PRIMARY KEY (account, name))",
)
SUBJECTS = """
UPDATE complaints SET subject = data #>> '{received,subject}' FROM journal
WHERE journal.number = complaints.number AND what = 'received' AND data #>> '{received,subject}' <> ''
"""
INDEXES = (
    "CREATE INDEX search_words_by_word ON search_words USING gin (words)",
    "CREATE INDEX search_words_by_receipt ON search_words (received_at DESC NULLS LAST)",
    "CREATE INDEX search_vocabulary_by_spelling ON search_vocabulary USING gin (spellings)",
)
MEANINGS = (
    ("COLUMN complaints.subject", "As the customer wrote it; null where the way that it came in has none."),
    ("TABLE search_words", "By which words each complaint is found. No texts: those stand where they were written."),
    ("COLUMN search_words.words", "Folded words; k/ before those that name the customer, s/ before stems."),
    ("COLUMN search_words.received_at", "The complaint''s; null while only its mail is known."),
    ("TABLE search_vocabulary", "Every word that somebody wrote, so that one with a slip leads to it."),
    ("COLUMN search_vocabulary.spellings", "Its beginning with up to two letters left out."),
    ("TABLE saved_views", "Lists that somebody comes back to, under a name of their own."),
    ("COLUMN saved_views.address", "The page with its filters, without the host."),
)

NUMBERS = "SELECT number FROM complaints ORDER BY number"
STATES = """
SELECT number, language, received_at, customer_name, guardian, document, email, phone, address, subject, description,
       product, category, representative
FROM complaints WHERE number = ANY (:numbers)
"""
ROWS = """
SELECT number, what, data::text AS data FROM journal WHERE number = ANY (:numbers) AND what = ANY (:telling)
UNION ALL
SELECT number, what, data::text AS data FROM afterwords WHERE number = ANY (:numbers) AND what = ANY (:telling)
"""
FILES = "SELECT number, name FROM messages JOIN message_attachments ON message = digest WHERE number = ANY (:numbers)"
ADD = f"""
INSERT INTO search_words (number, received_at, words)
SELECT number, received_at, array_to_tsvector(found || ARRAY(
    SELECT '{STEM}' || lexeme FROM unnest(to_tsvector(config::regconfig, plain)) WHERE lexeme <> ALL (found)))
FROM (
    SELECT number, received_at, string_to_array(words, ' ') AS found, config, plain
    FROM unnest(CAST(:numbers AS text[]), CAST(:times AS timestamptz[]), CAST(:words AS text[]),
                CAST(:configs AS text[]), CAST(:plains AS text[])) AS added (number, received_at, words, config, plain)
) AS split
"""  # noqa: S608 - a constant of ours
LEARN = """
INSERT INTO search_vocabulary (word, spellings)
SELECT word, string_to_array(spellings, ' ')
FROM unnest(CAST(:words AS text[]), CAST(:spellings AS text[])) AS learned (word, spellings)
"""
SAYING = (
    "customer_name", "guardian", "document", "email", "phone", "address", "subject", "description", "product",
    "category", "representative",
)  # fmt: skip


def upgrade() -> None:
    """Three tables and a column; what is there is read some hundred complaints at a time; the indexes come last."""
    for statement in (*TABLES, SUBJECTS):
        op.execute(statement)
    connection = op.get_bind()
    numbers = list(connection.execute(sa.text(NUMBERS)).scalars())
    vocabulary: set[str] = set()
    for start in range(0, len(numbers), TOGETHER):
        vocabulary |= _index(connection, numbers[start : start + TOGETHER])
    learned = sorted(vocabulary)
    for start in range(0, len(learned), TOGETHER * 10):
        words = learned[start : start + TOGETHER * 10]
        said = {"words": words, "spellings": [" ".join(spellings(word)) for word in words]}
        connection.execute(sa.text(LEARN), said)
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for statement in INDEXES:
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")


def _index(connection: sa.Connection, numbers: list[str]) -> set[str]:
    """The words of these complaints; returns those that a slip may lead to."""
    texts: dict[str, list[str]] = {number: [] for number in numbers}
    for row in connection.execute(sa.text(ROWS), {"numbers": numbers, "telling": list(TELLING)}):
        texts[row.number] += [text for _, text in written_in(row.what, json.loads(row.data))]
    for row in connection.execute(sa.text(FILES), {"numbers": numbers}):
        texts[row.number].append(row.name)
    added: list[tuple[str, datetime, str, str, str]] = []
    vocabulary: set[str] = set()
    for row in connection.execute(sa.text(STATES), {"numbers": numbers}):
        state = [getattr(row, name) for name in SAYING]
        found = lexemes([*number_lexemes(row.number), *(said(text) for text in (*state, *texts[row.number]) if text)])
        names = [word for name in (row.customer_name, row.guardian) if name for word in words_in(name)]
        ends = [end for text in (row.document, *phone_numbers(row.phone)) if text for end in lexemes([text])]
        marked = [f"{KNOWN_BY}{word}" for word in dict.fromkeys([*names, *ends])]
        plain = [word for word in found if word.isalpha()]
        vocabulary.update(word for word in plain if forgiven(word))
        config = CONFIGS.get(row.language, "spanish")
        added.append((row.number, row.received_at, " ".join([*found, *marked]), config, " ".join(plain)))
    columns = zip(*added, strict=True)
    connection.execute(
        sa.text(ADD), dict(zip(("numbers", "times", "words", "configs", "plains"), columns, strict=True))
    )
    return vocabulary
