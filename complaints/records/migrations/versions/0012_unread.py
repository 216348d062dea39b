"""What customers wrote that nobody has answered or marked read: counted with each complaint (§5.4)."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE complaints ADD COLUMN unread integer NOT NULL DEFAULT 0, ADD COLUMN unread_since timestamptz",
    "CREATE INDEX complaints_unread ON complaints (unread_since) WHERE unread > 0",
    "COMMENT ON COLUMN complaints.unread IS 'Messages of the customer that nobody has answered or marked read.'",
    "COMMENT ON COLUMN complaints.unread_since IS 'When the oldest of them came.'",
)


def upgrade() -> None:
    """Nobody knows what of the past was read: it counts as read."""
    for statement in STATEMENTS:
        op.execute(statement)
