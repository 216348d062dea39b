"""§5.1: details are asked for; the windows wait for them a while, the updates and the law do not."""

from typing import Any

from tests.story import CARE_TEAM, QUIET, Story, shown

NOT_KNOWN: dict[str, Any] = {"customer": {"document": None}, "problem": {"occurred_on": None}}


async def test_5_1_the_request_names_exactly_what_is_missing(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    await story.until("2026-07-24 10:00")
    status = await story.asks("request_details", question="¿En qué aula fue?")
    assert (status.waiting_for_details, status.missing) == (True, ("identification", "occurred_on"))
    await story.all_is_told()
    words = await story.text("details-request")
    assert "¿En qué aula fue?" in words
    assert "documento" in words.lower()


async def test_5_1_nothing_missing_needs_words(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    assert "say what you need" in await story.is_refused("request_details")
    status = await story.asks("request_details", missing=["el recibo del pago"])
    assert status.missing == ("el recibo del pago",)


async def test_5_1_days_on_whose_close_details_are_outstanding_do_not_count(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    assert shown((await story.explains())["assessment"].due) == "2026-07-27 18:00"
    await story.until("2026-07-24 10:00")
    await story.asks("request_details")
    await story.until("2026-07-30 10:00")  # the 24th, the 27th: two paused days; 28 and 29 are holidays
    assert await story.happened("late", "warned") == []
    status = await story.asks("receive_details", document="45678912", occurred_on="2026-07-01", by="customer")
    assert (status.waiting_for_details, status.missing) == (False, ())
    explained = await story.explains()
    assert shown(explained["assessment"].due) == "2026-07-31 18:00"
    assert shown(explained["escalation"].due) == "2026-08-05 18:00"
    days = explained["assessment"].days
    assert days is not None
    assert [day.day.day for day in days.days if day.kind == "paused"] == [24, 27]
    await story.until("2026-07-31 18:01")
    assert await story.happened("late") == ["2026-07-31 18:00 late/assessment"]


async def test_5_1_at_most_five_days_then_the_case_goes_on_with_what_is_known(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    await story.until("2026-07-22 10:00")
    await story.asks("request_details")
    await story.until("2026-08-12 12:00")
    # Outstanding at the closes of 22, 24, 27, 30 and 31 July; then 3 and 4 August count.
    assert (await story.happened("late"))[0] == "2026-08-04 18:00 late/assessment"
    status = await story.status()
    assert (status.stage, status.waiting_for_details) == ("assessment", True)


async def test_5_1_the_pause_is_policy(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET | {"details": {"longest_pause": 0}}, **NOT_KNOWN)
    await story.asks("request_details")
    await story.until("2026-07-27 18:01")
    assert await story.happened("late") == ["2026-07-27 18:00 late/assessment"]


async def test_5_1_the_legal_clock_never_waits(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    before = {name: clock.due for name, clock in (await story.explains()).items() if name.startswith("legal")}
    await story.asks("request_details")
    await story.until("2026-07-31 12:00")
    explained = await story.explains()
    assert {name: explained[name].due for name in before} == before
    assert shown(before["legal/15"]) == "2026-08-18 18:00"


async def test_5_4_the_next_update_repeats_exactly_what_is_missing_and_no_other_does(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("request_details", missing=["el recibo del pago"], question="¿Cuándo pagó?")
    await story.until("2026-07-25 12:00")
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement", "details-request", "update"]
    words = await story.text("update")
    assert "el recibo del pago" in words
    assert "¿Cuándo pagó?" in words
    await story.until("2026-07-28 12:00")
    await story.all_is_told()
    assert "el recibo del pago" not in await story.text("update"), "asked for twice, and no more"


async def test_5_1_some_of_the_details_leave_the_rest_outstanding(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    await story.asks("request_details")
    status = await story.asks("receive_details", document="45678912", still_missing=["occurred_on"], by="customer")
    assert (status.waiting_for_details, status.missing) == (True, ("occurred_on",))


async def test_5_1_whoever_has_the_case_hears_that_details_came(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    await story.asks("request_details")
    await story.says("details-received", text="Mi DNI es 45678912 y fue el 1 de julio.", by="customer", via="reply")
    await story.all_is_told()
    assert "customer-said" in await story.kinds(CARE_TEAM)
    assert "fue el 1 de julio" in await story.text("customer-said", CARE_TEAM)


async def test_5_1_a_date_in_the_future_is_not_taken(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    assert "occurred_on" in await story.is_refused("receive_details", occurred_on="2026-09-01")
    assert (await story.status()).missing == ("identification", "occurred_on")


async def test_5_1_a_case_resolved_while_details_are_outstanding_waits_for_nothing(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, **NOT_KNOWN)
    await story.asks("request_details")
    status = await story.asks("resolve", text="Se devuelve el pago.")
    assert status.waiting_for_details is False
