"""The daily digest: what waits for each responsible person on a business day, told at its opening (§5, §7, §10)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules.calendar import Calendar
from complaints.rules.languages import Language
from complaints.rules.letters import Order
from complaints.rules.times import ClockOffset

KIND = "daily-digest"

DEPARTMENT = "department/"
"""Before a department's key: its head reads a digest under it."""

Part = Literal["legal", "late", "unread", "calls", "untouched", "today", "tomorrow", "updates"]
PARTS: tuple[Part, ...] = ("legal", "late", "unread", "calls", "untouched", "today", "tomorrow", "updates")
"""What a digest tells of cases, the gravest first; a case stands once a part."""

TOUCHES = (
    *("assessed", "assigned", "noted", "involved", "date-promised", "details-requested", "called", "resolved"),
    *("merged", "withdrawn", "not-a-complaint", "closed-by-decision"),
)
"""What people do to a case; one that nobody has touched since it escalated is named (§7)."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class DigestDay(_Told):
    """One business day, as the digest looks ahead from its opening."""

    day: date
    at: AwareDatetime
    """When it is told."""
    ends: AwareDatetime
    """The first instant of the next calendar day."""
    next_day: date
    """The next business day: what is due by its end is due tomorrow."""
    next_ends: AwareDatetime

    @classmethod
    def of(cls, day: date, calendar: Calendar, *, at: datetime) -> Self:
        """That day, by the policy's calendar."""
        following = day + timedelta(days=1)
        next_day = following
        while not calendar.is_business_day(next_day):
            next_day += timedelta(days=1)
        zone = ZoneInfo(calendar.hours.timezone)
        ends, next_ends = (datetime.combine(end, time(), tzinfo=zone) for end in (following, next_day + timedelta(1)))
        return cls(day=day, at=at, ends=ends, next_day=next_day, next_ends=next_ends)


class Standing(_Told):
    """An open case, as far as a digest tells of it."""

    number: str
    stage: str
    level: int
    late: bool
    late_since: AwareDatetime | None = None
    due: AwareDatetime | None
    due_name: str | None
    department: str | None
    representative: str | None
    owner: str | None
    next_word_at: AwareDatetime | None
    past_legal_limit: bool
    untouched_since: AwareDatetime | None
    """When it escalated, if nobody has touched it since."""
    call_due: AwareDatetime | None
    """When the open call is to be made."""
    unread_since: AwareDatetime | None = None
    """Since when something that the customer wrote waits for somebody."""
    customer: str | None = None
    about: str | None = None
    """Their subject, else how their words begin."""

    def parts(self, day: DigestDay) -> Iterator[tuple[Part, datetime | None]]:
        """Where it stands in a digest of that day, each with the time that matters there."""
        if self.past_legal_limit:
            yield "legal", None
        if self.late:
            yield "late", self.late_since or self.due
        if self.unread_since is not None:
            yield "unread", self.unread_since
        if self.call_due is not None and self.call_due < day.ends:
            yield "calls", self.call_due
        if self.untouched_since is not None:
            yield "untouched", self.untouched_since
        if self.due is not None and not self.late:
            if self.due < day.ends:
                yield "today", self.due
            elif self.due < day.next_ends:
                yield "tomorrow", self.due
        if self.next_word_at is not None and self.next_word_at < day.ends and self.stage != "confirmation":
            yield "updates", self.next_word_at


class DigestAsked(BaseModel):
    """The input of the workflow `DailyDigest`; the schedule gives none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    clock_offset: ClockOffset = timedelta(0)
    """Only on a stack made for simulation."""


class DigestOrder(Order):
    """One digest to one person; what it says is read when it is sent, and then it is that letter for ever."""

    kind: Literal["daily-digest"] = "daily-digest"
    day: DigestDay


class DigestOutcome(BaseModel):
    """The result of a day's digests, as Temporal's page shows it."""

    model_config = ConfigDict(frozen=True)

    day: date
    told: dict[str, str] = {}
    """How each ended, by the key of who is responsible: `sent`, `failed`, `nothing` …"""
    none_because: str | None = None
    """`closed` on a day without office hours, `over` where the office has closed already."""


def digest_order(recipient: str, day: DigestDay, *, language: Language) -> DigestOrder:
    """The one digest of that day for this person."""
    return DigestOrder(
        number=f"digest-{day.day.isoformat()}",
        key=f"digest/{recipient}",
        recipient=recipient,
        language=language,
        at=day.at,
        day=day,
    )
