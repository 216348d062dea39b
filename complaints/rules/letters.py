"""The letters of the procedure: their kinds, to whom they go, and what each may say."""

from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.given_files import GivenFile
from complaints.rules.languages import Language
from complaints.rules.resolved import may_be_a_no


class LetterKind(StrEnum):
    """One template each, in every language; the audience is part of the kind: no staff letter reaches a customer."""

    # To the customer
    ACKNOWLEDGEMENT = "acknowledgement"
    """§4: number, copy of the words, what we understood, what is missing, who has it, next date, phone, other ways."""
    DETAILS_REQUEST = "details-request"
    """§5.1."""
    UPDATE = "update"
    """§5.4, every 3 days."""
    REPLY = "reply"
    """§5.4: what somebody writes to the customer, now and in their own words."""
    RESOLUTION = "resolution"
    """§6: the resolution, the invitation to say how it was handled, satisfied or not."""
    CORRECTION = "correction"
    """§6: the answer had a mistake; this is the right one."""
    RESOLUTION_DECIDED = "resolution-decided"
    """§6, after a bare `resolved`: it is decided, and the representative will explain."""
    ESCALATION = "escalation"
    """§7: who has it now, and what happens next."""
    REMINDER = "reminder"
    """§8: please confirm."""
    CLOSING = "closing"
    """§8: closed as satisfied, with the survey."""
    CLOSED_IN_SILENCE = "closed-in-silence"
    """§8, only where the policy closes after silence."""
    DECISION = "decision"
    """§7, after the last level: closed by decision, with the reason and the outside recourse."""
    WITHDRAWAL = "withdrawal"
    NOT_A_COMPLAINT = "not-a-complaint"
    MERGED = "merged"
    """Two complaints of one person go on as one."""
    JOINED = "joined"
    """Looked at together with another person's; nothing of either is told to the other."""
    SEPARATED = "separated"
    """By itself again."""
    REOPENING = "reopening"

    # To staff
    ASSIGNMENT = "assignment"
    """§5.2, to the department's head (and the representative)."""
    INVOLVEMENT = "involvement"
    """§5.3, to whom is asked; without the customer's contact data."""
    MENTION = "mention"
    """An internal note calls a colleague by `@account` (§5.3)."""
    WARNING = "warning"
    """One business day before a window ends, to who is responsible."""
    LATE = "late"
    """A window has ended, told once."""
    ACKNOWLEDGEMENT_LATE = "acknowledgement-late"
    """§4: 24 hours passed without a delivered acknowledgement; care team and manager."""
    ESCALATED_TO_YOU = "escalated-to-you"
    """§7, to the manager or director: the case's story, what they can do, the days left."""
    ESCALATED_FROM_YOU = "escalated-from-you"
    """§7, to the assignee, who keeps working."""
    PROMISE_MISSED = "promise-missed"
    """§5.4, to the owner: a promised date passed."""
    LEGAL_WARNING = "legal-warning"
    """Ley 31435, day 10 and 13, to the managers."""
    LEGAL_BREACH = "legal-breach"
    CALL_NEEDED = "call-needed"
    """A call task was opened: whom to call by when, and what to say; the care team or the representative."""
    CALL_LATE = "call-late"
    UNREACHABLE = "unreachable"
    """After the policy's attempts: a written letter by post, or the manager's decision."""
    EXPLAIN = "explain"
    """After a bare `resolved`: the representative is asked to explain it to the customer."""
    CUSTOMER_SAID = "customer-said"
    """The customer wrote, called or sent details: the owner is told."""
    MESSAGE_LATE = "message-late"
    """A message of the customer has waited too long for an answer: who answers for the case, once."""
    DISPUTED = "disputed"
    """§7: the customer does not accept the resolution; the assignee."""
    UNCONFIRMED = "unconfirmed"
    """§8: reminders and call brought no answer; it stays listed."""


TO_CUSTOMER = frozenset(
    {
        LetterKind.ACKNOWLEDGEMENT,
        LetterKind.DETAILS_REQUEST,
        LetterKind.UPDATE,
        LetterKind.REPLY,
        LetterKind.RESOLUTION,
        LetterKind.CORRECTION,
        LetterKind.RESOLUTION_DECIDED,
        LetterKind.ESCALATION,
        LetterKind.REMINDER,
        LetterKind.CLOSING,
        LetterKind.CLOSED_IN_SILENCE,
        LetterKind.DECISION,
        LetterKind.WITHDRAWAL,
        LetterKind.NOT_A_COMPLAINT,
        LetterKind.MERGED,
        LetterKind.JOINED,
        LetterKind.SEPARATED,
        LetterKind.REOPENING,
    }
)
"""The kinds that may go to a customer; all others go to staff only."""

ANSWERS = frozenset({LetterKind.RESOLUTION, LetterKind.CORRECTION})
"""The kinds that tell the customer the resolution itself (§6)."""

CUSTOMER = "customer"
CARE_TEAM = "care_team"
REPRESENTATIVE = "representative"
DEPARTMENT_HEAD = "department_head"
COLLEAGUE = "colleague/"
"""Before the account of whoever is told of a note."""


class StoryLine(BaseModel):
    """One line of a case's story as a letter tells it; the template puts `what` into words."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    what: str
    """As in the journal."""
    by: str | None = None
    text: str | None = None


class Contents(BaseModel):
    """What a letter may say. Each kind gets only the fields it needs: departments never see contact data."""

    model_config = ConfigDict(frozen=True)

    received_at: AwareDatetime | None = None
    customer_name: str | None = None
    description: str | None = None
    """The customer's own words."""
    understood: dict[str, str] = {}
    """What we understood, to be corrected by answering. Keys: `name`, `document`, `phone`, `occurred_on`, `product`,
    `remedy_sought`, `amount`, `kind`."""
    files: tuple[str, ...] = ()
    """The files that came with the complaint, by name."""
    attached: tuple[GivenFile, ...] = ()
    """What goes with the letter: the bytes are put in when it is sent."""
    missing: tuple[str, ...] = ()
    """Exactly what is missing: `identification`, `occurred_on`, `product`, or the representative's own words."""
    question: str | None = None
    asked_by: str | None = None
    """Who asks, or wrote the note."""
    stage: str | None = None
    level: int = 0
    round: int = 1
    owner: str | None = None
    """The role that has the case: `care_team`, `representative`, or one of the ladder; a template names the person."""
    department: str | None = None
    representative: str | None = None
    about: str | None = None
    """In the customer's words, to staff: their subject, else how their message begins."""
    had_by: str | None = None
    """The role that had the case before it escalated."""
    waiting_since: AwareDatetime | None = None
    """From when the present stage waits for somebody (§5.1 to §5.3)."""
    waited: int | None = None
    """Business days since the receipt."""
    window: str | None = None
    """Which window a warning or a lateness is about: `assessment`, `assignment`, `investigation`."""
    due: AwareDatetime | None = None
    """The date that this letter is about."""
    days_left: int | None = None
    """Business days until `due`."""
    next_word_at: AwareDatetime | None = None
    """When the customer hears from us next at the latest."""
    late_window: str | None = None
    """Which window of the present stage has passed, for a word to the customer: `assessment` …"""
    late_since: AwareDatetime | None = None
    """When it ended."""
    new_date: AwareDatetime | None = None
    """What holds instead."""
    new_date_from: Literal["promise", "escalation", "legal"] | None = None
    """Whose date that is: one that was promised, the next escalation's (§7), the law's."""
    answer_until: AwareDatetime | None = None
    """When silence closes the case; None: it never does (§8)."""
    reopen_days: int | None = None
    """Days after the closing in which a dispute opens the case again (§8)."""
    promised_for: date | None = None
    promise_missed: date | None = None
    """A promised date that passed since the last word."""
    since_last_word: tuple[StoryLine, ...] = ()
    """What happened since the customer last heard from us."""
    story: tuple[StoryLine, ...] = ()
    """The whole story, for the manager or director."""
    resolution: str | None = None
    resolution_outcome: Literal["upheld", "partly", "not"] | None = None
    corrective_actions: tuple[str, ...] = ()
    reason: str | None = None
    """Why: of an escalation (`time` or `dissatisfied`), or the written words of a decision, dispute, dismissal."""
    words: str | None = None
    """What the customer said."""
    thanks_for: AwareDatetime | None = None
    """When the customer wrote what this letter, the next one, thanks for."""
    noted: dict[str, str] = {}
    """What was understood from those words, to be corrected by answering; keys as of `understood`."""
    message_waits: bool = False
    """Nobody has answered it yet."""
    sender_proven: bool = True
    """False: nothing but the From and the number says that it was the customer."""
    last_level: bool = False
    """§7 names no one above: the answer names the outside recourse."""
    merged_into: str | None = None
    reminder: int = 0
    """1, 2, 3."""
    phone: str | None = None
    """Whom to call; never in letters to a department."""
    script: tuple[str, ...] = ()
    """The kinds of the letters that a call stands for."""
    replies: tuple[str, ...] = ()
    """What was written to the customer, where a call stands for it."""
    attempts: int = 0
    after_attempts: str | None = None
    on_schedule: bool = False
    """Escalated though every window was kept (design §2, §7)."""

    @property
    def may_be_a_no(self) -> bool:
        """Whether the answer that it tells may be a no: the ways outside are named beside it."""
        return may_be_a_no(self.resolution_outcome, at_last_level=self.last_level)


class Order(BaseModel):
    """What every letter has, of a case or not: what the ledger keeps of it, and whether it may go out a second time."""

    number: str
    """The complaint's; of the review of §10 `review-2026-07`."""
    key: str
    """`round/occasion/recipient` (design §5.2); with the number it is the key of the ledger's row."""
    kind: str
    recipient: str
    """`customer`, `care_team`, `representative`, `department_head`, a role of the ladder, an involved person, or
    `colleague/` with an account."""
    language: Language = "es"
    at: AwareDatetime
    """When the occasion arose, by the case's business clock; the letter's Date."""
    resend_uncertain: bool = True
    """Whether a letter that perhaps went out is sent again, under the same Message-ID: the policy decides by kind."""
    resend_after_hours: float = 1
    """How long after."""


class LetterOrder(Order):
    """One letter to send: the input of the activity `send_letter`. Safe to repeat: `key` makes it one for ever."""

    kind: LetterKind
    customer_email: str | None = None
    """Only when the recipient is the customer."""
    in_reply_to: str | None = None
    """The Message-ID that opened the conversation."""
    subject: str | None = None
    """The subject that the customer wrote, for the acknowledgement's `Re:`."""
    told_too: tuple[str, ...] = ()
    """Who of the staff is told of the same occasion before: a person in two roles gets one letter."""
    begun: bool = False
    """It was tried within a workflow task, and may be claimed: whoever it is for is settled."""
    contents: Contents


class LetterState(StrEnum):
    """Where a letter is, as its ledger row says."""

    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    """For good: to a customer it becomes a call task."""
    UNCERTAIN = "uncertain"
    """Lost between the final dot and the answer: perhaps it went out."""
    SUPERSEDED = "superseded"


class LetterOutcome(BaseModel):
    """How sending ended: the result of `send_letter`."""

    model_config = ConfigDict(frozen=True)

    state: LetterState
    message_id: str | None = None
    reason: str | None = None
    """Why it failed, without addresses."""
    told: tuple[str, ...] = ()
    """Staff members by name as the contacts had them that day; empty for a customer."""


HANDED_TO_CALL = "call"
"""The state of a notice that a call task stands for."""

TOLD = "told"
"""The state of a notice whose words were said in a call."""


class Notice(BaseModel):
    """Something to tell somebody. It is one letter for ever, or part of a call."""

    key: str
    """`round/occasion/recipient`."""
    kind: LetterKind
    recipient: str
    at: AwareDatetime
    round: int
    stage: str
    """The stage when the occasion arose; what is told may be overtaken."""
    after: int = 0
    """The last row of the journal when the occasion arose: what comes later is news."""
    data: dict[str, Any] = {}
    """What only this occasion knows: which window, which date, whose words."""
    state: str = LetterState.DUE.value
    """A LetterState, or `call` and `told`."""


def request_of(key: str) -> int:
    """Which request for help of its complaint a letter's key is about: `1/involved/2/academic` is the second."""
    found = key.split("/")
    return int(found[2]) if len(found) > 2 and found[2].isdecimal() else 1
