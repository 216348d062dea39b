"""A second step of signing in: codes of an app (TOTP, RFC 6238), and recovery codes."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE staff ADD COLUMN totp_secret text, ADD COLUMN totp_step bigint NOT NULL DEFAULT 0, "
    "ADD COLUMN totp_since timestamptz",
    "CREATE TABLE staff_recovery_codes (account text NOT NULL REFERENCES staff, "
    "digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'), used_at timestamptz, PRIMARY KEY (account, digest))",
    "COMMENT ON COLUMN staff.totp_secret IS 'Sealed with SECRET_KEY; null: a password is enough.'",
    "COMMENT ON COLUMN staff.totp_step IS 'The last step whose code was used: no code up to it counts again.'",
    "COMMENT ON COLUMN staff.totp_since IS 'Wall clock: when it was set up.'",
    "COMMENT ON TABLE staff_recovery_codes IS 'Codes that count once each, where the telephone is lost.'",
    "COMMENT ON COLUMN staff_recovery_codes.digest IS 'SHA-256 of account and code: 59 random bits, never the code.'",
    "COMMENT ON COLUMN staff_recovery_codes.used_at IS 'Used, or replaced by new ones; rows stay.'",
)


def upgrade() -> None:
    """Three columns and a table."""
    for statement in STATEMENTS:
        op.execute(statement)
