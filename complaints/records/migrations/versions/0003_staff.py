"""Who works at the desk: accounts with a role, and the sessions that they have open."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STAFF = """
CREATE TABLE staff (
    account text PRIMARY KEY CHECK (account = lower(account)),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('agent', 'manager', 'director', 'quality', 'admin')),
    password_hash text NOT NULL,
    temporary boolean NOT NULL,
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until timestamptz,
    disabled_at timestamptz,
    added_at timestamptz NOT NULL DEFAULT now()
)
"""

SESSIONS = """
CREATE TABLE staff_sessions (
    digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    account text NOT NULL REFERENCES staff,
    form_token text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
)
"""

INDEXES = (
    # An act is signed with the name: two people never share one.
    "CREATE UNIQUE INDEX staff_by_name ON staff (lower(name))",
    "CREATE INDEX staff_sessions_by_account ON staff_sessions (account)",
    "CREATE INDEX complaints_open_by_representative ON complaints (representative, due) WHERE closed_at IS NULL",
)

MEANINGS = (
    ("TABLE staff", "Who may sign in at the desk, and as what."),
    ("COLUMN staff.account", "What is typed to sign in; kept as the author of every act."),
    ("COLUMN staff.password_hash", "Argon2id, with its own salt and cost."),
    ("COLUMN staff.temporary", "The password was given by somebody else: it is changed at the first sign-in."),
    ("COLUMN staff.failures", "Wrong passwords since the last right one."),
    ("COLUMN staff.locked_until", "Wall clock: no sign-in before, not even with the right password."),
    ("TABLE staff_sessions", "Who is signed in now."),
    ("COLUMN staff_sessions.digest", "SHA-256 of what the browser holds: who reads this table cannot sign in with it."),
    ("COLUMN staff_sessions.form_token", "What every form of this session carries."),
)


def upgrade() -> None:
    """Two tables, and an index for "my cases"."""
    for statement in (STAFF, SESSIONS, *INDEXES):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
