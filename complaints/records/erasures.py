"""Who complained is taken out of what is kept, by right or by age; legal holds; and what must go by now (Ley 29733).

The rules say what of a text stays (`complaints.rules.erasing`); the database's own function writes it, and refuses an
open or a held complaint, and whatever would be more than erasing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.cases import STATE_COLUMNS, columns_of, record_of
from complaints.records.connection import Connected, Connection
from complaints.records.errors import NotErasable, UnknownComplaint
from complaints.records.indexing import FORGET, add_words
from complaints.records.keepable import aware, refuse_unkeepable
from complaints.records.lexemes import number_lexemes
from complaints.rules.after_end import Afterword
from complaints.rules.erasing import ERASED, MARK, Erasing, is_stand_in
from complaints.rules.facts import Via
from complaints.rules.journal import CaseRecord, Row
from complaints.rules.letters import CUSTOMER

HOLD_SET, HOLD_RELEASED = "hold-set", "hold-released"
"""Afterwords: while the first is the last of them, nothing is erased."""

_LOCKED = f"SELECT {STATE_COLUMNS} FROM complaints WHERE number = $1 FOR UPDATE"  # noqa: S608 - the model's columns
_STATE = f"SELECT {STATE_COLUMNS} FROM complaints WHERE number = $1"  # noqa: S608
_JOURNAL = "SELECT seq, at, what, by, via, data FROM journal WHERE number = $1 ORDER BY seq"
_AFTERWORDS = """
SELECT event_id, at, what, by, via, data FROM afterwords WHERE number = $1 ORDER BY at, recorded_at, event_id
"""
_LETTERS = "SELECT key, recipient, to_address FROM letters WHERE number = $1 AND message_id IS NOT NULL ORDER BY key"
_HELD = "SELECT complaint_is_held($1)"
_HOLD = """
SELECT at, by, data ->> 'reason' AS reason FROM afterwords WHERE number = $1 AND what = 'hold-set'
ORDER BY recorded_at DESC LIMIT 1
"""
_LAST_ERASED = "SELECT max(at) FROM afterwords WHERE number = $1 AND what = 'erased'"
_JOINED = """
SELECT DISTINCT coalesce(data ->> 'into', data ->> 'absorbed') FROM journal
WHERE number = $1 AND what = 'merged' AND coalesce(data ->> 'whose', 'same') = 'same'
"""
_ERASE = "SELECT erase_complaint($1, $2, $3, $4, $5)"
_WRITE = "UPDATE complaints SET {} WHERE number = $1"
_NOTE = """
INSERT INTO afterwords (number, event_id, at, what, by, via, data) VALUES ($1, $2, $3, 'erased', $4, $5, $6)
"""
_NOTED = "SELECT true FROM afterwords WHERE event_id = $1"
_FORGET_VIEW = "DELETE FROM saved_views WHERE account = $1 AND name = $2"
# counts: what the places hold of this complaint, by the names of docs/privacy.md.
_COUNTS = """
SELECT
    (SELECT count(*) FROM journal WHERE number = $1) AS journal,
    (SELECT count(*) FROM afterwords WHERE number = $1 AND what <> 'erased') AS afterwords,
    (SELECT count(*) FROM letters WHERE number = $1 AND message_id IS NOT NULL) AS letters,
    (SELECT count(*) FROM messages WHERE number = $1) AS messages,
    (SELECT count(DISTINCT attachment) FROM message_attachments JOIN messages ON message = digest
        WHERE number = $1) AS files,
    (SELECT count(*) FROM quarantine WHERE number = $1) AS quarantine,
    (SELECT count(*) FROM pending_complaints WHERE number = $1) AS pending,
    (SELECT count(*) FROM drafts WHERE number = $1) AS drafts,
    (SELECT count(*) FROM search_words WHERE number = $1) AS search_index
"""
_DUE = """
SELECT number FROM complaints WHERE closed_at < $1 AND NOT complaint_is_held(number)
    AND NOT EXISTS (SELECT FROM afterwords WHERE afterwords.number = complaints.number AND what = 'erased')
ORDER BY closed_at, number LIMIT $2
"""
_ERASED_WITH_MAIL = f"""
SELECT {STATE_COLUMNS} FROM complaints WHERE number IN (
    SELECT number FROM messages WHERE received_at < $1 AND number IN (
        SELECT number FROM afterwords WHERE what = 'erased'))
"""  # noqa: S608 - the model's columns
# reviewed: of every month whose review has to do with it.
_MONTHS = """
month IN (SELECT month FROM review_findings WHERE number = $1 UNION SELECT month FROM review_cases WHERE number = $1)
"""
_REVIEWED = (
    f"SELECT event_id, words FROM review_findings WHERE {_MONTHS}",  # noqa: S608 - a constant of ours
    f"SELECT event_id, words, result FROM review_actions WHERE {_MONTHS}",  # noqa: S608
    f"SELECT month, seq, data FROM review_acts WHERE {_MONTHS}",  # noqa: S608
)
_HELD_ONES = "SELECT number FROM complaints WHERE number IN (SELECT number FROM afterwords WHERE what = 'hold-set')"


class Hold(BaseModel):
    """A legal hold that stands."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    by: str | None
    reason: str | None


class Erasable(BaseModel):
    """What an erasure of a complaint would take, and what stands in its way."""

    model_config = ConfigDict(frozen=True)

    number: str
    closed_at: AwareDatetime | None
    hold: Hold | None = None
    erased_at: AwareDatetime | None = None
    """When it was erased before; None: never."""
    places: dict[str, int]
    """How much each place holds of it; those that hold nothing are not there."""
    joined: tuple[str, ...] = ()
    """Complaints of the same person that were merged with it, and hold their words on their own."""


class Erasures(Connected):
    """The part of the store that forgets."""

    async def erasable(self, number: str) -> Erasable:
        """What is kept of a complaint's person. Raises `UnknownComplaint`."""
        async with self.one_moment() as connection:
            state = await connection.fetchrow(_STATE, number)
            if state is None:
                raise UnknownComplaint(number)
            hold = await connection.fetchrow(_HOLD, number) if await connection.fetchval(_HELD, number) else None
            counts = await connection.fetchrow(_COUNTS, number)
            joined = [row[0] for row in await connection.fetch(_JOINED, number) if row[0]]
            return Erasable(
                number=number,
                closed_at=state["closed_at"],
                hold=Hold.model_validate(dict(hold)) if hold else None,
                erased_at=await connection.fetchval(_LAST_ERASED, number),
                places={name: count for name, count in dict(counts or {}).items() if count},
                joined=tuple(sorted(joined)),
            )

    async def erase(
        self, number: str, *, event_id: str, at: datetime, by: str, via: Via, reason: str, runs: int = 0
    ) -> bool:
        """Takes the person out of everything that is kept of a closed complaint, wholly or not at all, and notes it.

        `runs`: how many of its histories Temporal was told to delete, for the note. False where this event id did it
        before. Raises `UnknownComplaint`, and `NotErasable` for an open or a held one.
        """
        refuse_unkeepable({"event_id": event_id, "by": by, "reason": reason}, place=f"the erasure of {number}")
        async with self.connection() as connection, connection.transaction():
            state = await connection.fetchrow(_LOCKED, number)
            if state is None:
                raise UnknownComplaint(number)
            if await connection.fetchval(_NOTED, event_id):
                return False
            if state["closed_at"] is None or await connection.fetchval(_HELD, number):
                raise NotErasable(number, held=state["closed_at"] is not None)
            counts = dict(await connection.fetchrow(_COUNTS, number) or {})
            await _erased(connection, record_of(state))
            places = {name: count for name, count in counts.items() if count} | ({"runs": runs} if runs else {})
            values = (event_id, aware(at, place="at"), by, via.value, {"reason": reason, "places": places})
            await connection.execute(_NOTE, number, *values)
        return True

    async def is_held(self, number: str) -> bool:
        """Whether a legal hold stands on it."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_HELD, number))

    async def held(self) -> list[str]:
        """The complaints on which a legal hold stands."""
        async with self.connection() as connection:
            found = [row["number"] for row in await connection.fetch(_HELD_ONES)]
            return [number for number in found if await connection.fetchval(_HELD, number)]

    async def due_for_erasing(self, before: datetime, *, limit: int) -> list[str]:
        """Complaints that closed before then, are not held, and still name their person; the longest closed first."""
        async with self.connection() as connection:
            return [row["number"] for row in await connection.fetch(_DUE, before, limit)]

    async def forget_old(self, before: datetime) -> int:
        """Mail that became no complaint, and answers to it, from before then: some hundred at a time; how many.

        What came to a complaint after it was erased goes too, with the words by which it is found since then.
        """
        async with self.connection() as connection, connection.transaction():
            erased = await connection.fetch(_ERASED_WITH_MAIL, before)
            gone = int(await connection.fetchval("SELECT forget_old($1)", before))
            for state in erased:
                await connection.execute(FORGET, state["number"])
                await _found_by_what_is_left(connection, record_of(state))
        return gone


async def _erased(connection: Connection, record: CaseRecord) -> None:
    number = record.number
    rows = [Row.model_validate(dict(row)) for row in await connection.fetch(_JOURNAL, number)]
    words = [Afterword.model_validate(dict(row)) for row in await connection.fetch(_AFTERWORDS, number)]
    erasing = Erasing(number, rows, words)
    letters = {
        letter["key"]: erasing.address(letter["to_address"]) if letter["recipient"] == CUSTOMER else None
        for letter in await connection.fetch(_LETTERS, number)
    }
    await connection.execute(
        _ERASE,
        number,
        {str(now.seq): _changed(now.by, now.data) for was, now in zip(rows, erasing.rows, strict=True) if was != now},
        {
            now.event_id: _changed(now.by, now.data)
            for was, now in zip(words, erasing.afterwords, strict=True)
            if was != now
        },
        letters,
        await _reviewed(connection, number, erasing),
    )
    left = erasing.record(record)
    columns = {name: value for name, value in columns_of(left).items() if name != "number"}
    assigned = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    await connection.execute(_WRITE.format(assigned), number, *columns.values())
    await connection.execute(FORGET, number)
    await _found_by_what_is_left(connection, left)
    for view in await connection.fetch("SELECT account, name, address FROM saved_views"):
        if erasing.names_person(f"{view['name']} {unquote_plus(view['address'])}"):
            await connection.execute(_FORGET_VIEW, view["account"], view["name"])


def _changed(by: str | None, data: dict[str, Any]) -> dict[str, Any]:
    return {"by": by, "data": data}


async def _found_by_what_is_left(connection: Connection, left: CaseRecord) -> None:
    """By its number still, and by the service that it was about."""
    said: Sequence[str | None] = (left.product, left.category)
    texts = [*number_lexemes(left.number), *(text for text in said if text and not is_stand_in(text))]
    await add_words(connection, left.number, texts, received_at=left.received_at, language=left.language)


async def _reviewed(connection: Connection, number: str, erasing: Erasing) -> dict[str, Any]:
    """Of the monthly reviews what names the customer: the words stay where they are about the service alone."""
    names = erasing.names_person
    findings, actions, acts = [await connection.fetch(question, number) for question in _REVIEWED]
    return {
        "findings": {row["event_id"]: True for row in findings if names(row["words"])},
        "actions": {row["event_id"]: True for row in actions if names(row["words"])},
        "results": {row["event_id"]: True for row in actions if row["result"] and names(row["result"])},
        "acts": {
            f"{row['month']}/{row['seq']}": masked
            for row in acts
            if (masked := {n: MARK if isinstance(v, str) and names(v) else v for n, v in row["data"].items()})
            != row["data"]
        },
    }


__all__ = ["ERASED", "HOLD_RELEASED", "HOLD_SET", "Erasable", "Erasures", "Hold"]
