"""What one night's erasing is told, and what it answers (Ley 29733)."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

AT_ONCE = 50
"""Rounds a night: what is left then is the next night's."""

A_ROUND = 200
"""Complaints a round."""


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
    more: bool = False
    """Whether there is more to do."""
