"""Business days and office hours (§5) over random calendars, against an oracle that goes day by day."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules.calendar import EXTRA_CLOSED, Calendar, DayKind, Derivation, OfficeHours

ZONES = (
    "America/Lima",
    "UTC",
    "Europe/Madrid",
    "America/Santiago",  # changes at midnight
    "America/Havana",  # falls back from 01:00 to midnight
    "Africa/Cairo",  # jumps over midnight
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",  # +05:45
    "Pacific/Auckland",
)
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
MINUTE = timedelta(minutes=1)
GRID = timedelta(minutes=5)
"""On it lie all hours of these calendars, and in these years all offsets of these zones from UTC."""


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


# Made once: a strategy that is made for each example costs more than the example.
edges_of_a_day = st.sets(st.integers(0, 1440 // 5).map(lambda five: five * 5), min_size=2, max_size=6)
work_days = st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1)
closed_days = st.dictionaries(st.dates(FIRST, LAST), st.sampled_from([EXTRA_CLOSED, "a holiday"]), max_size=40)
zones, either = st.sampled_from(ZONES), st.booleans()


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    edges = sorted(draw(edges_of_a_day))
    if draw(either):
        edges[-1] = 24 * 60  # hours up to midnight end on a moment of the next day
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    hours = OfficeHours.model_validate(
        {
            "timezone": draw(zones),
            "work_days": draw(work_days),
            "office_hours": [[clock(opens), clock(closes)] for opens, closes in pairs],
        }
    )
    return Calendar(hours, draw(closed_days))


starts = st.datetimes(datetime(2025, 1, 3), datetime(2027, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
whole_minutes = starts.map(lambda at: at.replace(second=0, microsecond=0))
days_off = st.frozensets(st.dates(FIRST, LAST), max_size=30)
windows = st.integers(1, 15)
often = settings(max_examples=100, deadline=None)


@lru_cache(maxsize=50_000)
def oracle_instant(zone: str, day: date, minute: int) -> datetime:
    """The first moment at which a wall clock in `zone` shows `minute` of `day` or later."""
    tz, wanted = ZoneInfo(zone), datetime.combine(day, datetime.min.time()) + minute * MINUTE
    at = datetime.combine(day, datetime.min.time(), UTC) + minute * MINUTE - timedelta(hours=15)
    while at.astimezone(tz).replace(tzinfo=None) < wanted - timedelta(hours=3):
        at += timedelta(hours=1)
    while at.astimezone(tz).replace(tzinfo=None) < wanted:
        at += GRID
    return at


def minutes_of(calendar: Calendar) -> list[tuple[int, int]]:
    def minute(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    return [(minute(opens), minute(closes)) for opens, closes in calendar.hours.office_hours]


def oracle_close(calendar: Calendar, day: date) -> datetime:
    return oracle_instant(calendar.hours.timezone, day, minutes_of(calendar)[-1][1])


def oracle_counts(calendar: Calendar, day: date, paused: Collection[date] = ()) -> bool:
    return f"{day:%a}".lower() in calendar.hours.work_days and day not in calendar._closed and day not in paused


def oracle_day(calendar: Calendar, at: datetime) -> date:
    day = at.astimezone(ZoneInfo(calendar.hours.timezone)).date()
    yesterday = day - timedelta(days=1)
    # Hours up to 24:00 end at the next day's first moment, and that moment still belongs to the day which it ends.
    return yesterday if at == oracle_close(calendar, yesterday) else day


def oracle_deadline(calendar: Calendar, start: datetime, business_days: int, paused: Collection[date]) -> datetime:
    first = oracle_day(calendar, start)
    following = [first + timedelta(days=n) for n in range(1, 400)]
    return oracle_close(calendar, [day for day in following if oracle_counts(calendar, day, paused)][business_days - 1])


def oracle_open(calendar: Calendar, at: datetime) -> bool:
    day = at.astimezone(ZoneInfo(calendar.hours.timezone)).date()
    zone = calendar.hours.timezone
    return oracle_counts(calendar, day) and any(
        oracle_instant(zone, day, opens) <= at < oracle_instant(zone, day, closes)
        for opens, closes in minutes_of(calendar)
    )


def test_the_oracle_loses_nothing_by_its_grid() -> None:
    for zone in ZONES:
        day = datetime.combine(FIRST, datetime.min.time(), UTC)
        while day.date() <= LAST:
            offset = day.astimezone(ZoneInfo(zone)).utcoffset()
            assert offset is not None
            assert offset % GRID == timedelta(0)
            day += timedelta(days=1)


@often
@given(calendars(), starts, windows, days_off)
def test_a_deadline_is_the_oracles(calendar: Calendar, start: datetime, days: int, paused: frozenset[date]) -> None:
    assert calendar.deadline(start, days, paused) == oracle_deadline(calendar, start, days, paused)


@often
@given(calendars(), starts, starts, windows, days_off)
def test_a_later_start_never_ends_earlier(
    calendar: Calendar, one: datetime, other: datetime, days: int, paused: frozenset[date]
) -> None:
    earlier, later = sorted((one, other))
    assert calendar.deadline(earlier, days, paused) <= calendar.deadline(later, days, paused)
    assert earlier < calendar.deadline(earlier, days, paused) < calendar.deadline(earlier, days + 1, paused)


@often
@given(calendars(), starts, windows, windows, days_off)
def test_windows_add_up_and_before_goes_back(
    calendar: Calendar, start: datetime, some: int, more: int, paused: frozenset[date]
) -> None:
    whole = calendar.deadline(start, some + more, paused)
    part = calendar.deadline(start, some, paused)
    assert calendar.deadline(part, more, paused) == whole
    assert calendar.before(whole, more, paused) == part


@often
@given(calendars(), starts, windows, days_off)
def test_counting_is_the_inverse_of_a_deadline(
    calendar: Calendar, start: datetime, days: int, paused: frozenset[date]
) -> None:
    due = calendar.deadline(start, days, paused)
    assert calendar.counted(start, due, paused) == days
    assert calendar.counted(start, due - timedelta(microseconds=1), paused) == days - 1


@often
@given(calendars(), starts, starts, days_off)
def test_counted_days_are_the_oracles(
    calendar: Calendar, one: datetime, other: datetime, paused: frozenset[date]
) -> None:
    start, end = one, min(other, one + timedelta(days=90))
    first = oracle_day(calendar, start)
    following = [first + timedelta(days=n) for n in range(1, 100)]
    closes = [oracle_close(calendar, day) for day in following if oracle_counts(calendar, day, paused)]
    assert calendar.counted(start, end, paused) == sum(start < close <= end for close in closes)


@often
@given(calendars(), starts, windows, days_off)
def test_an_explanation_agrees_with_its_deadline(
    calendar: Calendar, start: datetime, days: int, paused: frozenset[date]
) -> None:
    told = calendar.explain(start, days, paused)
    assert told.deadline == calendar.deadline(start, days, paused) == calendar.closes(told.days[-1].day)
    assert [day.day for day in told.days] == [told.start_day + timedelta(days=n + 1) for n in range(len(told.days))]
    assert [day.count for day in told.days if day.count] == list(range(1, days + 1))
    assert all((day.kind is DayKind.COUNTED) == oracle_counts(calendar, day.day, paused) for day in told.days)
    assert Derivation.model_validate_json(told.model_dump_json()) == told


@often
@given(calendars(), whole_minutes)
def test_office_hours_are_the_oracles(calendar: Calendar, at: datetime) -> None:
    assert calendar.in_office_hours(at) == oracle_open(calendar, at)


@often
@given(calendars(), whole_minutes)
def test_moving_into_office_hours_skips_no_open_minute(calendar: Calendar, at: datetime) -> None:
    before, after = calendar.office_time_before(at), calendar.office_time_after(at)
    assert before <= at <= after
    assert oracle_open(calendar, after)
    assert oracle_open(calendar, before - MINUTE) or before == at == after
    for moment, step in ((before, MINUTE), (after - MINUTE, -MINUTE)):
        for _ in range(300):  # from each found moment towards `at`, as far as five hours
            if not before <= moment < after or before == at == after:
                break
            assert not oracle_open(calendar, moment)
            moment += step


@settings(max_examples=60, deadline=None)
@given(calendars(), whole_minutes, st.integers(1, 12))
def test_so_many_office_hours_lie_in_between(calendar: Calendar, at: datetime, hours: int) -> None:
    then = calendar.after_office_hours(at, hours)
    moment, open_minutes = calendar.office_time_after(at), 0
    while moment < then:
        if calendar.in_office_hours(moment):
            open_minutes += 1
            moment += MINUTE
        else:
            moment = calendar.office_time_after(moment)
    assert open_minutes == hours * 60


@often
@given(
    calendars(),
    st.lists(st.tuples(starts, st.none() | st.integers(0, 30 * 24 * 60)), max_size=3),
    starts,
    st.integers(0, 8),
)
def test_paused_days_are_the_oracles(
    calendar: Calendar, spans: list[tuple[datetime, int | None]], until: datetime, longest: int
) -> None:
    waits = [(asked, None if minutes is None else asked + minutes * MINUTE) for asked, minutes in spans]
    expected = set()
    for asked, received in waits:
        first = asked.date() - timedelta(days=2)
        for day in (first + timedelta(days=n) for n in range(100)):
            close = oracle_close(calendar, day)
            outstanding = asked <= close and (received is None or (close < received and close <= until))
            if outstanding and oracle_counts(calendar, day):
                expected.add(day)
    assert calendar.paused_days(waits, until, longest) == tuple(sorted(expected)[:longest])
