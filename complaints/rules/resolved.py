"""The facts by which a complaint is resolved, and its answer corrected (§5.3, §6)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import Field

from complaints.rules.fact import Fact
from complaints.rules.given_files import GivenFiles
from complaints.rules.rounds import Happened, this_round
from complaints.rules.text import Line, Text, WrittenLine, WrittenText


class ResolutionOutcome(StrEnum):
    """Whether the complaint was found justified."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not"


def may_be_a_no(outcome: str | None, *, at_last_level: bool) -> bool:
    """Whether an answer may be a no, beside which the ways outside belong: anything but that the complaint is right.

    An answer that does not say so may be one; and at the last level nobody above looks into it (§7).
    """
    return outcome != ResolutionOutcome.UPHELD or at_last_level


class Resolved(Fact):
    """The resolution is decided (§5.3, §6). Bare: decided, and the representative will explain."""

    name = "resolved"
    text: Text | None = None
    outcome: ResolutionOutcome | None = None
    cause: Line | None = None
    corrective_actions: Annotated[tuple[WrittenLine, ...], Field(max_length=20)] = ()
    """Told to the customer, with the resolution."""
    internal_actions: Annotated[tuple[WrittenLine, ...], Field(max_length=20)] = ()
    """Corrective actions that are ours to know (§5.3); no letter and no page of the customer has them."""
    representative: Line | None = None
    told_in_call: bool = False
    """The representative reached the customer by phone and told them: it is communicated without a letter (§6)."""
    for_joined: bool = False
    """The text names nobody: customers of complaints that go along with this one get it, too. Else they are told that
    it is decided, and somebody explains it to them."""
    files: GivenFiles = ()
    """They go with the letter that explains it. They are for this customer alone, whatever `for_joined` says."""


class ResolutionCorrected(Fact):
    """The answer had a mistake: the customer reads the right one, and no dispute is needed (§6)."""

    name = "resolution-corrected"
    text: WrittenText
    """The whole answer as it should have been."""
    outcome: ResolutionOutcome | None = None
    """None: as it was."""
    corrective_actions: Annotated[tuple[WrittenLine, ...] | None, Field(max_length=20)] = None
    """None: as they were; empty: none are told any more."""
    files: GivenFiles | None = None
    """What goes with the right answer, all of it. None: what went with the wrong one; empty: nothing any more."""


_Rows = TypeVar("_Rows", bound=Happened)


def resolutions_of(rows: Sequence[_Rows]) -> list[_Rows]:
    """The present round's resolution and what came after it, oldest first: the words to a bare one, corrections."""
    return [row for row in this_round(rows) if row.what in (Resolved.name, ResolutionCorrected.name)]


def standing_resolution(rows: Sequence[Happened]) -> dict[str, Any]:
    """The present round's resolution by field, as it stands: what a later row does not say stays as it was.

    From the journal what `Case` keeps in its round; a field that nobody has said is not there.
    """
    said: dict[str, Any] = {}
    for row in resolutions_of(rows):
        said |= {field: value for field, value in row.data.items() if value is not None}
    return said
