"""The alarm about what the daily look found (design §3): to the care team, once a day while it is so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from complaints.rules.faults import Fault
from complaints.rules.letters import CARE_TEAM, Order

KIND = "verify"
NAMED = 20
"""So many stand in a letter; the others are counted."""


class AlarmOrder(Order):
    """The input of the activity `send_alarm`: about runs that were lost, or about what does not hold together."""

    kind: Literal["verify"] = "verify"
    lost: tuple[str, ...] = ()
    """Some of the numbers."""
    faults: tuple[Fault, ...] = ()
    """Some of what does not hold together."""
    count: int
    """How many there are."""


def alarm_order(lost: tuple[str, ...], *, at: datetime) -> AlarmOrder:
    """The one alarm of that day about open complaints without a run."""
    return AlarmOrder(
        number=f"verify-{at:%Y-%m-%d}", key=f"verify/{CARE_TEAM}", recipient=CARE_TEAM, at=at, lost=lost[:NAMED],
        count=len(lost),
    )  # fmt: skip


def faults_order(faults: Sequence[Fault], *, count: int, at: datetime) -> AlarmOrder:
    """The one alarm of that day about records that do not hold together."""
    return AlarmOrder(
        number=f"verify-{at:%Y-%m-%d}", key=f"verify/records/{CARE_TEAM}", recipient=CARE_TEAM, at=at,
        faults=tuple(faults[:NAMED]), count=count,
    )  # fmt: skip
