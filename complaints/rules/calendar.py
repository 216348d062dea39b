"""Business days, office hours and deadlines (§5): UTC instants in and out, counted in the school's time zone."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from complaints.rules.refusals import invalid

EXTRA_CLOSED = "extra closed day"
"""The reason of a closed day that is the school's own and no holiday."""

MONDAY_TO_FRIDAY = ("mon", "tue", "wed", "thu", "fri")
"""The work days of the law, whichever a school has."""

_ONE_DAY = timedelta(days=1)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_A_DAY = 24 * 60


class DayKind(StrEnum):
    """Why a day does or does not count towards a deadline."""

    COUNTED = "counted"
    WEEKEND = "weekend"
    """Not one of the policy's work days, whichever these are."""
    HOLIDAY = "holiday"
    EXTRA_CLOSED = "extra_closed"
    PAUSED = "paused"
    """Details were outstanding at its close (§5.1)."""


class DerivedDay(BaseModel):
    """One day on the way to a deadline."""

    model_config = ConfigDict(frozen=True)

    day: date
    kind: DayKind
    count: int | None = None
    """Which business day it is, from 1, if it counts."""
    name: str | None = None
    """The holiday's name."""


class Derivation(BaseModel):
    """How a deadline came about, day by day."""

    model_config = ConfigDict(frozen=True)

    start: AwareDatetime
    start_day: date
    """The day of `start` in `timezone`. It does not count."""
    timezone: str
    business_days: int
    days: tuple[DerivedDay, ...]
    """Every day after the starting day, up to the one at whose close the deadline falls."""
    deadline: AwareDatetime


def _clock_time(value: object) -> object:
    # TOML writes a time without quotes as a local time.
    return value.strftime("%H:%M") if isinstance(value, time) and not value.second and not value.microsecond else value


def _of_a_day(clock: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", clock):
        raise invalid("calendar.clock")
    return clock


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:  # not found; the name of a folder; not a name at all
        raise invalid("calendar.zone") from error
    return name


def _in_week_order(days: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(days)) != len(days):
        raise invalid("calendar.day-twice")
    return tuple(sorted(days, key=_WEEK.index))


def _in_day_order(intervals: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    earlier = "00:00"
    for opens, closes in intervals:
        if closes <= opens:
            raise invalid("calendar.interval", opens=opens, closes=closes)
        if opens < earlier:
            raise invalid("calendar.overlap", opens=opens, earlier=earlier)
        earlier = closes
    return intervals


ClockTime = Annotated[str, BeforeValidator(_clock_time), AfterValidator(_of_a_day)]
"""A time of day as `HH:MM`; `24:00` is the end of the day."""

WorkDays = Annotated[
    tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...],
    Field(min_length=1),
    AfterValidator(_in_week_order),
]
Intervals = Annotated[tuple[tuple[ClockTime, ClockTime], ...], Field(min_length=1), AfterValidator(_in_day_order)]


class OfficeHours(BaseModel):
    """When the school works: the part of the policy that a calendar needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timezone: Annotated[str, AfterValidator(_known_zone)] = "America/Lima"
    """IANA name."""
    work_days: WorkDays = ("mon", "tue", "wed", "thu", "fri")
    office_hours: Intervals = (("09:00", "18:00"),)
    """The intervals of each work day, half-open, in order; several where the office closes for lunch."""


class Calendar:
    """The business days and office hours of one set of rules. Immutable; build it once.

    Every `datetime` given must be aware, else `ValueError`. Days are `date`s in the policy's time zone. `paused` are
    business days that do not count for this deadline (§5.1). A deadline of less than 1 business day is a `ValueError`.
    """

    __slots__ = (
        "_closed", "_counted", "_ends_at_midnight", "_minutes", "_opening", "_work_days", "_zone", "hours",
    )  # fmt: skip

    def __init__(self, hours: OfficeHours, closed: Mapping[date, str] | Collection[date] = ()) -> None:
        self.hours = hours
        self._closed = dict(closed) if isinstance(closed, Mapping) else dict.fromkeys(closed, EXTRA_CLOSED)
        self._zone = ZoneInfo(hours.timezone)
        self._work_days = frozenset(_WEEK.index(day) for day in hours.work_days)
        self._minutes = tuple((_minutes(opens), _minutes(closes)) for opens, closes in hours.office_hours)
        self._ends_at_midnight = self._minutes[-1][1] == _MINUTES_A_DAY
        # A memory of what was computed: a case asks for the same deadlines with each thing that happens to it.
        self._opening: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._counted: dict[tuple[date, int, bool], date] = {}

    def __deepcopy__(self, memo: object) -> "Calendar":
        """Itself: it never changes."""
        return self

    def deadline(self, start: datetime, business_days: int, paused: Collection[date] = ()) -> datetime:
        """The close of the last of `business_days`. The starting day does not count (§5)."""
        return self.closes(self._day_away(self._day_of(start), business_days, paused, back=False))

    def before(self, deadline: datetime, business_days: int, paused: Collection[date] = ()) -> datetime:
        """The close of the business day that is `business_days` before the deadline's day; may lie before the start."""
        return self.closes(self._day_away(self._day_of(deadline), business_days, paused, back=True))

    def counted(self, start: datetime, end: datetime, paused: Collection[date] = ()) -> int:
        """How many business days closed after `start` and not after `end`; the starting day does not count."""
        day, last, count = self._day_of(start), self._day_of(end), 0
        if self.closes(last) > end:
            last -= _ONE_DAY
        while day < last:
            day += _ONE_DAY
            count += self.is_business_day(day) and day not in paused
        return count

    def explain(self, start: datetime, business_days: int, paused: Collection[date] = ()) -> Derivation:
        """The same as `deadline`, with each day and why it counts or not."""
        start_day = day = self._day_of(start)
        left, days = _at_least_one(business_days), list[DerivedDay]()
        while left:
            day += _ONE_DAY
            kind = self._kind(day, paused)
            left -= kind is DayKind.COUNTED
            days.append(
                DerivedDay(
                    day=day,
                    kind=kind,
                    count=business_days - left if kind is DayKind.COUNTED else None,
                    name=self._closed[day] if kind is DayKind.HOLIDAY else None,
                )
            )
        return Derivation(
            start=start,
            start_day=start_day,
            timezone=self.hours.timezone,
            business_days=business_days,
            days=tuple(days),
            deadline=self.closes(day),
        )

    def paused_days(
        self, waits: Sequence[tuple[datetime, datetime | None]], until: datetime, longest: int
    ) -> tuple[date, ...]:
        """The business days on whose close details were outstanding (§5.1): the first `longest` of them.

        A wait is (requested, received): outstanding at a close when requested <= close < received. A finished wait
        gives days that closed up to `until`. An open one (received is None) is taken to go on: it gives days beyond
        `until` too.
        """
        found: set[date] = set()
        for requested, received in waits:
            found.update(islice(self._outstanding(requested, received, until), longest))
        return tuple(sorted(found)[:longest])

    def is_business_day(self, day: date) -> bool:
        """A work day of the policy that is not closed."""
        return day.weekday() in self._work_days and day not in self._closed

    def local(self, at: datetime) -> datetime:
        """`at` as the school's clocks show it."""
        if at.tzinfo is None:
            raise ValueError(f"{at.isoformat()} has no time zone: give every time with its offset")
        return at.astimezone(self._zone)

    def local_date(self, at: datetime) -> date:
        """The day of `at` in the policy's time zone."""
        return self.local(at).date()

    def opens(self, day: date) -> datetime:
        """When the first interval of `day` begins, were it a business day or not."""
        return self._intervals(day)[0][0]

    def closes(self, day: date) -> datetime:
        """When the last interval of `day` ends, were it a business day or not."""
        return self._intervals(day)[-1][1]

    def in_office_hours(self, at: datetime) -> bool:
        """Whether the office is open at `at`; open at the first moment of an interval, not at its end."""
        day = self.local_date(at)
        return self.is_business_day(day) and any(opens <= at < closes for opens, closes in self._intervals(day))

    def office_time_before(self, at: datetime) -> datetime:
        """`at` inside office hours, else the end of the office hours before it."""
        day = self.local_date(at)
        if self.in_office_hours(at):
            return at
        while True:
            if self.is_business_day(day):
                for opens, closes in reversed(self._intervals(day)):
                    if opens < closes <= at:
                        return closes
            day -= _ONE_DAY

    def office_day_before(self, at: datetime) -> date:
        """The day of those office hours; an office that closes at midnight closes on that day, not on the next."""
        day = self.local_date(at)
        while not (self.is_business_day(day) and self.opens(day) <= at):
            day -= _ONE_DAY
        return day

    def office_time_after(self, at: datetime) -> datetime:
        """`at` inside office hours, else the next opening."""
        day = self.local_date(at)
        if self.in_office_hours(at):
            return at
        while True:
            if self.is_business_day(day):
                for opens, closes in self._intervals(day):
                    if at < opens < closes:
                        return opens
            day += _ONE_DAY

    def after_office_hours(self, at: datetime, hours: float) -> datetime:
        """When `hours` of open office have passed since `at`; always inside office hours or at their end."""
        left = timedelta(hours=hours)
        while True:
            at = self.office_time_after(at)
            closing = next(closes for opens, closes in self._intervals(self.local_date(at)) if opens <= at < closes)
            if left <= closing - at:
                return at + left
            left -= closing - at
            at = closing

    def _day_away(self, day: date, business_days: int, paused: Collection[date], *, back: bool) -> date:
        """The business day that is so many from `day`; counted once where no day is paused."""
        count = self._back_from if back else self._on_from
        if paused:
            return count(day, business_days, paused)
        found = self._counted.get((day, business_days, back))
        if found is None:
            found = self._counted[day, business_days, back] = count(day, business_days)
        return found

    def _on_from(self, day: date, business_days: int, paused: Collection[date] = ()) -> date:
        """The last of so many business days after `day`."""
        left, work_days, closed = _at_least_one(business_days), self._work_days, self._closed
        while left:
            day += _ONE_DAY
            if day.weekday() in work_days and day not in closed and day not in paused:
                left -= 1
        return day

    def _back_from(self, day: date, business_days: int, paused: Collection[date] = ()) -> date:
        """The first of so many business days before `day`."""
        left = _at_least_one(business_days)
        while left:
            day -= _ONE_DAY
            left -= self.is_business_day(day) and day not in paused
        return day

    def _day_of(self, at: datetime) -> date:
        """The day that `at` belongs to in counting. Hours that end at 24:00 end on their own day, not on the next."""
        day = self.local_date(at)
        if self._ends_at_midnight and at <= self.closes(day - _ONE_DAY):
            return day - _ONE_DAY
        return day

    def _kind(self, day: date, paused: Collection[date]) -> DayKind:
        if day.weekday() not in self._work_days:
            return DayKind.WEEKEND
        if day in self._closed:
            return DayKind.EXTRA_CLOSED if self._closed[day] == EXTRA_CLOSED else DayKind.HOLIDAY
        return DayKind.PAUSED if day in paused else DayKind.COUNTED

    def _outstanding(self, requested: datetime, received: datetime | None, until: datetime) -> Iterator[date]:
        day = self._day_of(requested)
        while True:
            close = self.closes(day)
            if received is not None and (close >= received or close > until):
                return
            if requested <= close and self.is_business_day(day):
                yield day
            day += _ONE_DAY

    def _intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        found = self._opening.get(day)
        if found is None:
            found = tuple((self._instant(day, opens), self._instant(day, closes)) for opens, closes in self._minutes)
            self._opening[day] = found
        return found

    def _instant(self, day: date, minute: int) -> datetime:
        """The first instant at which the school's clocks show `minute` of `day` or later."""
        shown = datetime.combine(day, time()) + timedelta(minutes=minute)
        at = shown.replace(tzinfo=self._zone).astimezone(UTC)  # of an hour that comes twice, the first
        if at.astimezone(self._zone).replace(tzinfo=None) == shown:
            return at
        return self._jump_over(shown, at)

    def _jump_over(self, skipped: datetime, later: datetime) -> datetime:
        """When the clocks jumped over `skipped`, a time that they never showed: found by halving, to the second."""
        earlier = skipped.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        low, high = int(earlier.timestamp()), int(later.timestamp())
        while high - low > 1:
            middle = (low + high) // 2
            if datetime.fromtimestamp(middle, self._zone).replace(tzinfo=None) < skipped:
                low = middle
            else:
                high = middle
        return datetime.fromtimestamp(high, UTC)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _at_least_one(business_days: int) -> int:
    if business_days < 1:
        raise ValueError(f"a window has at least 1 business day, not {business_days}")
    return business_days
