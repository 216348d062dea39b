"""What people ask about their data, and until when they are answered (Ley 29733; its rules, D.S. 016-2024-JUS)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.calendar import Calendar
from complaints.rules.policy import Policy, rules_in_force

ASKED, ANSWERED = "privacy-asked", "privacy-answered"
"""Afterwords: that somebody asked, and that they were answered; the second names the first in its `of`."""


class PrivacyRight(StrEnum):
    """What somebody may ask for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OPPOSITION = "opposition"


class PrivacyAnswer(StrEnum):
    """What the answer was."""

    GRANTED = "granted"
    REFUSED = "refused"
    """With the law's reason, in the letter to them."""
    TAKEN_BACK = "taken-back"


BUSINESS_DAYS: Mapping[PrivacyRight, int] = {
    PrivacyRight.ACCESS: 20,
    PrivacyRight.RECTIFICATION: 10,
    PrivacyRight.ERASURE: 10,
    PrivacyRight.OPPOSITION: 10,
}
"""From the day after the request, by the nation's business days."""

NEAR = 3
"""Business days before its end from which a term is pointed out."""


class PrivacyRequest(BaseModel):
    """One request that is not answered yet. Who asked is whose complaint it is; what they wrote is a message of it."""

    model_config = ConfigDict(frozen=True)

    id: str
    """Of the afterword that tells of it."""
    number: str
    right: PrivacyRight
    received_at: AwareDatetime
    due: AwareDatetime
    by: str | None = None
    """Who noted it."""

    def is_late(self, now: datetime) -> bool:
        """Whether its term is over."""
        return self.due < now

    def is_near(self, now: datetime, calendar: Calendar) -> bool:
        """Whether it is late, or has so few business days left that somebody should know."""
        return now >= calendar.before(self.due, NEAR)


def near_their_end(requests: Iterable[PrivacyRequest], policy: Policy, now: datetime) -> list[PrivacyRequest]:
    """Those that somebody should know of: late, or nearly; by the nation's business days."""
    calendar = rules_in_force(policy, now.date()).legal_calendar
    return [one for one in requests if one.is_near(now, calendar)]


def answered_by(right: PrivacyRight, received_at: datetime, calendar: Calendar) -> datetime:
    """When its term ends. `calendar`: of the nation's business days."""
    return calendar.deadline(received_at, BUSINESS_DAYS[right])
