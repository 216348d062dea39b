"""Programs with a token of their own, what they sent once already, and how people sign in beside a password."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TOKENS = """
CREATE TABLE api_tokens (
    digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz
)
"""

REQUESTS = """
CREATE TABLE api_requests (
    program text NOT NULL,
    key_digest text NOT NULL CHECK (key_digest ~ '^[0-9a-f]{64}$'),
    content_digest text NOT NULL CHECK (content_digest ~ '^[0-9a-f]{64}$'),
    first_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (program, key_digest)
)
"""

FAILURES = """
CREATE TABLE sign_in_failures (
    place text PRIMARY KEY CHECK (place ~ '^[0-9a-f]{64}$'),
    failures integer NOT NULL CHECK (failures > 0),
    since timestamptz NOT NULL DEFAULT now()
)
"""

STAFF = """
ALTER TABLE staff
    ADD COLUMN email text CHECK (email = lower(email)),
    ADD COLUMN issuer text,
    ADD COLUMN subject text,
    ADD CONSTRAINT a_subject_has_its_issuer CHECK ((issuer IS NULL) = (subject IS NULL))
"""

SESSIONS = """
ALTER TABLE staff_sessions
    ADD COLUMN via text NOT NULL DEFAULT 'password' CHECK (via IN ('password', 'oidc')),
    ADD COLUMN browser text,
    ADD COLUMN handle uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    ADD COLUMN ended_at timestamptz
"""

INDEXES = (
    # A program keeps its name when its token is renewed: the old one is revoked first.
    "CREATE UNIQUE INDEX api_tokens_by_name ON api_tokens (name) WHERE revoked_at IS NULL",
    "CREATE UNIQUE INDEX staff_by_email ON staff (email)",
    "CREATE UNIQUE INDEX staff_by_subject ON staff (issuer, subject)",
)

MEANINGS = (
    ("TABLE api_tokens", "Programs that may use the intake API, and for what."),
    ("COLUMN api_tokens.digest", "SHA-256 of the token: who reads this table cannot use it."),
    ("COLUMN api_tokens.name", "The program, with which its acts are signed."),
    ("COLUMN api_tokens.scopes", "What it may do: intake, acts, decide, read."),
    ("COLUMN api_tokens.made_by", "The account that made it, or cli."),
    ("COLUMN api_tokens.used_at", "Wall clock, to the minute."),
    ("TABLE api_requests", "What a program sent under an Idempotency-Key: the same key never means two things."),
    ("COLUMN api_requests.program", "The name of the token."),
    ("COLUMN api_requests.key_digest", "SHA-256 of the key, which may say more than it should."),
    ("COLUMN api_requests.content_digest", "SHA-256 of key, address and content: nothing can be read from it."),
    ("TABLE sign_in_failures", "Wrong passwords from one place lately, whoever''s account was tried."),
    ("COLUMN sign_in_failures.place", "SHA-256 of the network address (of IPv6 its /64): a limit, no evidence."),
    ("COLUMN sign_in_failures.since", "When this count began."),
    ("COLUMN staff.email", "By which an identity provider''s account is known the first time."),
    ("COLUMN staff.issuer", "The identity provider that vouches for the subject."),
    ("COLUMN staff.subject", "Who they are there (OpenID Connect: sub); from then on the address does not count."),
    ("COLUMN staff_sessions.via", "How they signed in."),
    ("COLUMN staff_sessions.browser", "What the browser says it is, so that people know their own sessions."),
    ("COLUMN staff_sessions.handle", "What a session is called on the page that ends it."),
    ("COLUMN staff_sessions.ended_at", "Signed out, or ended by somebody; rows stay: the daily role deletes nothing."),
)


def upgrade() -> None:
    """Three tables, and columns for signing in through an identity provider."""
    for statement in (TOKENS, REQUESTS, FAILURES, STAFF, SESSIONS, *INDEXES):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
