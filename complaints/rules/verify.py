"""What the daily look may find, and the alarm about it (design §3): to the care team, once a day while it is so."""

from datetime import datetime
from typing import Literal

from complaints.rules.letters import CARE_TEAM, Order

KIND = "verify"
NAMED = 20
"""So many numbers stand in the letter; the others are counted."""


class AlarmOrder(Order):
    """The input of the activity `send_alarm`."""

    kind: Literal["verify"] = "verify"
    lost: tuple[str, ...]
    """Some of the numbers."""
    count: int
    """How many there are."""


def alarm_order(lost: tuple[str, ...], *, at: datetime) -> AlarmOrder:
    """The one alarm of that day."""
    return AlarmOrder(
        number=f"verify-{at:%Y-%m-%d}", key=f"verify/{CARE_TEAM}", recipient=CARE_TEAM, at=at, lost=lost[:NAMED],
        count=len(lost),
    )  # fmt: skip
