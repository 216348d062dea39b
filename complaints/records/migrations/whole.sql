-- 0030
CREATE FUNCTION public.chain_add(of_number text, of_source text, of_key text, written jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
    $$;


CREATE FUNCTION public.chain_digest(salt text, name text, value text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
        SELECT encode(sha256(convert_to(salt || ' ' || name || ' ' || value, 'UTF8')), 'hex')
    $$;


CREATE FUNCTION public.chain_fields(written jsonb) RETURNS TABLE(name text, value text)
    LANGUAGE sql IMMUTABLE
    AS $$
        SELECT key, value::text FROM jsonb_each(written - 'data')
        UNION ALL
        SELECT 'data.' || key, value::text
        FROM jsonb_each(CASE jsonb_typeof(written -> 'data') WHEN 'object' THEN written -> 'data' ELSE '{}' END)
    $$;


CREATE FUNCTION public.chain_hash(previous bytea, source text, key text, digests jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    AS $$
        SELECT sha256(coalesce(previous, '') || convert_to(source || ' ' || key || ' ' || digests::text, 'UTF8'))
    $$;


CREATE FUNCTION public.chain_row() RETURNS trigger
    LANGUAGE plpgsql
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    of_table text := TG_TABLE_NAME;
    written jsonb := chained(of_table, to_jsonb(NEW));
BEGIN
    PERFORM chain_add(NEW.number, of_table, written ->> TG_ARGV[0], written);
    RETURN NULL;
END
$$;


CREATE FUNCTION public.chained(source text, written jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
        SELECT CASE source WHEN 'letters' THEN written
            - '{state,claimed_at,lease_until,attempts,sent_at,uncertain_at,reason}'::text[] ELSE written END
    $$;


CREATE FUNCTION public.complaint_is_held(of_number text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
        SELECT coalesce((SELECT what = 'hold-set' FROM afterwords
            WHERE number = of_number AND what IN ('hold-set', 'hold-released')
            ORDER BY recorded_at DESC, at DESC LIMIT 1), false)
    $$;


COMMENT ON FUNCTION public.complaint_is_held(of_number text) IS 'Whether a legal hold stands: nothing of it is erased meanwhile.';


CREATE FUNCTION public.erase_complaint(of_number text, told jsonb, noted jsonb, sent jsonb, reviewed jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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
    $$;


COMMENT ON FUNCTION public.erase_complaint(of_number text, told jsonb, noted jsonb, sent jsonb, reviewed jsonb) IS 'Takes the person out of a closed complaint.';


CREATE FUNCTION public.erase_letter(of_number text, of_key text, address text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
    $$;


CREATE FUNCTION public.erase_link(of_number text, of_source text, of_key text, was jsonb, is_now jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
    $$;


CREATE FUNCTION public.erased_from(was jsonb, is_now jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $_$
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
    $_$;


CREATE FUNCTION public.forget_mail(gone text[]) RETURNS integer
    LANGUAGE plpgsql
    AS $$
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
    $$;


CREATE FUNCTION public.forget_old(before timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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
    $$;


COMMENT ON FUNCTION public.forget_old(before timestamp with time zone) IS 'Takes out mail that became no complaint, and answers to it.';


CREATE FUNCTION public.forget_unsent(before timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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
$$;


COMMENT ON FUNCTION public.forget_unsent(before timestamp with time zone) IS 'Takes out files that staff chose for an act before then and never sent; some hundred at a time.';


CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('complaints.erasing', true), '') <> ''
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Add a row that says what is true now.';
END
$$;


CREATE TABLE public.absences (
    account text NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    substitute text NOT NULL,
    said_by text NOT NULL,
    said_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT absences_check CHECK ((until >= since)),
    CONSTRAINT absences_check1 CHECK ((substitute <> account))
);


COMMENT ON TABLE public.absences IS 'Who is away when, both days included, and who stands in.';


COMMENT ON COLUMN public.absences.substitute IS 'Whose are their letters, calls and new cases meanwhile.';


COMMENT ON COLUMN public.absences.said_by IS 'Who said so.';


CREATE TABLE public.afterwords (
    number text NOT NULL,
    event_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    what text NOT NULL,
    by text,
    via text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);


COMMENT ON TABLE public.afterwords IS 'What was said or done outside a run, append-only: a late survey, feedback, a resend, a reopening note.';


COMMENT ON COLUMN public.afterwords.event_id IS 'Added once: a second one with the same id changes nothing.';


CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


CREATE TABLE public.api_requests (
    program text NOT NULL,
    key_digest text NOT NULL,
    content_digest text NOT NULL,
    first_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_requests_content_digest_check CHECK ((content_digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT api_requests_key_digest_check CHECK ((key_digest ~ '^[0-9a-f]{64}$'::text))
);


COMMENT ON TABLE public.api_requests IS 'What a program sent under an Idempotency-Key: the same key never means two things.';


COMMENT ON COLUMN public.api_requests.program IS 'The name of the token.';


COMMENT ON COLUMN public.api_requests.key_digest IS 'SHA-256 of the key, which may say more than it should.';


COMMENT ON COLUMN public.api_requests.content_digest IS 'SHA-256 of key, address and content: nothing can be read from it.';


CREATE TABLE public.api_tokens (
    digest text NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_tokens_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT api_tokens_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,39}$'::text)),
    CONSTRAINT api_tokens_scopes_check CHECK ((cardinality(scopes) > 0))
);


COMMENT ON TABLE public.api_tokens IS 'Programs that may use the intake API, and for what.';


COMMENT ON COLUMN public.api_tokens.digest IS 'SHA-256 of the token: who reads this table cannot use it.';


COMMENT ON COLUMN public.api_tokens.name IS 'The program, with which its acts are signed.';


COMMENT ON COLUMN public.api_tokens.scopes IS 'What it may do: intake, acts, decide, read.';


COMMENT ON COLUMN public.api_tokens.made_by IS 'The account that made it, or cli.';


COMMENT ON COLUMN public.api_tokens.used_at IS 'Wall clock, to the minute.';


CREATE TABLE public.arrivals (
    source_key text NOT NULL,
    content text,
    message text NOT NULL,
    admitted_at timestamp with time zone
);


COMMENT ON TABLE public.arrivals IS 'Each arrival by its source key: the first message that had it, which later ones are held to.';


COMMENT ON COLUMN public.arrivals.content IS 'Digest of what was written, without what a route adds; null: kept before 0010.';


COMMENT ON COLUMN public.arrivals.message IS 'The digest of the first message that had this key.';


COMMENT ON COLUMN public.arrivals.admitted_at IS 'The receipt time at which it was let through as a new complaint by mail.';


CREATE TABLE public.attachments (
    digest text NOT NULL,
    type text NOT NULL,
    size integer NOT NULL,
    data bytea NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT attachments_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT attachments_size_check CHECK ((size >= 0))
);


COMMENT ON TABLE public.attachments IS 'What was attached to mail, once for its bytes.';


COMMENT ON COLUMN public.attachments.digest IS 'SHA-256 of the bytes, in hex.';


COMMENT ON COLUMN public.attachments.type IS 'By its content, whatever the mail calls it.';


CREATE TABLE public.calls (
    number text NOT NULL,
    task integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    purposes text[] NOT NULL,
    kinds text[] NOT NULL,
    attempts integer NOT NULL,
    next_at timestamp with time zone,
    done_at timestamp with time zone,
    outcome text,
    seq integer NOT NULL,
    CONSTRAINT calls_task_check CHECK ((task >= 1))
);


COMMENT ON TABLE public.calls IS 'Calls that somebody has to make, for customers whom letters do not reach (design §2).';


COMMENT ON COLUMN public.calls.seq IS 'The journal row up to which this is told; an older state never overwrites a newer.';


CREATE TABLE public.chain (
    number text NOT NULL,
    link integer NOT NULL,
    source text NOT NULL,
    key text NOT NULL,
    salts jsonb NOT NULL,
    digests jsonb NOT NULL,
    hash bytea NOT NULL,
    linked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT chain_link_check CHECK ((link >= 1)),
    CONSTRAINT chain_source_check CHECK ((source = ANY (ARRAY['journal'::text, 'afterwords'::text, 'letters'::text])))
);


COMMENT ON TABLE public.chain IS 'A hash chain for each complaint over its journal, afterwords and letters; written by triggers.';


COMMENT ON COLUMN public.chain.link IS '1, 2, 3 … within the complaint, as rows were written.';


COMMENT ON COLUMN public.chain.key IS 'Of the row: its seq, its event id, its letter''s key.';


COMMENT ON COLUMN public.chain.salts IS 'By field; a field that was erased by right has none any more, and is not compared.';


COMMENT ON COLUMN public.chain.digests IS 'By field: SHA-256 of salt, name and value.';


COMMENT ON COLUMN public.chain.hash IS 'SHA-256 of the hash before, source, key and digests.';


CREATE TABLE public.complaints (
    number text NOT NULL,
    source_key text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    customer_name text,
    document text,
    email text,
    phone text,
    address text,
    guardian text,
    description text NOT NULL,
    product text,
    occurred_on date,
    stage text NOT NULL,
    level integer NOT NULL,
    round integer NOT NULL,
    late boolean NOT NULL,
    due timestamp with time zone,
    due_name text,
    department text,
    representative text,
    owner text,
    category text,
    severity text,
    outcome text,
    resolved_at timestamp with time zone,
    closed_at timestamp with time zone,
    policy_version text NOT NULL,
    seq integer NOT NULL,
    name_folded text NOT NULL,
    document_folded text NOT NULL,
    email_folded text NOT NULL,
    phone_digits text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    next_word_at timestamp with time zone,
    unread integer DEFAULT 0 NOT NULL,
    unread_since timestamp with time zone,
    subject text,
    late_since timestamp with time zone,
    CONSTRAINT complaints_level_check CHECK ((level >= 0)),
    CONSTRAINT complaints_round_check CHECK ((round >= 1)),
    CONSTRAINT complaints_seq_check CHECK ((seq >= 1))
);


COMMENT ON TABLE public.complaints IS 'The current state of each complaint (§9), moved only to a higher seq; the journal is the truth behind it.';


COMMENT ON COLUMN public.complaints.number IS 'Q-XXXX-XXXXX, or the id that the starting program chose; also the workflow id.';


COMMENT ON COLUMN public.complaints.source_key IS 'What makes the arrival unique; starting twice is one complaint.';


COMMENT ON COLUMN public.complaints.channel IS 'email, phone or web (§3).';


COMMENT ON COLUMN public.complaints.received_at IS 'When it was received (§3): the mail server''s time, the call''s.';


COMMENT ON COLUMN public.complaints.document IS 'Identity document as given.';


COMMENT ON COLUMN public.complaints.guardian IS 'The parent or guardian of a minor.';


COMMENT ON COLUMN public.complaints.description IS 'What happened, in the customer''s words.';


COMMENT ON COLUMN public.complaints.stage IS 'assessment, assignment, investigation, confirmation, closed (§5, §8).';


COMMENT ON COLUMN public.complaints.level IS '0: the care team''s; 1, 2 ...: a rung of the escalation ladder (§7).';


COMMENT ON COLUMN public.complaints.round IS '1 from receipt; a dispute or a reopening starts the next.';


COMMENT ON COLUMN public.complaints.late IS 'Whether anything is late now.';


COMMENT ON COLUMN public.complaints.due IS 'What people have to do next is due then; due_name says what.';


COMMENT ON COLUMN public.complaints.owner IS 'The role that answers for it.';


COMMENT ON COLUMN public.complaints.outcome IS 'How it ended; null while open.';


COMMENT ON COLUMN public.complaints.policy_version IS 'The policy in force for this case.';


COMMENT ON COLUMN public.complaints.seq IS 'The last journal row that this state includes.';


COMMENT ON COLUMN public.complaints.name_folded IS 'Name and guardian without accents and case, for finding.';


COMMENT ON COLUMN public.complaints.document_folded IS 'The document without label, spaces and dots, for finding.';


COMMENT ON COLUMN public.complaints.email_folded IS 'The address in small letters, Gmail''s without dots and tags, for finding.';


COMMENT ON COLUMN public.complaints.phone_digits IS 'The last nine digits of each national number, one space apart, for finding.';


COMMENT ON COLUMN public.complaints.recorded_at IS 'Wall clock: when this state was written.';


COMMENT ON COLUMN public.complaints.next_word_at IS 'When the customer hears from us next at the latest (§5.4); null: never again.';


COMMENT ON COLUMN public.complaints.unread IS 'Messages of the customer that nobody has answered or marked read.';


COMMENT ON COLUMN public.complaints.unread_since IS 'When the oldest of them came.';


COMMENT ON COLUMN public.complaints.subject IS 'As the customer wrote it; null where the way that it came in has none.';


COMMENT ON COLUMN public.complaints.late_since IS 'When what is late the longest was due; empty where nothing is late.';


CREATE TABLE public.drafts (
    number text NOT NULL,
    act text NOT NULL,
    account text NOT NULL,
    fields jsonb NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT drafts_act_check CHECK ((act <> ''::text))
);


COMMENT ON TABLE public.drafts IS 'What staff typed into the form of an act and have not sent. Personal data; gone when it is sent or emptied, and with its complaint.';


COMMENT ON COLUMN public.drafts.act IS 'The act, by the name of its update.';


COMMENT ON COLUMN public.drafts.account IS 'Whose it is: nobody else sees it.';


COMMENT ON COLUMN public.drafts.fields IS 'What was typed, by field.';


COMMENT ON COLUMN public.drafts.saved_at IS 'Wall clock: the last change.';


CREATE TABLE public.floods (
    began_at timestamp with time zone NOT NULL
);


COMMENT ON TABLE public.floods IS 'More mail in ten minutes than is answered by itself: one notice for all of it.';


COMMENT ON COLUMN public.floods.began_at IS 'The receipt time of the first message that was held back; a flood lasts 24 hours.';


CREATE TABLE public.form_uses (
    allowance text NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);


COMMENT ON TABLE public.form_uses IS 'How often the public form opened a complaint: a limit, no evidence.';


COMMENT ON COLUMN public.form_uses.allowance IS 'What is counted: all, or a SHA-256 of the network address (of IPv6 its /64, and its /48) or of the mail address that was given.';


COMMENT ON COLUMN public.form_uses.used_at IS 'Wall clock.';


CREATE TABLE public.given_files (
    number text NOT NULL,
    attachment text NOT NULL,
    name text NOT NULL,
    given_by text NOT NULL,
    given_at timestamp with time zone DEFAULT now() NOT NULL
);


COMMENT ON TABLE public.given_files IS 'Files that staff chose for an act on a complaint: kept before it is sent; those of acts that were not sent, or taken back, among them. Personal data.';


COMMENT ON COLUMN public.given_files.name IS 'Made safe to show and to save; of the same bytes chosen twice, the newer.';


COMMENT ON COLUMN public.given_files.given_by IS 'The account, or the program.';


COMMENT ON COLUMN public.given_files.given_at IS 'Wall clock.';


CREATE TABLE public.installation_secrets (
    name text NOT NULL,
    value bytea NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT installation_secrets_value_check CHECK ((octet_length(value) >= 32))
);


COMMENT ON TABLE public.installation_secrets IS 'Keys that this installation made for itself, once.';


COMMENT ON COLUMN public.installation_secrets.value IS 'message-ids: makes the Message-IDs of letters, so that nobody guesses one.';


CREATE TABLE public.journal (
    number text NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    what text NOT NULL,
    by text,
    via text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT journal_seq_check CHECK ((seq >= 1))
);


COMMENT ON TABLE public.journal IS 'What happened, in order, append-only (§9). A row written late is still the right row.';


COMMENT ON COLUMN public.journal.seq IS '1, 2, 3 ... within the complaint, over all its rounds and runs; given by the workflow.';


COMMENT ON COLUMN public.journal.at IS 'The case''s business clock.';


COMMENT ON COLUMN public.journal.what IS 'A fact''s name, or what clocks and letters did: received, late/assessment, escalated ...';


COMMENT ON COLUMN public.journal.by IS 'Who.';


COMMENT ON COLUMN public.journal.via IS 'Through what: desk, cli, link, reply, call, signal, clock.';


COMMENT ON COLUMN public.journal.recorded_at IS 'Wall clock: when the row was written.';


CREATE TABLE public.letters (
    number text NOT NULL,
    key text NOT NULL,
    state text NOT NULL,
    message_id text,
    kind text,
    recipient text,
    to_address text,
    language text,
    subject text,
    text text,
    html text,
    occasion_at timestamp with time zone,
    claimed_at timestamp with time zone,
    lease_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    uncertain_at timestamp with time zone,
    reason text,
    files jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT a_claim_has_a_lease CHECK (((state <> 'claimed'::text) OR (lease_until IS NOT NULL))),
    CONSTRAINT a_letter_is_written_unless_superseded CHECK (((state = 'superseded'::text) OR (num_nulls(message_id, kind, recipient, to_address, language, subject, text, html, occasion_at) = 0))),
    CONSTRAINT letters_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT letters_state_check CHECK ((state = ANY (ARRAY['due'::text, 'claimed'::text, 'sent'::text, 'failed'::text, 'uncertain'::text, 'superseded'::text])))
);


COMMENT ON TABLE public.letters IS 'The ledger: one row a letter, claimed before the socket opens (design §5.2).';


COMMENT ON COLUMN public.letters.key IS 'round/occasion/recipient; with the number it is one letter for ever.';


COMMENT ON COLUMN public.letters.state IS 'due (released, to be sent), claimed, sent, failed, uncertain, superseded.';


COMMENT ON COLUMN public.letters.message_id IS 'The one Message-ID, whatever the number of attempts.';


COMMENT ON COLUMN public.letters.recipient IS 'The role: customer, care_team, a rung of the ladder ...';


COMMENT ON COLUMN public.letters.occasion_at IS 'When the occasion arose, by the case''s business clock.';


COMMENT ON COLUMN public.letters.lease_until IS 'Wall clock: a claim older than this has an unknown end.';


COMMENT ON COLUMN public.letters.attempts IS 'How often it was claimed.';


COMMENT ON COLUMN public.letters.uncertain_at IS 'Wall clock: when its end first became unknown; stays after a resend, perhaps a duplicate.';


COMMENT ON COLUMN public.letters.reason IS 'Why it failed or waits, without addresses.';


COMMENT ON COLUMN public.letters.files IS 'Name, digest and size of what goes with it: each attempt takes the same bytes.';


CREATE TABLE public.link_ends (
    number text NOT NULL,
    ended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    email text,
    old_until date
);


COMMENT ON TABLE public.link_ends IS 'When links to a complaint''s own page ended before their day: rows are only added.';


COMMENT ON COLUMN public.link_ends.ended_at IS 'Wall clock.';


COMMENT ON COLUMN public.link_ends.email IS 'The links to this address, which it had until then; NULL: all, they were revoked.';


COMMENT ON COLUMN public.link_ends.old_until IS 'Of links without an address those up to this last day; NULL: all of them.';


CREATE TABLE public.link_uses (
    number text NOT NULL,
    what text NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT link_uses_what_check CHECK ((what = ANY (ARRAY['sent'::text, 'asked'::text])))
);


COMMENT ON TABLE public.link_uses IS 'How often a complaint''s own page was used to send something: a limit, no evidence.';


COMMENT ON COLUMN public.link_uses.what IS 'sent: a form of the page; asked: a new link was asked for.';


COMMENT ON COLUMN public.link_uses.used_at IS 'Wall clock.';


CREATE TABLE public.mentions (
    number text NOT NULL,
    seq integer NOT NULL,
    account text NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone
);


COMMENT ON TABLE public.mentions IS 'Whom an internal note calls by @account; the note stands in the journal.';


COMMENT ON COLUMN public.mentions.seq IS 'The row of the journal.';


COMMENT ON COLUMN public.mentions.seen_at IS 'When they said that they have read it.';


CREATE TABLE public.message_attachments (
    message text NOT NULL,
    place integer NOT NULL,
    attachment text NOT NULL,
    name text NOT NULL,
    declared text NOT NULL,
    CONSTRAINT message_attachments_place_check CHECK ((place >= 1))
);


COMMENT ON TABLE public.message_attachments IS 'Which mail brought which attachment.';


COMMENT ON COLUMN public.message_attachments.name IS 'Made safe to show and to save.';


COMMENT ON COLUMN public.message_attachments.declared IS 'The type as the mail calls it.';


CREATE TABLE public.messages (
    digest text NOT NULL,
    mailbox text NOT NULL,
    message_id text,
    received_at timestamp with time zone NOT NULL,
    raw bytea NOT NULL,
    number text,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    source_key text,
    sender text,
    kind text,
    score double precision,
    evidence jsonb,
    taken_as text,
    taken_at timestamp with time zone,
    CONSTRAINT messages_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
);


COMMENT ON TABLE public.messages IS 'Mail as it came, byte for byte, kept before it is marked as seen.';


COMMENT ON COLUMN public.messages.digest IS 'SHA-256 of the bytes, in hex.';


COMMENT ON COLUMN public.messages.number IS 'The complaint that it belongs to, once known.';


COMMENT ON COLUMN public.messages.source_key IS 'Message-ID and sender, else the digest: the same arrival is taken in once.';


COMMENT ON COLUMN public.messages.sender IS 'Who wrote it, in small letters.';


COMMENT ON COLUMN public.messages.kind IS 'What it was taken for: complaint, reply, bounce, auto-reply, bulk, own, spam-like, unreadable.';


COMMENT ON COLUMN public.messages.evidence IS 'The signs, each with what was found, its weight and the kind that it speaks for.';


COMMENT ON COLUMN public.messages.taken_as IS 'What was done with it: complaint, reply, bounce, own, report, quarantine; null: not done yet.';


CREATE TABLE public.payload_keys (
    id text NOT NULL,
    fingerprint text NOT NULL,
    known_at timestamp with time zone DEFAULT now() NOT NULL,
    forgotten_at timestamp with time zone
);


COMMENT ON TABLE public.payload_keys IS 'The keys that may have sealed payloads in Temporal; never a key itself.';


COMMENT ON COLUMN public.payload_keys.id IS 'As it stands in the ring and beside each payload.';


COMMENT ON COLUMN public.payload_keys.fingerprint IS 'Tells two keys of one id apart, and tells nothing of either.';


COMMENT ON COLUMN public.payload_keys.known_at IS 'Wall clock: when a worker first had it in its ring.';


COMMENT ON COLUMN public.payload_keys.forgotten_at IS 'Since when nobody expects it any more: what it sealed is unreadable.';


CREATE TABLE public.pending_complaints (
    number text NOT NULL,
    source_key text NOT NULL,
    received jsonb NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone
);


COMMENT ON TABLE public.pending_complaints IS 'Complaints taken down while the workflow server was out of reach; started later with their true receipt time.';


COMMENT ON COLUMN public.pending_complaints.received IS 'The workflow''s input, whole.';


COMMENT ON COLUMN public.pending_complaints.started_at IS 'When its workflow was started; null: still to do.';


CREATE UNLOGGED TABLE public.presence (
    account text NOT NULL,
    number text NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);


COMMENT ON TABLE public.presence IS 'Who has which case open at the desk; a row is worth less than a minute.';


COMMENT ON COLUMN public.presence.seen_at IS 'When their page last asked.';


CREATE TABLE public.quarantine (
    digest text NOT NULL,
    reason text NOT NULL,
    number text,
    sender text,
    subject text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    quarantined_at timestamp with time zone DEFAULT now() NOT NULL,
    handled_at timestamp with time zone,
    handled_as text,
    handled_by text,
    handled_why text,
    flood timestamp with time zone,
    CONSTRAINT quarantine_handled_as_check CHECK ((handled_as = ANY (ARRAY['released'::text, 'dropped'::text, 'answered'::text]))),
    CONSTRAINT what_is_dropped_says_why CHECK (((handled_as IS DISTINCT FROM 'dropped'::text) OR (handled_why <> ''::text))),
    CONSTRAINT what_is_handled_says_how CHECK (((handled_at IS NULL) = (handled_as IS NULL)))
);


COMMENT ON TABLE public.quarantine IS 'Mail that somebody must look at before it counts: automatic, unreadable, or of a sender who does not belong.';


COMMENT ON COLUMN public.quarantine.reason IS 'Why it is here: the kind of mail, sender-mismatch, loop, no-contact, after-closing.';


COMMENT ON COLUMN public.quarantine.number IS 'The complaint that it names; once released, the one that it went to.';


COMMENT ON COLUMN public.quarantine.due IS '24 hours after the receipt: then the care team is told of it.';


COMMENT ON COLUMN public.quarantine.handled_as IS 'released (it counts, with its own receipt time), dropped (with a reason) or answered (one letter, in the ledger).';


COMMENT ON COLUMN public.quarantine.flood IS 'The flood whose one notice stands for this item; null: it has a notice of its own.';


CREATE TABLE public.review_actions (
    month text NOT NULL,
    action integer NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    words text NOT NULL,
    owner text NOT NULL,
    due date NOT NULL,
    by text NOT NULL,
    at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    done_by text,
    result text,
    CONSTRAINT an_action_is_done_by_somebody CHECK (((done_at IS NULL) = (done_by IS NULL))),
    CONSTRAINT review_actions_action_check CHECK ((action >= 1)),
    CONSTRAINT review_actions_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'process'::text, 'training'::text])))
);


COMMENT ON TABLE public.review_actions IS 'What is done about it, by whom and until when; followed up until it is done.';


COMMENT ON COLUMN public.review_actions.owner IS 'Who does it: a role, department or representative of the contacts.';


COMMENT ON COLUMN public.review_actions.due IS 'A day of the school; the owner''s daily digest names it from then on.';


COMMENT ON COLUMN public.review_actions.result IS 'What came of it, in the words of whoever declared it done.';


CREATE TABLE public.review_acts (
    month text NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    what text NOT NULL,
    by text,
    via text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT review_acts_seq_check CHECK ((seq >= 1))
);


COMMENT ON TABLE public.review_acts IS 'Who did what in a review, in order, append-only.';


CREATE TABLE public.review_cases (
    month text NOT NULL,
    number text NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    carried_from text,
    carried_to text,
    ticked_at timestamp with time zone,
    ticked_by text,
    CONSTRAINT a_case_is_ticked_by_somebody CHECK (((ticked_at IS NULL) = (ticked_by IS NULL))),
    CONSTRAINT a_ticked_case_stays CHECK (((ticked_at IS NULL) OR (carried_to IS NULL)))
);


COMMENT ON TABLE public.review_cases IS 'Every complaint that closed in the month, and those that the reviews before left over.';


COMMENT ON COLUMN public.review_cases.outcome IS 'How it had ended when the review was opened.';


COMMENT ON COLUMN public.review_cases.carried_from IS 'The month in which it closed, where a review before left it over.';


COMMENT ON COLUMN public.review_cases.carried_to IS 'The review that took it over because nobody had looked at it here.';


COMMENT ON COLUMN public.review_cases.ticked_at IS 'When the lead looked at it.';


CREATE TABLE public.review_findings (
    month text NOT NULL,
    finding integer NOT NULL,
    event_id text NOT NULL,
    number text,
    words text NOT NULL,
    by text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT review_findings_finding_check CHECK ((finding >= 1))
);


COMMENT ON TABLE public.review_findings IS 'What the review found: where service, process or training can be better.';


COMMENT ON COLUMN public.review_findings.event_id IS 'Noted once: a second one with the same id changes nothing.';


COMMENT ON COLUMN public.review_findings.number IS 'The complaint that taught it; null: several, or none in particular.';


CREATE TABLE public.reviews (
    month text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    signed_off_at timestamp with time zone,
    signed_off_by text,
    CONSTRAINT a_review_is_signed_off_by_somebody CHECK (((signed_off_at IS NULL) = (signed_off_by IS NULL))),
    CONSTRAINT reviews_month_check CHECK ((month ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'::text))
);


COMMENT ON TABLE public.reviews IS 'The review of each month (§10): opened once, by the workflow QualityReview.';


COMMENT ON COLUMN public.reviews.month IS 'Such as 2026-10: what closed in it is looked at.';


COMMENT ON COLUMN public.reviews.signed_off_at IS 'When somebody declared it over; nothing in it changes any more.';


CREATE TABLE public.saved_views (
    account text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saved_views_address_check CHECK ((address ~~ '/%'::text)),
    CONSTRAINT saved_views_name_check CHECK ((name <> ''::text))
);


COMMENT ON TABLE public.saved_views IS 'Lists that somebody comes back to, under a name of their own.';


COMMENT ON COLUMN public.saved_views.address IS 'The page with its filters, without the host.';


CREATE TABLE public.search_vocabulary (
    word text NOT NULL,
    spellings text[] NOT NULL
);


COMMENT ON TABLE public.search_vocabulary IS 'Every word that somebody wrote, so that one with a slip leads to it.';


COMMENT ON COLUMN public.search_vocabulary.spellings IS 'Its beginning with up to two letters left out.';


CREATE TABLE public.search_words (
    number text NOT NULL,
    received_at timestamp with time zone,
    words tsvector NOT NULL
);


COMMENT ON TABLE public.search_words IS 'By which words each complaint is found. No texts: those stand where they were written.';


COMMENT ON COLUMN public.search_words.received_at IS 'The complaint''s; null while only its mail is known.';


COMMENT ON COLUMN public.search_words.words IS 'Folded words; k/ before those that name the customer, s/ before stems.';


CREATE TABLE public.settings_changes (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    account text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    file text NOT NULL,
    CONSTRAINT settings_changes_by_check CHECK ((by <> ''::text)),
    CONSTRAINT settings_changes_file_check CHECK ((file <> ''::text))
);


COMMENT ON TABLE public.settings_changes IS 'Changes of the school''s files on a page of the desk: who, when, both texts whole.';


COMMENT ON COLUMN public.settings_changes.by IS 'The name that signs.';


COMMENT ON COLUMN public.settings_changes.before IS 'The file as it was: copied back, it is undone.';


COMMENT ON COLUMN public.settings_changes.after IS 'The file as it was written.';


COMMENT ON COLUMN public.settings_changes.file IS 'contacts.toml or policy.toml, whatever the file itself is called.';


ALTER TABLE public.settings_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.settings_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.sign_in_failures (
    place text NOT NULL,
    failures integer NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_failures_failures_check CHECK ((failures > 0)),
    CONSTRAINT sign_in_failures_place_check CHECK ((place ~ '^[0-9a-f]{64}$'::text))
);


COMMENT ON TABLE public.sign_in_failures IS 'Wrong passwords from one place lately, whoever''s account was tried.';


COMMENT ON COLUMN public.sign_in_failures.place IS 'SHA-256 of the network address (of IPv6 its /64): a limit, no evidence.';


COMMENT ON COLUMN public.sign_in_failures.since IS 'When this count began.';


CREATE TABLE public.staff (
    account text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    temporary boolean NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    disabled_at timestamp with time zone,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    email text,
    issuer text,
    subject text,
    department text,
    totp_secret text,
    totp_step bigint DEFAULT 0 NOT NULL,
    totp_since timestamp with time zone,
    CONSTRAINT a_subject_has_its_issuer CHECK (((issuer IS NULL) = (subject IS NULL))),
    CONSTRAINT staff_account_check CHECK ((account = lower(account))),
    CONSTRAINT staff_email_check CHECK ((email = lower(email))),
    CONSTRAINT staff_failures_check CHECK ((failures >= 0)),
    CONSTRAINT staff_role_check CHECK ((role = ANY (ARRAY['agent'::text, 'manager'::text, 'director'::text, 'quality'::text, 'admin'::text])))
);


COMMENT ON TABLE public.staff IS 'Who may sign in at the desk, and as what.';


COMMENT ON COLUMN public.staff.account IS 'What is typed to sign in; kept as the author of every act.';


COMMENT ON COLUMN public.staff.password_hash IS 'Argon2id, with its own salt and cost.';


COMMENT ON COLUMN public.staff.temporary IS 'The password was given by somebody else: it is changed at the first sign-in.';


COMMENT ON COLUMN public.staff.failures IS 'Wrong passwords since the last right one.';


COMMENT ON COLUMN public.staff.locked_until IS 'Wall clock: no sign-in before, not even with the right password.';


COMMENT ON COLUMN public.staff.email IS 'By which an identity provider''s account is known the first time.';


COMMENT ON COLUMN public.staff.issuer IS 'The identity provider that vouches for the subject.';


COMMENT ON COLUMN public.staff.subject IS 'Who they are there (OpenID Connect: sub); from then on the address does not count.';


COMMENT ON COLUMN public.staff.department IS 'The key of the department that they work in.';


COMMENT ON COLUMN public.staff.totp_secret IS 'Sealed with SECRET_KEY; null: a password is enough.';


COMMENT ON COLUMN public.staff.totp_step IS 'The last step whose code was used: no code up to it counts again.';


COMMENT ON COLUMN public.staff.totp_since IS 'Wall clock: when it was set up.';


CREATE TABLE public.staff_recovery_codes (
    account text NOT NULL,
    digest text NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT staff_recovery_codes_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
);


COMMENT ON TABLE public.staff_recovery_codes IS 'Codes that count once each, where the telephone is lost.';


COMMENT ON COLUMN public.staff_recovery_codes.digest IS 'SHA-256 of account and code: 59 random bits, never the code.';


COMMENT ON COLUMN public.staff_recovery_codes.used_at IS 'Used, or replaced by new ones; rows stay.';


CREATE TABLE public.staff_sessions (
    digest text NOT NULL,
    account text NOT NULL,
    form_token text NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    via text DEFAULT 'password'::text NOT NULL,
    browser text,
    handle uuid DEFAULT gen_random_uuid() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT staff_sessions_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT staff_sessions_via_check CHECK ((via = ANY (ARRAY['password'::text, 'oidc'::text])))
);


COMMENT ON TABLE public.staff_sessions IS 'Who is signed in now.';


COMMENT ON COLUMN public.staff_sessions.digest IS 'SHA-256 of what the browser holds: who reads this table cannot sign in with it.';


COMMENT ON COLUMN public.staff_sessions.form_token IS 'What every form of this session carries.';


COMMENT ON COLUMN public.staff_sessions.via IS 'How they signed in.';


COMMENT ON COLUMN public.staff_sessions.browser IS 'What the browser says it is, so that people know their own sessions.';


COMMENT ON COLUMN public.staff_sessions.handle IS 'What a session is called on the page that ends it.';


COMMENT ON COLUMN public.staff_sessions.ended_at IS 'Signed out, or ended by somebody; rows stay: the daily role deletes nothing.';


CREATE TABLE public.verifications (
    at timestamp with time zone NOT NULL,
    whole boolean NOT NULL,
    faults integer NOT NULL,
    result jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT verifications_faults_check CHECK ((faults >= 0))
);


COMMENT ON TABLE public.verifications IS 'What came of each look at whether the records hold together: rows are only added.';


COMMENT ON COLUMN public.verifications.at IS 'Wall clock: when the look began.';


COMMENT ON COLUMN public.verifications.whole IS 'Whether it looked at every complaint.';


COMMENT ON COLUMN public.verifications.faults IS 'How many things did not hold together; 0: all is well. For a metric.';


COMMENT ON COLUMN public.verifications.result IS 'The rest: what was counted, the lags of deadlines, the first faults by number.';


ALTER TABLE ONLY public.absences
    ADD CONSTRAINT absences_pkey PRIMARY KEY (account);


ALTER TABLE ONLY public.afterwords
    ADD CONSTRAINT afterwords_pkey PRIMARY KEY (event_id);


ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


ALTER TABLE ONLY public.api_requests
    ADD CONSTRAINT api_requests_pkey PRIMARY KEY (program, key_digest);


ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (digest);


ALTER TABLE ONLY public.arrivals
    ADD CONSTRAINT arrivals_pkey PRIMARY KEY (source_key);


ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_pkey PRIMARY KEY (digest);


ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (number, task);


ALTER TABLE ONLY public.chain
    ADD CONSTRAINT chain_number_source_key_key UNIQUE (number, source, key);


ALTER TABLE ONLY public.chain
    ADD CONSTRAINT chain_pkey PRIMARY KEY (number, link);


ALTER TABLE ONLY public.complaints
    ADD CONSTRAINT complaints_pkey PRIMARY KEY (number);


ALTER TABLE ONLY public.complaints
    ADD CONSTRAINT complaints_source_key_key UNIQUE (source_key);


ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (number, act, account);


ALTER TABLE ONLY public.floods
    ADD CONSTRAINT floods_pkey PRIMARY KEY (began_at);


ALTER TABLE ONLY public.given_files
    ADD CONSTRAINT given_files_pkey PRIMARY KEY (number, attachment);


ALTER TABLE ONLY public.installation_secrets
    ADD CONSTRAINT installation_secrets_pkey PRIMARY KEY (name);


ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (number, seq);


ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_message_id_key UNIQUE (message_id);


ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (number, key);


ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_pkey PRIMARY KEY (account, number, seq);


ALTER TABLE ONLY public.message_attachments
    ADD CONSTRAINT message_attachments_pkey PRIMARY KEY (message, place);


ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (digest);


ALTER TABLE ONLY public.payload_keys
    ADD CONSTRAINT payload_keys_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.pending_complaints
    ADD CONSTRAINT pending_complaints_pkey PRIMARY KEY (number);


ALTER TABLE ONLY public.pending_complaints
    ADD CONSTRAINT pending_complaints_source_key_key UNIQUE (source_key);


ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (account, number);


ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (digest);


ALTER TABLE ONLY public.review_actions
    ADD CONSTRAINT review_actions_event_id_key UNIQUE (event_id);


ALTER TABLE ONLY public.review_actions
    ADD CONSTRAINT review_actions_pkey PRIMARY KEY (month, action);


ALTER TABLE ONLY public.review_acts
    ADD CONSTRAINT review_acts_pkey PRIMARY KEY (month, seq);


ALTER TABLE ONLY public.review_cases
    ADD CONSTRAINT review_cases_pkey PRIMARY KEY (month, number);


ALTER TABLE ONLY public.review_findings
    ADD CONSTRAINT review_findings_event_id_key UNIQUE (event_id);


ALTER TABLE ONLY public.review_findings
    ADD CONSTRAINT review_findings_pkey PRIMARY KEY (month, finding);


ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (month);


ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (account, name);


ALTER TABLE ONLY public.search_vocabulary
    ADD CONSTRAINT search_vocabulary_pkey PRIMARY KEY (word);


ALTER TABLE ONLY public.search_words
    ADD CONSTRAINT search_words_pkey PRIMARY KEY (number);


ALTER TABLE ONLY public.settings_changes
    ADD CONSTRAINT settings_changes_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.sign_in_failures
    ADD CONSTRAINT sign_in_failures_pkey PRIMARY KEY (place);


ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (account);


ALTER TABLE ONLY public.staff_recovery_codes
    ADD CONSTRAINT staff_recovery_codes_pkey PRIMARY KEY (account, digest);


ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_handle_key UNIQUE (handle);


ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_pkey PRIMARY KEY (digest);


CREATE INDEX afterwords_by_number ON public.afterwords USING btree (number, at);


CREATE INDEX afterwords_of_erasure ON public.afterwords USING btree (number) WHERE (what = ANY (ARRAY['erased'::text, 'hold-set'::text, 'hold-released'::text]));


CREATE UNIQUE INDEX api_tokens_by_name ON public.api_tokens USING btree (name) WHERE (revoked_at IS NULL);


CREATE INDEX arrivals_admitted ON public.arrivals USING btree (admitted_at) WHERE (admitted_at IS NOT NULL);


CREATE INDEX calls_open ON public.calls USING btree (due) WHERE (done_at IS NULL);


CREATE INDEX complaints_by_close ON public.complaints USING btree (closed_at) WHERE (closed_at IS NOT NULL);


CREATE INDEX complaints_by_document ON public.complaints USING btree (document_folded) WHERE (document_folded <> ''::text);


CREATE INDEX complaints_by_email ON public.complaints USING btree (email_folded) WHERE (email_folded <> ''::text);


CREATE INDEX complaints_by_next_word ON public.complaints USING btree (next_word_at) WHERE (closed_at IS NULL);


CREATE INDEX complaints_by_phone ON public.complaints USING gin (string_to_array(phone_digits, ' '::text)) WHERE (phone_digits <> ''::text);


CREATE INDEX complaints_by_receipt ON public.complaints USING btree (received_at);


CREATE INDEX complaints_dismissed ON public.complaints USING btree (number) WHERE (outcome = 'not-a-complaint'::text);


CREATE INDEX complaints_open_by_department ON public.complaints USING btree (department, due) WHERE (closed_at IS NULL);


CREATE INDEX complaints_open_by_due ON public.complaints USING btree (due) WHERE (closed_at IS NULL);


CREATE INDEX complaints_open_by_representative ON public.complaints USING btree (representative, due) WHERE (closed_at IS NULL);


CREATE INDEX complaints_open_by_stage ON public.complaints USING btree (stage, due) WHERE (closed_at IS NULL);


CREATE INDEX complaints_open_late ON public.complaints USING btree (due) WHERE ((closed_at IS NULL) AND late);


CREATE INDEX complaints_unread ON public.complaints USING btree (unread_since) WHERE (unread > 0);


CREATE INDEX form_uses_lately ON public.form_uses USING btree (allowance, used_at);


CREATE INDEX given_files_by_attachment ON public.given_files USING btree (attachment);


CREATE INDEX journal_by_event ON public.journal USING btree (what, at) INCLUDE (number);


CREATE INDEX journal_resolution_told ON public.journal USING btree (at) INCLUDE (number) WHERE ((what = 'letter-sent'::text) AND ((data ->> 'kind'::text) = ANY (ARRAY['resolution'::text, 'correction'::text])));


CREATE INDEX letters_answers ON public.letters USING btree (lower(to_address), claimed_at) WHERE (kind = 'quarantine-answer'::text);


CREATE INDEX letters_by_occasion ON public.letters USING btree (occasion_at);


CREATE INDEX letters_due ON public.letters USING btree (occasion_at) WHERE (state = 'due'::text);


CREATE INDEX letters_uncertain ON public.letters USING btree (lease_until) WHERE (state = ANY (ARRAY['uncertain'::text, 'claimed'::text]));


CREATE INDEX link_ends_by_number ON public.link_ends USING btree (number, ended_at);


CREATE INDEX link_uses_lately ON public.link_uses USING btree (number, what, used_at);


CREATE INDEX mentions_to_see ON public.mentions USING btree (account, at) WHERE (seen_at IS NULL);


CREATE INDEX message_attachments_by_attachment ON public.message_attachments USING btree (attachment);


CREATE INDEX messages_by_message_id ON public.messages USING btree (message_id) WHERE (message_id IS NOT NULL);


CREATE INDEX messages_by_number ON public.messages USING btree (number, received_at) WHERE (number IS NOT NULL);


CREATE INDEX messages_by_sender ON public.messages USING btree (sender, received_at) WHERE (sender IS NOT NULL);


CREATE INDEX messages_not_taken ON public.messages USING btree (kept_at) WHERE (taken_at IS NULL);


CREATE INDEX pending_not_started ON public.pending_complaints USING btree (taken_at) WHERE (started_at IS NULL);


CREATE INDEX presence_by_case ON public.presence USING btree (number);


CREATE INDEX quarantine_by_flood ON public.quarantine USING btree (flood) WHERE (flood IS NOT NULL);


CREATE INDEX quarantine_by_receipt ON public.quarantine USING btree (received_at);


CREATE INDEX quarantine_open ON public.quarantine USING btree (due) WHERE (handled_at IS NULL);


CREATE INDEX review_actions_open ON public.review_actions USING btree (due) WHERE (done_at IS NULL);


CREATE INDEX review_cases_waiting ON public.review_cases USING btree (month) WHERE ((ticked_at IS NULL) AND (carried_to IS NULL));


CREATE INDEX search_vocabulary_by_spelling ON public.search_vocabulary USING gin (spellings);


CREATE INDEX search_words_by_receipt ON public.search_words USING btree (received_at DESC NULLS LAST);


CREATE INDEX search_words_by_word ON public.search_words USING gin (words);


CREATE UNIQUE INDEX staff_by_email ON public.staff USING btree (email);


CREATE UNIQUE INDEX staff_by_name ON public.staff USING btree (lower(name));


CREATE UNIQUE INDEX staff_by_subject ON public.staff USING btree (issuer, subject);


CREATE INDEX staff_sessions_by_account ON public.staff_sessions USING btree (account);


CREATE INDEX verifications_newest ON public.verifications USING btree (at DESC) WHERE whole;


CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.afterwords FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.link_ends FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.review_acts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.settings_changes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.verifications FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER chained AFTER INSERT ON public.afterwords FOR EACH ROW EXECUTE FUNCTION public.chain_row('event_id');


CREATE TRIGGER chained AFTER INSERT ON public.journal FOR EACH ROW EXECUTE FUNCTION public.chain_row('seq');


CREATE TRIGGER chained AFTER INSERT ON public.letters FOR EACH ROW WHEN ((new.message_id IS NOT NULL)) EXECUTE FUNCTION public.chain_row('key');


ALTER TABLE ONLY public.absences
    ADD CONSTRAINT absences_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.absences
    ADD CONSTRAINT absences_substitute_fkey FOREIGN KEY (substitute) REFERENCES public.staff(account);


ALTER TABLE ONLY public.afterwords
    ADD CONSTRAINT afterwords_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number);


ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number);


ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number) ON DELETE CASCADE;


ALTER TABLE ONLY public.given_files
    ADD CONSTRAINT given_files_attachment_fkey FOREIGN KEY (attachment) REFERENCES public.attachments(digest);


ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number);


ALTER TABLE ONLY public.link_ends
    ADD CONSTRAINT link_ends_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number);


ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.message_attachments
    ADD CONSTRAINT message_attachments_attachment_fkey FOREIGN KEY (attachment) REFERENCES public.attachments(digest);


ALTER TABLE ONLY public.message_attachments
    ADD CONSTRAINT message_attachments_message_fkey FOREIGN KEY (message) REFERENCES public.messages(digest);


ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_digest_fkey FOREIGN KEY (digest) REFERENCES public.messages(digest);


ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_flood_fkey FOREIGN KEY (flood) REFERENCES public.floods(began_at);


ALTER TABLE ONLY public.review_actions
    ADD CONSTRAINT review_actions_month_fkey FOREIGN KEY (month) REFERENCES public.reviews(month);


ALTER TABLE ONLY public.review_acts
    ADD CONSTRAINT review_acts_month_fkey FOREIGN KEY (month) REFERENCES public.reviews(month);


ALTER TABLE ONLY public.review_cases
    ADD CONSTRAINT review_cases_carried_to_fkey FOREIGN KEY (carried_to) REFERENCES public.reviews(month);


ALTER TABLE ONLY public.review_cases
    ADD CONSTRAINT review_cases_month_fkey FOREIGN KEY (month) REFERENCES public.reviews(month);


ALTER TABLE ONLY public.review_cases
    ADD CONSTRAINT review_cases_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number);


ALTER TABLE ONLY public.review_findings
    ADD CONSTRAINT review_findings_month_fkey FOREIGN KEY (month) REFERENCES public.reviews(month);


ALTER TABLE ONLY public.review_findings
    ADD CONSTRAINT review_findings_number_fkey FOREIGN KEY (number) REFERENCES public.complaints(number);


ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.settings_changes
    ADD CONSTRAINT settings_changes_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.staff_recovery_codes
    ADD CONSTRAINT staff_recovery_codes_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);


ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_account_fkey FOREIGN KEY (account) REFERENCES public.staff(account);
INSERT INTO public.alembic_version VALUES ('0030');
