"""What a customer writes waits for somebody, on the real server: seen on Temporal's page, told when late, answered."""

from complaints.rules.readings import Says
from tests.story import Story
from tests.waiting import becomes
from workflows import names

BY_MAIL = {"via": "reply", "by": "customer"}


async def test_a_message_is_new_for_temporals_page_the_status_and_the_records_until_it_is_read(story: Story) -> None:
    async def on_temporals_page() -> bool | None:
        return (await story.handle.describe()).typed_search_attributes.get(names.UNREAD)

    async def in_the_records() -> int | None:
        record = await story.store.record(story.number)
        return record.unread if record else None

    await story.complaint_arrives("2026-07-22 09:00")
    assert await on_temporals_page() is None
    await story.says("message-received", {"text": "¿Cómo va?", **BY_MAIL})
    assert (await story.comes_true(lambda status: status.unread == 1)).unread_since is not None
    assert await becomes(on_temporals_page, True)
    assert await becomes(in_the_records, 1)
    assert (await story.asks("mark_read", by="Ana Torres")).unread == 0
    assert "nothing that the customer wrote is new" in await story.is_refused("mark_read", by="Ana Torres")
    assert await becomes(on_temporals_page, None)
    assert await becomes(in_the_records, 0)


async def test_over_a_business_day_whoever_answers_for_the_case_is_told_once_and_the_update_thanks(
    story: Story,
) -> None:
    await story.complaint_arrives("2026-07-22 09:00", product=None)
    await story.until("2026-07-22 12:00")
    await story.says("message-received", {"text": "¿Hola?", **BY_MAIL})
    await story.until("2026-07-27 17:00")
    await story.all_is_told()
    assert await story.happened("late/message") == ["2026-07-24 18:00 late/message"]
    assert (await story.kinds("atencion@escuelaconstrucciondigital.com")).count("message-late") == 1
    update = await story.text("update")
    assert "Gracias por su mensaje del miércoles 22 de julio" in update
    assert "necesitamos" not in update, "nothing is asked for while an answer waits to be read"


async def test_nothing_closes_by_guessing_and_one_click_closes_with_the_reply_as_evidence(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", representative="Ana Torres")
    await story.asks("resolve", text="Se reponen las horas.", by="Ana Torres")
    seems = {"says": Says.SATISFIED.value, "words": "estoy conforme", "start": 4, "end": 18}
    await story.says("message-received", {"text": "Sí, estoy conforme", **BY_MAIL, "seems": seems})
    status = await story.comes_true(lambda status: status.unread == 1)
    assert status.outcome is None
    assert [(one.seems.says.value, one.seems.words) for one in status.messages if one.seems] == [
        ("satisfied", "estoy conforme")
    ]
    closed = await story.asks("confirm_satisfied", words="estoy conforme", by="Ana Torres", via="reply")
    assert (closed.outcome, closed.unread) == ("satisfied", 0)
