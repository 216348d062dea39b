"""The review records (§10): opened once a month, worked through by several people at once, signed off by one.

Every act locks its review's row first, so that two people never overwrite each other; what comes second finds it done.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

import asyncpg

from complaints.records.connection import Connected, Connection
from complaints.records.errors import ReviewRefused
from complaints.records.keepable import aware, refuse_unkeepable
from complaints.rules.report.review import Month
from complaints.rules.report.review_record import (
    NewAction,
    NewFinding,
    Opened,
    ReviewAct,
    ReviewAction,
    ReviewCase,
    ReviewFinding,
    ReviewRecord,
    ReviewSummary,
    Signed,
)
from complaints.words.catalogue import N_

_ADD_REVIEW = "INSERT INTO reviews (month, opened_at) VALUES ($1, $2) ON CONFLICT (month) DO NOTHING RETURNING month"
_LOCKED = "SELECT signed_off_at, signed_off_by FROM reviews WHERE month = $1 FOR UPDATE"

# closed in: how each complaint ended in the period; one that was reopened and closed again in it, once.
_LIST_CLOSED = """
INSERT INTO review_cases (month, number, closed_at, outcome)
SELECT $1, number, at, coalesce(data->>'outcome', '') FROM (
    SELECT DISTINCT ON (number) number, at, data FROM journal
    WHERE what = 'closed' AND at >= $2 AND at < $3 ORDER BY number, seq DESC
) AS ends
ON CONFLICT (month, number) DO NOTHING
"""
# carry: what earlier reviews left over is listed here, and there it is said to be.
_CARRY = """
WITH left_over AS (
    UPDATE review_cases SET carried_to = $1
    WHERE month < $1 AND ticked_at IS NULL AND carried_to IS NULL
    RETURNING number, closed_at, outcome, coalesce(carried_from, month) AS since
)
INSERT INTO review_cases (month, number, closed_at, outcome, carried_from)
SELECT DISTINCT ON (number) $1, number, closed_at, outcome, since FROM left_over ORDER BY number, since
ON CONFLICT (month, number) DO UPDATE SET carried_from = excluded.carried_from
"""
_OPENED = """
SELECT $1 AS month, count(*) AS cases, count(carried_from) AS carried,
    (SELECT count(*) FROM review_actions WHERE month < $1 AND done_at IS NULL) AS actions_open
FROM review_cases WHERE month = $1
"""

_SUMMARIES = """
SELECT month, opened_at, signed_off_at, signed_off_by, listed.*, found.*, acted.*
FROM reviews,
    LATERAL (SELECT count(*) AS cases, count(ticked_at) AS ticked, count(carried_to) AS carried
        FROM review_cases WHERE month = reviews.month) AS listed,
    LATERAL (SELECT count(*) AS findings FROM review_findings WHERE month = reviews.month) AS found,
    LATERAL (SELECT count(*) AS actions, count(*) FILTER (WHERE done_at IS NULL) AS actions_open
        FROM review_actions WHERE month = reviews.month) AS acted
WHERE $1::text IS NULL OR month = $1 ORDER BY month DESC
"""
# cases: those that wait first; among them those that most likely teach something.
_CASES = """
SELECT listed.number, listed.closed_at, listed.outcome, listed.carried_from, listed.carried_to, ticked_at, ticked_by,
    received_at, department, category, level, round, score,
    EXISTS (SELECT FROM journal WHERE number = listed.number AND what LIKE 'late/%') AS late
FROM review_cases AS listed JOIN complaints USING (number), LATERAL (
    SELECT min((data->>'score')::integer) AS score FROM (
        SELECT data FROM journal WHERE number = listed.number AND what = 'survey-answered'
        UNION ALL
        SELECT data FROM afterwords WHERE number = listed.number AND what = 'survey-answered'
    ) AS said WHERE data->>'score' ~ '^[1-5]$'
) AS survey
WHERE month = $1
ORDER BY (ticked_at IS NOT NULL OR carried_to IS NOT NULL), level DESC, round DESC, score NULLS LAST, listed.closed_at,
    listed.number
LIMIT $2 OFFSET $3
"""
_FINDINGS = f"SELECT {', '.join(ReviewFinding.model_fields)} FROM review_findings WHERE month = $1 ORDER BY finding"  # noqa: S608
_ACTION_COLUMNS = ", ".join(ReviewAction.model_fields)
_ACTIONS = f"SELECT {_ACTION_COLUMNS} FROM review_actions WHERE month = $1 ORDER BY action"  # noqa: S608
_EARLIER = f"""
SELECT {_ACTION_COLUMNS} FROM review_actions
WHERE month < $1 AND (done_at IS NULL OR done_at >= (SELECT opened_at FROM reviews WHERE month = $1))
ORDER BY due, month, action
"""  # noqa: S608
_OPEN_ACTIONS = f"""
SELECT {_ACTION_COLUMNS} FROM review_actions WHERE done_at IS NULL AND due <= $1 ORDER BY due, month, action
"""  # noqa: S608
_ACTS = """
SELECT seq, at, what, by, via, data, count(*) OVER () AS found
FROM review_acts WHERE month = $1 ORDER BY seq DESC LIMIT $2
"""

_TICK = """
UPDATE review_cases SET ticked_at = $3, ticked_by = $4
WHERE month = $1 AND number = ANY ($2) AND ticked_at IS NULL AND carried_to IS NULL RETURNING number
"""
_UNTICK = """
UPDATE review_cases SET ticked_at = NULL, ticked_by = NULL
WHERE month = $1 AND number = $2 AND ticked_at IS NOT NULL RETURNING number
"""
_LISTED = "SELECT number FROM review_cases WHERE month = $1 AND number = ANY ($2)"
_NOTE = """
INSERT INTO review_findings (month, finding, event_id, number, words, by, at)
SELECT $1, coalesce(max(finding), 0) + 1, $2, $3, $4, $5, $6 FROM review_findings WHERE month = $1
ON CONFLICT (event_id) DO NOTHING RETURNING finding
"""
_PLAN = """
INSERT INTO review_actions (month, action, event_id, kind, words, owner, due, by, at)
SELECT $1, coalesce(max(action), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM review_actions WHERE month = $1
ON CONFLICT (event_id) DO NOTHING RETURNING action
"""
_FINDING_OF = "SELECT month, number, words FROM review_findings WHERE event_id = $1"
_ACTION_OF = "SELECT month, kind, words, owner, due FROM review_actions WHERE event_id = $1"
_ACTION = f"SELECT {_ACTION_COLUMNS} FROM review_actions WHERE month = $1 AND action = $2"  # noqa: S608
_FINISH = "UPDATE review_actions SET done_at = $3, done_by = $4, result = $5 WHERE month = $1 AND action = $2"
_MOVE = "UPDATE review_actions SET due = $3 WHERE month = $1 AND action = $2"
_WAITING = "SELECT count(*) FROM review_cases WHERE month = $1 AND ticked_at IS NULL AND carried_to IS NULL"
_SIGN_OFF = "UPDATE reviews SET signed_off_at = $2, signed_off_by = $3 WHERE month = $1"
_ADD_ACT = """
INSERT INTO review_acts (month, seq, at, what, by, via, data)
SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6 FROM review_acts WHERE month = $1
"""


class Reviews(Connected):
    """The part of the store that keeps the review records."""

    async def open_review(self, month: Month, *, at: datetime) -> Opened:
        """Opens the review of that month, once; what the records have learnt since is added until it is signed off."""
        aware(at, place="at")
        async with self.connection() as connection, connection.transaction():
            fresh = await connection.fetchval(_ADD_REVIEW, month.name, at)
            review = await connection.fetchrow(_LOCKED, month.name)
            if review is not None and review["signed_off_at"] is None:
                await connection.execute(_LIST_CLOSED, month.name, month.begins, month.ends)
                await connection.execute(_CARRY, month.name)
            opened = Opened.model_validate(dict(await connection.fetchrow(_OPENED, month.name) or {}))
            if fresh:
                data = {"cases": opened.cases, "carried": opened.carried}
                await connection.execute(_ADD_ACT, month.name, at, "opened", None, "clock", data)
        return opened

    async def reviews(self) -> list[ReviewSummary]:
        """Every review, the newest first."""
        async with self.connection() as connection:
            return [ReviewSummary.model_validate(dict(row)) for row in await connection.fetch(_SUMMARIES, None)]

    async def review(self, month: str, *, limit: int = 200, skip: int = 0) -> ReviewRecord | None:
        """One review at one moment; None if it was never opened."""
        async with self.one_moment() as connection:
            summary = await connection.fetchrow(_SUMMARIES, month)
            if summary is None:
                return None
            cases = await connection.fetch(_CASES, month, limit, skip)
            findings = await connection.fetch(_FINDINGS, month)
            actions = await connection.fetch(_ACTIONS, month)
            earlier = await connection.fetch(_EARLIER, month)
            acts = await connection.fetch(_ACTS, month, 500)
        return ReviewRecord(
            summary=ReviewSummary.model_validate(dict(summary)),
            cases=tuple(ReviewCase.model_validate(dict(row)) for row in cases),
            findings=tuple(ReviewFinding.model_validate(dict(row)) for row in findings),
            actions=tuple(ReviewAction.model_validate(dict(row)) for row in actions),
            earlier=tuple(ReviewAction.model_validate(dict(row)) for row in earlier),
            acts=tuple(ReviewAct.model_validate(dict(row)) for row in acts),
            acts_in_all=acts[0]["found"] if acts else 0,
        )

    async def actions_due(self, by: date) -> list[ReviewAction]:
        """Open actions of all reviews that are due by that day, the oldest date first."""
        async with self.connection() as connection:
            return [ReviewAction.model_validate(dict(row)) for row in await connection.fetch(_OPEN_ACTIONS, by)]

    # -- acts --------------------------------------------------------------------------------------------------------
    # Each raises ReviewRefused where it does not fit the review as it stands.

    async def tick(self, month: str, numbers: Sequence[str], signed: Signed) -> list[str]:
        """Marks complaints as looked at; those that were ticked now. What somebody else ticked before stays theirs."""
        asked = list(dict.fromkeys(numbers))
        refuse_unkeepable(asked, place="the numbers")
        async with self._acting(month) as connection:
            listed = {row["number"] for row in await connection.fetch(_LISTED, month, asked)}
            if strange := [number for number in asked if number not in listed]:
                raise ReviewRefused(
                    N_(
                        "Review {month} does not list {strange}: nothing was ticked.",
                        month=month,
                        strange=", ".join(strange),
                    ),
                )
            ticked = sorted(row["number"] for row in await connection.fetch(_TICK, month, asked, signed.at, signed.by))
            if ticked:
                await _note_act(connection, month, signed, "ticked", numbers=ticked)
        return ticked

    async def untick(self, month: str, number: str, signed: Signed) -> None:
        """Takes a tick back; nothing where there is none."""
        async with self._acting(month) as connection:
            if await connection.fetchval(_UNTICK, month, number):
                await _note_act(connection, month, signed, "unticked", numbers=[number])

    async def note(self, month: str, finding: NewFinding, signed: Signed, *, event_id: str) -> None:
        """Notes a finding, once for its event id."""
        refuse_unkeepable(finding.model_dump(), place="the finding")
        async with self._acting(month) as connection:
            if finding.number and not await connection.fetchval(
                "SELECT true FROM complaints WHERE number = $1", finding.number
            ):
                raise ReviewRefused(
                    N_("There is no complaint {number}: correct the number, or leave it empty.", number=finding.number),
                )
            values = (event_id, finding.number or None, finding.words, signed.by, signed.at)
            if (place := await connection.fetchval(_NOTE, month, *values)) is not None:
                await _note_act(connection, month, signed, "noted", finding=place)
            else:
                before = await connection.fetchrow(_FINDING_OF, event_id)
                _expect_same(before, (month, finding.number or None, finding.words))

    async def plan(self, month: str, action: NewAction, signed: Signed, *, event_id: str) -> None:
        """Adds an action, once for its event id."""
        refuse_unkeepable(action.model_dump(mode="json"), place="the action")
        async with self._acting(month) as connection:
            values = (event_id, action.kind, action.words, action.owner, action.due, signed.by, signed.at)
            if (place := await connection.fetchval(_PLAN, month, *values)) is not None:
                await _note_act(connection, month, signed, "action", action=place)
            else:
                before = await connection.fetchrow(_ACTION_OF, event_id)
                _expect_same(before, (month, action.kind, action.words, action.owner, action.due))

    async def finish(self, month: str, action: int, result: str, signed: Signed) -> None:
        """Declares an action done, also after its review was signed off."""
        refuse_unkeepable(result, place="the result")
        async with self._following_up(month, action) as connection:
            await connection.execute(_FINISH, month, action, signed.at, signed.by, result)
            await _note_act(connection, month, signed, "done", action=action)

    async def move(self, month: str, action: int, due: date, signed: Signed) -> None:
        """Gives an open action another date; the one before stays in the acts."""
        async with self._following_up(month, action) as connection:
            before = await connection.fetchrow(_ACTION, month, action)
            await connection.execute(_MOVE, month, action, due)
            was = before["due"].isoformat() if before else ""
            await _note_act(connection, month, signed, "moved", action=action, was=was, due=due.isoformat())

    async def sign_off(self, month: str, signed: Signed, *, carrying: int) -> None:
        """Declares the review over; `carrying` is how many, as the signer knows, go on to the next one."""
        async with self._acting(month) as connection:
            waiting = int(await connection.fetchval(_WAITING, month))
            if waiting != carrying:
                raise ReviewRefused(
                    N_(
                        "Not ticked in review {month}: {waiting}, not {carrying}. "
                        "Look at what changed, and sign it off again.",
                        month=month,
                        waiting=waiting,
                        carrying=carrying,
                    ),
                )
            await connection.execute(_SIGN_OFF, month, signed.at, signed.by)
            await _note_act(connection, month, signed, "signed-off", carrying=carrying)

    @asynccontextmanager
    async def _acting(self, month: str) -> AsyncIterator[Connection]:
        """A transaction that holds the review. Raises ReviewRefused for one that nobody opened, or that is over."""
        async with self._holding(month) as (connection, over):
            if over:
                raise ReviewRefused(
                    N_("Review {month} is signed off: nothing in it changes any more.", month=month),
                )
            yield connection

    @asynccontextmanager
    async def _following_up(self, month: str, action: int) -> AsyncIterator[Connection]:
        """The same for one of its actions, which outlive it. Raises ReviewRefused for one that is done."""
        async with self._holding(month) as (connection, _):
            found = await connection.fetchrow(_ACTION, month, action)
            if found is None:
                raise ReviewRefused(N_("Review {month} has no action {action}.", month=month, action=action))
            if found["done_at"]:
                raise ReviewRefused(
                    N_(
                        "{done_by} declared action {action} of {month} done already.",
                        done_by=found["done_by"],
                        action=action,
                        month=month,
                    ),
                )
            yield connection

    @asynccontextmanager
    async def _holding(self, month: str) -> AsyncIterator[tuple[Connection, bool]]:
        async with self.connection() as connection, connection.transaction():
            review = await connection.fetchrow(_LOCKED, month)
            if review is None:
                raise ReviewRefused(
                    N_("No review of {month} has been opened.", month=month),
                )
            yield connection, review["signed_off_at"] is not None


async def _note_act(connection: Connection, month: str, signed: Signed, what: str, **data: Any) -> None:
    await connection.execute(_ADD_ACT, month, signed.at, what, signed.by, signed.via, data)


def _expect_same(before: asyncpg.Record | None, said: tuple[Any, ...]) -> None:
    """Raises ReviewRefused where something else was sent under the same id: it must not be lost in silence."""
    if before is None or tuple(before.values()) != said:
        raise ReviewRefused(
            N_(
                "This form was sent before, and what it said then is registered. What you typed now is not: if it is "
                "new, send it once more."
            ),
        )
