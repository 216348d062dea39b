"""The first schema of the records (§9): complaints, their journal, letters, calls, what waits, and the mail as it came.

Every time is an instant (timestamptz); `at`, `received_at`, `due` and the like are the case's business clock, as the
workflow gave them; `recorded_at` and the ledger's claims are wall-clock times of the database.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COMPLAINTS = """
CREATE TABLE complaints (
    number text PRIMARY KEY,
    source_key text NOT NULL UNIQUE,
    channel text NOT NULL,
    language text NOT NULL,
    received_at timestamptz NOT NULL,
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
    level integer NOT NULL CHECK (level >= 0),
    round integer NOT NULL CHECK (round >= 1),
    late boolean NOT NULL,
    due timestamptz,
    due_name text,
    department text,
    representative text,
    owner text,
    category text,
    severity text,
    outcome text,
    resolved_at timestamptz,
    closed_at timestamptz,
    policy_version text NOT NULL,
    seq integer NOT NULL CHECK (seq >= 1),
    name_folded text NOT NULL,
    document_folded text NOT NULL,
    email_folded text NOT NULL,
    phone_digits text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
)
"""

JOURNAL = """
CREATE TABLE journal (
    number text NOT NULL REFERENCES complaints,
    seq integer NOT NULL CHECK (seq >= 1),
    at timestamptz NOT NULL,
    what text NOT NULL,
    by text,
    via text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (number, seq)
)
"""

AFTERWORDS = """
CREATE TABLE afterwords (
    number text NOT NULL REFERENCES complaints,
    event_id text PRIMARY KEY,
    at timestamptz NOT NULL,
    what text NOT NULL,
    by text,
    via text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
)
"""

# No reference to complaints: letters go out while their journal rows still wait for a database that was away.
LETTERS = """
CREATE TABLE letters (
    number text NOT NULL,
    key text NOT NULL,
    state text NOT NULL CHECK (state IN ('due', 'claimed', 'sent', 'failed', 'uncertain', 'superseded')),
    message_id text UNIQUE,
    kind text,
    recipient text,
    to_address text,
    language text,
    subject text,
    text text,
    html text,
    occasion_at timestamptz,
    claimed_at timestamptz,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    sent_at timestamptz,
    uncertain_at timestamptz,
    reason text,
    PRIMARY KEY (number, key),
    CONSTRAINT a_letter_is_written_unless_superseded CHECK (
        state = 'superseded'
        OR num_nulls(message_id, kind, recipient, to_address, language, subject, text, html, occasion_at) = 0
    ),
    CONSTRAINT a_claim_has_a_lease CHECK (state <> 'claimed' OR lease_until IS NOT NULL)
)
"""

CALLS = """
CREATE TABLE calls (
    number text NOT NULL REFERENCES complaints,
    task integer NOT NULL CHECK (task >= 1),
    opened_at timestamptz NOT NULL,
    due timestamptz NOT NULL,
    purposes text[] NOT NULL,
    kinds text[] NOT NULL,
    attempts integer NOT NULL,
    next_at timestamptz,
    done_at timestamptz,
    outcome text,
    seq integer NOT NULL,
    PRIMARY KEY (number, task)
)
"""

PENDING = """
CREATE TABLE pending_complaints (
    number text PRIMARY KEY,
    source_key text NOT NULL UNIQUE,
    received jsonb NOT NULL,
    taken_at timestamptz NOT NULL,
    started_at timestamptz
)
"""

MESSAGES = """
CREATE TABLE messages (
    digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    mailbox text NOT NULL,
    message_id text,
    received_at timestamptz NOT NULL,
    raw bytea NOT NULL,
    number text,
    kept_at timestamptz NOT NULL DEFAULT now()
)
"""

INDEXES = (
    "CREATE INDEX complaints_open_by_stage ON complaints (stage, due) WHERE closed_at IS NULL",
    "CREATE INDEX complaints_open_by_due ON complaints (due) WHERE closed_at IS NULL",
    "CREATE INDEX complaints_open_late ON complaints (due) WHERE closed_at IS NULL AND late",
    "CREATE INDEX complaints_open_by_department ON complaints (department, due) WHERE closed_at IS NULL",
    "CREATE INDEX complaints_by_receipt ON complaints (received_at)",
    "CREATE INDEX complaints_by_close ON complaints (closed_at) WHERE closed_at IS NOT NULL",
    "CREATE INDEX complaints_by_document ON complaints (document_folded) WHERE document_folded <> ''",
    "CREATE INDEX complaints_by_email ON complaints (email_folded) WHERE email_folded <> ''",
    "CREATE INDEX complaints_by_phone ON complaints (phone_digits) WHERE phone_digits <> ''",
    "CREATE INDEX journal_by_event ON journal (what, at)",
    "CREATE INDEX afterwords_by_number ON afterwords (number, at)",
    "CREATE INDEX letters_by_occasion ON letters (occasion_at)",
    "CREATE INDEX letters_uncertain ON letters (lease_until) WHERE state IN ('uncertain', 'claimed')",
    "CREATE INDEX calls_open ON calls (due) WHERE done_at IS NULL",
    "CREATE INDEX pending_not_started ON pending_complaints (taken_at) WHERE started_at IS NULL",
    "CREATE INDEX messages_by_number ON messages (number, received_at) WHERE number IS NOT NULL",
    "CREATE INDEX messages_by_message_id ON messages (message_id) WHERE message_id IS NOT NULL",
)

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Add a row that says what is true now.';
END
$$
"""

# For each statement, not each row: a change that would touch no row is a mistake too.
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

MEANINGS: dict[str, tuple[str, dict[str, str]]] = {
    "complaints": (
        "The current state of each complaint (§9), moved only to a higher seq; the journal is the truth behind it.",
        {
            "number": "Q-XXXX-XXXXX, or the id that the starting program chose; also the workflow id.",
            "source_key": "What makes the arrival unique; starting twice is one complaint.",
            "channel": "email, phone or web (§3).",
            "received_at": "When it was received (§3): the mail server's time, the call's.",
            "document": "Identity document as given.",
            "guardian": "The parent or guardian of a minor.",
            "description": "What happened, in the customer's words.",
            "stage": "assessment, assignment, investigation, confirmation, closed (§5, §8).",
            "level": "0: the care team's; 1, 2 ...: a rung of the escalation ladder (§7).",
            "round": "1 from receipt; a dispute or a reopening starts the next.",
            "late": "Whether anything is late now.",
            "due": "What people have to do next is due then; due_name says what.",
            "owner": "The role that answers for it.",
            "outcome": "How it ended; null while open.",
            "policy_version": "The policy in force for this case.",
            "seq": "The last journal row that this state includes.",
            "name_folded": "Name and guardian without accents and case, for finding.",
            "document_folded": "The document without label, spaces and dots, for finding.",
            "email_folded": "The address in small letters, for finding.",
            "phone_digits": "The last nine digits of the national number, for finding.",
            "recorded_at": "Wall clock: when this state was written.",
        },
    ),
    "journal": (
        "What happened, in order, append-only (§9). A row written late is still the right row.",
        {
            "seq": "1, 2, 3 ... within the complaint, over all its rounds and runs; given by the workflow.",
            "at": "The case's business clock.",
            "what": "A fact's name, or what clocks and letters did: received, late/assessment, escalated ...",
            "by": "Who.",
            "via": "Through what: desk, cli, link, reply, call, signal, clock.",
            "recorded_at": "Wall clock: when the row was written.",
        },
    ),
    "afterwords": (
        "What was said or done outside a run, append-only: a late survey, feedback, a resend, a reopening note.",
        {"event_id": "Added once: a second one with the same id changes nothing."},
    ),
    "letters": (
        "The ledger: one row a letter, claimed before the socket opens (design §5.2).",
        {
            "key": "round/occasion/recipient; with the number it is one letter for ever.",
            "state": "due (released, to be sent), claimed, sent, failed, uncertain, superseded.",
            "message_id": "The one Message-ID, whatever the number of attempts.",
            "recipient": "The role: customer, care_team, a rung of the ladder ...",
            "occasion_at": "When the occasion arose, by the case's business clock.",
            "lease_until": "Wall clock: a claim older than this has an unknown end.",
            "attempts": "How often it was claimed.",
            "uncertain_at": "Wall clock: when its end first became unknown; stays after a resend, perhaps a duplicate.",
            "reason": "Why it failed or waits, without addresses.",
        },
    ),
    "calls": (
        "Calls that somebody has to make, for customers whom letters do not reach (design §2).",
        {"seq": "The journal row up to which this is told; an older state never overwrites a newer."},
    ),
    "pending_complaints": (
        "Complaints taken down while the workflow server was out of reach; started later with their true receipt time.",
        {"received": "The workflow's input, whole.", "started_at": "When its workflow was started; null: still to do."},
    ),
    "messages": (
        "Mail as it came, byte for byte, kept before it is marked as seen.",
        {"digest": "SHA-256 of the bytes, in hex.", "number": "The complaint that it belongs to, once known."},
    ),
}


def upgrade() -> None:
    """Tables, indexes, the refusal to change what is append-only, and what everything means."""
    for statement in (COMPLAINTS, JOURNAL, AFTERWORDS, LETTERS, CALLS, PENDING, MESSAGES, *INDEXES, REFUSE_CHANGE):
        op.execute(statement)
    for table in ("journal", "afterwords"):
        op.execute(APPEND_ONLY.format(table=table))
    for table, (meaning, columns) in MEANINGS.items():
        op.execute(f"COMMENT ON TABLE {table} IS {_quoted(meaning)}")
        for column, said in columns.items():
            op.execute(f"COMMENT ON COLUMN {table}.{column} IS {_quoted(said)}")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
