"""§5.1 to §5.3: assessment, assignment and investigation, each done in time and not."""

import pytest

from tests.story import CARE_TEAM, HEAD, MANAGER, QUIET, Story

REPRESENTATIVE = {"department": "academic", "representative": "Jorge Ramos"}


async def test_5_1_assessed_in_time(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-24 17:00")
    await story.asks("assess", by="Ana Flores")
    await story.until("2026-07-27 17:00")
    assert await story.happened("late") == []
    assert (await story.status()).late is False


async def test_5_1_nobody_assesses_the_care_team_is_warned_and_told_once(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-31 12:00")
    await story.all_is_told()
    assert await story.happened("warned", "late") == [
        "2026-07-24 18:00 warned/assessment",
        "2026-07-27 18:00 late/assessment",
    ]
    assert await story.kinds(CARE_TEAM) == ["warning", "late"]
    status = await story.status()
    assert (status.stage, status.late, status.late_for) == ("assessment", True, ("assessment",))


async def test_5_1_a_late_assessment_is_still_an_assessment(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-30 10:00")
    status = await story.asks("assess", by="Ana Flores", category="docencia")
    assert (status.stage, status.late) == ("assignment", False)
    assert await story.happened("late/assessment") == ["2026-07-27 18:00 late/assessment"]


async def test_5_2_nobody_assigns_the_care_team_is_told_once(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("assess", by="Ana Flores")
    await story.until("2026-07-31 12:00")
    await story.all_is_told()
    assert await story.happened("warned", "late") == [
        "2026-07-22 18:00 warned/assignment",  # one business day before: the 23rd is a holiday
        "2026-07-24 18:00 late/assignment",
    ]
    assert await story.kinds(CARE_TEAM) == ["warning", "late"]
    assert (await story.status()).late_for == ("assignment",)


async def test_5_3_resolved_in_time(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("assign", **REPRESENTATIVE)
    await story.until("2026-08-03 17:59")
    await story.asks("resolve", text="Se devuelve el pago.", by="Jorge Ramos")
    await story.until("2026-08-20 12:00")
    assert await story.happened("warned", "late", "escalated") == ["2026-07-31 18:00 warned/investigation"]


async def test_5_3_not_resolved_the_assignee_and_the_departments_head_are_told_once(story: Story) -> None:
    people = {"department": "academic", "representative": f"jorge@{HEAD.split('@')[1]}"}
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET | {"escalation": {"after": 30}})
    await story.until("2026-07-24 10:00")
    await story.asks("assign", **people)
    await story.until("2026-08-12 12:00")
    await story.all_is_told()
    assert await story.happened("warned/investigation", "late") == [
        "2026-08-03 18:00 warned/investigation",
        "2026-08-04 18:00 late/investigation",
    ]
    assert await story.kinds(people["representative"]) == ["assignment", "warning", "late"]
    assert await story.kinds(HEAD) == ["assignment", "late"]
    assert await story.kinds(CARE_TEAM) == []
    assert await story.stage() == "investigation"  # the wait goes on: nothing is skipped and nothing dies


async def test_5_3_without_a_representative_the_head_is_told_once(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET | {"escalation": {"after": 30}})
    await story.asks("assign", department="academic")
    await story.until("2026-08-12 12:00")
    await story.all_is_told()
    assert await story.kinds(HEAD) == ["assignment", "warning", "late"]


async def test_a_representative_whom_the_contacts_do_not_know_is_reached_through_the_care_team(story: Story) -> None:
    """Never through the department's head, who may not read how to reach the customer."""
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET | {"escalation": {"after": 30}})
    await story.asks("assign", **REPRESENTATIVE)
    await story.until("2026-08-12 12:00")
    await story.all_is_told()
    assert await story.kinds(CARE_TEAM) == ["assignment", "warning", "late"]
    assert await story.kinds(HEAD) == ["assignment", "late"]


async def test_a_person_in_two_roles_gets_one_letter(story: Story) -> None:
    """The head of the administration is the administration manager too."""
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("assign", department="administration")
    await story.until("2026-08-03 18:01")
    await story.all_is_told()
    told = await story.kinds(MANAGER)
    assert told[:2] == ["assignment", "warning"]
    assert sorted(told[2:]) == ["escalated-to-you", "late"]  # of one instant, in two roles: no order between them
    superseded = [row.data["reason"] for row in await story.timeline() if row.what == "letter-superseded"]
    assert superseded == ["the same person is told in another role"]  # escalated from, and to, the same person


async def test_5_3_notes_for_the_customer_are_in_the_next_update_and_internal_ones_are_not(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.until("2026-07-23 12:00")
    await story.asks("add_note", text="El profesor reconoce el retraso.", by="Jorge Ramos")
    await story.asks("add_note", text="Ya hablamos con el profesor.", for_customer=True, by="Jorge Ramos")
    await story.until("2026-07-25 10:00")
    await story.all_is_told()
    update = await story.text("update")
    assert "Ya hablamos con el profesor." in update
    assert "reconoce el retraso" not in update


@pytest.mark.parametrize("warn_before", [0, 1, 3])
async def test_how_early_a_warning_comes_is_policy(story: Story, warn_before: int) -> None:
    await story.complaint_arrives("2026-08-10 09:00", policy=QUIET | {"windows": {"warn_before": warn_before}})
    await story.asks("assign", department="academic")
    await story.until("2026-08-17 17:00")
    expected = {0: [], 1: ["2026-08-14 18:00 warned/investigation"], 3: ["2026-08-12 18:00 warned/investigation"]}
    assert await story.happened("warned/investigation") == expected[warn_before]
