"""§5: the golden dates of the design, played on the real server through the case's business clock."""

import pytest

from complaints.rules.calendar import DayKind
from tests.story import QUIET, Story

GOLDEN = [
    # received, then 2, 5 and 15 business days later, and why these
    ("2026-07-22 09:00", "2026-07-27", "2026-08-03", "2026-08-18"),  # 23, 28, 29 July; 6 August
    ("2026-07-24 09:00", "2026-07-30", "2026-08-04", "2026-08-19"),  # Fiestas Patrias, 28 and 29 July
    ("2026-04-01 09:00", "2026-04-07", "2026-04-10", "2026-04-24"),  # Easter: Thursday 2 and Friday 3 April
    ("2026-12-04 09:00", "2026-12-10", "2026-12-15", "2026-12-30"),  # 8, 9 and 25 December
    ("2026-12-23 09:00", "2026-12-28", "2026-12-31", "2027-01-15"),  # Christmas and New Year
]


@pytest.mark.parametrize(
    ("received", "assessed_by", "resolved_by", "answered_by"), GOLDEN, ids=[row[0] for row in GOLDEN]
)
async def test_the_deadlines_of_a_complaint_nobody_touches(
    story: Story, received: str, assessed_by: str, resolved_by: str, answered_by: str
) -> None:
    await story.complaint_arrives(received, policy=QUIET)
    await story.until(f"{answered_by} 18:01")
    found = await story.happened("late", "escalated")
    assert found[0] == f"{assessed_by} 18:00 late/assessment"
    assert found[1] == f"{resolved_by} 18:00 escalated"
    assert found[-1] == f"{answered_by} 18:00 late/legal"


@pytest.mark.parametrize(
    ("received", "assignment_by", "closed_day"),
    [
        ("2026-07-22 09:00", "2026-07-24 18:00", "2026-07-23"),  # the Air Force's day is closed since Ley 31822
        ("2026-04-30 15:00", "2026-05-04 18:00", "2026-05-01"),  # Labour Day, a Friday
        ("2026-12-04 17:59", "2026-12-07 18:00", None),  # the Monday between
        ("2026-12-07 18:01", "2026-12-10 18:00", "2026-12-09"),  # the battle of Ayacucho, a Wednesday
    ],
)
async def test_5_2_one_business_day_to_assign(
    story: Story, received: str, assignment_by: str, closed_day: str | None
) -> None:
    await story.complaint_arrives(received, policy={**QUIET, "windows": {"warn_before": 0}})
    await story.says("assessed")
    explained = (await story.explains())["assignment"]
    assert explained.days is not None
    skipped = {day.day.isoformat(): day.name for day in explained.days.days if day.kind is DayKind.HOLIDAY}
    assert closed_day is None or skipped[closed_day]
    await story.until(assignment_by[:11] + "18:01")
    assert await story.happened("late/assignment") == [f"{assignment_by} late/assignment"]


async def test_a_complaint_on_a_holiday_counts_from_the_next_business_day(story: Story) -> None:
    await story.complaint_arrives("2026-07-28 08:00", policy=QUIET)
    await story.until("2026-07-31 18:01")
    assert await story.happened("late/assessment") == ["2026-07-31 18:00 late/assessment"]


async def test_the_schools_own_closed_days_and_hours_are_policy(story: Story) -> None:
    own = {"calendar": {"extra_closed_days": ["2026-12-24"], "office_hours": [["08:00", "12:00"], ["13:00", "16:30"]]}}
    await story.complaint_arrives("2026-12-22 09:00", policy={**QUIET, **own})
    await story.until("2026-12-28 18:00")
    assert await story.happened("late/assessment") == ["2026-12-28 16:30 late/assessment"]
    assert (await story.explains())["escalation"].days is not None


async def test_what_a_date_counts_is_explained_day_by_day(story: Story) -> None:
    await story.complaint_arrives("2026-07-24 17:00")
    explained = (await story.explains())["escalation"]
    assert explained.budget == "5 business days"
    assert explained.days is not None
    counted = [(day.day.isoformat()[5:], day.kind.value, day.count) for day in explained.days.days]
    assert counted == [
        ("07-25", "weekend", None),
        ("07-26", "weekend", None),
        ("07-27", "counted", 1),
        ("07-28", "holiday", None),
        ("07-29", "holiday", None),
        ("07-30", "counted", 2),
        ("07-31", "counted", 3),
        ("08-01", "weekend", None),
        ("08-02", "weekend", None),
        ("08-03", "counted", 4),
        ("08-04", "counted", 5),
    ]
