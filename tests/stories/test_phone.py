"""§3 to §6 by telephone: customers without a working email hear us in calls."""

from typing import Any

from tests.story import CARE_TEAM, MANAGER, QUIET, Story, shown

PHONE_ONLY: dict[str, Any] = {"channel": "phone", "customer": {"email": None}}


async def test_4_a_complaint_by_phone_is_acknowledged_in_that_very_call(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", by="Ana Flores", **PHONE_ONLY)
    await story.until("2026-07-23 12:00")
    assert await story.happened("acknowledged", "late", "call-task") == ["2026-07-22 10:30 acknowledged"]
    row = next(row for row in await story.timeline() if row.what == "acknowledged")
    assert (row.by, row.via) == ("Ana Flores", "call")
    assert story.sink.letters == []


async def test_4_by_phone_with_an_email_the_customer_gets_the_letter_too(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", channel="phone")
    await story.all_is_told()
    assert await story.kinds() == ["acknowledgement"]


async def test_5_4_a_letter_becomes_a_call_task_and_a_newer_one_joins_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", **PHONE_ONLY)
    await story.asks("request_details", missing=["el recibo"])
    status = await story.status()
    assert status.call is not None
    assert (status.call.task, status.call.kinds) == (1, ("details-request",))
    assert shown(status.call.due) == "2026-07-22 14:30"
    await story.asks("resolve", text="Se devuelve el pago.")
    status = await story.status()
    assert status.call is not None
    assert (status.call.task, status.call.kinds) == (1, ("details-request", "resolution"))
    await story.all_is_told()
    assert (await story.kinds(CARE_TEAM)).count("call-needed") == 1
    assert "987 654 321" in await story.text("call-needed", CARE_TEAM)


async def test_5_4_reached_is_delivery(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", **PHONE_ONLY)
    await story.asks("resolve", text="Se devuelve el pago.")
    assert "legal/10" in await story.explains()
    await story.until("2026-07-22 12:00")
    status = await story.asks("record_call", reached=True, by="Ana Flores", notes="Lo pensará.")
    assert status.call is None
    assert shown(status.last_word_at) == "2026-07-22 12:00"
    assert "legal/10" not in await story.explains()
    assert (await story.happened("call-done")) == ["2026-07-22 12:00 call-done"]


async def test_5_4_not_reached_is_an_attempt_with_its_next_time(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", **PHONE_ONLY)
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.until("2026-07-22 16:00")
    status = await story.asks("record_call", reached=False, by="Ana Flores")
    assert status.call is not None
    assert status.call.attempts == 1
    assert status.call.next_at is not None
    assert shown(status.call.next_at) == "2026-07-24 11:00"  # four office hours later; the 23rd is a holiday
    assert "legal/10" in await story.explains()


async def test_5_4_after_three_attempts_a_letter_by_post_is_the_next_step(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", policy=QUIET, **PHONE_ONLY)
    await story.asks("resolve", text="Se devuelve el pago.")
    for _ in range(3):
        status = await story.asks("record_call", reached=False, by="Ana Flores")
    assert status.call is None
    assert [row.data["outcome"] for row in await story.timeline() if row.what == "call-done"] == ["given-up"]
    await story.all_is_told()
    assert "unreachable" in await story.kinds(CARE_TEAM)


async def test_5_4_or_the_manager_decides(story: Story) -> None:
    policy = QUIET | {"calls": {"attempts": 1, "after_attempts": "manager"}}
    await story.complaint_arrives("2026-07-22 10:30", policy=policy, **PHONE_ONLY)
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.asks("record_call", reached=False)
    await story.all_is_told()
    assert await story.kinds(MANAGER) == ["unreachable"]


async def test_5_4_an_update_by_phone_moves_to_the_last_office_hours_before(story: Story) -> None:
    await story.complaint_arrives("2026-07-30 16:00", **PHONE_ONLY)  # three days later it is Sunday
    await story.until("2026-07-31 20:00")
    tasks = [row for row in await story.timeline() if row.what == "call-task"]
    assert [shown(row.at) for row in tasks] == ["2026-07-31 09:00"]
    assert shown((await story.status()).call.due) == "2026-07-31 18:00"  # type: ignore[union-attr]
    assert await story.happened("late/call") == ["2026-07-31 18:00 late/call"]


async def test_a_letter_that_comes_back_becomes_a_call(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.all_is_told()
    assert "legal/10" not in await story.explains()
    await story.says("letter-bounced", key="1/resolution/customer", reason="5.1.1 no such mailbox")
    status = await story.status()
    assert status.call is not None
    assert status.call.kinds == ("resolution",)
    assert "legal/10" in await story.explains()  # it is not communicated after all
    await story.asks("record_call", reached=True)
    assert "legal/10" not in await story.explains()


async def test_a_working_address_given_later_is_used_again(story: Story) -> None:
    story.sink.refuses["rosa@correo.example"] = "554 5.1.1 No such mailbox"
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.comes_true(lambda status: status.call is not None)
    await story.asks("receive_details", email="rosa.q@correo.example")
    await story.asks("resolve", text="Se devuelve el pago.")
    await story.all_is_told()
    assert await story.kinds("rosa.q@correo.example") == ["resolution"]


async def test_6_resolved_and_confirmed_by_phone_nothing_is_left_to_call(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 10:30", **PHONE_ONLY)
    await story.asks("assign", department="academic", representative="Ana Flores")
    await story.asks("resolve", by="Ana Flores", text="Se devuelve el pago.", told_in_call=True)
    await story.asks("confirm_satisfied", by="Ana Flores", via="call", words="Conforme")
    result = await story.handle.result()
    assert (result.outcome, result.satisfied_by_resolver) == ("satisfied", True)
    assert story.sink.to("rosa@correo.example") == []


async def test_neither_mail_nor_phone_works_and_the_care_team_is_told(story: Story) -> None:
    story.sink.refuses["rosa@correo.example"] = "554 5.1.1 No such mailbox"
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET, customer={"phone": None})
    await story.comes_true(lambda status: status.letters_waiting == 0)
    await story.all_is_told()
    assert await story.kinds(CARE_TEAM) == ["unreachable"]
    assert (await story.status()).call is None
