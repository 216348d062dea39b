"""When links to customers' pages ended (§3); and the links that letters kept in clear leave the ledger."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ENDS = """
CREATE TABLE link_ends (
    number text NOT NULL REFERENCES complaints,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    email text,
    old_until date
)
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON link_ends
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

INDEX = "CREATE INDEX link_ends_by_number ON link_ends (number, ended_at)"

# Links of the old form name no address. Where a case's address changed before now, those that went out before it did,
# or to another address than today's, end here: each by the last day that its token, or the note of it, says.
OLD_LINKS = r"""
WITH named AS (
    SELECT number, seq, at, lower(btrim(coalesce(data ->> 'email', data #>> '{received,customer,email}'))) AS email
    FROM journal WHERE what IN ('received', 'details-received')
), moved AS (
    SELECT number, at, email IS DISTINCT FROM lag(email) OVER (PARTITION BY number ORDER BY seq) AND
        lag(email) OVER (PARTITION BY number ORDER BY seq) IS NOT NULL AS changed
    FROM named WHERE email <> ''
), last_change AS (
    SELECT number, max(at) AS at FROM moved WHERE changed GROUP BY number
), gone AS (
    SELECT letters.number, date '2000-01-01' + ('x' || lpad(found[1], 8, '0'))::bit(32)::integer AS until
    FROM letters JOIN complaints USING (number) LEFT JOIN last_change USING (number),
        regexp_matches(letters.text, '/c/[A-Za-z0-9-]{1,40}\.([0-9a-f]{1,6})\.[a-z2-7]{20}', 'g') AS found
    WHERE letters.recipient = 'customer' AND (
        lower(btrim(letters.to_address)) IS DISTINCT FROM lower(btrim(complaints.email))
        OR letters.occasion_at < last_change.at
    )
    UNION ALL
    SELECT number, (afterwords.data ->> 'until')::date FROM afterwords JOIN last_change USING (number)
    WHERE what = 'link-given' AND afterwords.at < last_change.at
)
INSERT INTO link_ends (number, email, old_until) SELECT number, '', max(until) FROM gone GROUP BY number
"""

TAKEN_OUT = r"""
UPDATE letters SET
    text = regexp_replace(text, $old$https?://[^\s<>"']*/c/[A-Za-z0-9-]{1,40}\.[0-9a-f]{1,6}\.[a-z2-7]{20}$old$,
        'https://personal-link.invalid/', 'g'),
    html = regexp_replace(html, $old$https?://[^\s<>"']*/c/[A-Za-z0-9-]{1,40}\.[0-9a-f]{1,6}\.[a-z2-7]{20}$old$,
        'https://personal-link.invalid/', 'g')
WHERE text ~ '/c/[A-Za-z0-9-]{1,40}\.[0-9a-f]{1,6}\.[a-z2-7]{20}'
    OR html ~ '/c/[A-Za-z0-9-]{1,40}\.[0-9a-f]{1,6}\.[a-z2-7]{20}'
"""

MEANINGS = (
    ("TABLE link_ends", "When links to a complaint''s own page ended before their day: rows are only added."),
    ("COLUMN link_ends.ended_at", "Wall clock."),
    ("COLUMN link_ends.email", "The links to this address, which it had until then; NULL: all, they were revoked."),
    ("COLUMN link_ends.old_until", "Of links without an address those up to this last day; NULL: all of them."),
)


def upgrade() -> None:
    """One table, what it must know of links that are out already, and the ledger without keys."""
    for statement in (ENDS, APPEND_ONLY, INDEX, OLD_LINKS, TAKEN_OUT):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
