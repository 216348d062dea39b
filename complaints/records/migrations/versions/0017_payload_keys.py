"""Which keys have sealed what Temporal keeps, so that a program without one of them does not begin."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PAYLOAD_KEYS = """
CREATE TABLE payload_keys (
    id text PRIMARY KEY,
    fingerprint text NOT NULL,
    known_at timestamptz NOT NULL DEFAULT now(),
    forgotten_at timestamptz
)
"""

MEANINGS = (
    ("TABLE payload_keys", "The keys that may have sealed payloads in Temporal; never a key itself."),
    ("COLUMN payload_keys.id", "As it stands in the ring and beside each payload."),
    ("COLUMN payload_keys.fingerprint", "Tells two keys of one id apart, and tells nothing of either."),
    ("COLUMN payload_keys.known_at", "Wall clock: when a worker first had it in its ring."),
    ("COLUMN payload_keys.forgotten_at", "Since when nobody expects it any more: what it sealed is unreadable."),
)


def upgrade() -> None:
    """One table, and what it means."""
    op.execute(PAYLOAD_KEYS)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
