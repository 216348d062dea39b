"""What a complaint is when it arrives (§3): a way to reach the customer and a description; the rest may be missing."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from complaints.rules.details import Detail
from complaints.rules.facts import Channel, InClear
from complaints.rules.languages import Language
from complaints.rules.readings import ReadDetails
from complaints.rules.refusals import Refusal, invalid
from complaints.rules.text import (
    EmailAddress,
    Line,
    Telephone,
    Text,
    WrittenLine,
    WrittenText,
    keepable,
    without_blanks,
)
from complaints.rules.times import OLDEST_RECEIPT, ClockOffset, Day, Instant

SOURCE_KEY_LONGEST = 1_000


class Kind(StrEnum):
    """As Peru's complaints book (Libro de Reclamaciones) tells them apart."""

    RECLAMO = "reclamo"
    """Disagreement with the product or the service."""
    QUEJA = "queja"
    """Discontent with the attention, not with the product or service."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _blanks_are_nothing(cls, data: Any) -> Any:
        return without_blanks(data, cls)


class Customer(_Part):
    """Who complains. At least one of `email` and `phone` is there."""

    name: Line | None = None
    document: Line | None = None
    """DNI, foreigner's card or passport."""
    email: EmailAddress | None = None
    phone: Line | None = None
    """As typed. One that nobody can read refuses nothing while there is an email."""
    address: Line | None = None
    guardian: Line | None = None
    """The parent or guardian, if the customer is a minor."""

    @field_validator("phone")
    @classmethod
    def _can_be_dialled(cls, phone: str | None, info: ValidationInfo) -> str | None:
        return _TELEPHONE.validate_python(phone) if phone and not info.data.get("email") else phone


_TELEPHONE: TypeAdapter[str] = TypeAdapter(Telephone)


class Problem(_Part):
    """What happened, in the customer's words."""

    description: WrittenText
    occurred_on: Day | None = None
    remedy_sought: Text | None = None
    amount: Line | None = None
    kind: Kind | None = None


class ComplaintReceived(_Part):
    """The input of the workflow `Complaint` (design §4)."""

    source_key: Annotated[WrittenLine, Field(max_length=SOURCE_KEY_LONGEST)] | None = None
    """What makes the arrival unique: the mail's id with its sender, the form's id. None: the workflow id itself."""
    channel: Channel = Channel.WEB
    received_at: Instant | None = None
    """When it was received (§3): the mail server's time, the call's. None, or in the future: the clock at the start."""
    customer: Customer
    problem: Problem
    product: Line | None = None
    language: Language = "es"
    by: Line | None = None
    """Who took it down."""
    in_reply_to: Line | None = None
    """The Message-ID of the mail that it came in, so that the answer joins its conversation."""
    subject: Line | None = None
    read: ReadDetails = ()
    """What was read in the words, with its evidence and place: the evident is understood, the rest proposed."""
    files: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    """The names of the files that came with it; the files themselves are kept with the message."""
    policy: Annotated[dict[str, object] | None, AfterValidator(keepable)] = None
    """Changes to the policy; only on a stack made for simulation."""
    clock_offset: ClockOffset = timedelta(0)
    """How far the case's business clock is from the engine's; only on a stack made for simulation."""
    in_clear: InClear = False

    @model_validator(mode="after")
    def can_be_answered(self) -> "ComplaintReceived":
        """§3: without any way to reach the customer nobody can be answered."""
        if not (self.customer.email or self.customer.phone):
            raise invalid("customer.unreachable")
        return self

    def missing(
        self, required: tuple[Detail, ...] | list[Detail], *, identified: bool | None = None
    ) -> tuple[Detail, ...]:
        """The required details (§4) that are not there."""
        present = {
            Detail.IDENTIFICATION: bool(self.customer.document) if identified is None else identified,
            Detail.OCCURRED_ON: self.problem.occurred_on is not None,
            Detail.PRODUCT: bool(self.product),
        }
        return tuple(detail for detail in required if not present[Detail(detail)])


def occurred_in_the_future(received: ComplaintReceived, *, today: date) -> bool:
    """Whether the problem is dated after `today`, the local date: refused at a form; a case asks for the date again."""
    return received.problem.occurred_on is not None and received.problem.occurred_on > today


def without_future_date(received: ComplaintReceived, *, today: date) -> ComplaintReceived:
    """The complaint as a case takes it over: a date in the future is none, and is asked for as missing (§4)."""
    if not occurred_in_the_future(received, today=today):
        return received
    problem = received.problem.model_copy(update={"occurred_on": None})
    return received.model_copy(update={"problem": problem})


def content_of(received: ComplaintReceived) -> dict[str, Any]:
    """What the customer said, without who took it down, when and under which key: the same arrival says the same."""
    return received.model_dump(
        mode="json", include={"customer", "problem", "product", "subject"}, exclude_none=True, exclude_defaults=True
    )


def too_old(received: ComplaintReceived, *, now: datetime) -> Refusal | None:
    """Why it cannot be started with that receipt; None if it can."""
    if received.received_at is None or now - received.received_at <= OLDEST_RECEIPT:
        return None
    return Refusal("receipt.old", {"years": str(OLDEST_RECEIPT.days // 365)}, "received_at")
