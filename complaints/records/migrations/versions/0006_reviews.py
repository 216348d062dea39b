"""The review record of each month (§10), and when each customer hears from us next (§5.4), for the daily digest."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REVIEWS = """
CREATE TABLE reviews (
    month text PRIMARY KEY CHECK (month ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'),
    opened_at timestamptz NOT NULL,
    signed_off_at timestamptz,
    signed_off_by text,
    CONSTRAINT a_review_is_signed_off_by_somebody CHECK ((signed_off_at IS NULL) = (signed_off_by IS NULL))
)
"""

CASES = """
CREATE TABLE review_cases (
    month text NOT NULL REFERENCES reviews,
    number text NOT NULL REFERENCES complaints,
    closed_at timestamptz NOT NULL,
    outcome text NOT NULL,
    carried_from text,
    carried_to text REFERENCES reviews (month),
    ticked_at timestamptz,
    ticked_by text,
    PRIMARY KEY (month, number),
    CONSTRAINT a_case_is_ticked_by_somebody CHECK ((ticked_at IS NULL) = (ticked_by IS NULL)),
    CONSTRAINT a_ticked_case_stays CHECK (ticked_at IS NULL OR carried_to IS NULL)
)
"""

FINDINGS = """
CREATE TABLE review_findings (
    month text NOT NULL REFERENCES reviews,
    finding integer NOT NULL CHECK (finding >= 1),
    event_id text NOT NULL UNIQUE,
    number text REFERENCES complaints,
    words text NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (month, finding)
)
"""

ACTIONS = """
CREATE TABLE review_actions (
    month text NOT NULL REFERENCES reviews,
    action integer NOT NULL CHECK (action >= 1),
    event_id text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('service', 'process', 'training')),
    words text NOT NULL,
    owner text NOT NULL,
    due date NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL,
    done_at timestamptz,
    done_by text,
    result text,
    PRIMARY KEY (month, action),
    CONSTRAINT an_action_is_done_by_somebody CHECK ((done_at IS NULL) = (done_by IS NULL))
)
"""

ACTS = """
CREATE TABLE review_acts (
    month text NOT NULL REFERENCES reviews,
    seq integer NOT NULL CHECK (seq >= 1),
    at timestamptz NOT NULL,
    what text NOT NULL,
    by text,
    via text NOT NULL,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (month, seq)
)
"""

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_acts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

NEXT_WORD = "ALTER TABLE complaints ADD COLUMN next_word_at timestamptz"

INDEXES = (
    "CREATE INDEX review_cases_waiting ON review_cases (month) WHERE ticked_at IS NULL AND carried_to IS NULL",
    "CREATE INDEX review_actions_open ON review_actions (due) WHERE done_at IS NULL",
    "CREATE INDEX complaints_by_next_word ON complaints (next_word_at) WHERE closed_at IS NULL",
)

MEANINGS = (
    ("TABLE reviews", "The review of each month (§10): opened once, by the workflow QualityReview."),
    ("COLUMN reviews.month", "Such as 2026-10: what closed in it is looked at."),
    ("COLUMN reviews.signed_off_at", "When somebody declared it over; nothing in it changes any more."),
    ("TABLE review_cases", "Every complaint that closed in the month, and those that the reviews before left over."),
    ("COLUMN review_cases.outcome", "How it had ended when the review was opened."),
    ("COLUMN review_cases.carried_from", "The month in which it closed, where a review before left it over."),
    ("COLUMN review_cases.carried_to", "The review that took it over because nobody had looked at it here."),
    ("COLUMN review_cases.ticked_at", "When the lead looked at it."),
    ("TABLE review_findings", "What the review found: where service, process or training can be better."),
    ("COLUMN review_findings.number", "The complaint that taught it; null: several, or none in particular."),
    ("COLUMN review_findings.event_id", "Noted once: a second one with the same id changes nothing."),
    ("TABLE review_actions", "What is done about it, by whom and until when; followed up until it is done."),
    ("COLUMN review_actions.owner", "Who does it: a role, department or representative of the contacts."),
    ("COLUMN review_actions.due", "A day of the school; the owner''s daily digest names it from then on."),
    ("COLUMN review_actions.result", "What came of it, in the words of whoever declared it done."),
    ("TABLE review_acts", "Who did what in a review, in order, append-only."),
    ("COLUMN complaints.next_word_at", "When the customer hears from us next at the latest (§5.4); null: never again."),
)


def upgrade() -> None:
    """Five tables, and a column that the digest reads."""
    for statement in (REVIEWS, CASES, FINDINGS, ACTIONS, ACTS, APPEND_ONLY, NEXT_WORD, *INDEXES):
        op.execute(statement)
    for what, meaning in MEANINGS:
        op.execute(f"COMMENT ON {what} IS '{meaning}'")
