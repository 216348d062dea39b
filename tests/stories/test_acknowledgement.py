"""§3 and §4: a complaint is received, and the customer hears of it within 24 hours, or somebody calls."""

from tests.story import CARE_TEAM, MANAGER, QUIET, Story, lima, shown

BAD_ADDRESS = "554 5.1.1 No such mailbox"


async def test_4_the_acknowledgement_goes_out_at_once_and_says_what_it_must(story: Story) -> None:
    await story.complaint_arrives("2026-07-26 23:30", in_reply_to="<queja-1@correo.example>", subject="Mi queja")
    await story.all_is_told()
    assert await story.happened("acknowledged") == ["2026-07-26 23:30 acknowledged"]  # a Sunday night
    words = await story.text("acknowledgement")
    assert story.number in words
    assert "El curso de BIM no tuvo las horas prometidas." in words  # a copy of their words
    assert "45678912" in words  # what we understood
    assert "967 090 448" in words  # the telephone of §3
    assert "INDECOPI" in words  # other ways stay open
    letter = story.sink.letters[0]
    assert letter["In-Reply-To"] == "<queja-1@correo.example>"
    assert letter["Auto-Submitted"] == "auto-replied"


async def test_4_it_asks_for_exactly_what_is_missing(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", customer={"document": None}, problem={"occurred_on": None})
    await story.all_is_told()
    assert (await story.status()).missing == ("identification", "occurred_on")
    words = await story.text("acknowledgement")
    assert "DNI" in words or "documento" in words
    assert "fecha" in words.lower()
    assert (await story.status()).waiting_for_details is False  # §5.1 decides whether the case waits for them


async def test_4_in_the_customers_language(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", language="en")
    await story.all_is_told()
    assert story.letters() == ["We received your complaint"]


async def test_4_not_delivered_in_24_hours_the_care_team_and_the_manager_are_told_and_somebody_calls(
    story: Story, rare_retries: None
) -> None:
    story.sink.refuses["rosa@correo.example"] = "451 4.2.1 Come back later"
    await story.complaint_arrives("2026-07-25 10:15", policy=QUIET)  # a Saturday: 24 wall-clock hours
    await story.until("2026-07-26 10:16")
    assert await story.happened("late/acknowledgement", "call-task") == [
        "2026-07-26 10:15 late/acknowledgement",
        "2026-07-26 10:15 call-task",
    ]
    await story.comes_true(lambda status: status.letters_waiting == 1)  # only the acknowledgement itself
    assert await story.kinds(MANAGER) == ["acknowledgement-late"]
    assert await story.kinds(CARE_TEAM) == ["acknowledgement-late", "call-needed"]
    status = await story.status()
    assert status.late_for == ("acknowledgement",)
    assert status.call is not None
    assert shown(status.call.due) == "2026-07-27 13:00"  # four office hours into the Monday


async def test_4_a_late_acknowledgement_is_still_sent_and_the_breach_stands(story: Story, rare_retries: None) -> None:
    story.sink.refuses["rosa@correo.example"] = "451 4.2.1 Come back later"
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-23 12:00")
    del story.sink.refuses["rosa@correo.example"]
    await story.passes(hours=5, minutes=1)
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement"]
    assert await story.happened("late/acknowledgement") == ["2026-07-23 09:00 late/acknowledgement"]
    assert (await story.status()).late_for == ()


async def test_4_a_call_that_reaches_the_customer_is_the_acknowledgement(story: Story) -> None:
    story.sink.refuses["rosa@correo.example"] = BAD_ADDRESS
    await story.complaint_arrives("2026-07-22 09:00")
    status = await story.comes_true(lambda status: status.call is not None)
    assert status.call is not None
    assert status.call.kinds == ("acknowledgement",)
    await story.until("2026-07-22 11:00")
    await story.asks("record_call", reached=True, by="Ana Flores", **{"with": "Rosa Quispe"})
    await story.until("2026-07-24 09:00")
    assert await story.happened("acknowledged", "late/acknowledgement") == ["2026-07-22 11:00 acknowledged"]


async def test_4_nobody_calls_in_time_and_the_caller_is_told_once(story: Story) -> None:
    story.sink.refuses["rosa@correo.example"] = BAD_ADDRESS
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.until("2026-07-27 12:00")
    await story.all_is_told()
    assert await story.happened("late/call", "late/acknowledgement") == [
        "2026-07-22 13:00 late/call",
        "2026-07-23 09:00 late/acknowledgement",
    ]
    assert (await story.kinds(CARE_TEAM)).count("call-late") == 1


async def test_3_dead_mail_never_holds_up_the_procedure(story: Story, rare_retries: None) -> None:
    await story.sink.go_away()
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    for signal in ("assigned", "resolved"):
        await story.says(signal)
    assert await story.stage() == "confirmation"
    await story.sink.come_back()
    await story.passes(hours=5, minutes=1)
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement", "resolution-decided"]


async def test_3_a_receipt_in_the_future_is_now(story: Story) -> None:
    """The mail server's clock was wrong; nobody is made to wait for it."""
    await story.complaint_arrives("2026-07-22 09:00", received_at=lima("2026-07-30 09:00"))
    assert shown((await story.status()).received_at) == "2026-07-22 09:00"


async def test_3_a_mail_found_two_days_later_counts_from_when_the_server_took_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-24 10:00", received_at=lima("2026-07-22 09:00"))
    await story.all_is_told()
    assert await story.happened("received", "late", "acknowledged") == [
        "2026-07-22 09:00 received",
        "2026-07-23 09:00 late/acknowledgement",
        "2026-07-24 10:00 acknowledged",
    ]
