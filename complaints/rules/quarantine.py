"""Mail in the quarantine, as the workflow that watches it knows it: none of its words, only when it is due (§4)."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.letters import CARE_TEAM, Order
from complaints.rules.text import Line

KIND = "quarantine"


class Quarantined(BaseModel):
    """The input of the workflow `QuarantineWatch`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Line
    """Twelve characters of the message's digest, as `complaints quarantine` lists it."""
    due: AwareDatetime
    """24 hours after the receipt: what it may be after all should have been acknowledged by then."""
    language: Literal["es", "en"] = "es"
    """What the care team reads, unless the contacts know better."""


class QuarantineNotice(Order):
    """One letter to the care team about one item that nobody has looked at."""

    item: str


def notice_of(quarantined: Quarantined) -> QuarantineNotice:
    """The notice; however often it is ordered, it is one letter."""
    return QuarantineNotice(
        number=f"quarantine-{quarantined.name}",
        key=f"1/notice/{CARE_TEAM}",
        kind=KIND,
        recipient=CARE_TEAM,
        language=quarantined.language,
        at=quarantined.due,
        item=quarantined.name,
    )
