"""What a case remembers of each round: how far it came, what was promised, what the customer was asked for.

And where a round begins in what happened, for those who read a journal.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.given_files import GivenFile


class Happened(Protocol):
    """A row of the journal, as the case, its readers and the reports each have it."""

    @property
    def what(self) -> str:
        """A fact's name, or what the clocks and letters did."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Its particulars."""


_Rows = TypeVar("_Rows", bound=Happened)


def begins_round(row: Happened) -> bool:
    """Whether it is a dispute or a reopening: the next round begins with it, in investigation (§7, §8)."""
    return row.what == "escalated" and row.data.get("reason") in ("dissatisfied", "reopened")


def this_round(rows: Sequence[_Rows]) -> Sequence[_Rows]:
    """The rows of the present round, with the one that began it; in the first round all of them."""
    starts = [place for place, row in enumerate(rows) if begins_round(row)]
    return rows[starts[-1] :] if starts else rows


class Wait(BaseModel):
    """Details that the customer was asked for (§5.1)."""

    requested_at: AwareDatetime
    received_at: AwareDatetime | None = None
    missing: tuple[str, ...] = ()
    question: str | None = None


class Promise(BaseModel):
    """A date given to the customer (§5.4)."""

    model_config = ConfigDict(frozen=True)

    date: date
    due: AwareDatetime
    """The close of that day."""
    made_at: AwareDatetime
    missed: bool = False


class Round(BaseModel):
    """One way through §5 to §8: round 1 starts at receipt, a dispute or a reopening starts the next."""

    number: int
    started_at: AwareDatetime
    assessed_at: AwareDatetime | None = None
    assigned_at: AwareDatetime | None = None
    resolved_at: AwareDatetime | None = None
    explained_at: AwareDatetime | None = None
    """The customer was, or is being, told what was decided and why: not yet so after a bare `resolved`."""
    communicated_at: AwareDatetime | None = None
    """The resolution's letter was delivered, or the call reached the customer (§6)."""
    corrected_at: AwareDatetime | None = None
    """When the answer was last corrected; the customer is asked anew from then on."""
    resolution: str | None = None
    outcome: str | None = None
    cause: str | None = None
    corrective_actions: tuple[str, ...] = ()
    files: tuple[GivenFile, ...] = ()
    """They go with the answer."""
    resolved_by: str | None = None
    updates: int = 0
    reminders: int = 0
    unconfirmed: bool = False
