"""Companions never hold each other up: with the mail server or Postgres away for days the procedure keeps its times,
and when they are back everything due is written and sent once, in order."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from activities.at_once import AT_ONCE
from complaints.records.store import Store
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterState
from complaints.rules.retelling import told_again
from complaints.rules.status import status_of
from tests.outage import Wire, wire_to_postgres
from tests.sink import Sink
from tests.story import CARE_TEAM, HEAD, MANAGER, QUIET, Story, telling
from workflows import options

DAILY = {"updates": {"every_days": 1}, "windows": {"assessment": 1, "investigation": 1}, "escalation": {"after": 2}}
"""Short windows, so that much is due within two days."""

AT_THEIR_TIMES = [
    "2026-08-03 18:00 warned/assessment",
    "2026-08-04 18:00 late/assessment",
    "2026-08-05 18:00 escalated",
]


@pytest.fixture
async def cut_off(temporal: Client, mail: Sink, fresh_database: str) -> AsyncIterator[tuple[Story, Wire, Store]]:
    """A story whose worker reaches Postgres through a wire, the wire, and a store that needs none."""
    direct = await Store.connect(fresh_database, max_size=2)
    async with wire_to_postgres(fresh_database) as (wire, dsn), telling(temporal, mail, dsn) as story:
        yield story, wire, direct
    await direct.close()


async def test_two_days_without_a_mail_server(story: Story, rare_retries: None) -> None:
    await story.complaint_arrives("2026-08-03 09:00", policy=DAILY)
    await story.all_is_told()
    await story.sink.go_away()
    await story.until("2026-08-05 20:00")
    assert await story.happened("warned", "late", "escalated") == AT_THEIR_TIMES
    await story.asks("assign", department="academic")
    assert len(story.sink.letters) == 1
    assert await _durable(story, options.SEND_LETTER) >= 1

    await story.sink.come_back()
    await story.passes(hours=5, minutes=1)
    await story.all_is_told()
    assert len(set(story.sink.message_ids)) == len(story.sink.message_ids)  # each once
    for recipient in ("rosa@correo.example", CARE_TEAM, MANAGER, HEAD):
        dates = [str(letter["Date"]) for letter in story.sink.to(recipient)]
        assert dates == sorted(dates), recipient  # in order
    # Updates were due on the 4th and 5th at 9:00, then came the escalation: one of them says all of it.
    customer = await story.kinds()
    assert customer[0] == "acknowledgement"
    assert customer[-1] == "escalation"
    assert customer.count("update") <= 1
    assert {row.data["reason"] for row in await story.timeline() if row.what == "letter-superseded"} >= {
        "a newer word to the customer"
    }
    assert await story.kinds(HEAD) == ["assignment"]
    assert await story.kinds(MANAGER) == ["escalated-to-you"]
    assert {row.state.value for row in await story.store.letters(story.number)} == {"sent", "superseded"}


async def test_two_days_without_postgres(cut_off: tuple[Story, Wire, Store], rare_retries: None) -> None:
    story, wire, direct = cut_off
    await story.complaint_arrives("2026-08-03 09:00", policy=DAILY)
    await story.all_is_told()
    await wire.cut()
    await story.until("2026-08-05 20:00")
    assert await story.happened("warned", "late", "escalated") == AT_THEIR_TIMES
    status = await story.asks("assign", department="academic")  # people go on working
    assert status.stage == "investigation"
    assert status.unwritten_rows > 3
    assert len(story.sink.letters) == 1  # nothing goes out that was not claimed

    await wire.mend()
    await story.passes(hours=5, minutes=1)
    await story.all_is_told()
    assert [(row.seq, row.at, row.what) for row in await direct.journal(story.number)] == [
        (row.seq, row.at, row.what) for row in await story.timeline()
    ]
    assert len(set(story.sink.message_ids)) == len(story.sink.message_ids)
    assert (await story.kinds())[-1] == "escalation"
    assert await story.kinds(MANAGER) == ["escalated-to-you"]


async def test_a_complaint_that_arrives_while_both_are_away_is_closed_only_when_all_is_written_and_sent(
    cut_off: tuple[Story, Wire, Store], rare_retries: None
) -> None:
    story, wire, direct = cut_off
    await wire.cut()
    await story.sink.go_away()
    await story.complaint_arrives("2026-08-03 09:00")
    for signal in ("assigned", "resolved", "customer-satisfied"):
        await story.says(signal)
    assert await story.stage() == "closed"
    await story.passes(hours=5, minutes=1)
    assert await story.is_open()
    await story.sink.come_back()
    await story.passes(hours=5, minutes=1)
    assert await story.is_open()
    assert await direct.journal(story.number) == []
    await wire.mend()
    await story.passes(hours=5, minutes=1)
    assert await story.outcome() == "satisfied"
    assert await story.kinds() == ["acknowledgement", "closing"]
    record = await direct.record(story.number)
    assert record is not None
    assert record.outcome == "satisfied"


async def test_a_whole_life_is_in_postgres_as_the_timeline_tells_it(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", customer={"document": None})
    await story.asks("request_details")
    await story.until("2026-07-25 12:00")
    await story.asks("receive_details", document="45678912", by="customer", via="reply")
    await story.asks("assign", department="academic")
    await story.says("nobody-knows-this")
    await story.until("2026-08-05 12:00")
    await story.asks("resolve", text="No corresponde.", outcome="not", by="Jorge Ramos")
    await story.asks("dispute", reason="Sí corresponde.")
    await story.asks("resolve", text="Corresponde.", outcome="upheld", by="Jorge Ramos")
    await story.asks("answer_survey", score=5)
    await story.asks("confirm_satisfied", by="customer")
    assert await story.outcome() == "satisfied"
    told = await story.timeline()
    kept = await story.store.journal(story.number)
    assert [(row.seq, row.at, row.what, row.by, row.via.value) for row in kept] == [
        (row.seq, row.at, row.what, row.by, row.via) for row in told
    ]
    assert [row.data for row in kept][1:] == [row.data for row in told][1:]  # the timeline leaves out the complaint
    record = await story.store.record(story.number)
    assert record is not None
    assert (record.seq, record.stage, record.round, record.level) == (len(kept), "closed", 2, 2)


async def test_a_signal_that_comes_while_the_last_rows_are_written_is_heard_and_the_run_ends(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task that wrote them is not taken any more and is told again, the signal first; what is kept counts."""
    write = Store.write
    said: list[int] = []

    async def write_and_then_somebody_speaks(store: Store, batch: RecordBatch) -> None:
        await write(store, batch)
        told = await store.journal(story.number)
        if (
            batch.record.stage == "closed"
            and not said
            and not status_of(told_again(story.number, told)).letters_waiting
        ):
            said.append(batch.rows[-1].seq)
            await story.says("feedback-given", text="Me atendieron con amabilidad.")

    monkeypatch.setattr(Store, "write", write_and_then_somebody_speaks)
    await story.complaint_arrives("2026-07-22 09:00")
    for signal in ("assigned", "resolved", "customer-satisfied"):
        await story.says(signal)
    assert await story.outcome() == "satisfied"
    assert said
    kept = await story.store.journal(story.number)
    assert [row.seq for row in kept] == list(range(1, len(kept) + 1))
    assert [row.what for row in kept].count("feedback-given") == 1
    assert [(row.seq, row.at, row.what) for row in await story.timeline()] == [
        (row.seq, row.at, row.what) for row in kept
    ]
    assert (await story.kinds()).count("closing") == 1
    assert len(set(story.sink.message_ids)) == len(story.sink.letters)


async def test_the_same_source_key_under_another_number_is_a_duplicate_and_does_nothing(story: Story) -> None:
    key = f"form/{story.number}"
    await story.complaint_arrives("2026-07-22 09:00", source_key=key)
    await story.all_is_told()
    again = story.another()
    await again.complaint_arrives("2026-07-22 09:00", opened=False, source_key=key)
    assert await again.outcome() == "duplicate"
    assert len(story.sink.letters) == 1
    assert await _durable(story, options.SEND_LETTER, options.WRITE_RECORDS) == 0, "all of it within the task"
    assert await story.store.journal(again.number) == []
    assert await story.is_open()


async def test_a_mail_server_that_takes_longer_than_a_task_may_gets_the_letter_once_and_holds_up_nobody(
    story: Story,
) -> None:
    """The attempt within the workflow task goes on beside it, and the letter's own activity waits for its end."""
    story.sink.dawdles = AT_ONCE.total_seconds() * 2
    await story.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.asks("assess", by="Ana Flores")
    await story.all_is_told()
    [row] = await story.store.letters(story.number)
    assert (row.state, row.attempts) == (LetterState.SENT, 1)
    assert len(story.sink.letters) == 1
    assert await _durable(story, options.SEND_LETTER) == 1


async def _durable(story: Story, *kinds: str) -> int:
    """How many activities of these kinds the case has in its history."""
    events = (await story.handle.fetch_history()).events
    return sum(event.activity_task_scheduled_event_attributes.activity_type.name in kinds for event in events)
