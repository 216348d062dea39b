"""Business days and office hours (§5): the golden dates and tables with a reason a row; see test_calendar_oracle.py."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.rules.calendar import Calendar, DayKind, OfficeHours
from complaints.rules.policy import Policy, rules_in_force

LIMA = ZoneInfo("America/Lima")
PERU = rules_in_force(Policy(), date(2026, 1, 1)).calendar


def lima(text: str) -> datetime:
    """`2026-07-22 10:00` as a clock in Lima shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LIMA)


GOLDEN = [
    # start, {business days: day at whose close the window ends}, why it is here
    (
        "2026-07-22",
        {1: "2026-07-24", 2: "2026-07-27", 5: "2026-08-03", 15: "2026-08-18"},
        "23 July, Fiestas Patrias, Junín",
    ),
    (
        "2026-07-24",
        {1: "2026-07-27", 2: "2026-07-30", 5: "2026-08-04", 15: "2026-08-19"},
        "a Friday before Fiestas Patrias",
    ),
    ("2026-04-01", {1: "2026-04-06", 5: "2026-04-10", 15: "2026-04-24"}, "Holy Thursday, Good Friday, weekend"),
    ("2026-12-04", {2: "2026-12-10", 5: "2026-12-15", 15: "2026-12-30"}, "8 and 9 December"),
    ("2026-12-23", {5: "2026-12-31", 15: "2027-01-15"}, "Christmas, and New Year of the next year's table"),
]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param(start, days, end, id=f"{start}+{days}: {why}")
        for start, ends, why in GOLDEN
        for days, end in ends.items()
    ],
)
@pytest.mark.parametrize(
    "clock", ["00:00", "08:00", "18:00", "18:01", "23:59"]
)  # the hour of the start does not matter
def test_the_golden_dates_hold(start: str, days: int, end: str, clock: str) -> None:
    assert PERU.deadline(lima(f"{start} {clock}"), days) == lima(f"{end} 18:00")


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2026-03-03T04:59:59+00:00", "2026-03-03", "23:59 in Lima on the 2nd: the 3rd is the first day that counts"),
        ("2026-03-03T05:00:00+00:00", "2026-03-04", "midnight in Lima: it is the 3rd now"),
        ("2026-03-07T15:00:00+00:00", "2026-03-09", "a Saturday: Monday is the first day that counts"),
        ("2026-03-08T15:00:00+00:00", "2026-03-09", "a Sunday"),
        ("2026-05-01T15:00:00+00:00", "2026-05-04", "a holiday before a weekend"),
        ("2026-07-28T15:00:00+00:00", "2026-07-30", "the first of two holidays"),
        ("2026-03-03T10:00:00+09:00", "2026-03-03", "given in Tokyo's time: still the 2nd in Lima"),
    ],
)
def test_one_business_day_from_the_day_in_lima(start: str, end: str, why: str) -> None:
    assert PERU.deadline(datetime.fromisoformat(start), 1) == lima(f"{end} 18:00"), why


def test_deadlines_come_as_utc() -> None:
    assert PERU.deadline(lima("2026-03-02 10:00"), 1).tzinfo is UTC


def test_paused_days_do_not_count_towards_a_deadline() -> None:
    paused = (date(2026, 3, 3), date(2026, 3, 7), date(2026, 3, 9))  # a Tuesday, a Saturday that never counts, a Monday
    assert PERU.deadline(lima("2026-03-02 10:00"), 4, paused) == lima("2026-03-10 18:00")
    assert PERU.before(lima("2026-03-10 18:00"), 1, paused) == lima("2026-03-06 18:00")
    assert PERU.counted(lima("2026-03-02 10:00"), lima("2026-03-10 18:00"), paused) == 4


def test_a_warning_stands_on_a_business_day_not_on_the_holiday_before() -> None:
    assert PERU.before(lima("2026-07-27 18:00"), 1) == lima("2026-07-24 18:00")
    assert PERU.before(lima("2026-07-30 18:00"), 1) == lima("2026-07-27 18:00")


def test_an_explanation_names_each_day_and_why_it_counts_or_not() -> None:
    rules = rules_in_force(
        Policy.model_validate({"calendar": {"extra_closed_days": ["2026-07-27"]}}), since=date(2026, 7, 1)
    )
    told = rules.calendar.explain(lima("2026-07-22 10:00"), 2, paused=(date(2026, 7, 24),))
    assert told.start_day == date(2026, 7, 22)
    assert [(day.day.day, day.kind, day.count, day.name) for day in told.days] == [
        (23, DayKind.HOLIDAY, None, "Día de la Fuerza Aérea del Perú"),
        (24, DayKind.PAUSED, None, None),
        (25, DayKind.WEEKEND, None, None),
        (26, DayKind.WEEKEND, None, None),
        (27, DayKind.EXTRA_CLOSED, None, None),
        (28, DayKind.HOLIDAY, None, "Fiestas Patrias (28 de julio)"),
        (29, DayKind.HOLIDAY, None, "Fiestas Patrias (29 de julio)"),
        (30, DayKind.COUNTED, 1, None),
        (31, DayKind.COUNTED, 2, None),
    ]
    assert told.deadline == lima("2026-07-31 18:00")


LUNCH = Calendar(OfficeHours(office_hours=(("09:00", "13:00"), ("14:00", "18:00"))))


@pytest.mark.parametrize(
    ("at", "before", "after", "why"),
    [
        ("2026-03-03 09:00", "2026-03-03 09:00", "2026-03-03 09:00", "the first moment is inside"),
        ("2026-03-03 12:59", "2026-03-03 12:59", "2026-03-03 12:59", "inside"),
        ("2026-03-03 13:00", "2026-03-03 13:00", "2026-03-03 14:00", "the end is outside: half-open"),
        ("2026-03-03 13:30", "2026-03-03 13:00", "2026-03-03 14:00", "lunch"),
        ("2026-03-03 18:00", "2026-03-03 18:00", "2026-03-04 09:00", "the end of the day"),
        ("2026-03-03 08:00", "2026-03-02 18:00", "2026-03-03 09:00", "before opening"),
        ("2026-03-07 12:00", "2026-03-06 18:00", "2026-03-09 09:00", "a Saturday"),
    ],
)
def test_a_moment_moves_into_office_hours(at: str, before: str, after: str, why: str) -> None:
    assert LUNCH.office_time_before(lima(at)) == lima(before), why
    assert LUNCH.office_time_after(lima(at)) == lima(after), why


@pytest.mark.parametrize(
    ("at", "hours", "then", "why"),
    [
        ("2026-03-03 09:00", 4, "2026-03-03 13:00", "exactly the morning"),
        ("2026-03-03 11:00", 4, "2026-03-03 16:00", "lunch does not count"),
        ("2026-03-06 16:00", 4, "2026-03-09 11:00", "a weekend does not count"),
        ("2026-03-03 03:00", 4, "2026-03-03 13:00", "counts from opening"),
        ("2026-03-03 10:00", 20, "2026-03-05 15:00", "two whole days and more"),
        ("2026-03-03 20:00", 0, "2026-03-04 09:00", "no hours: the next moment of open office"),
    ],
)
def test_office_hours_pass_only_while_the_office_is_open(at: str, hours: int, then: str, why: str) -> None:
    assert LUNCH.after_office_hours(lima(at), hours) == lima(then), why


def march(text: str) -> datetime:
    """`02 10:00` in March 2026, as a clock in Lima shows it."""
    return lima(f"2026-03-{text}")


MON, TUE, WED, THU, FRI, NEXT_MON = (date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9))
NEXT_TUE, NEXT_WED = date(2026, 3, 10), date(2026, 3, 11)


@pytest.mark.parametrize(
    ("waits", "until", "longest", "days", "why"),
    [
        ([("02 10:00", "04 17:59")], "20 10:00", 5, [MON, TUE], "in by Wednesday's close"),
        ([("02 10:00", "04 18:00")], "20 10:00", 5, [MON, TUE], "at its close is in time"),
        ([("02 10:00", "04 18:01")], "20 10:00", 5, [MON, TUE, WED], "after it is not"),
        ([("02 18:00", "03 20:00")], "20 10:00", 5, [MON, TUE], "asked for at Monday's close"),
        ([("02 18:01", "03 20:00")], "20 10:00", 5, [TUE], "asked for after it"),
        ([("02 10:00", "02 12:00")], "20 10:00", 5, [], "asked and told within a day"),
        ([("06 10:00", "09 10:00")], "20 10:00", 5, [FRI], "no weekend"),
        ([("02 10:00", "30 10:00")], "03 20:00", 5, [MON, TUE], "as seen on the way"),
        ([("02 10:00", "30 10:00")], "03 18:00", 5, [MON, TUE], "up to a close, with it"),
        ([("02 10:00", None)], "03 20:00", 5, [MON, TUE, WED, THU, FRI], "open: taken to go on"),
        ([("02 10:00", None)], "31 20:00", 5, [MON, TUE, WED, THU, FRI], "at most the longest"),
        ([("02 10:00", "03 10:00"), ("05 10:00", None)], "06 10:00", 3, [MON, THU, FRI], "two"),
        ([("05 10:00", None), ("02 10:00", "03 10:00")], "06 10:00", 3, [MON, THU, FRI], "in any order"),
        ([("02 10:00", None), ("02 11:00", None)], "06 10:00", 2, [MON, TUE], "both at once count once"),
        ([("06 20:00", None)], "06 21:00", 3, [NEXT_MON, NEXT_TUE, NEXT_WED], "from the next business day"),
        ([("02 10:00", None)], "06 10:00", 0, [], "a policy that never pauses"),
        ([], "06 10:00", 5, [], "nothing asked"),
    ],
)  # fmt: skip
def test_days_pause_while_details_are_outstanding_at_their_close(
    waits: list[tuple[str, str | None]], until: str, longest: int, days: list[date], why: str
) -> None:
    told = [(march(requested), march(received) if received else None) for requested, received in waits]
    assert PERU.paused_days(told, march(until), longest) == tuple(days), why


@pytest.mark.parametrize(
    ("zone", "day", "hours", "opens", "closes", "why"),
    [
        ("Europe/Madrid", "2026-03-27", ("09:00", "18:00"), "08:00", "17:00", "winter"),
        ("Europe/Madrid", "2026-03-30", ("09:00", "18:00"), "07:00", "16:00", "summer"),
        ("Europe/Madrid", "2026-03-29", ("02:15", "02:45"), "01:00", "01:00", "both skipped: the jump itself"),
        ("Europe/Madrid", "2026-03-29", ("02:30", "03:15"), "01:00", "01:15", "opens at the jump"),
        ("Europe/Madrid", "2026-10-25", ("02:30", "03:00"), "00:30", "02:00", "02:30 comes twice: opens at the first"),
        ("Africa/Cairo", "2026-04-24", ("00:00", "01:30"), "22:00", "22:30", "midnight is skipped"),
    ],
)
def test_where_the_clocks_change_hours_are_those_of_the_wall(
    zone: str, day: str, hours: tuple[str, str], opens: str, closes: str, why: str
) -> None:
    calendar = Calendar(OfficeHours(timezone=zone, office_hours=(hours,)))
    shown = [
        f"{at:%H:%M}" for at in (calendar.opens(date.fromisoformat(day)), calendar.closes(date.fromisoformat(day)))
    ]
    assert shown == [opens, closes], why


def test_an_office_open_round_the_clock_is_never_shut_at_midnight() -> None:
    always = Calendar(
        OfficeHours(work_days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), office_hours=(("00:00", "24:00"),))
    )
    midnight = lima("2026-03-03 00:00")
    assert always.in_office_hours(midnight)
    assert always.in_office_hours(midnight - timedelta(microseconds=1))
    assert always.after_office_hours(midnight, 50) == midnight + timedelta(hours=50)
    tuesday = lima("2026-03-04 00:00")  # its end
    assert always.deadline(lima("2026-03-02 10:00"), 1) == tuesday
    assert always.deadline(tuesday, 1) == lima("2026-03-05 00:00")  # Wednesday is the first day after it
    assert always.before(tuesday, 1) == lima("2026-03-03 00:00")


@pytest.mark.parametrize("ask", [lambda at: PERU.deadline(at, 1), PERU.local_date, PERU.in_office_hours])
def test_a_time_without_zone_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match="has no time zone"):
        ask(datetime(2026, 3, 2, 10))  # noqa: DTZ001


@pytest.mark.parametrize("days", [0, -1])
def test_a_window_of_no_days_is_refused(days: int) -> None:
    for ask in (PERU.deadline, PERU.before, PERU.explain):
        with pytest.raises(ValueError, match="at least 1 business day"):
            ask(lima("2026-03-02 10:00"), days)
