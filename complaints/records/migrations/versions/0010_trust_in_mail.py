"""What makes mail believed: the key of Message-IDs, the content of each arrival, and the brake on answers."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SECRETS = """
CREATE TABLE installation_secrets (
    name text PRIMARY KEY,
    value bytea NOT NULL CHECK (octet_length(value) >= 32),
    made_at timestamptz NOT NULL DEFAULT now()
)
"""

ARRIVALS = """
CREATE TABLE arrivals (
    source_key text PRIMARY KEY,
    content text,
    message text NOT NULL,
    admitted_at timestamptz
)
"""

# Of what came before this step only the bytes are known; its content is worked out when another of its key comes.
BEFORE = """
INSERT INTO arrivals (source_key, content, message, admitted_at)
SELECT DISTINCT ON (source_key) source_key, NULL, digest, CASE WHEN taken_as = 'complaint' THEN received_at END
FROM messages WHERE source_key IS NOT NULL ORDER BY source_key, kept_at, digest
"""

FLOODS = "CREATE TABLE floods (began_at timestamptz PRIMARY KEY)"

OTHERS = (
    "ALTER TABLE quarantine ADD COLUMN flood timestamptz REFERENCES floods",
    "CREATE INDEX arrivals_admitted ON arrivals (admitted_at) WHERE admitted_at IS NOT NULL",
    "CREATE INDEX quarantine_by_receipt ON quarantine (received_at)",
    "CREATE INDEX quarantine_by_flood ON quarantine (flood) WHERE flood IS NOT NULL",
)

MEANINGS = (
    ("TABLE installation_secrets", "Keys that this installation made for itself, once."),
    ("COLUMN installation_secrets.value", "message-ids: makes the Message-IDs of letters, so that nobody guesses one."),
    ("TABLE arrivals", "Each arrival by its source key: the first message that had it, which later ones are held to."),
    ("COLUMN arrivals.content", "Digest of what was written, without what a route adds; null: kept before 0010."),
    ("COLUMN arrivals.message", "The digest of the first message that had this key."),
    ("COLUMN arrivals.admitted_at", "The receipt time at which it was let through as a new complaint by mail."),
    ("TABLE floods", "More mail in ten minutes than is answered by itself: one notice for all of it."),
    ("COLUMN floods.began_at", "The receipt time of the first message that was held back; a flood lasts 24 hours."),
    ("COLUMN quarantine.flood", "The flood whose one notice stands for this item; null: it has a notice of its own."),
)


def upgrade() -> None:
    """Three tables, a column, and what they mean."""
    for statement in (SECRETS, ARRIVALS, BEFORE, FLOODS, *OTHERS):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
