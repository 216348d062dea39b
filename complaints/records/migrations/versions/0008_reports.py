"""Indexes for the report of a period (§10): what happened when, and to whom, without a look at the rows themselves."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = (
    "DROP INDEX journal_by_event",
    "CREATE INDEX journal_by_event ON journal (what, at) INCLUDE (number)",
    # Of the many letters, those by which a customer learned the resolution: they stop the clock of Ley 31435.
    "CREATE INDEX journal_resolution_told ON journal (at) INCLUDE (number) "
    "WHERE what = 'letter-sent' AND data->>'kind' = 'resolution'",
    "CREATE INDEX complaints_dismissed ON complaints (number) WHERE outcome = 'not-a-complaint'",
)


def upgrade() -> None:
    """One index that says more than before, and two small ones."""
    for statement in INDEXES:
        op.execute(statement)
