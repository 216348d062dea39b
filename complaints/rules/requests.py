"""What the workflow asks its activities, beside letters: small models, one in and one out."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, BaseModel

from complaints.rules.case import Case
from complaints.rules.facts import CustomerDissatisfied, Separated
from complaints.rules.policy import Rules
from complaints.rules.times import ClockOffset

ALREADY_KEPT = "AlreadyKept"
"""The error type of a first batch of rows whose number or source key belongs to a case that is kept already."""

SENT_OTHERWISE = "SentOtherwise"
"""The same, where the case that is kept says something else: what this one brings is kept nowhere."""

TOLD_DIFFERENTLY = "ToldDifferently"
"""The error type of rows that are kept already with other content: see `retelling.reconciled`."""


class RulesRequest(BaseModel):
    """Asks for the policy in force; changes to it and an offset clock are for a simulation only."""

    received_at: AwareDatetime
    changes: dict[str, Any] | None = None
    clock_offset: timedelta = timedelta(0)
    at: datetime | None = None
    """The case's time, UTC; the result says it again."""


class RulesTold(Rules):
    """The rules, and the time of the request for them: what follows from it is of that time (see ToldAtOnce)."""

    at: datetime | None = None

    def plain(self) -> Rules:
        """As the case keeps them."""
        return Rules(policy=self.policy, closed_days=self.closed_days, national_days=self.national_days)


class Carried(BaseModel):
    """A case that goes on in a new run: after continue-as-new, after a lost run, or reopened (§8)."""

    carried: Case
    clock_offset: ClockOffset = timedelta(0)
    reopening: CustomerDissatisfied | None = None
    separation: Separated | None = None
    """It had ended as part of another, and goes on by itself."""
    continuations: int = 0


class Outcome(BaseModel):
    """The result of a finished run, as Temporal's page shows it."""

    number: str
    outcome: str
    """`satisfied`, `decision`, `withdrawn`, `not-a-complaint`, `merged`, `silence`; `duplicate`: kept already."""
    rounds: int
    level: int
    received_at: datetime
    closed_at: datetime | None = None
    satisfied_by_resolver: bool = False
    """The confirmation came from who resolved it: allowed, marked and reported apart."""
