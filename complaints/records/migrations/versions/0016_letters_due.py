"""Letters that wait for another attempt, found without reading all that were ever written: a monitoring system asks."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One partial index."""
    op.execute("CREATE INDEX letters_due ON letters (occasion_at) WHERE state = 'due'")
