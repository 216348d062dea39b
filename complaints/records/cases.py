"""The complaints themselves: journal, present state, the calls to make, and what was said after the end (§9)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import asyncpg

from complaints.records.connection import Connected, Connection
from complaints.records.errors import JournalConflict, NumberTaken, SourceKeyTaken, UnknownComplaint
from complaints.records.indexing import add_words, index_batch
from complaints.records.keepable import aware, refuse_unkeepable
from complaints.records.mentions import add_mentions
from complaints.records.part import Part, part_of
from complaints.records.search_keys import document_key, phone_digits, plain_words
from complaints.rules.after_end import Afterword
from complaints.rules.erasing import erased_source_key, is_stand_in
from complaints.rules.facts import Via
from complaints.rules.journal import CallTask, CaseRecord, RecordBatch, Row
from complaints.rules.number import complaint_number
from complaints.rules.page_links import all_covered
from complaints.rules.same_person import email_key
from complaints.rules.written import TELLING, written_in

STATE = tuple(CaseRecord.model_fields)
"""The columns that hold a CaseRecord."""

_SEARCH = ("name_folded", "document_folded", "email_folded", "phone_digits")
_WRITTEN = (*STATE, *_SEARCH)
WRITTEN_COLUMNS = ", ".join(_WRITTEN)

STATE_COLUMNS = ", ".join(STATE)

# moved: to a higher seq only; a repeat, or a batch that comes late, changes nothing, and no row comes back.
# With an address that is left behind end the links that went to it, and those that were handed out (links.py).
_MOVED = f"""
WITH moved AS (
    INSERT INTO complaints AS kept ({", ".join(_WRITTEN)})
    VALUES ({", ".join(f"${i}" for i in range(1, len(_WRITTEN) + 1))})
    ON CONFLICT (number) DO UPDATE
    SET {", ".join(f"{c} = excluded.{c}" for c in _WRITTEN if c not in ("number", "source_key"))}, recorded_at = now()
    WHERE kept.seq < excluded.seq AND kept.source_key = excluded.source_key
    RETURNING number, email
), ended AS (
    INSERT INTO link_ends (number, email)
    SELECT number, before.email FROM complaints AS before JOIN moved USING (number)
    WHERE before.email <> '' AND lower(btrim(before.email)) IS DISTINCT FROM lower(btrim(moved.email))
)"""  # noqa: S608 - the columns are the model's fields
_MOVE_STATE = f"{_MOVED} SELECT number FROM moved"  # noqa: S608

_JOURNAL_TYPES = {
    "seq": "integer", "at": "timestamptz", "what": "text", "by": "text", "via": "text", "data": "jsonb",
}  # fmt: skip


def _unnested(first: int) -> str:
    """Rows of the journal, a column a parameter, from `$first` on."""
    return f"unnest({', '.join(f'${i}::{kind}[]' for i, kind in enumerate(_JOURNAL_TYPES.values(), start=first))})"


# add_rows: append to the journal; a row that is there already stays as it is, and is compared by us.
_ADD_ROWS = f"""
INSERT INTO journal (number, {", ".join(_JOURNAL_TYPES)})
SELECT $1, * FROM {_unnested(2)}
ON CONFLICT (number, seq) DO NOTHING
RETURNING seq
"""  # noqa: S608 - the columns are ours

# write_new: both, where the state moves and none of the rows is there; where one is, the statement fails as a whole.
_WRITE_NEW = f"""{_MOVED}, added AS (
    INSERT INTO journal (number, {", ".join(_JOURNAL_TYPES)})
    SELECT moved.number, new.* FROM moved, {_unnested(len(_WRITTEN) + 1)} AS new
)
SELECT number FROM moved
"""  # noqa: S608 - the columns are ours

# write_again: what the journal tells, where it tells no more; with the moment at which its last row was written.
_WRITE_AGAIN = f"""
UPDATE complaints SET recorded_at = newest.recorded_at,
    {", ".join(f"{c} = ${i}" for i, c in enumerate(_WRITTEN, start=1))}
FROM (SELECT seq, recorded_at FROM journal WHERE number = $1 ORDER BY seq DESC LIMIT 1) AS newest
WHERE number = $1 AND newest.seq = ${_WRITTEN.index("seq") + 1}
RETURNING true
"""  # noqa: S608 - the columns are the model's fields

# move_call: the newest state of a call wins, whatever order the batches arrive in.
_MOVE_CALL = """
INSERT INTO calls AS kept (number, task, opened_at, due, purposes, kinds, attempts, next_at, done_at, outcome, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (number, task) DO UPDATE
SET due = excluded.due, purposes = excluded.purposes, kinds = excluded.kinds, attempts = excluded.attempts,
    next_at = excluded.next_at, done_at = excluded.done_at, outcome = excluded.outcome, seq = excluded.seq
WHERE kept.seq <= excluded.seq
"""

_SOURCE_KEY_OF = "SELECT source_key FROM complaints WHERE number = $1"
_NUMBER_OF = "SELECT number FROM complaints WHERE source_key = $1"
# number_for: of one that is erased the source key is gone; its number is made of it, and tells.
_NUMBER_FOR = """
SELECT coalesce(
    (SELECT number FROM complaints WHERE source_key IN ($1, $2)),
    (SELECT number FROM pending_complaints WHERE source_key = $1)
)
"""
_ROW_COLUMNS = "seq, at, what, by, via, data"
_JOURNAL = f"SELECT {_ROW_COLUMNS} FROM journal WHERE number = $1 ORDER BY seq"  # noqa: S608
_ROWS_AT = f"SELECT {_ROW_COLUMNS} FROM journal WHERE number = $1 AND seq = ANY($2) ORDER BY seq"  # noqa: S608
_RECORD = f"SELECT {STATE_COLUMNS} FROM complaints WHERE number = $1"  # noqa: S608
_RECORDS = f"""
SELECT {STATE_COLUMNS} FROM complaints JOIN unnest($1::text[]) WITH ORDINALITY AS asked (number, place) USING (number)
ORDER BY place
"""  # noqa: S608

_CALL_COLUMNS = "task, opened_at, due, purposes, kinds, attempts, next_at, done_at, outcome"
_CALLS = f"SELECT {_CALL_COLUMNS} FROM calls WHERE number = $1 ORDER BY task"  # noqa: S608
_OPEN_CALLS = f"""
SELECT number, {_CALL_COLUMNS}, count(*) OVER () AS found
FROM calls WHERE done_at IS NULL ORDER BY due, number LIMIT $1 OFFSET $2
"""  # noqa: S608

# keep_call: what came of a call after the run has ended; one that is over, or was tried more often, stays as it is.
_KEEP_CALL = """
UPDATE calls SET attempts = $3, next_at = $4, done_at = $5, outcome = $6
WHERE number = $1 AND task = $2 AND done_at IS NULL AND attempts <= $3
"""

# add_afterword: once for its event id.
_ADD_AFTERWORD = """
INSERT INTO afterwords (number, event_id, at, what, by, via, data) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (event_id) DO NOTHING
RETURNING event_id
"""
_AFTERWORD = "SELECT number, event_id, at, what, by, via, data FROM afterwords WHERE event_id = $1"
_AFTERWORDS = (
    "SELECT event_id, at, what, by, via, data FROM afterwords WHERE number = $1 ORDER BY at, recorded_at, event_id"
)
_AFTERWORDS_OF = """
SELECT number, event_id, at, what, by, via, data FROM afterwords WHERE number = ANY ($1) AND what = $2
ORDER BY at, recorded_at, event_id
"""


class Cases(Connected):
    """The part of the store that keeps complaints."""

    async def write(self, batch: RecordBatch) -> None:
        """Write what one step of the workflow tells, wholly or not at all. Safe to repeat, in any order.

        Raises `JournalConflict`, `NumberTaken` or `SourceKeyTaken` (no repeat helps), `Unkeepable` before anything is
        asked of the database, or `Unreachable` (repeat).
        """
        refuse_unkeepable(batch.model_dump(), place=f"the record of {batch.record.number}")
        async with self.connection() as connection:
            written = await _written_new(connection, batch)
            while not (written or await _written(connection, batch)):
                other = await connection.fetchval(_NUMBER_OF, batch.record.source_key)
                if other not in (None, batch.record.number):
                    raise SourceKeyTaken(batch.record.number, other)

    async def write_again(self, record: CaseRecord, calls: Sequence[CallTask]) -> bool:
        """Write a complaint's state and calls as its journal tells them; False where that has gone on meanwhile.

        A call of which the journal does not tell stays: no program of ours deletes.
        """
        async with self.connection() as connection, connection.transaction():
            if not await connection.fetchval(_WRITE_AGAIN, *_state_values(record)):
                return False
            await connection.execute("UPDATE calls SET seq = 0 WHERE number = $1", record.number)
            for call in calls:
                await connection.execute(_MOVE_CALL, record.number, *_call_values(call), record.seq)
                await connection.execute(
                    "UPDATE calls SET opened_at = $3 WHERE number = $1 AND task = $2",
                    record.number, call.task, call.opened_at,
                )  # fmt: skip
        return True

    async def journal(self, number: str) -> list[Row]:
        """Everything that happened to a complaint, in order; empty if the records do not know it."""
        async with self.connection() as connection:
            return [Row.model_validate(dict(row)) for row in await connection.fetch(_JOURNAL, number)]

    async def record(self, number: str) -> CaseRecord | None:
        """The present state, as far as it has been written."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_RECORD, number)
        return record_of(found) if found else None

    async def records(self, numbers: Sequence[str]) -> list[CaseRecord]:
        """The same of several, in their order; without those that the records do not know."""
        async with self.connection() as connection:
            return await records_of(connection, numbers)

    async def number_for(self, source_key: str) -> str | None:
        """The complaint that an arrival is already, be it running, ended or pending."""
        if "\x00" in source_key:
            return None  # could never have been kept
        async with self.connection() as connection:
            erased = erased_source_key(complaint_number(source_key))
            found: str | None = await connection.fetchval(_NUMBER_FOR, source_key, erased)
        return found

    async def calls(self, number: str) -> list[CallTask]:
        """The calls of a complaint, oldest first."""
        async with self.connection() as connection:
            return [CallTask.model_validate(dict(row)) for row in await connection.fetch(_CALLS, number)]

    async def open_calls(self, *, limit: int = 200, skip: int = 0) -> Part[tuple[str, CallTask]]:
        """The calls that somebody has to make, with the complaint's number, the most urgent first."""
        async with self.connection() as connection:
            found = await connection.fetch(_OPEN_CALLS, limit, skip)
        return part_of(found, lambda row: (row["number"], CallTask.model_validate(dict(row))), skip)

    async def keep_call(self, number: str, call: CallTask) -> None:
        """What came of a call of a complaint whose run has ended. Safe to repeat."""
        async with self.connection() as connection:
            outcome = (call.attempts, call.next_at, call.done_at, call.outcome)
            await connection.execute(_KEEP_CALL, number, call.task, *outcome)

    async def add_afterword(
        self,
        number: str,
        *,
        event_id: str,
        at: datetime,
        what: str,
        by: str | None = None,
        via: Via | str = Via.SIGNAL,
        data: dict[str, Any] | None = None,
    ) -> bool:
        """Note something that was said or done outside a run; False if this event id is noted already.

        Raises `UnknownComplaint`.
        """
        words = {"event_id": event_id, "what": what, "by": by, "data": data or {}}
        refuse_unkeepable(words, place=f"the afterword on {number}")
        values = (event_id, aware(at, place="at"), what, by, Via(via).value, data or {})
        async with self.connection() as connection:
            try:
                async with connection.transaction():
                    added = await connection.fetchval(_ADD_AFTERWORD, number, *values) is not None
                    if texts := [text for _, text in written_in(what, data or {})]:
                        await add_words(connection, number, texts)
            except asyncpg.ForeignKeyViolationError:
                raise UnknownComplaint(number) from None
        return added

    async def afterword(self, event_id: str) -> tuple[str, Afterword] | None:
        """What is noted under this event id, and on which complaint."""
        async with self.connection() as connection:
            found = await connection.fetchrow(_AFTERWORD, event_id)
        if found is None:
            return None
        row = dict(found)
        return str(row.pop("number")), Afterword.model_validate(all_covered(row))

    async def afterwords(self, number: str) -> list[Afterword]:
        """What was said and done outside a run, in order."""
        async with self.connection() as connection:
            found = await connection.fetch(_AFTERWORDS, number)
        return [Afterword.model_validate(all_covered(dict(row))) for row in found]

    async def afterwords_of(self, numbers: Sequence[str], what: str) -> dict[str, list[Afterword]]:
        """Those of one kind, in order, of several complaints; a complaint without any is left out."""
        async with self.connection() as connection:
            found = await connection.fetch(_AFTERWORDS_OF, list(numbers), what)
        words: dict[str, list[Afterword]] = {}
        for row in map(dict, found):
            words.setdefault(str(row.pop("number")), []).append(Afterword.model_validate(all_covered(row)))
        return words


async def _written_new(connection: Connection, batch: RecordBatch) -> bool:
    """Whether the batch is written, as nearly all are: nothing of it was there. If not, nothing of it is written now.

    Most are of clocks and letters: one statement, which is a transaction by itself.
    """
    values = (*_state_values(batch.record), *_columns(_as_kept(batch.rows)))
    try:
        if not batch.calls and not any(row.what in TELLING for row in batch.rows):
            return await connection.fetchval(_WRITE_NEW, *values) is not None
        async with connection.transaction():
            if await connection.fetchval(_WRITE_NEW, *values) is None:
                return False
            await _follow(connection, batch)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def _written(connection: Connection, batch: RecordBatch) -> bool:
    """Whether the batch is written; not, where the source key is taken: by another number, or at this very moment.

    ON CONFLICT watches over one unique index. Two first writes of the same complaint may meet in the other, and the
    one that loses is told of a violation where it only has to look again.
    """
    try:
        async with connection.transaction():
            await _move_state(connection, batch.record)
            await _add_rows(connection, batch.record.number, batch.rows)
            await _follow(connection, batch)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def _follow(connection: Connection, batch: RecordBatch) -> None:
    """What is kept elsewhere of a batch's rows, in the transaction that writes them."""
    number, seq = batch.record.number, batch.record.seq
    await index_batch(connection, batch.record, batch.rows)
    await add_mentions(connection, number, batch.rows)
    for call in batch.calls:
        await connection.execute(_MOVE_CALL, number, *_call_values(call), seq)


async def _move_state(connection: Connection, record: CaseRecord) -> None:
    moved = await connection.fetchval(_MOVE_STATE, *_state_values(record))
    if moved is None and await connection.fetchval(_SOURCE_KEY_OF, record.number) != record.source_key:
        raise NumberTaken(record.number)


async def _add_rows(connection: Connection, number: str, rows: Sequence[Row]) -> None:
    rows = _as_kept(rows)
    added = {row["seq"] for row in await connection.fetch(_ADD_ROWS, number, *_columns(rows))}
    if len(added) == len(rows):
        return
    kept = await connection.fetch(_ROWS_AT, number, [row.seq for row in rows])
    contents = {row["seq"]: Row.model_validate(dict(row)) for row in kept}
    for row in rows:
        if contents[row.seq] != row:
            raise JournalConflict(number, row.seq)


def _as_kept(rows: Sequence[Row]) -> list[Row]:
    """As the database will hand them back: data only of what JSON knows."""
    return [row.model_copy(update={"data": row.model_dump(mode="json")["data"]}) for row in rows]


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [[getattr(row, name) for row in rows] for name in _JOURNAL_TYPES]


def columns_of(record: CaseRecord) -> dict[str, Any]:
    """A state as its row of `complaints` is written: its own columns and those for finding."""
    return dict(zip(_WRITTEN, _state_values(record), strict=True))


def _state_values(record: CaseRecord) -> list[Any]:
    values = record.model_dump()
    values["occurred_on"] = date.fromisoformat(record.occurred_on) if record.occurred_on else None
    name, guardian, document, email, phone = (  # nobody is found by what stands for an erased person
        None if is_stand_in(said) else said
        for said in (record.customer_name, record.guardian, record.document, record.email, record.phone)
    )
    search = (
        " ".join(filter(None, (plain_words(name), plain_words(guardian)))),
        document_key(document),
        email_key(email),
        phone_digits(phone),
    )
    return [*(values[column] for column in STATE), *search]


def _call_values(call: CallTask) -> list[Any]:
    return [
        call.task, call.opened_at, call.due, call.purposes, call.kinds,
        call.attempts, call.next_at, call.done_at, call.outcome,
    ]  # fmt: skip


async def records_of(connection: Connection, numbers: Iterable[str]) -> list[CaseRecord]:
    """The states of these complaints, in this order; without those that the records do not know."""
    return [record_of(row) for row in await connection.fetch(_RECORDS, list(numbers))]


def record_of(row: asyncpg.Record) -> CaseRecord:
    """The state as a row of `complaints` holds it; of words that were kept before, without keys to a page."""
    values = all_covered(dict(row))
    if values["occurred_on"] is not None:
        values["occurred_on"] = values["occurred_on"].isoformat()
    return CaseRecord.model_validate(values)
