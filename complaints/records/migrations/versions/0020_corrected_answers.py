"""A correction of the resolution tells it too: its letter stops the law's clock as the first would have."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEXES = (
    "DROP INDEX journal_resolution_told",
    "CREATE INDEX journal_resolution_told ON journal (at) INCLUDE (number) "
    "WHERE what = 'letter-sent' AND data->>'kind' IN ('resolution', 'correction')",
)


def upgrade() -> None:
    """The same index over both kinds."""
    for statement in INDEXES:
        op.execute(statement)
