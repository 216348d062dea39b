"""Of which file a change on a page was: contacts.toml, as until now, or policy.toml."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMN = "ALTER TABLE settings_changes ADD COLUMN file text NOT NULL DEFAULT 'contacts.toml' CHECK (file <> '')"
MEANINGS = (
    (
        "TABLE settings_changes",
        "Changes of the school''s files on a page of the desk: who, when, both texts whole.",
    ),
    ("COLUMN settings_changes.file", "contacts.toml or policy.toml, whatever the file itself is called."),
)


def upgrade() -> None:
    """One column; the changes that are there were all of contacts.toml."""
    op.execute(COLUMN)
    op.execute("ALTER TABLE settings_changes ALTER COLUMN file DROP DEFAULT")
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
