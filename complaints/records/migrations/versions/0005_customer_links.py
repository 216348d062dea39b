"""What was sent through customers' links, counted, so that one link cannot flood the school (§3)."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LINK_USES = """
CREATE TABLE link_uses (
    number text NOT NULL,
    what text NOT NULL CHECK (what IN ('sent', 'asked')),
    used_at timestamptz NOT NULL DEFAULT now()
)
"""

INDEX = "CREATE INDEX link_uses_lately ON link_uses (number, what, used_at)"

MEANINGS = (
    ("TABLE link_uses", "How often a complaint''s own page was used to send something: a limit, no evidence."),
    ("COLUMN link_uses.what", "sent: a form of the page; asked: a new link was asked for."),
    ("COLUMN link_uses.used_at", "Wall clock."),
)


def upgrade() -> None:
    """One table and its index."""
    for statement in (LINK_USES, INDEX):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
