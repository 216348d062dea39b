"""What came of each look at whether the records hold together (§9)."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

VERIFICATIONS = """
CREATE TABLE verifications (
    at timestamptz NOT NULL,
    whole boolean NOT NULL,
    faults integer NOT NULL CHECK (faults >= 0),
    result jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
)
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON verifications
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
INDEX = "CREATE INDEX verifications_newest ON verifications (at DESC) WHERE whole"

MEANINGS = (
    ("TABLE verifications", "What came of each look at whether the records hold together: rows are only added."),
    ("COLUMN verifications.at", "Wall clock: when the look began."),
    ("COLUMN verifications.whole", "Whether it looked at every complaint."),
    ("COLUMN verifications.faults", "How many things did not hold together; 0: all is well. For a metric."),
    ("COLUMN verifications.result", "The rest: what was counted, the lags of deadlines, the first faults by number."),
)


def upgrade() -> None:
    """One table, and what it means."""
    for statement in (VERIFICATIONS, APPEND_ONLY, INDEX):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
