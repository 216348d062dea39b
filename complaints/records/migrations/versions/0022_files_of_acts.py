"""Files that staff give with an act, and which of them went with each letter (§5.3, §5.4, §6)."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# No reference to complaints: a file may be chosen while the row of a new complaint still waits to be written.
TABLE = """
CREATE TABLE given_files (
    number text NOT NULL,
    attachment text NOT NULL REFERENCES attachments,
    name text NOT NULL,
    given_by text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (number, attachment)
)
"""
INDEX = "CREATE INDEX given_files_by_attachment ON given_files (attachment)"
LETTERS = "ALTER TABLE letters ADD COLUMN files jsonb NOT NULL DEFAULT '[]'"
MEANINGS = (
    (
        "TABLE given_files",
        "Files that staff chose for an act on a complaint: kept before it is sent; those of acts that were not sent, "
        "or taken back, among them. Personal data.",
    ),
    ("COLUMN given_files.name", "Made safe to show and to save; of the same bytes chosen twice, the newer."),
    ("COLUMN given_files.given_by", "The account, or the program."),
    ("COLUMN given_files.given_at", "Wall clock."),
    ("COLUMN letters.files", "Name, digest and size of what goes with it: each attempt takes the same bytes."),
)


def upgrade() -> None:
    """A table with its index, a column, and what they mean."""
    for statement in (TABLE, INDEX, LETTERS):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
