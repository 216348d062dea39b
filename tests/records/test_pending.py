"""What waits until the workflow server is back, and mail as it came."""

import asyncio
import hashlib
from datetime import datetime

import pytest

from complaints.records.errors import NumberTaken, RecordsError, SourceKeyTaken, Unkeepable
from complaints.records.store import Store
from tests.records_examples import MONDAY, a_batch, a_complaint, a_record, hours


async def test_a_complaint_waits_until_it_is_started(store: Store) -> None:
    later, sooner = a_complaint("call:2"), a_complaint("call:1")
    await store.keep_pending("Q-B", later, MONDAY + hours(2))
    await store.keep_pending("Q-A", sooner, MONDAY)
    assert [(one.number, one.received, one.taken_at) for one in await store.pending()] == [
        ("Q-A", sooner, MONDAY),
        ("Q-B", later, MONDAY + hours(2)),
    ]
    await store.pending_started("Q-A")
    await store.pending_started("Q-A")
    assert [one.number for one in await store.pending()] == ["Q-B"]


async def test_keeping_it_twice_keeps_one_and_does_not_start_it_again(store: Store) -> None:
    await store.keep_pending("Q-A", a_complaint("call:1"), MONDAY)
    await store.pending_started("Q-A")
    await store.keep_pending("Q-A", a_complaint("call:1"), MONDAY + hours(1))
    assert await store.pending() == []


async def test_keeping_it_from_many_sides_at_once_keeps_one(store: Store) -> None:
    for call in range(40):
        arrival = a_complaint(f"call:{call}")
        await asyncio.gather(*(store.keep_pending(f"Q-{call}", arrival, MONDAY) for _ in range(8)))
    assert len(await store.pending()) == 40


async def test_a_pending_complaint_is_known_by_its_source_key(store: Store) -> None:
    await store.keep_pending("Q-A", a_complaint("call:1"), MONDAY)
    assert await store.number_for("call:1") == "Q-A"
    assert await store.number_for("call:2") is None
    await store.write(a_batch(a_record("mail:1")))
    assert await store.number_for("mail:1") == a_record("mail:1").number


async def test_one_arrival_waits_under_one_number(store: Store) -> None:
    await store.keep_pending("Q-A", a_complaint("call:1"), MONDAY)
    with pytest.raises(SourceKeyTaken) as taken:
        await store.keep_pending("Q-B", a_complaint("call:1"), MONDAY)
    assert taken.value.number_of_other == "Q-A"
    with pytest.raises(NumberTaken):
        await store.keep_pending("Q-A", a_complaint("call:2"), MONDAY)
    assert len(await store.pending()) == 1


async def test_without_a_source_key_the_number_is_the_key(store: Store) -> None:
    await store.keep_pending("CRM-17", a_complaint(None), MONDAY)
    await store.keep_pending("CRM-17", a_complaint(None), MONDAY)
    assert await store.number_for("CRM-17") == "CRM-17"


async def test_mail_is_kept_byte_for_byte_and_once(store: Store) -> None:
    raw = b"From: rosa@example.org\r\n\r\nNUL \x00 and latin \xf1"
    first = await store.keep_message(raw, mailbox="soporte", received_at=MONDAY, message_id="<1@example.org>")
    again = await store.keep_message(raw, mailbox="soporte", received_at=MONDAY + hours(1))
    assert first == again == hashlib.sha256(raw).hexdigest()
    await store.message_belongs(first, "Q-A")
    await store.message_belongs(first, "Q-A")
    kept = await store.message_for("Q-A")
    assert kept
    assert (kept.raw, kept.message_id, kept.received_at, kept.mailbox) == (raw, "<1@example.org>", MONDAY, "soporte")


async def test_a_broken_message_id_is_no_reason_to_lose_the_mail(store: Store) -> None:
    digest = await store.keep_message(
        b"x", mailbox="soporte", received_at=MONDAY, message_id="<a\x00b\r\nBcc: c@d>\ud83d"
    )
    await store.message_belongs(digest, "Q-A")
    kept = await store.message_for("Q-A")
    assert kept
    assert kept.message_id == "<ab Bcc: c@d>"


async def test_the_first_mail_is_the_one_that_the_complaint_came_in(store: Store) -> None:
    for raw, hour in ((b"reply", 5), (b"complaint", 0)):
        digest = await store.keep_message(raw, mailbox="soporte", received_at=MONDAY + hours(hour))
        await store.message_belongs(digest, "Q-A")
    first = await store.message_for("Q-A")
    assert first
    assert first.raw == b"complaint"
    assert [kept.raw for kept in await store.messages_for("Q-A")] == [b"complaint", b"reply"]
    assert await store.message_for("Q-B") is None


async def test_mail_that_was_not_kept_belongs_to_nobody(store: Store) -> None:
    with pytest.raises(RecordsError, match="keep it before"):
        await store.message_belongs("0" * 64, "Q-A")


async def test_naive_times_never_enter(store: Store) -> None:
    naive = datetime(2026, 7, 20)  # noqa: DTZ001
    with pytest.raises(Unkeepable, match="offset"):
        await store.keep_pending("Q-A", a_complaint(), naive)
    with pytest.raises(Unkeepable, match="offset"):
        await store.keep_message(b"x", mailbox="soporte", received_at=naive)
    assert await store.pending() == []
