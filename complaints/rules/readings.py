"""What was read in a customer's words: details of §4 and what they seem to say, each with its words and their place.

An evident detail is understood until somebody corrects it; any other, and whatever a message seems to say, is a
proposal that people do with one click. Nothing closes or escalates by it.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from complaints.rules.text import Line, WrittenLine

MOST = 12
"""Details that one message may bring."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    words: Line
    """The words that speak for it."""
    start: Annotated[int, Field(ge=0)] = 0
    end: Annotated[int, Field(ge=0)] = 0
    """Where these stand in the message's text, in characters."""


class ReadDetail(_Read):
    """A detail that was read in a customer's words."""

    field: WrittenLine
    """As `details-received` names it: `document`, `phone`, `occurred_on`, `product`, `customer_name`, `address`."""
    value: WrittenLine
    """A date as `2026-11-10`."""
    evident: bool = False
    """Labelled, or said so that nothing else can be meant; else it is a guess that somebody has to confirm."""
    corrects: bool = False
    """The customer says that what we had understood before is wrong."""


class KnownBefore(BaseModel):
    """What a case knew of a detail before a reading took its place."""

    model_config = ConfigDict(frozen=True)

    value: str
    read: ReadDetail | None = None
    """Where that had been read; None: it was given."""


class Says(StrEnum):
    """What an answer by mail may say of a complaint as a whole (§6 to §8)."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not-satisfied"
    WITHDRAWAL = "withdrawal"


class Seems(_Read):
    """What a message seems to say: a proposal to people, never a fact."""

    says: Says


ReadDetails = Annotated[tuple[ReadDetail, ...], Field(max_length=MOST)]
