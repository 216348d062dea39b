"""Who has which case open at the desk just now."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE UNLOGGED TABLE presence (account text NOT NULL REFERENCES staff, number text NOT NULL, "
    "seen_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (account, number))",
    "CREATE INDEX presence_by_case ON presence (number)",
    "COMMENT ON TABLE presence IS 'Who has which case open at the desk; a row is worth less than a minute.'",
    "COMMENT ON COLUMN presence.seen_at IS 'When their page last asked.'",
)


def upgrade() -> None:
    """One table; a crash may empty it."""
    for statement in STATEMENTS:
        op.execute(statement)
