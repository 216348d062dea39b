"""Mail in the quarantine may be answered once, and is closed by that (§3)."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ENDS = "CHECK (handled_as IN ('released', 'dropped', 'answered'))"
MEANING = (
    "released (it counts, with its own receipt time), dropped (with a reason) or answered (one letter, in the ledger)."
)
ANSWERS = "CREATE INDEX letters_answers ON letters (lower(to_address), claimed_at) WHERE kind = 'quarantine-answer'"


def upgrade() -> None:
    """A third end, and an index by which answers to one address are counted."""
    op.execute("ALTER TABLE quarantine DROP CONSTRAINT quarantine_handled_as_check")
    op.execute(f"ALTER TABLE quarantine ADD CONSTRAINT quarantine_handled_as_check {ENDS}")
    op.execute(f"COMMENT ON COLUMN quarantine.handled_as IS '{MEANING}'")
    op.execute(ANSWERS)
