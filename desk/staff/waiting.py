"""What was sent from the desk and can still be taken back, as the case's page shows it."""

from dataclasses import dataclass
from datetime import datetime

from complaints.rules.facts import UPDATES
from complaints.rules.given_files import GivenFile, files_in
from complaints.rules.status import Status
from starter.acts import ACTS, Act


@dataclass(frozen=True)
class Waiting:
    """One act that waits."""

    act: Act
    row: int
    until: datetime
    files: tuple[GivenFile, ...] = ()
    """What goes with it."""


def act_of(fact: str) -> Act | None:
    """The act of the table that becomes this fact."""
    return next((act for act in ACTS.values() if UPDATES[act.name].name == fact), None)


def waiting_in(status: Status) -> Waiting | None:
    """What waits on this case; None where nothing does."""
    pending = status.pending_act
    act = act_of(pending.act) if pending else None
    return Waiting(act, pending.row, pending.until, files_in(pending.said)) if pending and act else None
