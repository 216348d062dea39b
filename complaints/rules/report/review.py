"""The periodic review (§10): its figures, the month it looks at, and the day on which it is due."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from complaints.rules import months
from complaints.rules.calendar import Calendar
from complaints.rules.languages import Language
from complaints.rules.letters import Order
from complaints.rules.report.review_record import Opened

SENT_AT = time(8)
"""By the school's clocks, on the first business day of the month."""


class Escalations(BaseModel):
    """How often cases reached a level for one reason."""

    model_config = ConfigDict(frozen=True)

    level: int
    reason: str
    """`time`, `dissatisfied` or `reopened`."""
    cases: int
    on_schedule: int
    """Of these, how many escalated though every window was kept: by the text's own five days (design §2, §7)."""


class Satisfaction(BaseModel):
    """What customers answered to the survey (§8)."""

    model_config = ConfigDict(frozen=True)

    answers: int
    average: float | None
    """1 to 5; None without answers."""
    scores: dict[int, int]
    """How many gave each score."""


class MonthFigures(BaseModel):
    """The figures of one period (§10). Counts are of what happened in it, whenever the complaint was received."""

    model_config = ConfigDict(frozen=True)

    first: date
    after: date
    """The first day that does not belong to it."""
    received: int
    by_channel: dict[str, int]
    by_department: dict[str, int]
    """Of those received, by the department that has them now; `unassigned` for none."""
    closed: dict[str, int]
    """By outcome: `satisfied`, `decision`, `withdrawn`, `merged`, `silence`."""
    open_at_end: int
    unconfirmed: tuple[str, ...]
    """Numbers, at the end: resolved, and reminders and call brought no answer."""
    late: dict[str, int]
    """By window: `acknowledgement`, `assessment`, `assignment`, `investigation`, `promise`, `legal`, `call`."""
    escalations: tuple[Escalations, ...]
    median_hours_to_acknowledge: float | None
    """Wall-clock hours from receipt, over the complaints acknowledged in the period; None if there were none."""
    median_hours_to_assess: float | None
    median_hours_to_resolve: float | None
    """To the first resolution."""
    satisfaction: Satisfaction
    by_decision: tuple[str, ...]
    """Numbers closed by decision: never counted as satisfied (design §2, after the director)."""
    dismissed: tuple[str, ...]
    """Numbers found not to be complaints; in no other figure."""


class Month(BaseModel):
    """A calendar month, in the school's time zone."""

    model_config = ConfigDict(frozen=True)

    first: date
    """Its first day."""
    timezone: str = "America/Lima"

    @classmethod
    def before(cls, day: date, *, timezone: str) -> Self:
        """The month before the one of `day`."""
        last = day.replace(day=1) - timedelta(days=1)
        return cls(first=last.replace(day=1), timezone=timezone)

    @classmethod
    def named(cls, name: str, *, timezone: str) -> Self:
        """`2026-07`. Raises ValueError where there is no such month."""
        return cls(first=months.first_of(name), timezone=timezone)

    @property
    def name(self) -> str:
        """`2026-07`."""
        return f"{self.first:%Y-%m}"

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return months.after(self.first)

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.first, time(), tzinfo=ZoneInfo(self.timezone))

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.after, time(), tzinfo=ZoneInfo(self.timezone))


def review_due(day: date, calendar: Calendar) -> datetime:
    """When the review of the month before `day` is due: 08:00 on the first business day of the month of `day`."""
    first = day.replace(day=1)
    while not calendar.is_business_day(first):
        first += timedelta(days=1)
    return datetime.combine(first, SENT_AT, tzinfo=ZoneInfo(calendar.hours.timezone)).astimezone(UTC)


def _a_month(name: str) -> str:
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", name):
        raise ValueError("must be a month like 2026-07")
    return name


class ReviewAsked(BaseModel):
    """The input of the workflow `QualityReview`; the schedule gives none, and means the month before its start."""

    model_config = ConfigDict(frozen=True)

    month: Annotated[str, AfterValidator(_a_month)] | None = None
    """Such as `2026-07`: at once, rather than on the first business day."""


REVIEWER = "reviewer"
"""Who gets the review: `[quality]` of the contacts, else the administration manager."""


class ReviewOpening(BaseModel):
    """The input of the activity `open_review`: which month, and when."""

    model_config = ConfigDict(frozen=True)

    month: Month
    at: AwareDatetime


class ReviewOrder(Order):
    """The review's letter: the input of the activity `send_review`. Once for ever, as every letter (design §5.2)."""

    kind: Literal["quality-review"] = "quality-review"
    figures: MonthFigures
    opened: Opened | None = None
    """What its record lists; None in reviews that were started before there were records."""
    told_too: tuple[str, ...] = ()
    """Who got the same letter before: a person in two roles gets one."""


class ReviewOutcome(BaseModel):
    """The result of a review, as Temporal's page shows it."""

    model_config = ConfigDict(frozen=True)

    month: str
    state: str
    """How the letter ended: `sent`, or `uncertain`: perhaps it went out."""
    recipient: str
    """`reviewer`, or `care_team` where the reviewer's mail was refused for good."""
    received: int
    open_at_end: int
    managers: dict[str, str] = {}
    """How the letter to each other manager ended, by role."""
    cases: int = 0
    """How many closed complaints its record lists."""
    carried: int = 0
    """Of these, left over from the reviews before."""


def review_order(
    figures: MonthFigures,
    *,
    recipient: str,
    language: Language,
    at: datetime,
    opened: Opened | None = None,
    told_too: tuple[str, ...] = (),
) -> ReviewOrder:
    """The one letter about this month for this recipient."""
    return ReviewOrder(
        number=f"review-{figures.first:%Y-%m}",
        key=f"review/{recipient}",
        recipient=recipient,
        language=language,
        at=at,
        figures=figures,
        opened=opened,
        told_too=told_too,
    )
