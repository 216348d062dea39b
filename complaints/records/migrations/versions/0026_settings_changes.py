"""Who changed the school's settings on a page, and what they said before: append-only (§9)."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE settings_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by text NOT NULL CHECK (by <> ''),
    account text NOT NULL REFERENCES staff,
    before text NOT NULL,
    after text NOT NULL
)
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON settings_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
MEANINGS = (
    ("TABLE settings_changes", "Changes of contacts.toml on a page of the desk: who, when, and both texts whole."),
    ("COLUMN settings_changes.by", "The name that signs."),
    ("COLUMN settings_changes.before", "The file as it was: copied back, it is undone."),
    ("COLUMN settings_changes.after", "The file as it was written."),
)


def upgrade() -> None:
    """One table, from which nothing is taken away."""
    op.execute(TABLE)
    op.execute(APPEND_ONLY)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
