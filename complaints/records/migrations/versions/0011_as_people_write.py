"""Two telephone numbers in one field, and one Gmail mailbox however it is spelt: both are found by either (§3)."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PHONES = (
    "DROP INDEX complaints_by_phone",
    "CREATE INDEX complaints_by_phone ON complaints USING gin (string_to_array(phone_digits, ' ')) "
    "WHERE phone_digits <> ''",
    "COMMENT ON COLUMN complaints.phone_digits IS "
    "'The last nine digits of each national number, one space apart, for finding.'",
    "COMMENT ON COLUMN complaints.email_folded IS "
    "'The address in small letters, Gmail''s without dots and tags, for finding.'",
)
# As complaints.records.search_keys.email_key has it; a telephone number is read anew when its case moves next.
GMAIL = (
    "UPDATE {0} SET {1} = replace(split_part(split_part({1}, '@', 1), '+', 1), '.', '') || '@gmail.com' "
    "WHERE {1} ~ '^[^@]+@(gmail|googlemail)[.]com$'"
)


def upgrade() -> None:
    """An index over each number of a field, and Gmail's addresses as one."""
    for statement in PHONES:
        op.execute(statement)
    for table, column in (("complaints", "email_folded"), ("messages", "sender")):
        op.execute(GMAIL.format(table, column))
