"""Ley 31435: an answer within 15 business days, by whatever channel; a clock that never pauses."""

from datetime import date

from complaints.policy_file import changed
from complaints.rules.policy import Policy, rules_in_force
from tests.story import DIRECTOR, MANAGER, QUIET, Story

LONG = QUIET | {"escalation": {"after": 100}}
"""Without escalation, so that only the law speaks."""


async def test_the_manager_is_warned_at_day_10_and_13_and_told_at_15(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=LONG)
    await story.until("2026-08-18 18:01")
    await story.all_is_told()
    assert await story.happened("warned/legal/10", "warned/legal/13", "late/legal") == [
        "2026-08-11 18:00 warned/legal/10",
        "2026-08-14 18:00 warned/legal/13",
        "2026-08-18 18:00 late/legal",
    ]
    assert await story.kinds(MANAGER) == ["legal-warning", "legal-warning", "legal-breach"]
    assert await story.kinds(DIRECTOR) == []


async def test_a_case_with_the_director_tells_both(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-08-18 18:01")
    await story.all_is_told()
    assert (await story.kinds(DIRECTOR)).count("legal-breach") == 1
    assert (await story.kinds(MANAGER)).count("legal-breach") == 1


async def test_late_it_is_listed_until_the_end(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=LONG)
    await story.until("2026-08-19 09:00")
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.all_is_told()
    assert (await story.status()).late_for == ("legal",)
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"


async def test_the_first_resolution_communicated_stops_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=LONG)
    await story.until("2026-08-13 12:00")
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.until("2026-08-20 12:00")
    assert await story.happened("warned", "late/legal") == [
        "2026-07-24 18:00 warned/assessment",
        "2026-08-11 18:00 warned/legal/10",
    ]
    await story.asks("dispute", reason="Falta una parte.")
    await story.until("2026-09-10 12:00")
    assert await story.happened("late/legal") == []  # it was answered in time


async def test_a_bare_resolution_is_no_answer_yet(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=LONG)
    await story.says("resolved")
    await story.until("2026-08-11 18:01")
    assert await story.happened("warned/legal/10") == ["2026-08-11 18:00 warned/legal/10"]


async def test_an_answer_that_the_mail_server_has_not_taken_is_none(story: Story, rare_retries: None) -> None:
    limit = {"legal_limit": {"business_days": 1, "warn_on": []}}
    await story.complaint_arrives("2026-08-03 09:00", policy=LONG | limit)
    await story.until("2026-08-04 14:00")
    await story.all_is_told()
    await story.sink.go_away()
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.until("2026-08-04 18:01")
    assert await story.happened("late/legal") == ["2026-08-04 18:00 late/legal"]
    await story.sink.come_back()


async def test_the_limit_is_policy(story: Story) -> None:
    await story.complaint_arrives(
        "2026-08-10 09:00", policy=LONG | {"legal_limit": {"business_days": 5, "warn_on": [3]}}
    )
    await story.until("2026-08-17 18:01")
    assert await story.happened("warned/legal/3", "late/legal") == [
        "2026-08-13 18:00 warned/legal/3",
        "2026-08-17 18:00 late/legal",
    ]


async def test_a_vacation_of_the_school_does_not_move_the_laws_limit(story: Story) -> None:
    vacation = {"calendar": {"extra_closed_days": [f"2026-08-{day:02}" for day in range(3, 22)]}}
    await story.complaint_arrives("2026-07-22 09:00", policy=LONG | vacation)
    await story.until("2026-08-18 18:01")
    await story.all_is_told()
    assert await story.happened("warned/legal/10", "warned/legal/13", "late/legal") == [
        "2026-08-11 18:00 warned/legal/10",
        "2026-08-14 18:00 warned/legal/13",
        "2026-08-18 18:00 late/legal",
    ]
    assert await story.kinds(MANAGER) == ["legal-warning", "legal-warning", "legal-breach"]


async def test_a_day_that_closes_suddenly_moves_the_windows_and_leaves_the_law(story: Story) -> None:
    await story.complaint_arrives("2026-08-03 09:00", policy=LONG)
    before = await story.explains()
    closed = changed(Policy(), LONG | {"calendar": {"extra_closed_days": ["2026-08-04"]}})
    rules = rules_in_force(closed, date(2026, 8, 3))
    await story.asks("change_rules", rules=rules.model_dump(mode="json"))
    after = await story.explains()
    assert after["assessment"].due > before["assessment"].due
    assert [after[f"legal/{day}"].due for day in (10, 13, 15)] == [before[f"legal/{day}"].due for day in (10, 13, 15)]
