"""The report of a period (§10): everything that it counts, as the records found it; small, and without a customer."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.rules import months
from complaints.rules.report.review import Escalations

STEPS = ("acknowledge", "assess", "assign", "resolve")
"""What is timed from receipt: §4, §5.1, §5.2, §5.3."""

WINDOWS = ("acknowledgement", "assessment", "assignment", "investigation", "promise", "legal", "call")
"""What can be late, in the order of the procedure."""

BUCKETS = (1, 4, 24, 48, 72, 120, 240, 360)
"""Upper ends, in wall-clock hours, of how long a step took; the last bucket has none."""

DIMENSIONS = ("department", "product", "category", "channel", "severity")
"""By what the complaints are told apart."""

NOBODY = ""
"""The name of a group whose complaints say nothing: no department yet, no category."""

OTHERS = "…"
"""The name of the group of all that are not listed by their own."""


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class Period(_Figures):
    """The days that a report looks at, as days begin in the school's time zone."""

    first: date
    after: date
    """The first day that does not belong to it."""
    timezone: str = "America/Lima"

    @classmethod
    def month(cls, name: str, *, timezone: str = "America/Lima") -> Self:
        """`2026-10`. Raises ValueError where there is no such month."""
        first = months.first_of(name)
        return cls(first=first, after=months.after(first), timezone=timezone)

    @classmethod
    def last_month(cls, now: datetime, *, timezone: str = "America/Lima") -> Self:
        """The month before the one of `now`."""
        today = now.astimezone(ZoneInfo(timezone)).date()
        return cls.month(f"{today.replace(day=1) - timedelta(days=1):%Y-%m}", timezone=timezone)

    @property
    def begins(self) -> datetime:
        """The first instant."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return self._midnight(self.after)

    @property
    def is_month(self) -> bool:
        """Whether it is one calendar month, whole."""
        return self.first.day == 1 and self.after == months.after(self.first)

    @property
    def name(self) -> str:
        """`2026-10`, else `2026-10-05_2026-10-09`: for file names; both days belong to it."""
        if self.is_month:
            return f"{self.first:%Y-%m}"
        return f"{self.first.isoformat()}_{(self.after - timedelta(days=1)).isoformat()}"

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)


class Only(_Figures):
    """Which complaints a report is about; None: all."""

    department: str | None = None
    product: str | None = None
    category: str | None = None
    channel: str | None = None
    severity: str | None = None

    @property
    def given(self) -> dict[str, str]:
        """What was asked for."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class Totals(_Figures):
    """What came, went and stayed. Counts are of what happened in the period, whenever the complaint was received."""

    received: int
    reopened: int
    open_at_end: int
    closed: dict[str, int]
    """By outcome: `satisfied`, `decision`, `withdrawn`, `merged`, `silence`."""
    unconfirmed: tuple[str, ...]
    """Numbers, at the end: resolved, and reminders and a call brought no answer."""
    past_legal_limit: int
    """At the end: open, and past the limit of Ley 31435: listed until it closes (design §2)."""
    by_decision: tuple[str, ...]
    """Numbers closed by decision: never counted as satisfied (design §2, after the director)."""
    dismissed: tuple[str, ...]
    """Numbers found not to be complaints; in no other figure."""

    @property
    def closed_in_all(self) -> int:
        """Whatever the outcome."""
        return sum(self.closed.values())


class Kept(_Figures):
    """How the windows of one kind ended in the period: each once, in time or late."""

    window: str
    """One of `WINDOWS`."""
    in_time: int | None
    """None where nothing says that it was kept: a call that was made is not a window of the procedure."""
    late: int

    @property
    def share(self) -> float | None:
        """Of those that ended, how many in time: 0 to 1; None if none ended."""
        ended = (self.in_time or 0) + self.late
        return self.in_time / ended if self.in_time is not None and ended else None


class Took(_Figures):
    """How long one step took, in wall-clock hours from receipt, over the complaints that reached it in the period."""

    step: str
    """One of `STEPS`."""
    cases: int
    median: float | None
    ninetieth: float | None
    """Nine in ten took no longer."""
    buckets: tuple[int, ...]
    """How many took up to each of `BUCKETS`, and longer than the last."""


class Preventable(_Figures):
    """One reason why complaints escalated, and how many it brought up."""

    why: str
    """A key of `complaints.rules.report.prevention.CAUSES`."""
    cases: int
    numbers: tuple[str, ...]
    """Some of them, the first to escalate first."""


class Prevention(_Figures):
    """What would have prevented this period's escalations: each escalation under its one main cause."""

    escalations: int
    causes: tuple[Preventable, ...] = ()
    """The most frequent first."""
    spent: dict[str, float] = {}
    """Of the escalations by time: which share of the time before them went where (stages, `waiting`); sums to 1."""


class Survey(_Figures):
    """What customers said of it (§6, §8)."""

    answers: int
    average: float | None
    """1 to 5; None without answers."""
    scores: dict[int, int]
    """How many gave each score."""
    confirmed: int
    """Closed because the customer said so, or so we were told by others than who resolved it."""
    confirmed_by_resolver: int
    """Closed on the word of whoever resolved it: allowed, and never counted with the others (design §2)."""
    disputed: int
    """Resolutions that the customer did not accept, reopenings among them."""


class Group(_Figures):
    """One department, product, category, channel or severity."""

    name: str
    """`NOBODY` where complaints say nothing; `OTHERS` for what is not listed."""
    received: int
    closed: int
    late: int
    """Windows missed, calls among them."""
    escalated: int
    median_hours_to_resolve: float | None = None


class Counted(_Figures):
    """Words that people wrote, and how often they did."""

    words: str
    cases: int


class CorrectiveAction(_Figures):
    """What was decided with resolutions, so that it does not happen again (§5.3)."""

    words: str
    cases: int
    numbers: tuple[str, ...]
    """Some of them, the newest first."""
    last_at: AwareDatetime
    """When it was last decided on."""


class Lesson(_Figures):
    """A complaint that teaches something."""

    number: str
    why: tuple[str, ...]
    """Of `worst-wait`, `escalated-twice`, `disputed`, `reopened`, `low-score`, `legal`; the most telling first."""
    waited_hours: float | None = None
    """Of the worst waits: from receipt to the first resolution, or to the period's end while there is none."""
    resolved: bool = True
    """Whether it had a resolution by the period's end."""
    score: int | None = None
    said: str | None = None
    """What the customer wrote with a low score."""
    department: str | None = None


class MonthBefore(_Figures):
    """One month of the comparison, the report's own among them."""

    month: date
    """Its first day."""
    received: int
    closed: int
    open_at_end: int
    escalated: int
    late: int
    """Windows missed, calls apart."""
    past_legal_limit: int
    """Legal limits that passed in it."""
    average_score: float | None
    median_hours_to_resolve: float | None


class Report(_Figures):
    """The report of a period (§10); the same whenever it is asked for, but for what `records.report` says."""

    period: Period
    only: Only = Only()
    totals: Totals
    prevention: Prevention
    windows: tuple[Kept, ...]
    times: tuple[Took, ...]
    escalations: tuple[Escalations, ...]
    survey: Survey
    groups: dict[str, tuple[Group, ...]]
    """By each of `DIMENSIONS`; the most frequent first."""
    causes: tuple[Counted, ...]
    """Of the resolutions of the period; the most frequent first."""
    actions: tuple[CorrectiveAction, ...]
    """The most frequent first."""
    lessons: tuple[Lesson, ...]
    months: tuple[MonthBefore, ...]
    """Twelve, the last of them the one in which the period ends."""

    @property
    def escalated(self) -> int:
        """All escalations of the period."""
        return sum(one.cases for one in self.escalations)

    @property
    def escalated_on_schedule(self) -> int:
        """Of these, those of which every window was kept."""
        return sum(one.on_schedule for one in self.escalations)
