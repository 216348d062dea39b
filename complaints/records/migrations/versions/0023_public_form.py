"""How often the public form was used lately, so that nobody floods the school, or others in its name (§3)."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE form_uses (
    allowance text NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now()
)
"""
INDEX = "CREATE INDEX form_uses_lately ON form_uses (allowance, used_at)"
MEANINGS = (
    ("TABLE form_uses", "How often the public form opened a complaint: a limit, no evidence."),
    (
        "COLUMN form_uses.allowance",
        "What is counted: all, or a SHA-256 of the network address (of IPv6 its /64, and its /48) or of the mail "
        "address that was given.",
    ),
    ("COLUMN form_uses.used_at", "Wall clock."),
)


def upgrade() -> None:
    """One table and its index."""
    for statement in (TABLE, INDEX):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
