"""Files that staff chose for an act and never sent go after some days; what was sent, and what is worked on, stays."""

from datetime import timedelta
from hashlib import sha256

import asyncpg

from activities.retention import RetentionActivities
from complaints.policy_file import changed, load_policy
from complaints.records.messages import FileToKeep
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.journal import RecordBatch, Row
from complaints.rules.retention import UNSENT_FOR, RetentionOrder
from tests.casebook import lima
from tests.records.lived import a_whole_life

NIGHT = lima("2026-11-29 02:00")
OTHER = "Q-2222-22222"


def file_of(text: str) -> FileToKeep:
    data = text.encode()
    digest = sha256(data).hexdigest()
    return FileToKeep(name=f"{text}.txt", type="text/plain", declared="", size=len(data), digest=digest, data=data)


SENT, DRAFTED, DROPPED, SHARED, FRESH = map(file_of, ("sent", "drafted", "dropped", "shared", "fresh"))


async def retained(store: Store) -> int:
    """A night of a school that keeps complaints for good: how many files it took out."""
    policy = changed(load_policy(None), {"retention.years": 0})

    async def nobody(_: str) -> int:
        raise AssertionError("nothing is erased")

    activities = RetentionActivities(store, policy=lambda: policy, forget_runs=nobody)
    return (await activities.erase_due(RetentionOrder(at=NIGHT))).files


async def test_what_was_never_sent_goes_and_the_rest_stays(fresh_database: str, store: Store) -> None:
    life = a_whole_life()
    await life.is_kept(store)
    number = life.case.number
    await store.add_staff("ana", name="Ana Díaz", role=Role.AGENT, password_hash="x")
    await store.give_files(number, (SENT, DRAFTED, DROPPED, SHARED, FRESH), by="ana")
    await store.give_files(OTHER, (SHARED,), by="ana")
    told = await store.journal(number)
    named = [{"name": SENT.name, "digest": SENT.digest, "size": SENT.size}]
    replied = Row(seq=len(told) + 1, at=told[-1].at, what="replied", data={"text": "Va.", "files": named})
    record = await store.record(number)
    assert record is not None
    await store.write(RecordBatch(record=record.model_copy(update={"seq": replied.seq}), rows=(replied,)))
    assert await store.keep_draft(number, "reply", "ana", {"text": "Aquí va", "kept": [DRAFTED.digest]})
    hand = await asyncpg.connect(fresh_database, timeout=60)
    try:
        before, since = NIGHT - UNSENT_FOR - timedelta(minutes=1), NIGHT - UNSENT_FOR + timedelta(minutes=1)
        await hand.execute("UPDATE given_files SET given_at = $1", before)
        await hand.execute("UPDATE given_files SET given_at = $1 WHERE attachment = $2", since, FRESH.digest)
        await hand.execute("UPDATE given_files SET given_at = $1 WHERE number = $2", since, OTHER)
        await hand.execute("UPDATE drafts SET saved_at = $1", since)
        assert await retained(store) == 2
        assert set(await store.given_files(number)) == {SENT.digest, DRAFTED.digest, FRESH.digest}
        assert [await store.attachment(one.digest) is None for one in (DROPPED, SHARED)] == [True, False]
        # The draft was left alone too; the other complaint's day has come.
        await hand.execute("UPDATE drafts SET saved_at = $1", before)
        await hand.execute("UPDATE given_files SET given_at = $1 WHERE number = $2", before, OTHER)
        assert await retained(store) == 2
        assert await retained(store) == 0
        assert set(await store.given_files(number)) == {SENT.digest, FRESH.digest}
        assert await store.attachment(SHARED.digest) is None
        # Chosen once more it is kept as long again.
        await hand.execute("UPDATE given_files SET given_at = $1", before)
        await store.give_files(number, (FRESH,), by="ana")
        assert await retained(store) == 0
        # Of what is held nothing goes.
        await hand.execute("UPDATE given_files SET given_at = $1", before)
        await store.add_afterword(number, event_id="hold/1", at=NIGHT, what="hold-set", by="ana", data={})
        assert await retained(store) == 0
        await store.add_afterword(number, event_id="hold/2", at=NIGHT, what="hold-released", by="ana", data={})
        assert await retained(store) == 1
    finally:
        await hand.close()


async def test_nothing_of_the_last_day_goes_whatever_is_asked_for(store: Store) -> None:
    await store.give_files(OTHER, (FRESH,), by="ana")
    assert await store.forget_unsent(NIGHT + timedelta(days=3650)) == 0
