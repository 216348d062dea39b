"""Ley 31435 counts the nation's business days, whatever the school closes; against an oracle of another make."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.policy_file import changed
from complaints.rules.clocks import running
from complaints.rules.policy import Policy, Rules, counted_by_the_nation, rules_in_force
from complaints.rules.status import explained
from starter.changing_rules import with_closed_day
from tests.casebook import Tale, lima, shown

VACATION = [str(date(2026, 7, 24) + timedelta(days=n)) for n in range(22)]
PERU = holidays.country_holidays("PE", years=range(2025, 2030))
"""The oracle's holidays: the package's, not ours."""

_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def oracle(received: date, days: int) -> date:
    """Day by day: Monday to Friday, no holiday of Peru."""
    day = received
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in PERU
    return day


def rules(received: date, **calendar: Any) -> Rules:
    return rules_in_force(changed(Policy(), {"calendar": calendar}), received)


def closing(tale: Tale, day: int) -> str | None:
    return tale.due(f"legal/{day}")


@settings(max_examples=200, deadline=None)
@given(
    received=st.dates(date(2026, 1, 1), date(2028, 6, 30)),
    closed=st.lists(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=60, unique=True),
    work_days=st.sets(st.sampled_from(_WEEK), min_size=1),
    days=st.integers(1, 40),
    school=st.sampled_from(["PE", "none"]),
)
def test_no_day_of_the_schools_own_moves_the_laws(
    received: date, closed: list[date], work_days: set[str], days: int, school: str
) -> None:
    own = rules(received, extra_closed_days=closed, work_days=list(work_days), national_holidays=school)
    at = datetime(received.year, received.month, received.day, 15, tzinfo=UTC)  # 10:00 in Lima
    assert own.legal_calendar.local_date(own.legal_calendar.deadline(at, days)) == oracle(received, days)


@pytest.mark.parametrize(
    ("why", "calendar"),
    [
        ("the school's own days", {}),
        ("a vacation of three weeks", {"extra_closed_days": VACATION}),
        ("open on Saturdays and Sundays", {"work_days": _WEEK}),
        ("closed on Mondays", {"work_days": ["tue", "wed", "thu", "fri"]}),
        ("working on holidays", {"national_holidays": "none"}),
        ("a holiday listed as the school's own", {"national_holidays": "none", "extra_closed_days": ["2026-07-28"]}),
    ],
)
def test_limit_and_warnings_stay_and_stand_in_order(why: str, calendar: dict[str, Any]) -> None:
    tale = Tale.begins(policy={"calendar": calendar})
    shown_days = [closing(tale, day) for day in (10, 13, 15)]
    assert shown_days == ["2026-08-11 18:00", "2026-08-14 18:00", "2026-08-18 18:00"], why
    tale.until("2026-08-18 18:00")
    assert [line for line in tale.happened("warned", "late") if "legal" in line] == [
        "2026-08-11 18:00 warned/legal/10", "2026-08-14 18:00 warned/legal/13", "2026-08-18 18:00 late/legal",
    ]  # fmt: skip


def test_the_letter_of_the_law_counts_the_laws_days() -> None:
    tale = Tale.begins(policy={"calendar": {"extra_closed_days": VACATION}}).until("2026-08-11 18:00")
    letter = next(order for order in tale.orders if order.kind.value == "legal-warning")
    assert letter.contents.due is not None
    assert (shown(letter.contents.due), letter.contents.days_left) == ("2026-08-18 18:00", 5)


def test_each_day_is_explained_as_the_law_counts_it() -> None:
    tale = Tale.begins(policy={"calendar": {"extra_closed_days": VACATION, "national_holidays": "none"}})
    why = next(clock.days for clock in explained(tale.case) if clock.name == "legal/15")
    assert why is not None
    assert [day.name for day in why.days if day.name] == [
        "Día de la Fuerza Aérea del Perú", "Fiestas Patrias (28 de julio)", "Fiestas Patrias (29 de julio)",
        "Batalla de Junín",
    ]  # fmt: skip
    assert {day.kind.value for day in why.days} == {"counted", "weekend", "holiday"}


def test_a_suddenly_closed_day_leaves_the_limit() -> None:
    tale = Tale.begins()
    closed = with_closed_day(date(2026, 7, 24))(tale.case)
    tale.says("rules-changed", on="2026-07-23 10:00", rules=closed.model_dump(mode="json"))
    moved = tale.case.rows[-1].data["moved"]
    assert "assessment" in moved
    assert not [name for name in moved if name.startswith("legal")]


def an_older_case() -> Tale:
    """Of a release whose legal limit counted the school's days; its vacation moved it to 4 September."""
    tale = Tale.begins(policy={"calendar": {"extra_closed_days": VACATION}})
    tale.case.rules = tale.case.rules.model_copy(update={"national_days": None})
    assert [closing(tale, day) for day in (10, 13, 15)] == [
        "2026-08-28 18:00", "2026-09-02 18:00", "2026-09-04 18:00",
    ]  # fmt: skip
    return tale


def the_law(tale: Tale) -> list[str]:
    return [line for line in tale.happened("warned", "late") if "legal" in line]


OLDER: list[tuple[str, str, list[str]]] = [
    ("nothing was due", "2026-08-05 10:00", ["2026-08-11 18:00 warned/legal/10", "2026-08-14 18:00 warned/legal/13",
                                              "2026-08-18 18:00 late/legal"]),
    ("one warning is due at once", "2026-08-12 10:00",
     ["2026-08-12 10:00 warned/legal/10", "2026-08-14 18:00 warned/legal/13", "2026-08-18 18:00 late/legal"]),
    ("of two that are due, one is told", "2026-08-17 10:00",
     ["2026-08-17 10:00 warned/legal/13", "2026-08-18 18:00 late/legal"]),
    ("the limit is over: no warning any more", "2026-08-20 10:00", ["2026-08-20 10:00 late/legal"]),
    ("warned of the tenth day already", "2026-08-31 10:00",
     ["2026-08-28 18:00 warned/legal/10", "2026-08-31 10:00 late/legal"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "when", "told"), OLDER, ids=[case[0] for case in OLDER])
def test_a_case_of_an_older_release_is_told_the_right_day_and_nothing_twice(
    why: str, when: str, told: list[str]
) -> None:
    tale = an_older_case().until(when)
    rules = counted_by_the_nation(tale.case.rules, date(2026, 7, 22))
    tale.says("rules-changed", rules=rules.model_dump(mode="json"))
    row = next(row for row in reversed(tale.case.rows) if row.what == "rules-changed")
    assert row.data["changes"] == {"legal_limit.counted_by": ["school", "nation"]}
    tale.until("2026-09-10 09:00")
    assert the_law(tale) == told, why
    keys = [order.key for order in tale.orders if order.kind.value.startswith("legal")]
    assert len(keys) == len(set(keys))
    assert tale.told("administration_manager").count("legal-breach") == 1
    due = next(row.data["due"] for row in tale.case.rows if row.what == "late/legal")
    assert shown(datetime.fromisoformat(due)) == "2026-08-18 18:00"


def test_closing_a_day_brings_an_older_case_over_too() -> None:
    tale = an_older_case()
    closed = with_closed_day(date(2026, 8, 17))(tale.case)
    tale.says("rules-changed", on="2026-07-23 10:00", rules=closed.model_dump(mode="json"))
    assert closing(tale, 15) == "2026-08-18 18:00"


def test_rules_of_this_release_are_left_as_they_are() -> None:
    own = rules(date(2026, 7, 22))
    assert counted_by_the_nation(own, date(2026, 7, 22)) is own
    assert own.national_days == {}  # a usual school's history holds nothing more for it


def test_no_legal_clock_runs_after_the_limit() -> None:
    tale = Tale.begins(policy={"calendar": {"extra_closed_days": VACATION}}).until("2026-08-19 09:00")
    assert not [clock for clock in running(tale.case) if clock.name.startswith("legal")]
    assert lima("2026-08-18 18:00") == tale.case.legal_due
