"""Words of staff that are not sent yet, so that nobody loses them: by complaint, act and account."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE drafts (
    number text NOT NULL REFERENCES complaints ON DELETE CASCADE,
    act text NOT NULL CHECK (act <> ''),
    account text NOT NULL REFERENCES staff,
    fields jsonb NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (number, act, account)
)
"""
MEANINGS = (
    (
        "TABLE drafts",
        "What staff typed into the form of an act and have not sent. Personal data; gone when it is sent or emptied, "
        "and with its complaint.",
    ),
    ("COLUMN drafts.act", "The act, by the name of its update."),
    ("COLUMN drafts.account", "Whose it is: nobody else sees it."),
    ("COLUMN drafts.fields", "What was typed, by field."),
    ("COLUMN drafts.saved_at", "Wall clock: the last change."),
)


def upgrade() -> None:
    """One table, and what it means."""
    op.execute(TABLE)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
