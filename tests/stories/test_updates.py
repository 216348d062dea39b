"""§5.4: the customer hears from us every 3 days until it is resolved, with clear dates where there are any."""

from tests.story import HEAD, MANAGER, Story, shown


async def test_5_4_every_3_days_at_the_same_hour_weekends_and_holidays_too(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 21:40")
    await story.until("2026-08-01 12:00")
    await story.all_is_told()
    assert await story.sent("update") == [
        "2026-07-25 21:40",  # a Saturday
        "2026-07-28 21:40",  # Fiestas Patrias
        "2026-07-31 21:40",
    ]
    assert await story.kinds() == ["acknowledgement", "update", "update", "update"]


async def test_5_4_any_word_to_the_customer_is_the_periods_update(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-24 15:00")
    await story.asks("request_details", missing=["occurred_on"])
    await story.until("2026-07-29 12:00")
    await story.all_is_told()
    assert await story.sent("update") == ["2026-07-27 15:00"]


async def test_5_4_an_update_says_the_stage_who_has_it_and_what_happened(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-24 10:00")
    await story.asks("assign", department="academic", representative="Jorge Ramos")
    await story.until("2026-07-25 12:00")
    await story.all_is_told()
    first = await story.text("update")
    assert "Área Académica" in first
    assert "Jorge Ramos" in first
    await story.until("2026-07-28 12:00")
    await story.all_is_told()
    assert await story.text("update") != first  # something true and new: nothing happened since, and it says so


async def test_5_4_they_end_when_the_resolution_is_told(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy={"confirmation": {"reminders": 0}})
    await story.until("2026-07-25 10:00")
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.until("2026-08-05 12:00")
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement", "update", "resolution"]


async def test_5_4_a_promised_date_is_told_in_the_next_update_and_kept(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.until("2026-07-24 10:00")
    status = await story.asks("promise_date", date="2026-07-31", by="Jorge Ramos")
    assert str(status.promised_for) == "2026-07-31"
    await story.until("2026-07-25 10:00")
    await story.all_is_told()
    assert "31 de julio" in await story.text("update")
    await story.until("2026-07-31 17:00")
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.until("2026-08-02 12:00")
    assert await story.happened("late/promise") == []


async def test_5_4_a_missed_date_is_a_breach_the_owner_is_told_and_the_next_update_says_so(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy={"escalation": {"after": 30}})
    await story.asks("assign", department="academic")
    await story.until("2026-07-24 10:00")
    await story.asks("promise_date", date="2026-07-30")
    await story.until("2026-07-30 20:00")
    await story.all_is_told()
    assert await story.happened("late") == ["2026-07-30 18:00 late/promise"]
    assert (await story.status()).late_for == ("promise",)
    await story.until("2026-07-31 08:00")
    await story.asks("promise_date", date="2026-08-05")
    assert (await story.status()).late_for == ()
    await story.until("2026-07-31 12:00")
    await story.all_is_told()
    update = await story.text("update")
    assert "30 de julio" in update
    assert "5 de agosto" in update
    await story.until("2026-08-03 12:00")
    await story.all_is_told()
    assert "30 de julio" not in await story.text("update")  # said once


async def test_5_4_after_an_escalation_the_manager_is_told_of_a_missed_date(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic")
    await story.until("2026-08-04 10:00")
    await story.asks("promise_date", date="2026-08-05")
    await story.until("2026-08-05 20:00")
    await story.all_is_told()
    assert "promise-missed" in await story.kinds(MANAGER)
    assert "promise-missed" not in await story.kinds(HEAD)


async def test_5_4_a_date_that_is_over_cannot_be_promised(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    assert "2026-07-21 is over" in await story.is_refused("promise_date", date="2026-07-21")


async def test_5_4_an_inbound_call_in_which_we_told_the_state_is_the_update(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.until("2026-07-24 16:00")
    await story.asks("record_call", direction="inbound", reached=True, told=True, notes="Pregunta cuándo.")
    await story.until("2026-07-27 17:00")
    await story.all_is_told()
    assert await story.sent("update") == ["2026-07-27 16:00"]
    await story.asks("record_call", direction="inbound", reached=True, told=False)
    assert shown((await story.status()).last_word_at) == "2026-07-27 16:00"
