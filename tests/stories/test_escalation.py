"""§7: not resolved within 5 business days, or not satisfied: one level up, and from the last one nowhere."""

from tests.story import CARE_TEAM, DIRECTOR, HEAD, MANAGER, QUIET, Story


async def test_7_five_silent_business_days_bring_the_manager_and_five_more_the_director(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-08-12 12:00")
    await story.all_is_told()
    assert await story.happened("warned", "late", "escalated") == [
        "2026-07-24 18:00 warned/assessment",
        "2026-07-27 18:00 late/assessment",
        "2026-08-03 18:00 escalated",
        "2026-08-11 18:00 escalated",
        "2026-08-11 18:00 warned/legal/10",
    ]
    assert (await story.kinds(MANAGER))[0] == "escalated-to-you"
    assert (await story.kinds(DIRECTOR))[0] == "escalated-to-you"
    assert (await story.kinds()).count("escalation") == 2


async def test_7_after_the_director_the_case_stays_and_the_updates_go_on(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy={"escalation": {"after": 1}})
    await story.until("2026-08-04 12:00")
    await story.all_is_told()
    assert await story.dates("escalated") == ["2026-07-24 escalated", "2026-07-27 escalated"]
    status = await story.status()
    assert (status.level, status.owner, status.stage) == (2, "general_director", "assessment")
    assert (await story.sent("update"))[-1] == "2026-08-02 18:00"


async def test_7_the_stage_and_its_window_stay_and_the_assignee_keeps_working(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-31 10:00")
    before = await story.asks("assign", department="academic")
    await story.until("2026-08-04 10:00")
    await story.all_is_told()
    status = await story.status()
    assert (status.level, status.owner) == (1, "administration_manager")
    assert (status.stage, status.department, status.due) == ("investigation", "academic", before.due)
    assert await story.kinds(HEAD) == ["assignment", "escalated-from-you"]
    assert await story.kinds(MANAGER) == ["escalated-to-you"]


async def test_7_the_manager_gets_the_story_and_what_they_can_do(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("assess", by="Ana Flores", note="Faltan ocho horas.")
    await story.asks("assign", department="academic")
    await story.until("2026-08-04 10:00")
    await story.all_is_told()
    words = await story.text("escalated-to-you", MANAGER)
    for said in ("Faltan ocho horas.", "El curso de BIM no tuvo las horas prometidas.", "Resolverla"):
        assert said in words
    assert "Luis Castellanos" in await story.text("escalation")  # the customer is told who has it now


async def test_7_escalated_though_on_schedule_is_reported_apart(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-24 10:00")
    await story.asks("assign", department="academic")  # its five days end on 4 August
    await story.until("2026-08-04 10:00")
    escalated = [row for row in await story.timeline() if row.what == "escalated"]
    assert escalated[0].data["on_schedule"] is True


async def test_7_resolved_in_time_stops_the_clock(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-08-03 17:59")
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.until("2026-08-20 12:00")
    assert await story.happened("escalated") == []


async def test_7_counted_from_the_investigation_if_the_policy_says_so(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET | {"escalation": {"counted_from": "investigation"}})
    await story.until("2026-08-05 10:00")
    assert await story.happened("escalated") == []
    await story.asks("assign", department="academic")
    await story.until("2026-08-20 12:00")
    assert await story.happened("escalated") == ["2026-08-13 18:00 escalated"]  # 6 August is a holiday


async def test_7_the_ladder_is_a_list(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET | {"escalation": {"levels": ["general_director"]}})
    await story.until("2026-08-20 12:00")
    await story.all_is_told()
    assert await story.dates("escalated") == ["2026-08-03 escalated"]
    assert "escalated-to-you" in await story.kinds(DIRECTOR)
    assert await story.kinds(MANAGER) == []


async def test_7_not_satisfied_is_the_next_round_one_level_up_at_once(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.asks("resolve", text="No corresponde devolver el pago.", outcome="not", by="Jorge Ramos")
    await story.until("2026-07-24 11:00")
    status = await story.asks("dispute", reason="Pagué por horas que no hubo.", by="customer", via="reply")
    assert (status.round, status.level, status.stage) == (2, 1, "investigation")
    assert (status.owner, status.department) == ("administration_manager", "academic")
    explained = await story.explains()
    assert explained["investigation"].start == explained["escalation"].start  # fresh windows
    await story.all_is_told()
    assert "disputed" in await story.kinds(HEAD)
    assert "Pagué por horas que no hubo." in await story.text("escalated-to-you", MANAGER)
    assert "Su queja" in " ".join(story.letters())
    assert (await story.kinds())[-1] == "escalation"


async def test_7_disputed_twice_reaches_the_director_and_a_third_time_stays_there(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    for text in ("No corresponde.", "Se dictará una hora más.", "Se devuelve la mitad."):
        await story.asks("resolve", text=text, outcome="partly")
        await story.asks("dispute", reason="No es suficiente.")
    status = await story.status()
    assert (status.round, status.level, status.owner) == (4, 2, "general_director")
    await story.asks("resolve", text="Se devuelve todo.", outcome="upheld")
    await story.all_is_told()
    assert "INDECOPI" in await story.text("resolution")  # the answer of the last level names the outside recourse
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    result = await story.handle.result()
    assert (result.rounds, result.level) == (4, 2)


async def test_7_a_round_that_is_silent_again_escalates_again(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("resolve", text="No corresponde.")
    await story.until("2026-07-24 11:00")
    await story.asks("dispute")
    await story.until("2026-08-12 12:00")
    assert await story.happened("escalated", "late/investigation") == [
        "2026-07-24 11:00 escalated",
        "2026-08-04 18:00 late/investigation",
        "2026-08-04 18:00 escalated",
    ]
    assert (await story.status()).level == 2


async def test_7_a_manager_closes_by_decision_with_a_written_reason(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    assert "reason" in await story.is_refused("close_by_decision", by="Luis Castellanos")
    await story.asks("close_by_decision", by="Luis Castellanos", reason="El curso se dictó completo; hay registro.")
    assert await story.outcome() == "decision"
    words = await story.text("decision")
    assert "El curso se dictó completo; hay registro." in words
    assert "INDECOPI" in words
    assert await story.kinds(CARE_TEAM) == []
