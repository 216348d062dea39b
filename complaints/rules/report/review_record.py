"""The review record of a month (§10): which closed complaints were looked at, what was found, what is done about it.

Pure models; who keeps them is `complaints.records.reviews`.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from complaints.rules.text import LONGEST_LINE, WrittenLine, WrittenText

LONGEST_WORDS = 4_000
"""Characters of a finding, an action or what came of it."""

ActionKind = Literal["service", "process", "training"]
"""§10: improvement of the service, refinement of a process, training of the staff."""

Said = Annotated[WrittenText, StringConstraints(max_length=LONGEST_WORDS)]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Signed(_Kept):
    """Who does something in a review, through what, and when."""

    by: WrittenLine
    via: Literal["desk", "cli"]
    at: AwareDatetime


class NewFinding(_Kept):
    """Something that the review found."""

    words: Said
    number: Annotated[str, StringConstraints(max_length=LONGEST_LINE)] | None = None
    """The complaint that taught it."""


class NewAction(_Kept):
    """What is to be done about it."""

    kind: ActionKind
    words: Said
    owner: WrittenLine
    """A key of `complaints.responsible`."""
    due: date


class Done(_Kept):
    """That an action was carried out, and what came of it."""

    result: Said


class Moved(_Kept):
    """That an action gets another date."""

    due: date


class ReviewCase(_Kept):
    """A complaint that a review lists."""

    number: str
    closed_at: AwareDatetime
    outcome: str
    received_at: AwareDatetime
    department: str | None
    category: str | None
    level: int
    round: int
    late: bool
    """Whether any window of it was missed."""
    score: int | None
    """Of the survey (§8)."""
    carried_from: str | None = None
    carried_to: str | None = None
    ticked_at: AwareDatetime | None = None
    ticked_by: str | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has looked at it, here or in a later review."""
        return self.ticked_at is None and self.carried_to is None


class ReviewFinding(_Kept):
    """A finding, as it was noted."""

    month: str
    finding: int
    number: str | None
    words: str
    by: str
    at: AwareDatetime


class ReviewAction(_Kept):
    """An action, followed up until it is done."""

    month: str
    action: int
    kind: ActionKind
    words: str
    owner: str
    due: date
    by: str
    at: AwareDatetime
    done_at: AwareDatetime | None = None
    done_by: str | None = None
    result: str | None = None


class ReviewAct(_Kept):
    """One thing that was done in a review."""

    seq: int
    at: AwareDatetime
    what: str
    """`opened`, `ticked`, `unticked`, `noted`, `action`, `done`, `moved`, `signed-off`."""
    by: str | None
    via: str
    data: dict[str, Any] = {}


class ReviewSummary(_Kept):
    """One review in the list of all."""

    month: str
    opened_at: AwareDatetime
    cases: int
    ticked: int
    carried: int
    """Taken over by the next review, because nobody had looked at them in this one."""
    findings: int
    actions: int
    actions_open: int
    signed_off_at: AwareDatetime | None = None
    signed_off_by: str | None = None

    @property
    def waiting(self) -> int:
        """How many nobody has looked at yet."""
        return self.cases - self.ticked - self.carried


class ReviewRecord(_Kept):
    """One review, whole but for its cases beyond the page that was asked for."""

    summary: ReviewSummary
    cases: tuple[ReviewCase, ...]
    findings: tuple[ReviewFinding, ...]
    actions: tuple[ReviewAction, ...]
    """Of this review."""
    earlier: tuple[ReviewAction, ...]
    """Of the reviews before: open when this one was opened."""
    acts: tuple[ReviewAct, ...]
    """The newest first."""
    acts_in_all: int = 0
    """With the older ones, which are left out."""


class Opened(_Kept):
    """What the opening of a review found; the same when it is opened again."""

    month: str
    cases: int
    carried: int
    """Of these, left over from the reviews before."""
    actions_open: int
    """Of earlier reviews."""
