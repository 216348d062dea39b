"""A hash chain for each complaint: what was journalled, noted and written cannot be changed unseen (§9).

Each row is a link: a salted digest of each of its fields, and a hash over them and the link before. Who erases a field
by right erases its salt with it: the digest stays, the chain stays whole, and nobody can guess what it was.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHAIN = """
CREATE TABLE chain (
    number text NOT NULL,
    link integer NOT NULL CHECK (link >= 1),
    source text NOT NULL CHECK (source IN ('journal', 'afterwords', 'letters')),
    key text NOT NULL,
    salts jsonb NOT NULL,
    digests jsonb NOT NULL,
    hash bytea NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (number, link),
    UNIQUE (number, source, key)
)
"""

FUNCTIONS = (
    # chained: what of a row never changes; of a letter its way through the ledger does.
    """
    CREATE FUNCTION chained(source text, written jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE source WHEN 'letters' THEN written
            - '{state,claimed_at,lease_until,attempts,sent_at,uncertain_at,reason}'::text[] ELSE written END
    $$
    """,
    # chain_fields: each column, and each thing in `data`, by its name.
    """
    CREATE FUNCTION chain_fields(written jsonb) RETURNS TABLE (name text, value text) LANGUAGE sql IMMUTABLE AS $$
        SELECT key, value::text FROM jsonb_each(written - 'data')
        UNION ALL
        SELECT 'data.' || key, value::text
        FROM jsonb_each(CASE jsonb_typeof(written -> 'data') WHEN 'object' THEN written -> 'data' ELSE '{}' END)
    $$
    """,
    """
    CREATE FUNCTION chain_digest(salt text, name text, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT encode(sha256(convert_to(salt || ' ' || name || ' ' || value, 'UTF8')), 'hex')
    $$
    """,
    """
    CREATE FUNCTION chain_hash(previous bytea, source text, key text, digests jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE AS $$
        SELECT sha256(coalesce(previous, '') || convert_to(source || ' ' || key || ' ' || digests::text, 'UTF8'))
    $$
    """,
    """
    CREATE FUNCTION chain_add(of_number text, of_source text, of_key text, written jsonb) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE
        previous bytea;
        place integer;
        salted jsonb;
        digested jsonb;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended(of_number, 14));
        SELECT hash, link INTO previous, place FROM chain WHERE number = of_number ORDER BY link DESC LIMIT 1;
        SELECT jsonb_object_agg(name, gen_random_uuid()::text) INTO salted FROM chain_fields(written);
        SELECT jsonb_object_agg(name, chain_digest(salted ->> name, name, value)) INTO digested
        FROM chain_fields(written);
        INSERT INTO chain (number, link, source, key, salts, digests, hash) VALUES (
            of_number, coalesce(place, 0) + 1, of_source, of_key, salted, digested,
            chain_hash(previous, of_source, of_key, digested)
        );
    END
    $$
    """,
    # Whatever time zone a session has: times are digested as they are written in UTC.
    """
    CREATE FUNCTION chain_row() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
    DECLARE
        written jsonb := chained(TG_TABLE_NAME, to_jsonb(NEW));
    BEGIN
        PERFORM chain_add(NEW.number, TG_TABLE_NAME, written ->> TG_ARGV[0], written);
        RETURN NULL;
    END
    $$
    """,
)

TRIGGERS = (
    "CREATE TRIGGER chained AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION chain_row('seq')",
    "CREATE TRIGGER chained AFTER INSERT ON afterwords FOR EACH ROW EXECUTE FUNCTION chain_row('event_id')",
    "CREATE TRIGGER chained AFTER INSERT ON letters FOR EACH ROW WHEN (NEW.message_id IS NOT NULL) "
    "EXECUTE FUNCTION chain_row('key')",
)

# What was written before this step is believed as it is found. The triggers made above let nobody else write until this
# is done, so no complaint is locked by itself: a hundred thousand such locks are more than the server has room for.
BEFORE = """
DO $$
DECLARE
    was record;
    of_number text;
    place integer;
    last_hash bytea;
    salted jsonb;
    digested jsonb;
BEGIN
    SET LOCAL timezone = 'UTC';
    FOR was IN SELECT number, source, key, written FROM (
        SELECT number, 'journal' AS source, seq::text AS key, to_jsonb(journal) AS written, recorded_at FROM journal
        UNION ALL SELECT number, 'afterwords', event_id, to_jsonb(afterwords), recorded_at FROM afterwords
        UNION ALL
        SELECT number, 'letters', key, chained('letters', to_jsonb(letters)), coalesce(claimed_at, occasion_at)
        FROM letters WHERE message_id IS NOT NULL
        ORDER BY 1, 5, 2, 3
    ) AS known LOOP
        IF of_number IS DISTINCT FROM was.number THEN
            of_number := was.number;
            place := 0;
            last_hash := NULL;
        END IF;
        place := place + 1;
        SELECT jsonb_object_agg(name, gen_random_uuid()::text) INTO salted FROM chain_fields(was.written);
        SELECT jsonb_object_agg(name, chain_digest(salted ->> name, name, value)) INTO digested
        FROM chain_fields(was.written);
        last_hash := chain_hash(last_hash, was.source, was.key, digested);
        INSERT INTO chain (number, link, source, key, salts, digests, hash)
        VALUES (was.number, place, was.source, was.key, salted, digested, last_hash);
    END LOOP;
END $$
"""

MEANINGS = (
    ("TABLE chain", "A hash chain for each complaint over its journal, afterwords and letters; written by triggers."),
    ("COLUMN chain.link", "1, 2, 3 … within the complaint, as rows were written."),
    ("COLUMN chain.key", "Of the row: its seq, its event id, its letter''s key."),
    ("COLUMN chain.salts", "By field; a field that was erased by right has none any more, and is not compared."),
    ("COLUMN chain.digests", "By field: SHA-256 of salt, name and value."),
    ("COLUMN chain.hash", "SHA-256 of the hash before, source, key and digests."),
)


def upgrade() -> None:
    """A table, its functions and triggers, and links for what is there."""
    for statement in (CHAIN, *FUNCTIONS, *TRIGGERS, BEFORE):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
