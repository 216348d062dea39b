"""What mail was taken for, what was attached to it, and the quarantine (§3)."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MESSAGES = """
ALTER TABLE messages
    ADD COLUMN source_key text,
    ADD COLUMN sender text,
    ADD COLUMN kind text,
    ADD COLUMN score double precision,
    ADD COLUMN evidence jsonb,
    ADD COLUMN taken_as text,
    ADD COLUMN taken_at timestamptz
"""

ATTACHMENTS = """
CREATE TABLE attachments (
    digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    type text NOT NULL,
    size integer NOT NULL CHECK (size >= 0),
    data bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now()
)
"""

MESSAGE_ATTACHMENTS = """
CREATE TABLE message_attachments (
    message text NOT NULL REFERENCES messages,
    place integer NOT NULL CHECK (place >= 1),
    attachment text NOT NULL REFERENCES attachments,
    name text NOT NULL,
    declared text NOT NULL,
    PRIMARY KEY (message, place)
)
"""

QUARANTINE = """
CREATE TABLE quarantine (
    digest text PRIMARY KEY REFERENCES messages,
    reason text NOT NULL,
    number text,
    sender text,
    subject text NOT NULL,
    received_at timestamptz NOT NULL,
    due timestamptz NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    handled_at timestamptz,
    handled_as text CHECK (handled_as IN ('released', 'dropped')),
    handled_by text,
    handled_why text,
    CONSTRAINT what_is_handled_says_how CHECK ((handled_at IS NULL) = (handled_as IS NULL)),
    CONSTRAINT what_is_dropped_says_why CHECK (handled_as IS DISTINCT FROM 'dropped' OR handled_why <> '')
)
"""

INDEXES = (
    "CREATE INDEX messages_by_sender ON messages (sender, received_at) WHERE sender IS NOT NULL",
    "CREATE INDEX messages_not_taken ON messages (kept_at) WHERE taken_at IS NULL",
    "CREATE INDEX message_attachments_by_attachment ON message_attachments (attachment)",
    "CREATE INDEX quarantine_open ON quarantine (due) WHERE handled_at IS NULL",
)

MEANINGS: dict[str, tuple[str, dict[str, str]]] = {
    "attachments": (
        "What was attached to mail, once for its bytes.",
        {"digest": "SHA-256 of the bytes, in hex.", "type": "By its content, whatever the mail calls it."},
    ),
    "message_attachments": (
        "Which mail brought which attachment.",
        {"name": "Made safe to show and to save.", "declared": "The type as the mail calls it."},
    ),
    "quarantine": (
        "Mail that somebody must look at before it counts: automatic, unreadable, or of a sender who does not belong.",
        {
            "reason": "Why it is here: the kind of mail, sender-mismatch, loop, no-contact, after-closing.",
            "number": "The complaint that it names; once released, the one that it went to.",
            "due": "24 hours after the receipt: then the care team is told of it.",
            "handled_as": "released (it counts, with its own receipt time) or dropped (with a reason).",
        },
    ),
}

MESSAGE_COLUMNS = {
    "source_key": "Message-ID and sender, else the digest: the same arrival is taken in once.",
    "sender": "Who wrote it, in small letters.",
    "kind": "What it was taken for: complaint, reply, bounce, auto-reply, bulk, own, spam-like, unreadable.",
    "evidence": "The signs, each with what was found, its weight and the kind that it speaks for.",
    "taken_as": "What was done with it: complaint, reply, bounce, own, report, quarantine; null: not done yet.",
}


def upgrade() -> None:
    """Columns, tables, indexes, and what they mean."""
    for statement in (MESSAGES, ATTACHMENTS, MESSAGE_ATTACHMENTS, QUARANTINE, *INDEXES):
        op.execute(statement)
    for table, (meaning, columns) in MEANINGS.items():
        op.execute(f"COMMENT ON TABLE {table} IS {_quoted(meaning)}")
        for column, said in columns.items():
            op.execute(f"COMMENT ON COLUMN {table}.{column} IS {_quoted(said)}")
    for column, said in MESSAGE_COLUMNS.items():
        op.execute(f"COMMENT ON COLUMN messages.{column} IS {_quoted(said)}")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
