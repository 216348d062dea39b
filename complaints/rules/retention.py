"""What one night's erasing is told, and what it answers (Ley 29733)."""

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

AT_ONCE = 50
"""Rounds a night: what is left then is the next night's."""

A_ROUND = 200
"""Complaints a round."""

UNSENT_FOR = timedelta(days=7)
"""A file that staff chose for an act and did not send is kept so long, or as long as its draft is worked on."""


class RetentionOrder(BaseModel):
    """The input of the activity `erase_due`."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    """The night: what ended so many years before it goes."""


class Gone(BaseModel):
    """What a round took out."""

    model_config = ConfigDict(frozen=True)

    complaints: int = 0
    mail: int = 0
    """Messages that became no complaint, and answers to them."""
    files: int = 0
    """That staff chose for an act which was never sent."""
    more: bool = False
    """Whether there is more to do."""
