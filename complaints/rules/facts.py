"""What can be said about a complaint: one model a fact, named as its signal; the words people and programs send."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from complaints.rules.channels import Channel as Channel
from complaints.rules.channels import Via as Via
from complaints.rules.fact import Fact as Fact
from complaints.rules.fact import InClear as InClear
from complaints.rules.given_files import GivenFiles
from complaints.rules.readings import ReadDetails, Seems
from complaints.rules.refusals import invalid
from complaints.rules.resolved import ResolutionCorrected as ResolutionCorrected
from complaints.rules.resolved import ResolutionOutcome as ResolutionOutcome
from complaints.rules.resolved import Resolved as Resolved
from complaints.rules.rules_changed import RulesChanged as RulesChanged
from complaints.rules.text import EmailAddress, Line, Telephone, Text, WrittenLine, WrittenText
from complaints.rules.times import Day, Instant


class Assessed(Fact):
    """The representative has evaluated the nature of the complaint (§5.1)."""

    name = "assessed"
    category: Line | None = None
    severity: Line | None = None
    note: Text | None = None


class DetailsRequested(Fact):
    """The customer is asked for more (§5.1). Bare: asks for the required details of §4 that are missing."""

    name = "details-requested"
    missing: Annotated[tuple[WrittenLine, ...], Field(max_length=20)] = ()
    """What is needed, each in words that the letter can print (`occurred_on` and the like are put into words)."""
    question: Text | None = None


class DetailsReceived(Fact):
    """The customer sent what was asked for, or more on their own (§5.1)."""

    name = "details-received"
    text: Text | None = None
    document: Line | None = None
    customer_name: Line | None = None
    phone: Telephone | None = None
    email: EmailAddress | None = None
    address: Line | None = None
    occurred_on: Day | None = None
    product: Line | None = None
    still_missing: Annotated[tuple[WrittenLine, ...], Field(max_length=20)] = ()
    """What remains outstanding; empty: we have what we asked for."""
    read: ReadDetails = ()
    """What was read in the words, with its evidence and place: the evident is understood, the rest proposed."""
    seems: Seems | None = None
    """What the message seems to say beside the details."""


class Assigned(Fact):
    """The complaint went to a department (§5.2). Bare: to the department that has it already, or none by name."""

    name = "assigned"
    department: Line | None = None
    representative: Line | None = None


class Noted(Fact):
    """A note on the case: internal, or for the customer's next update (§5.3)."""

    name = "noted"
    text: WrittenText
    for_customer: bool = False
    mentions: SkipJsonSchema[Annotated[tuple[WrittenLine, ...], Field(max_length=20)]] = ()
    """Accounts of colleagues whom an internal note calls by `@account`; the front desk finds them in its text."""
    answers_request: SkipJsonSchema[Annotated[int, Field(ge=1)] | None] = None
    """Which request for help (§5.3) a colleague answers by it, the first being 1: internal, whatever else is said, and
    new for whoever asked until it is read."""
    files: GivenFiles = ()
    """Read by whoever reads the note."""

    @model_validator(mode="before")
    @classmethod
    def _answers_are_internal(cls, data: Any) -> Any:
        return {**data, "for_customer": False} if isinstance(data, dict) and data.get("answers_request") else data


class Replied(Fact):
    """We write to the customer, now and in our own words; it is the update of these days (§5.4)."""

    name = "replied"
    text: WrittenText
    files: GivenFiles = ()
    """They go with the letter."""


class Involved(Fact):
    """A person or department is asked to help the investigation (§5.3)."""

    name = "involved"
    whom: WrittenLine
    """A department, a contact's key, or an email address of the school's staff."""
    question: WrittenText
    answer_by: Day | None = None


class DatePromised(Fact):
    """A clear date for the resolution is given to the customer (§5.4); it is missed at the close of that day."""

    name = "date-promised"
    date: Day
    note: Text | None = None


class CustomerSatisfied(Fact):
    """The customer confirms the resolution (§8)."""

    name = "customer-satisfied"
    words: Text | None = None


class CustomerDissatisfied(Fact):
    """The customer does not accept the resolution (§7)."""

    name = "customer-dissatisfied"
    reason: Text | None = None


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Called(Fact):
    """A telephone call with the customer, or an attempt at one (§3, §5.4, §6)."""

    name = "called"
    reached: bool
    direction: Direction = Direction.OUTBOUND
    with_: Annotated[Line | None, Field(alias="with")] = None
    """Who was spoken to."""
    notes: Text | None = None
    told: bool = True
    """We told the customer where the case stands: counts as the period's update when reached (§5.4)."""
    next_at: Instant | None = None
    """When to try again."""
    files: GivenFiles = ()
    """Internal, as the notes are: a recording, a picture of what was written down."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True, populate_by_name=True)


class MessageReceived(Fact):
    """The customer wrote something that nobody asked for."""

    name = "message-received"
    text: Text | None = None
    message_id: Line | None = None
    """The RFC 5322 Message-ID, kept as evidence; the message itself is with the records."""
    of: Line | None = None
    """The number that it was written to, where that complaint was merged into this one."""
    sender_proven: bool = True
    """False: only its From and the number that it names say that the customer wrote it; anybody can write both."""
    read: ReadDetails = ()
    """What was read in it: proposals, as `details-received` has them."""
    seems: Seems | None = None
    """What it seems to say; people do it, or do not."""


class MessagesRead(Fact):
    """Somebody has read what the customer wrote, and nothing needs to be answered."""

    name = "messages-read"
    up_to: Annotated[int, Field(ge=1)] | None = None
    """The last row of the journal that the reader saw; what came after it is still new. None: all of it."""
    row: Annotated[int, Field(ge=1)] | None = None
    """This row alone, whatever else waits: a colleague's answer is read apart from what the customer wrote."""

    def reads(self, row: int) -> bool:
        """Whether that row of the journal is read by this."""
        return row == self.row if self.row is not None else self.up_to is None or row <= self.up_to


class ReadingRejected(Fact):
    """A detail that was read in the customer's words is not so: nothing is proposed or understood by it any more."""

    name = "reading-rejected"
    field: WrittenLine
    """`document`, `phone`, `occurred_on`, `product`, `customer_name`, `address`."""
    value: Line | None = None
    """Which one, where several are proposed; None: all of that field."""


class LetterBounced(Fact):
    """A letter that was sent came back (RFC 3464)."""

    name = "letter-bounced"
    key: WrittenLine
    """The key of the letter, `round/occasion/recipient`."""
    reason: Line | None = None
    permanent: bool = True
    to: Line | None = None
    """The address that the letter went to; it says nothing about another that the customer has now."""


class FeedbackGiven(Fact):
    """How the complaint was handled, in the customer's words (§6)."""

    name = "feedback-given"
    text: WrittenText


class SurveyAnswered(Fact):
    """The satisfaction survey (§8); once a round."""

    name = "survey-answered"
    score: Annotated[int, Field(ge=1, le=5)]
    """1 (very dissatisfied) to 5 (very satisfied)."""
    comment: Text | None = None


class Withdrawn(Fact):
    """The customer takes the complaint back."""

    name = "withdrawn"
    reason: Text | None = None


class NotAComplaint(Fact):
    """It is not a complaint: a question, spam, a mistake. The reason is told, kindly."""

    name = "not-a-complaint"
    reason: Text | None = None


class Whose(StrEnum):
    """Whose the two complaints are that are merged."""

    SAME = "same"
    """One person's: the one ends, and goes on in the other with all that it brought."""
    OTHER = "other"
    """Two people's: each keeps its number, its page, its clocks and its words; what is done for the one is done for
    the other."""


class Merged(Fact):
    """Two complaints are about the same thing. `into`: this one joins the other; `absorbed`: the other joins this."""

    name = "merged"
    into: Line | None = None
    absorbed: Line | None = None
    received_at: Instant | None = None
    """With `absorbed`: when the other was received; the earlier receipt's clocks count for one person's two."""
    whose: Whose | None = None
    """None: not said, as programs did before there was a choice. The one ends, and nothing of either is told to the
    other's customer."""
    text: Text | None = None
    """With `absorbed`, of one person's two: the other's own words, which come along with its number."""
    customer_name: Line | None = None
    document: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None
    product: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _brings_only_ones_own(cls, data: Any) -> Any:
        """Whoever sends it, nothing that one person wrote comes before another."""
        if not isinstance(data, dict) or (data.get("whose") == Whose.SAME and not data.get("into")):
            return data
        return {name: value for name, value in data.items() if name not in _BROUGHT}


_BROUGHT = frozenset({"text", "customer_name", "document", "phone", "email", "address", "product"})


class Separated(Fact):
    """Two merged complaints go their own ways again, each with its own words and clocks."""

    name = "separated"
    absorbed: Line | None = None
    """Told to the one that went on for both: which leaves it. None: this one leaves."""
    reason: Text | None = None


class ClosedByDecision(Fact):
    """A manager closes the case, with a written reason; never counted as satisfied (design §2, after the director)."""

    name = "closed-by-decision"
    reason: WrittenText


MAY_WAIT = frozenset(
    {
        *("replied", "resolved", "resolution-corrected", "details-requested", "involved", "customer-satisfied"),
        *("customer-dissatisfied", "withdrawn", "not-a-complaint", "closed-by-decision"),
    }
)
"""What a person sends by a form and may take back before its letter goes (`letters.undo_seconds` of the policy)."""


class ActHeld(Fact):
    """Something was sent from the desk that writes a letter: it is done in a minute, unless it is taken back."""

    name = "act-held"
    act: WrittenLine
    """The fact that it will be, by its name: one of `MAY_WAIT`."""
    said: Annotated[dict[str, Any], Field(default_factory=dict, validate_default=True)]
    """What that fact says, without when and by whom."""

    @field_validator("act")
    @classmethod
    def _may_wait(cls, act: str) -> str:
        if act not in MAY_WAIT:
            raise invalid("held.act")
        return act

    @field_validator("said")
    @classmethod
    def _fits(cls, said: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if "act" not in info.data:
            return said
        own = {"at", "by", "via", "event_id"}
        fact = FACTS[info.data["act"]].model_validate({name: value for name, value in said.items() if name not in own})
        return fact.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=own)


class ActWithdrawn(Fact):
    """What was sent from the desk and has not gone out yet is taken back."""

    name = "act-withdrawn"
    row: Annotated[int, Field(ge=1)] | None = None
    """The row of the journal that holds it; None: whatever waits."""


class ActSentNow(Fact):
    """What was sent from the desk and waits is done without waiting any longer."""

    name = "act-sent-now"
    row: Annotated[int, Field(ge=1)] | None = None
    """The row of the journal that holds it; None: whatever waits."""


FACTS: dict[str, type[Fact]] = {
    fact.name: fact
    for fact in (
        Assessed, DetailsRequested, DetailsReceived, Assigned, Noted, Involved, DatePromised, Resolved,
        CustomerSatisfied, CustomerDissatisfied, Called, MessageReceived, LetterBounced, FeedbackGiven,
        SurveyAnswered, Withdrawn, NotAComplaint, Merged, Separated, ClosedByDecision, RulesChanged, MessagesRead,
        ReadingRejected, ResolutionCorrected, Replied, ActHeld, ActWithdrawn, ActSentNow,
    )
}  # fmt: skip
"""Every fact by its signal's name."""

UPDATES: dict[str, type[Fact]] = {
    "assess": Assessed,
    "request_details": DetailsRequested,
    "receive_details": DetailsReceived,
    "assign": Assigned,
    "add_note": Noted,
    "involve": Involved,
    "promise_date": DatePromised,
    "resolve": Resolved,
    "confirm_satisfied": CustomerSatisfied,
    "dispute": CustomerDissatisfied,
    "record_call": Called,
    "give_feedback": FeedbackGiven,
    "answer_survey": SurveyAnswered,
    "withdraw": Withdrawn,
    "dismiss": NotAComplaint,
    "merge": Merged,
    "separate": Separated,
    "close_by_decision": ClosedByDecision,
    "change_rules": RulesChanged,
    "mark_read": MessagesRead,
    "reject_reading": ReadingRejected,
    "correct_resolution": ResolutionCorrected,
    "reply": Replied,
    "hold_act": ActHeld,
    "undo_act": ActWithdrawn,
    "send_now": ActSentNow,
}
"""The same acts as staff ask for them, by the update's name."""
