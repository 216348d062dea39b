"""Since when an open complaint is late, whatever is late: a window, a message, a promise, the law's limit."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# What is late has a row in the journal that says when it was due; it counts as long as what it waited for is not done.
FILLED = """
UPDATE complaints SET late_since = (
    SELECT min((told.data ->> 'due')::timestamptz) FROM journal AS told WHERE told.number = complaints.number AND (
        told.what = 'late/legal'
        OR told.what = 'late/acknowledgement' AND NOT EXISTS (
            SELECT FROM journal AS later WHERE later.number = told.number AND later.what = 'acknowledged')
        OR told.what = 'late/' || complaints.stage AND NOT EXISTS (
            SELECT FROM journal AS later WHERE later.number = told.number AND later.seq > told.seq
            AND later.what = 'escalated' AND later.data ->> 'reason' IN ('dissatisfied', 'reopened'))
        OR told.what = 'late/promise' AND complaints.stage <> 'confirmation' AND NOT EXISTS (
            SELECT FROM journal AS later WHERE later.number = told.number AND later.seq > told.seq
            AND (later.what = 'date-promised'
                OR later.what = 'escalated' AND later.data ->> 'reason' IN ('dissatisfied', 'reopened')))
        OR told.what = 'late/message' AND complaints.unread > 0 AND EXISTS (
            SELECT FROM journal AS wrote WHERE wrote.number = told.number
            AND wrote.seq = (told.data ->> 'row')::integer AND wrote.at = complaints.unread_since)
    )
) WHERE late AND closed_at IS NULL
"""
MEANING = "When what is late the longest was due; empty where nothing is late."


def upgrade() -> None:
    """One column, filled for what is late now."""
    op.execute("ALTER TABLE complaints ADD COLUMN late_since timestamptz")
    op.execute(FILLED)
    op.execute(f"COMMENT ON COLUMN complaints.late_since IS '{MEANING}'")
