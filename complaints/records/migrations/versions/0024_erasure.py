"""A person is taken out of a closed complaint, and nothing else: the one way to change what is append-only (§9).

Ley 29733 gives whoever complained the right to be forgotten; figures and the hash chain must stay true all the same.
`erase_complaint` puts stand-ins where words stood, which it checks, and takes the salts of those fields: their digests
stay and tell nothing. It runs as the owner of the tables, whoever calls it, and refuses an open or a held complaint.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The owner's functions below say for whom they erase, in their own transaction; nobody else's UPDATE passes.
REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('complaints.erasing', true), '') <> ''
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Add a row that says what is true now.';
END
$$
"""

FUNCTIONS = (
    # erased_from: the same, with a stand-in (complaints/rules/erasing.py) for some of its texts.
    r"""
    CREATE FUNCTION erased_from(was jsonb, is_now jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF was = is_now THEN RETURN true; END IF;
        IF jsonb_typeof(was) IS DISTINCT FROM jsonb_typeof(is_now) THEN RETURN false; END IF;
        RETURN CASE jsonb_typeof(was)
            WHEN 'object' THEN NOT EXISTS (
                SELECT FROM jsonb_each(was) AS a FULL JOIN jsonb_each(is_now) AS b USING (key)
                WHERE a.value IS NULL OR b.value IS NULL OR NOT erased_from(a.value, b.value))
            WHEN 'array' THEN jsonb_array_length(was) = jsonb_array_length(is_now) AND NOT EXISTS (
                SELECT FROM generate_series(0, jsonb_array_length(was) - 1) AS place
                WHERE NOT erased_from(was -> place, is_now -> place))
            WHEN 'string' THEN (is_now #>> '{}')
                ~ '^(\[···[0-9]*\]|erased-[0-9]+@erased\.invalid|00000-[0-9]+|erased:[A-Za-z0-9-]{1,40})$'
            ELSE false END;
    END
    $$
    """,
    # erase_link: of what this erasure changed nobody can guess any more what it was; of what is changed otherwise,
    # somebody would still be told.
    """
    CREATE FUNCTION erase_link(of_number text, of_source text, of_key text, was jsonb, is_now jsonb) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT erased_from(was, is_now) THEN
            RAISE EXCEPTION '% % would be rewritten, not erased', of_source, of_key
                USING ERRCODE = 'restrict_violation';
        END IF;
        UPDATE chain SET salts = salts - ARRAY(
            SELECT name FROM chain_fields(was) AS before JOIN chain_fields(is_now) AS after USING (name)
            WHERE before.value <> after.value)
        WHERE number = of_number AND source = of_source AND key = of_key;
    END
    $$
    """,
    # erase_letter: its words and the customer's address; that it went out, when and to which role, stays.
    """
    CREATE FUNCTION erase_letter(of_number text, of_key text, address text) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        was letters%ROWTYPE;
        is_now letters%ROWTYPE;
    BEGIN
        SELECT * INTO was FROM letters WHERE number = of_number AND key = of_key FOR UPDATE;
        UPDATE letters SET subject = '[···]', text = '[···]', html = '[···]',
            to_address = coalesce(address, to_address), files = ARRAY_TO_JSON(ARRAY(
                SELECT file || '{"name": "[···]"}'
                FROM jsonb_array_elements(was.files) WITH ORDINALITY AS f (file, place) ORDER BY place))::jsonb
        WHERE number = of_number AND key = of_key AND message_id IS NOT NULL RETURNING * INTO is_now;
        IF FOUND THEN
            PERFORM erase_link(of_number, 'letters', of_key,
                chained('letters', to_jsonb(was)), chained('letters', to_jsonb(is_now)));
        END IF;
    END
    $$
    """,
    # forget_mail: messages with all that hangs on them; a file that another message brought too stays for that one.
    """
    CREATE FUNCTION forget_mail(gone text[]) RETURNS integer LANGUAGE plpgsql AS $$
    DECLARE
        files text[] := ARRAY(SELECT DISTINCT attachment FROM message_attachments WHERE message = ANY (gone));
    BEGIN
        DELETE FROM quarantine WHERE digest = ANY (gone);
        DELETE FROM arrivals WHERE message = ANY (gone);
        DELETE FROM message_attachments WHERE message = ANY (gone);
        DELETE FROM messages WHERE digest = ANY (gone);
        DELETE FROM attachments WHERE digest = ANY (files)
            AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment = digest)
            AND NOT EXISTS (SELECT FROM given_files WHERE attachment = digest);
        RETURN cardinality(gone);
    END
    $$
    """,
    """
    CREATE FUNCTION erase_complaint(of_number text, told jsonb, noted jsonb, sent jsonb, reviewed jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
    DECLARE
        row journal%ROWTYPE;
        row_now journal%ROWTYPE;
        word afterwords%ROWTYPE;
        word_now afterwords%ROWTYPE;
        act review_acts%ROWTYPE;
        given text[];
        letter record;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended(of_number, 14));
        IF NOT EXISTS (SELECT FROM complaints WHERE number = of_number AND closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'only a closed complaint is erased' USING ERRCODE = 'restrict_violation';
        END IF;
        IF complaint_is_held(of_number) THEN
            RAISE EXCEPTION 'a held complaint is not erased' USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM set_config('complaints.erasing', of_number, true);
        FOR row IN SELECT * FROM journal WHERE number = of_number AND told ? seq::text LOOP
            UPDATE journal SET by = told -> row.seq::text ->> 'by', data = told -> row.seq::text -> 'data'
            WHERE number = of_number AND seq = row.seq RETURNING * INTO row_now;
            PERFORM erase_link(of_number, 'journal', row.seq::text, to_jsonb(row), to_jsonb(row_now));
        END LOOP;
        FOR word IN SELECT * FROM afterwords WHERE number = of_number AND noted ? event_id LOOP
            UPDATE afterwords SET by = noted -> word.event_id ->> 'by', data = noted -> word.event_id -> 'data'
            WHERE event_id = word.event_id RETURNING * INTO word_now;
            PERFORM erase_link(of_number, 'afterwords', word.event_id, to_jsonb(word), to_jsonb(word_now));
        END LOOP;
        FOR letter IN SELECT key, value #>> '{}' AS address FROM jsonb_each(sent) LOOP
            PERFORM erase_letter(of_number, letter.key, letter.address);
        END LOOP;
        -- Digests, alarms and reviews that went to staff and name it by its number.
        FOR letter IN SELECT number, key FROM letters WHERE number <> of_number AND subject IS NOT NULL
            AND NOT EXISTS (SELECT FROM complaints WHERE complaints.number = letters.number)
            AND (position(of_number IN subject) > 0 OR position(of_number IN text) > 0) LOOP
            PERFORM erase_letter(letter.number, letter.key, NULL);
        END LOOP;
        UPDATE review_findings SET words = '[···]' WHERE reviewed -> 'findings' ? event_id;
        UPDATE review_actions SET words = '[···]' WHERE reviewed -> 'actions' ? event_id;
        UPDATE review_actions SET result = '[···]' WHERE reviewed -> 'results' ? event_id;
        FOR act IN SELECT * FROM review_acts WHERE reviewed -> 'acts' ? (month || '/' || seq) LOOP
            IF NOT erased_from(act.data, reviewed -> 'acts' -> (act.month || '/' || act.seq)) THEN
                RAISE EXCEPTION 'review act % would be rewritten', act.seq USING ERRCODE = 'restrict_violation';
            END IF;
            UPDATE review_acts SET data = reviewed -> 'acts' -> (act.month || '/' || act.seq)
            WHERE month = act.month AND seq = act.seq;
        END LOOP;
        UPDATE link_ends SET email = NULL, old_until = NULL WHERE number = of_number;
        PERFORM set_config('complaints.erasing', '', true);
        INSERT INTO link_ends (number) VALUES (of_number);
        PERFORM forget_mail(ARRAY(
            SELECT digest FROM messages WHERE number = of_number
            UNION SELECT quarantine.digest FROM quarantine JOIN messages USING (digest)
            WHERE quarantine.number = of_number AND coalesce(messages.number, of_number) = of_number));
        given := ARRAY(SELECT attachment FROM given_files WHERE number = of_number);
        DELETE FROM given_files WHERE number = of_number;
        DELETE FROM attachments WHERE digest = ANY (given)
            AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment = digest)
            AND NOT EXISTS (SELECT FROM given_files WHERE attachment = digest);
        DELETE FROM pending_complaints WHERE number = of_number;
        DELETE FROM drafts WHERE number = of_number;
        DELETE FROM presence WHERE number = of_number;
    END
    $$
    """,
    """
    CREATE FUNCTION complaint_is_held(of_number text) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT coalesce((SELECT what = 'hold-set' FROM afterwords
            WHERE number = of_number AND what IN ('hold-set', 'hold-released')
            ORDER BY recorded_at DESC, at DESC LIMIT 1), false)
    $$
    """,
    # forget_old: what belongs to no complaint, or came to one after it was erased: mail and answers to it.
    """
    CREATE FUNCTION forget_old(before timestamptz) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
    DECLARE
        letter record;
        gone integer;
    BEGIN
        IF before > now() - interval '30 days' THEN
            RAISE EXCEPTION 'nothing so young is forgotten' USING ERRCODE = 'restrict_violation';
        END IF;
        gone := forget_mail(ARRAY(
            SELECT digest FROM messages WHERE received_at < before
            AND NOT EXISTS (SELECT FROM quarantine WHERE quarantine.digest = messages.digest AND handled_at IS NULL)
            AND (number IS NULL OR EXISTS (
                SELECT FROM afterwords WHERE afterwords.number = messages.number AND what = 'erased'))
            LIMIT 500));
        FOR letter IN SELECT number, key, recipient FROM letters WHERE occasion_at < before AND text <> '[···]'
            AND NOT EXISTS (SELECT FROM complaints WHERE complaints.number = letters.number) LIMIT 500 LOOP
            PERFORM erase_letter(letter.number, letter.key,
                CASE WHEN letter.recipient = 'customer' THEN 'erased-1@erased.invalid' END);
            gone := gone + 1;
        END LOOP;
        RETURN gone;
    END
    $$
    """,
)

INDEXES = (
    "CREATE INDEX afterwords_of_erasure ON afterwords (number) WHERE what IN ('erased', 'hold-set', 'hold-released')",
)

MEANINGS = (
    ("FUNCTION erase_complaint(text, jsonb, jsonb, jsonb, jsonb)", "Takes the person out of a closed complaint."),
    ("FUNCTION forget_old(timestamptz)", "Takes out mail that became no complaint, and answers to it."),
    ("FUNCTION complaint_is_held(text)", "Whether a legal hold stands: nothing of it is erased meanwhile."),
)


def upgrade() -> None:
    """Functions, and the door in the trigger that only they go through."""
    for statement in (REFUSE_CHANGE, *FUNCTIONS, *INDEXES):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
