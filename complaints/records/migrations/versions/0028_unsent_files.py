"""Files that staff chose for an act and never sent are taken out after some days: nobody would look for them there."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Sent is what a row of the journal, a letter or a word after the end tells of. What waits in a draft that somebody
# touched since then stays, and so does all of a complaint that is held. Bytes that are a message's or another
# complaint's too stay there. Nothing of the last day goes, whatever is asked for: it may be on its way.
FUNCTION = """
CREATE FUNCTION forget_unsent(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    until timestamptz := least(before, now() - interval '1 day');
    gone text[];
BEGIN
    WITH dropped AS (
        DELETE FROM given_files WHERE (number, attachment) IN (
            SELECT number, attachment FROM given_files AS given WHERE given_at < until
            AND NOT EXISTS (SELECT FROM journal WHERE journal.number = given.number
                AND data -> 'files' @> jsonb_build_array(jsonb_build_object('digest', attachment)))
            AND NOT EXISTS (SELECT FROM letters WHERE letters.number = given.number
                AND files @> jsonb_build_array(jsonb_build_object('digest', attachment)))
            AND NOT EXISTS (SELECT FROM afterwords WHERE afterwords.number = given.number
                AND data -> 'files' @> jsonb_build_array(jsonb_build_object('digest', attachment)))
            AND NOT EXISTS (SELECT FROM drafts WHERE drafts.number = given.number AND saved_at >= until
                AND strpos(fields::text, attachment) > 0)
            AND NOT complaint_is_held(number)
            ORDER BY given_at LIMIT 500)
        AND given_at < until
        RETURNING attachment)
    SELECT coalesce(array_agg(attachment), '{}') INTO gone FROM dropped;
    DELETE FROM attachments WHERE digest = ANY (gone)
        AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment = digest)
        AND NOT EXISTS (SELECT FROM given_files WHERE attachment = digest);
    RETURN cardinality(gone);
END
$$
"""


def upgrade() -> None:
    """One function, which runs as the owner of the tables."""
    op.execute(FUNCTION)
    op.execute(
        "COMMENT ON FUNCTION forget_unsent(timestamptz) IS "
        "'Takes out files that staff chose for an act before then and never sent; some hundred at a time.'"
    )
