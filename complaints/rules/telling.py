"""A step of a case, as the local activity `tell_at_once` takes it: the rows it wrote and the letters they led to."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOrder, LetterOutcome


class Step(BaseModel):
    """The input of `tell_at_once`: first the rows, wholly or not at all; then the letters, one a recipient."""

    model_config = ConfigDict(frozen=True)

    number: str
    """The complaint's."""
    batch: RecordBatch | None = None
    """None: every row is kept already."""
    letters: tuple[LetterOrder, ...] = ()
    at: datetime | None = None
    """The case's time, UTC; the result says it again."""


class LetterAtOnce(BaseModel):
    """What became of a letter that was tried within the workflow task."""

    model_config = ConfigDict(frozen=True)

    outcome: LetterOutcome | None = None
    """None: it did not come to its end; an activity of its own takes it up."""
    begun: bool = False
    """Whether it was tried: then it may be claimed, and its end may come meanwhile."""
    after_hours: float = 0
    """How long that activity waits: the letter perhaps went out, and the policy sends it again so much later."""


class ToldAtOnce(BaseModel):
    """The result of `tell_at_once`: the rows are kept, and this became of the letters, in the order of the step's."""

    model_config = ConfigDict(frozen=True)

    letters: tuple[LetterAtOnce, ...] = ()
    at: datetime | None = None
    """The step's. What follows from it is of this time: the workflow's own may be another when it is replayed, where
    the task was taken back unfinished and handed out again. None: told before steps had one."""
