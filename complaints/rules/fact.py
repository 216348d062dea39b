"""What every fact may say of itself: when, by whom, through what."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from complaints.rules.channels import Via
from complaints.rules.text import Line, without_blanks
from complaints.rules.times import Instant

InClear = Annotated[SkipJsonSchema[bool], Field(exclude=True)]
"""Whether it came to Temporal without the seal that it should have; said by who received it, never by who sent it."""


class Fact(BaseModel):
    """What every fact may say of itself. All of it is optional: a bare signal is a fact too."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    name: ClassVar[str]
    """The signal's name (design §4)."""

    at: Instant | None = None
    """When it happened (UTC or any offset; naive times are refused). None: the case's clock on arrival."""
    by: Line | None = None
    """Who says so: a staff member's name or account, `customer`, or a program."""
    via: Via = Via.SIGNAL
    event_id: Annotated[Line, Field(max_length=200)] | None = None
    """Applied once: a second fact with the same id changes nothing."""
    in_clear: InClear = False

    @model_validator(mode="before")
    @classmethod
    def _blanks_are_nothing(cls, data: Any) -> Any:
        return without_blanks(data, cls)
