"""Who is away and who stands in, in which department somebody works, and who was mentioned in a note (§5)."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE staff ADD COLUMN department text",
    "CREATE TABLE absences (account text PRIMARY KEY REFERENCES staff, since date NOT NULL, until date NOT NULL, "
    "substitute text NOT NULL REFERENCES staff, said_by text NOT NULL, said_at timestamptz NOT NULL DEFAULT now(), "
    "CHECK (until >= since), CHECK (substitute <> account))",
    "CREATE TABLE mentions (number text NOT NULL, seq integer NOT NULL, account text NOT NULL REFERENCES staff, "
    "at timestamptz NOT NULL, seen_at timestamptz, PRIMARY KEY (account, number, seq))",
    "CREATE INDEX mentions_to_see ON mentions (account, at) WHERE seen_at IS NULL",
    "COMMENT ON COLUMN staff.department IS 'The key of the department that they work in.'",
    "COMMENT ON TABLE absences IS 'Who is away when, both days included, and who stands in.'",
    "COMMENT ON COLUMN absences.substitute IS 'Whose are their letters, calls and new cases meanwhile.'",
    "COMMENT ON COLUMN absences.said_by IS 'Who said so.'",
    "COMMENT ON TABLE mentions IS 'Whom an internal note calls by @account; the note stands in the journal.'",
    "COMMENT ON COLUMN mentions.seq IS 'The row of the journal.'",
    "COMMENT ON COLUMN mentions.seen_at IS 'When they said that they have read it.'",
)


def upgrade() -> None:
    """Two tables and a column."""
    for statement in STATEMENTS:
        op.execute(statement)
