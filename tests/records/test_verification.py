"""Everything that is kept proves itself (§9): whatever is changed, taken away or added by hand is found and named."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from complaints.records.cases import columns_of
from complaints.records.messages import FileToKeep
from complaints.records.store import Store
from complaints.rules.faults import Fault
from complaints.rules.given_files import GivenFile
from complaints.rules.journal import RecordBatch, Row
from complaints.rules.letters import LetterKind, LetterOutcome, LetterState
from complaints.rules.verification import Look, held_together
from complaints.verifying import Asked, verified
from local.stack.postgres import Postgres
from starter.verifying import mended
from tests.casebook import lima
from tests.records.damaged import NOW, Damaged, to_be_damaged
from tests.records.lived import Lived, a_whole_life, in_real_time

ROW = "number = $1 AND seq = (SELECT min(seq) FROM journal WHERE what = '{0}')"
LOOK = Look(now=NOW, columns=columns_of)


@pytest.fixture
async def kept(
    fresh_database: str, postgres: Postgres, store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Damaged]:
    """The life, written as the system writes it."""
    monkeypatch.setattr("complaints.verifying.AGAIN_AFTER", 0.0)  # nothing is on its way here
    async with to_be_damaged(fresh_database, postgres, store, a_whole_life()) as kept:
        yield kept


async def test_a_life_as_it_was_lived_is_whole(kept: Damaged) -> None:
    result = await kept.looked_at()
    assert result.faults == ()
    assert (result.complaints, result.whole, result.found) == (1, True, 0)
    assert result.rows > 40
    assert result.letters > 15
    assert result.lags.struck > 3
    assert result.lags.longest == 2.0


CHANGED = {
    "text": "coalesce({0}, '') || 'x'",
    "integer": "{0} + 1000",
    "boolean": "NOT {0}",
    "timestamp with time zone": "coalesce({0}, now()) + interval '3 days'",
    "date": "coalesce({0}, current_date) + 3",
    "jsonb": "{0} || '{{\"x\": 1}}'",
    "ARRAY": "array_append({0}, 'x')",
}
"""By the type of a column, another value than the one it has."""

_COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'public'"
)


async def each_column_changed(kept: Damaged, store: Store, table: str, where: str = "true") -> dict[str, list[Fault]]:
    """What is found for each column of that table whose value somebody changes; every other is as it was."""
    async with store.connection() as connection:
        columns = {row["column_name"]: row["data_type"] for row in await connection.fetch(_COLUMNS, table)}
    found = {}
    await kept.by_hand(f"CREATE TABLE whole AS TABLE {table}")
    for name, kind in columns.items():
        value = "'failed'" if (table, name) == ("letters", "state") else CHANGED[kind].format(name)
        await kept.by_hand(f"UPDATE {table} SET {name} = {value} WHERE {where}")
        numbers = [number async for number in store.all_numbers()]
        found[name] = [fault for one in await store.kept(numbers) for fault in held_together(one, LOOK).faults]
        if await store.letters_of_nobody(limit=1):
            found[name].append(Fault(number=kept.number, check="letter-of-nobody"))
        await kept.by_hand(f"DELETE FROM {table}")
        await kept.by_hand(f"INSERT INTO {table} SELECT * FROM whole")
    assert (await kept.looked_at()).faults == ()
    return found


def named(found: dict[str, list[Fault]], check: str) -> set[str]:
    """The columns whose change is found as that, and with their name."""
    return {
        name
        for name, faults in found.items()
        for fault in faults
        if fault.check == check and name in fault.about["columns"].split(", ")
    }


async def test_each_column_of_the_state_that_is_changed_is_named(kept: Damaged, store: Store) -> None:
    found = await each_column_changed(kept, store, "complaints")
    assert named(found, "state") | {"number"} == set(found)
    assert {fault.check for fault in found["number"]} == {"no-journal", "letter-of-nobody"}


async def test_each_column_of_a_call_that_is_changed_is_named(kept: Damaged, store: Store) -> None:
    found = await each_column_changed(kept, store, "calls")
    assert named(found, "call") | {"number", "task"} == set(found)
    assert {fault.check for fault in found["number"]} == {"call-missing"}
    assert {fault.check for fault in found["task"]} == {"call-missing", "call-stray"}


async def test_each_column_of_a_letter_of_which_the_journal_knows_is_named(kept: Damaged, store: Store) -> None:
    found = await each_column_changed(kept, store, "letters", "key = '1/acknowledgement/customer'")
    words = {"subject", "text", "html", "files"}  # of these there is one copy, and the chain
    of_the_way = {"attempts", "claimed_at", "uncertain_at"}  # more of them than one is possible
    assert named(found, "letter") | {"number", "key"} | words | of_the_way == set(found)
    assert named(found, "chain") >= words
    assert {fault.check for fault in found["number"]} == {"letter-missing", "letter-of-nobody", "chain-lost"}
    assert {fault.check for fault in found["key"]} == {"letter-missing", "letter-stray", "chain-lost", "unchained"}


@pytest.mark.parametrize(
    "what", ["received", "assessed", "noted", "details-received", "letter-sent", "late/investigation"]
)
async def test_each_column_of_a_journal_row_that_is_changed_is_named(kept: Damaged, store: Store, what: str) -> None:
    """Also where the journal fits together as well with it: whose word it was, and what they said."""
    found = await each_column_changed(kept, store, "journal", ROW.format(what).replace("$1", f"'{kept.number}'"))
    moved = {"number", "seq"}
    assert {name for name in found if name not in moved} == {
        name
        for name, faults in found.items()
        for fault in faults
        if fault.check == "chain"
        and name in {column.partition(".")[0] for column in fault.about["columns"].split(", ")}
    }
    assert all({"chain-lost", "unchained"} & {fault.check for fault in found[name]} for name in moved)


async def test_words_that_somebody_puts_into_anothers_mouth_are_found(kept: Damaged) -> None:
    """A journal that tells a case as well as the first: only the chain knows."""
    await kept.by_hand("UPDATE journal SET data = jsonb_set(data, '{text}', '\"Todo bien.\"') WHERE what = 'noted'")
    assert await kept.faults() == [("chain", {"source": "journal", "key": "13", "columns": "data.text"})]


async def test_what_is_noted_outside_a_run_is_in_the_chain_too(kept: Damaged, store: Store) -> None:
    await store.add_afterword(kept.number, event_id="after/1", at=NOW, what="feedback-given", data={"text": "Bien."})
    assert await kept.faults() == []
    await kept.by_hand('UPDATE afterwords SET data = \'{"text": "Mal."}\'')
    changed = ("chain", {"source": "afterwords", "key": "after/1", "columns": "data.text"})
    assert await kept.faults() == [changed]
    await kept.by_hand("DELETE FROM afterwords")
    assert await kept.faults() == [("chain-lost", {"source": "afterwords", "key": "after/1"})]
    await kept.by_hand("DELETE FROM chain WHERE source = 'afterwords'")
    assert await kept.faults() == []


async def test_what_is_taken_out_with_its_link_breaks_the_chain(kept: Damaged) -> None:
    await kept.by_hand("DELETE FROM chain WHERE source = 'journal' AND key = '13'")
    assert {check for check, _ in await kept.faults()} == {"chain-broken", "unchained"}


async def test_the_head_is_another_when_anything_before_it_is(kept: Damaged, store: Store) -> None:
    """Who writes a whole chain anew leaves no trace in it: but the head that was written down elsewhere is another."""
    before = (await kept.looked_at()).head
    assert len(before) == 64
    await kept.by_hand("DELETE FROM chain WHERE source = 'letters'")
    await kept.by_hand("SELECT chain_add(number, 'letters', key, chained('letters', to_jsonb(letters))) FROM letters")
    assert (await kept.looked_at()).head != before


_CHAINED_ANEW = (
    "DELETE FROM chain WHERE source = 'letters'",
    "SELECT chain_add(number, 'letters', key, chained('letters', to_jsonb(letters))) FROM letters",
)


async def test_a_letter_whose_task_was_done_again_later_is_as_it_was_ordered(kept: Damaged) -> None:
    """A killed worker's row is kept as first told, its letter was claimed as told again (found by benchmarks.chaos).

    Neither before the occasion nor after the claim is that possible.
    """
    for moved, columns in (("+ '30 s'", None), ("- '31 s'", "occasion_at"), ("+ '3 days'", "occasion_at")):
        changed = f"UPDATE letters SET occasion_at = occasion_at {moved}::interval"
        for statement in (f"{changed} WHERE key = '1/acknowledgement/customer'", *_CHAINED_ANEW):
            await kept.by_hand(statement)
        found = [about.get("columns", "").split(", ")[0] for check, about in await kept.faults() if check == "letter"]
        assert found == ([columns] if columns else [])


async def test_a_field_that_is_erased_with_its_salt_leaves_the_chain_whole(kept: Damaged, store: Store) -> None:
    """Erasure by right: neither the words nor anything by which they could be guessed is left."""
    await store.add_afterword(kept.number, event_id="after/1", at=NOW, what="feedback-given", data={"text": "Bien."})
    await kept.by_hand("UPDATE afterwords SET data = data - 'text'")
    await kept.by_hand("UPDATE chain SET salts = salts - 'data.text' WHERE source = 'afterwords'")
    assert [check for check, _ in await kept.faults()] == ["chain"], "somebody took it, and no erasure is noted"
    await store.add_afterword(kept.number, event_id="after/2", at=NOW, what="erased", data={"reason": "…"})
    assert [check for check, _ in await kept.faults()] == ["not-erased"], "noted, and its journal still names somebody"


async def test_many_who_write_at_once_make_one_chain(kept: Damaged, store: Store) -> None:
    await asyncio.gather(
        *(
            store.add_afterword(kept.number, event_id=f"after/{one}", at=NOW, what="feedback-given", data={"text": "…"})
            for one in range(40)
        )
    )
    assert await kept.faults() == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("DELETE FROM journal WHERE number = $1", ("no-journal", {})),
        ("DELETE FROM journal WHERE number = $1 AND seq = 9", ("gap", {"row": "9"})),
        ("DELETE FROM journal WHERE number = $1 AND seq = 1", ("gap", {"row": "1"})),
        (
            "DELETE FROM journal WHERE number = $1 AND seq = (SELECT max(seq) FROM journal)",
            ("state", {"columns": "seq, recorded_at"}),
        ),
        (
            "INSERT INTO journal SELECT number, seq + 1, at, what, by, via, data, recorded_at FROM journal "
            "WHERE number = $1 ORDER BY seq DESC LIMIT 1",
            ("state", {"columns": "seq"}),
        ),
        (
            "UPDATE journal SET data = data || '{\"event_id\": \"e-1\"}' WHERE number = $1 AND what = 'noted'",
            ("event-twice", {"row": "*", "first": "*"}),
        ),
        (
            f"UPDATE journal SET at = at + interval '1 hour' WHERE {ROW.format('late/investigation')}",
            ("journal", {"row": "*", "what": "late/investigation", "columns": "at"}),
        ),
        (
            "UPDATE journal SET data = jsonb_set(data, '{due}', '\"2026-07-25T23:00:00Z\"') "
            f"WHERE {ROW.format('late/investigation')}",
            ("journal", {"row": "*", "what": "late/investigation", "columns": "data"}),
        ),
        (
            f"UPDATE journal SET by = 'mallory' WHERE {ROW.format('late/investigation')}",
            ("journal", {"row": "*", "what": "late/investigation", "columns": "by"}),
        ),
        (f"UPDATE journal SET via = 'magic' WHERE {ROW.format('noted')}", ("journal", {"row": "*", "columns": "via"})),
        (f"UPDATE journal SET data = '[]' WHERE {ROW.format('noted')}", ("journal", {"row": "*", "columns": "data"})),
        (
            f"UPDATE journal SET data = '{{\"received\": []}}' WHERE {ROW.format('received')}",
            ("journal", {"row": "1", "what": "received"}),
        ),
        (
            f"UPDATE journal SET recorded_at = at - interval '2 hours' WHERE {ROW.format('late/investigation')}",
            ("early", {"row": "*", "what": "late/investigation"}),
        ),
        (
            f"UPDATE journal SET recorded_at = at - interval '30 hours' WHERE {ROW.format('late/investigation')}",
            ("written-before", {"row": "*"}),
        ),
        (
            "UPDATE journal SET recorded_at = recorded_at - interval '90 seconds' WHERE number = $1",
            ("early", {"row": "1", "what": "received"}),
        ),
        (
            "DELETE FROM letters WHERE number = $1 AND key = '1/acknowledgement/customer'",
            ("letter-missing", {"key": "1/acknowledgement/customer", "row": "2", "what": "letter-sent"}),
        ),
        ("DELETE FROM calls WHERE number = $1", ("call-missing", {"task": "1"})),
        (
            "INSERT INTO calls SELECT number, 2, opened_at, due, purposes, kinds, attempts, next_at, done_at, outcome, "
            "seq FROM calls WHERE number = $1",
            ("call-stray", {"task": "2"}),
        ),
        (
            "INSERT INTO letters SELECT number, '9/never/customer', state, 'x@y', kind, recipient, to_address, "
            "language, subject, text, html, occasion_at, claimed_at, lease_until, attempts, sent_at, uncertain_at, "
            "reason FROM letters WHERE number = $1 AND key = '1/acknowledgement/customer'",
            ("letter-stray", {"key": "9/never/customer"}),
        ),
        (
            "INSERT INTO letters SELECT 'Q-2222-22222', key, state, 'x@y', kind, recipient, to_address, language, "
            "subject, text, html, occasion_at, claimed_at, lease_until, attempts, sent_at, uncertain_at, reason "
            "FROM letters WHERE number = $1 AND key = '1/acknowledgement/customer'",
            ("letter-of-nobody", {"key": "1/acknowledgement/customer"}),
        ),
    ],
)  # fmt: skip
async def test_what_somebody_does_by_hand_is_found_and_named(
    kept: Damaged, damage: str, expected: tuple[str, dict[str, str]]
) -> None:
    await kept.by_hand(damage, kept.number)
    check, about = expected
    wanted = [(found, said) for found, said in await kept.faults() if found == check]
    assert wanted, await kept.faults()
    assert wanted[0][1].keys() == about.keys()
    assert all(value in ("*", wanted[0][1][name]) for name, value in about.items())


async def test_a_letter_of_which_the_journal_does_not_tell_is_found(kept: Damaged, store: Store) -> None:
    """Its end may be on its way into the journal; but not while that goes on without a word of it."""
    life = Lived.begins("2026-08-19 09:00", source_key="casebook/2")
    life.case.number = "Q-2222-22222"
    life.mail = None
    life.says("assigned", on="2026-08-19 10:00", department="academic", by="ana", via="desk")
    order = life.order(next(notice for notice in life.case.notices if notice.kind is LetterKind.ASSIGNMENT))
    life.ended.append((order, LetterOutcome(state=LetterState.SENT, message_id="<told-by-nobody@x.example>")))
    await life.is_kept(store)
    await in_real_time(kept.superuser)
    assert (await kept.looked_at(lima("2026-08-19 10:30"))).faults == ()
    untold = ("letter-untold", {"key": order.key, "state": "sent"})
    assert [(one.check, one.about) for one in (await kept.looked_at(lima("2026-08-20 12:30"))).faults] == [untold]
    life.says("noted", on="2026-08-19 11:00", text="Se llamó.", by="ana", via="desk")
    await life.is_kept(store)
    await in_real_time(kept.superuser)
    assert [(one.check, one.about) for one in (await kept.looked_at(lima("2026-08-19 11:01"))).faults] == [untold]


async def test_a_deadline_of_which_nothing_tells_is_found(kept: Damaged) -> None:
    """Nobody works: what should have struck by now has left nothing."""
    [fault] = (await kept.looked_at(lima("2026-09-30 09:00"))).faults
    assert (fault.check, fault.about["name"]) == ("not-struck", "warning/investigation")
    assert (await kept.looked_at(lima("2026-09-30 09:00"), real_time=False)).faults == ()


async def test_only_the_numbers_that_are_asked_for_are_looked_at(kept: Damaged) -> None:
    await kept.by_hand("UPDATE complaints SET level = level + 1")
    asked = Asked(kept.dsn, NOW)
    assert (await verified(asked, numbers=["Q-2222-22222"])).complaints == 0
    result = await verified(asked, numbers=[kept.number])
    assert (result.whole, result.found) == (False, 1)


async def test_state_and_calls_are_written_anew_from_the_journal(kept: Damaged, store: Store) -> None:
    await kept.by_hand("UPDATE complaints SET level = 0, stage = 'closed', customer_name = NULL, name_folded = ''")
    await kept.by_hand("DELETE FROM calls")
    assert [check for check, _ in await kept.faults()] == ["state", "call-missing"]
    assert await mended(store, kept.number)
    assert await kept.faults() == []


async def test_many_are_looked_at_by_several_processes(kept: Damaged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.verifying.FEW", 0)
    await kept.by_hand("UPDATE complaints SET level = level + 1")
    told: list[tuple[int, int]] = []
    result = await verified(Asked(kept.dsn, NOW), processes=2, on_progress=lambda *done: told.append(done))
    assert [(fault.check, fault.about) for fault in result.faults] == [("state", {"columns": "level"})]
    assert told == [(1, 1)]


async def test_a_file_that_is_gone_or_another_is_found_by_what_tells_of_it(kept: Damaged, store: Store) -> None:
    data = b"%PDF-1.7"
    file = GivenFile(name="constancia.pdf", digest=sha256(data).hexdigest(), size=len(data))
    told = await store.journal(kept.number)
    replied = Row(seq=len(told) + 1, at=told[-1].at, what="replied", data={"text": "Va.", "files": [file.model_dump()]})
    record = await store.record(kept.number)
    assert record is not None
    await store.write(RecordBatch(record=record.model_copy(update={"seq": replied.seq}), rows=(replied,)))

    async def found() -> list[tuple[str, str]]:
        [one] = await store.kept([kept.number])
        return [(fault.check, fault.about["key"]) for fault in one.chain]

    assert await found() == [("file-gone", str(replied.seq))]
    given = FileToKeep(**dict(file), type="application/pdf", declared="", data=data)
    await store.give_files(kept.number, [given], by="ana")
    assert await found() == []
    await kept.by_hand("UPDATE attachments SET data = data || data")
    assert await found() == [("file", str(replied.seq))]
