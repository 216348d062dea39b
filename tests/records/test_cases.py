"""Journal and state: every write may be repeated, none goes back, and two stories of one complaint are an alarm."""

import asyncio
import traceback
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from complaints.records.errors import (
    JournalConflict,
    NumberTaken,
    RecordsError,
    SourceKeyTaken,
    Unkeepable,
    UnknownComplaint,
)
from complaints.records.store import Store
from complaints.rules.facts import Via
from complaints.rules.journal import CaseRecord
from tests.records_examples import MONDAY, a_batch, a_call, a_complaint, a_record, a_row, days, hours


async def test_what_is_written_is_read_back_as_it_was(store: Store) -> None:
    record = a_record(
        guardian="Elena Ibáñez", level=2, late=True, department="academic", resolved_at=MONDAY + days(3), seq=2
    )
    rows = (
        a_row(1, source="é ñ 漢 🙂", n=1.5),
        a_row(2, "late/assessment", at=MONDAY + days(2), nested={"a": [1, None]}),
    )
    await store.write(a_batch(record, *rows, calls=(a_call(),)))
    assert await store.record(record.number) == record
    assert await store.journal(record.number) == list(rows)
    assert await store.calls(record.number) == [a_call()]
    assert await store.number_for("mail:1") == record.number


async def test_a_repeat_of_a_write_changes_nothing(store: Store) -> None:
    record = a_record(seq=2)
    batch = a_batch(record, a_row(1), a_row(2, "assessed"), calls=(a_call(),))
    await store.write(batch)
    await store.write(batch)
    assert [row.seq for row in await store.journal(record.number)] == [1, 2]
    assert await store.record(record.number) == record
    assert len(await store.calls(record.number)) == 1


async def test_the_same_batch_from_many_attempts_at_once_is_written_once(store: Store) -> None:
    for arrival in range(40):  # often, because two first writes meet in Postgres only now and then
        record = a_record(f"mail:{arrival}", seq=3)
        batch = a_batch(record, *(a_row(seq) for seq in (1, 2, 3)), calls=(a_call(),))
        await asyncio.gather(*(store.write(batch) for _ in range(8)))
        assert [row.seq for row in await store.journal(record.number)] == [1, 2, 3]


async def test_a_batch_that_overlaps_an_earlier_one_adds_only_what_is_new(store: Store) -> None:
    await store.write(a_batch(a_record(seq=2), a_row(1), a_row(2, "assessed")))
    await store.write(a_batch(a_record(seq=3), a_row(2, "assessed"), a_row(3, "assigned")))
    assert [row.what for row in await store.journal(a_record().number)] == ["received", "assessed", "assigned"]


@pytest.mark.parametrize(
    "other",
    [
        a_row(2, "assigned"),  # another act
        a_row(2, "assessed", at=MONDAY + hours(1)),  # another time
        a_row(2, "assessed", category="billing"),  # other data
        a_row(2, "assessed").model_copy(update={"by": "luis"}),  # another person
        a_row(2, "assessed").model_copy(update={"via": Via.LINK}),  # through something else
    ],
)
async def test_the_same_seq_with_other_content_is_an_alarm_and_nothing_is_written(store: Store, other: object) -> None:
    before = a_record(seq=2)
    await store.write(a_batch(before, a_row(1), a_row(2, "assessed")))
    with pytest.raises(JournalConflict) as alarm:
        await store.write(a_batch(a_record(seq=3, stage="closed"), other, a_row(3, "closed")))  # type: ignore[arg-type]
    assert (alarm.value.number, alarm.value.seq) == (before.number, 2)
    assert "billing" not in str(alarm.value)
    assert await store.record(before.number) == before
    assert len(await store.journal(before.number)) == 2


async def test_two_contents_of_one_seq_in_one_batch_are_an_alarm(store: Store) -> None:
    with pytest.raises(JournalConflict):
        await store.write(a_batch(a_record(), a_row(1, "received"), a_row(1, "assessed")))
    assert await store.journal(a_record().number) == []


async def test_the_state_never_goes_back(store: Store) -> None:
    late_comer = a_batch(a_record(seq=1), a_row(1), calls=(a_call(attempts=0),))
    newest = a_record(seq=3, stage="investigation")
    call = a_call(attempts=2, done_at=MONDAY + hours(3), outcome="reached")
    await store.write(a_batch(newest, a_row(1), a_row(2, "assessed"), a_row(3, "assigned"), calls=(call,)))
    await store.write(late_comer)
    assert await store.record(newest.number) == newest
    assert await store.calls(newest.number) == [call]


async def test_a_row_written_late_is_still_the_right_row(store: Store) -> None:
    await store.write(a_batch(a_record(seq=2), a_row(2, "assessed")))
    await store.write(a_batch(a_record(seq=1), a_row(1)))
    assert [row.seq for row in await store.journal(a_record().number)] == [1, 2]


async def test_one_arrival_is_one_complaint_even_under_two_numbers(store: Store) -> None:
    first = a_record("mail:1")
    await store.write(a_batch(first))
    with pytest.raises(SourceKeyTaken) as taken:
        await store.write(a_batch(a_record("mail:1", number="Q-OTHER")))
    assert taken.value.number_of_other == first.number
    assert await store.record("Q-OTHER") is None


async def test_one_number_is_not_given_to_two_arrivals(store: Store) -> None:
    first = a_record("mail:1")
    await store.write(a_batch(first))
    with pytest.raises(NumberTaken):
        await store.write(a_batch(a_record("mail:2", number=first.number, seq=2), a_row(2)))
    assert await store.record(first.number) == first
    assert len(await store.journal(first.number)) == 1


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # the wrong type is on purpose
async def test_no_error_quotes_what_people_wrote(store: Store) -> None:
    secret = "mail:<1@x>:rosa@example.org"
    await store.write(a_batch(a_record(secret)))
    await store.keep_pending("Q-A", a_complaint("call:967000123"), MONDAY)
    wrong = a_record("b").model_copy(update={"level": -1, "description": "rosa@example.org owes me"})
    typed = a_record("c").model_copy(update={"seq": "rosa@example.org"})
    for attempt in (
        store.write(a_batch(a_record(secret, number="Q-B"))),
        store.keep_pending("Q-B", a_complaint("call:967000123"), MONDAY),
        store.write(a_batch(wrong, a_row(1))),  # breaks a rule of the table: Postgres quotes the whole row
        store.write(a_batch(typed, a_row(1))),  # of a wrong type: asyncpg quotes the value
    ):
        with pytest.raises(RecordsError) as refused:
            await attempt
        # As Temporal keeps a failure: with its causes. As a log shows it: with the context that is not suppressed.
        shown = "".join(traceback.format_exception_only(refused.value)) + "".join(causes(refused.value))
        assert "rosa@example.org" not in shown
        assert "967000123" not in shown


def causes(error: BaseException) -> Iterator[str]:
    following = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if following is not None:
        yield str(following)
        yield from causes(following)


@pytest.mark.parametrize("table", ["journal", "afterwords"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET what = 'x'", "DELETE FROM {}", "TRUNCATE {}", "DELETE FROM {} WHERE false"]
)
async def test_history_cannot_be_rewritten(store: Store, fresh_database: str, table: str, change: str) -> None:
    await store.write(a_batch(a_record()))
    await store.add_afterword(a_record().number, event_id="e1", at=MONDAY, what="feedback-given")
    connection = await asyncpg.connect(fresh_database)
    try:
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await connection.execute(change.format(table))
    finally:
        await connection.close()
    assert len(await store.journal(a_record().number)) == 1


@pytest.mark.parametrize(
    ("changes", "data", "place"),
    [
        ({"description": "a\x00b"}, {}, "description"),
        ({}, {"text": "a\x00b"}, "text"),  # jsonb refuses \u0000 where json takes it
        ({}, {"deep": [{"er": "\x00"}]}, "deep"),
        ({}, {"\x00": 1}, "a key of"),
        ({"customer_name": "\ud83d"}, {}, "customer_name"),  # half an emoji
    ],
)
async def test_what_postgres_cannot_hold_is_refused_before(
    store: Store, changes: dict[str, str], data: dict[str, Any], place: str
) -> None:
    record = a_record().model_copy(update=changes)
    with pytest.raises(Unkeepable, match=place) as refused:
        await store.write(a_batch(record, a_row(1, **data)))
    assert "\x00" not in str(refused.value)
    assert await store.record(record.number) is None


async def test_a_number_that_json_does_not_know_is_refused(store: Store) -> None:
    with pytest.raises(Unkeepable):
        await store.write(a_batch(a_record(), a_row(1, score=float("nan"))))


async def test_an_afterword_is_noted_once_for_its_event_id(store: Store) -> None:
    number = a_record().number
    await store.write(a_batch(a_record()))
    first = await store.add_afterword(number, event_id="e1", at=MONDAY, what="survey-answered", data={"score": 4})
    again = await store.add_afterword(
        number, event_id="e1", at=MONDAY + days(1), what="survey-answered", data={"score": 1}
    )
    assert (first, again) == (True, False)
    [kept] = await store.afterwords(number)
    assert (kept.what, kept.at, kept.via, kept.data) == ("survey-answered", MONDAY, Via.SIGNAL, {"score": 4})


async def test_an_afterword_on_an_unknown_complaint_says_so(store: Store) -> None:
    with pytest.raises(UnknownComplaint, match="Q-0000-00000"):
        await store.add_afterword("Q-0000-00000", event_id="e1", at=MONDAY, what="feedback-given")


async def test_a_naive_time_never_enters(store: Store) -> None:
    await store.write(a_batch(a_record()))
    with pytest.raises(Unkeepable, match="offset"):
        await store.add_afterword(a_record().number, event_id="e", at=datetime(2026, 7, 20), what="resent")  # noqa: DTZ001


async def test_open_calls_come_the_most_urgent_first(store: Store) -> None:
    later, sooner, done = a_record("a"), a_record("b"), a_record("c")
    await store.write(a_batch(later, calls=(a_call(due=MONDAY + days(2)),)))
    await store.write(a_batch(sooner, calls=(a_call(due=MONDAY + days(1)),)))
    await store.write(a_batch(done, calls=(a_call(done_at=MONDAY, outcome="reached"),)))
    assert [number for number, _ in await store.open_calls()] == [sooner.number, later.number]


async def test_the_table_has_a_column_for_every_field_of_the_record(fresh_database: str) -> None:
    connection = await asyncpg.connect(fresh_database)
    try:
        found = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'complaints'"
        )
    finally:
        await connection.close()
    ours = {"name_folded", "document_folded", "email_folded", "phone_digits", "recorded_at"}
    assert {row["column_name"] for row in found} - ours == set(CaseRecord.model_fields)


async def test_a_row_is_linked_by_the_chains_index(store: Store) -> None:
    """Else each row that is journalled reads the whole chain: with 200,000 links that was 50 ms of a processor."""
    read_whole = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'chain'"
    async with store.connection() as connection:
        await connection.execute("ANALYZE chain")  # as Postgres does at any time: it knows then how few the rows are
    for arrival in range(8):  # more than the five after which a plan is kept
        await store.write(a_batch(a_record(f"mail:{arrival}")))
    async with store.connection() as connection, connection.transaction():
        # So few are read whole, unless that is forbidden, and to a plan that was kept from before it never is.
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_custom_plan")
        before = await connection.fetchval(read_whole)  # of what this connection wrote before
        await connection.execute(
            "INSERT INTO journal (number, seq, at, what, via, data) VALUES ($1, 9, now(), 'noted', 'desk', '{}')",
            a_record("mail:0").number,
        )
        assert await connection.fetchval(read_whole) == before
