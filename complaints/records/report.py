"""What a report counts (§10): the lives that something happened to in a period, and what stood at its end.

From the journal, so that a period gives the same figures whenever asked for. Only two things change a past one: a
complaint that moves to another department (or category) is counted there, and one that turns out to be none is out of
every figure but its own (design §2, "other ends").
"""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

import asyncpg

from complaints.records.connection import Connected, Connection
from complaints.rules.page_links import all_covered
from complaints.rules.report.counting import WORST_WAITS, Standing, report_of
from complaints.rules.report.lives import Event, Life
from complaints.rules.report.report import DIMENSIONS, MonthBefore, Only, Period, Report

MONTHS = 12
"""So many are compared."""

_ANSWERS = "'resolution', 'correction'"
"""Letters that tell the resolution: the first that arrived counts (§6)."""
_LATE = "'late/acknowledgement','late/assessment','late/assignment','late/investigation','late/promise','late/legal',"
_COUNTS = f"""'acknowledged','assessed','assigned','resolved','resolution-corrected','closed','reopened','escalated',
{_LATE}'late/call'"""
_TELLS = f"""'received','noted','involved','date-promised','details-requested','details-received','called',
'customer-satisfied','survey-answered',{_COUNTS}"""

# $1, $2: the first instant of the period, and the first after it; $3 to $7: only these complaints.
_ONLY = """
outcome IS DISTINCT FROM 'not-a-complaint' AND $1::timestamptz < $2 AND received_at < $2
AND ($3::text IS NULL OR coalesce(department, '') = $3) AND ($4::text IS NULL OR coalesce(product, '') = $4)
AND ($5::text IS NULL OR coalesce(category, '') = $5) AND ($6::text IS NULL OR channel = $6)
AND ($7::text IS NULL OR coalesce(severity, '') = $7)
"""
_DIMENSIONS = "department, product, category, channel, severity"

_TOUCHED = f"""
SELECT number FROM journal WHERE at >= $1 AND at < $2 AND what IN ({_COUNTS}, 'received', 'survey-answered', 'called')
UNION
SELECT number FROM journal WHERE at >= $1 AND at < $2 AND what = 'letter-sent' AND data->>'kind' IN ({_ANSWERS})
UNION
SELECT number FROM afterwords WHERE at >= $1 AND at < $2 AND what = 'survey-answered'
"""  # noqa: S608 - constants of ours, here and below
_WHOSE = f"""
SELECT number, received_at, {_DIMENSIONS} FROM complaints WHERE number = ANY ($8) AND {_ONLY}
"""  # noqa: S608

# Words that no figure needs stay where they are; that there were some is told. A survey may come after the end.
_EVENTS = f"""
SELECT number, seq, at, what, by,
    CASE WHEN what IN ('closed', 'escalated', 'resolved', 'resolution-corrected', 'survey-answered', 'details-received',
        'called')
        THEN data - 'text' - 'notes' || jsonb_build_object('explained', data ? 'text')
        WHEN what = 'letter-sent' THEN '{{"kind": "resolution"}}' END AS data
FROM journal
WHERE number = ANY ($1) AND at < $2
    AND (what IN ({_TELLS}) OR what = 'letter-sent' AND data->>'kind' IN ({_ANSWERS}))
UNION ALL
SELECT number, 2147483647, at, what, by, data FROM afterwords
WHERE number = ANY ($1) AND at < $2 AND what = 'survey-answered'
"""  # noqa: S608

# The oldest that had neither a resolution nor an end; most of those that have ended since are passed over by their row.
_WAITING = f"""
SELECT number, received_at, {_DIMENSIONS} FROM complaints
WHERE {_ONLY} AND (closed_at IS NULL OR closed_at >= $2) AND NOT EXISTS (
    SELECT FROM journal WHERE journal.number = complaints.number AND what IN ('resolved', 'closed') AND at < $2
)
ORDER BY received_at, number LIMIT {WORST_WAITS}
"""  # noqa: S608

_WORD = f"""
SELECT number, journal.seq FROM journal JOIN complaints USING (number) WHERE what = '{{what}}' AND at < $2 AND {_ONLY}
"""  # noqa: S608
_UNCONFIRMED = f"""
SELECT DISTINCT number FROM ({_WORD.format(what="unconfirmed")}) AS word WHERE NOT EXISTS (
    SELECT FROM journal WHERE journal.number = word.number AND journal.seq > word.seq AND at < $2
    AND what IN ('resolved', 'resolution-corrected', 'closed', 'reopened', 'customer-dissatisfied')
) ORDER BY number
"""  # noqa: S608
_PAST_LEGAL_LIMIT = f"""
SELECT count(DISTINCT number) FROM ({_WORD.format(what="late/legal")}) AS word WHERE coalesce((
    SELECT what FROM journal WHERE journal.number = word.number AND at < $2 AND what IN ('closed', 'reopened')
    ORDER BY seq DESC LIMIT 1
) <> 'closed', true)
"""  # noqa: S608
_DISMISSED = f"""
SELECT DISTINCT number FROM journal JOIN complaints USING (number)
WHERE what = 'closed' AND data->>'outcome' = 'not-a-complaint' AND at >= $1 AND at < $2
    AND {_ONLY.replace("outcome IS DISTINCT FROM 'not-a-complaint' AND", "")}
ORDER BY number
"""  # noqa: S608

# Of all complaints, it is quicker to leave out those that were none than to join those that count.
_ANY = "number NOT IN (SELECT number FROM complaints WHERE outcome = 'not-a-complaint')"
_CHOSEN = f"number IN (SELECT number FROM complaints WHERE {_ONLY})"  # noqa: S608

# $8: the time zone. $1 is here the first instant of the first month compared.
_MONTHS = f"""
WITH happened AS (
    SELECT what, at, NULL AS score FROM journal
    WHERE at >= $1 AND at < $2 AND what IN ('closed', 'reopened', 'escalated', {_LATE[:-1]}) AND {{counted}}
    UNION ALL
    SELECT what, at, data->>'score' FROM journal
    WHERE at >= $1 AND at < $2 AND what = 'survey-answered' AND {{counted}}
    UNION ALL
    SELECT what, at, data->>'score' FROM afterwords
    WHERE at >= $1 AND at < $2 AND what = 'survey-answered' AND {{counted}}
    UNION ALL SELECT 'received', received_at, NULL FROM complaints WHERE received_at >= $1 AND {_ONLY}
)
SELECT date_trunc('month', at AT TIME ZONE $8)::date AS month,
    count(*) FILTER (WHERE what = 'received') AS received, count(*) FILTER (WHERE what = 'closed') AS closed,
    count(*) FILTER (WHERE what = 'reopened') AS reopened, count(*) FILTER (WHERE what = 'escalated') AS escalated,
    count(*) FILTER (WHERE what LIKE 'late/%') AS late, count(*) FILTER (WHERE what = 'late/legal') AS past_legal_limit,
    (avg(score::integer) FILTER (WHERE score ~ '^[1-5]$'))::double precision AS average_score
FROM happened GROUP BY 1
"""  # noqa: S608
# What closes an open complaint is `closed`, what opens a closed one is `reopened`: so many are open.
_OPEN_BEFORE = f"""
SELECT (SELECT count(*) FROM complaints WHERE received_at < $1 AND {_ONLY})
    - (SELECT count(*) FILTER (WHERE what = 'closed') - count(*) FILTER (WHERE what = 'reopened')
        FROM journal WHERE what IN ('closed', 'reopened') AND at < $1 AND {{counted}})
"""  # noqa: S608
_RESOLVED_BY_MONTH = f"""
WITH first AS (
    SELECT number, min(at) AS at FROM journal WHERE what = 'resolved' AND at < $2 GROUP BY number
)
SELECT date_trunc('month', at AT TIME ZONE $8)::date AS month,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - received_at)::double precision / 3600) AS hours
FROM first JOIN complaints USING (number) WHERE at >= $1 AND {_ONLY} GROUP BY 1
"""  # noqa: S608

_EVERYTHING = (None,) * len(DIMENSIONS)

# Compiling such questions takes longer than asking them; and a plan that does not know the period and the filters
# (Postgres makes one from the sixth time on) asks row by row, for minutes.
_PLANNED = "SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '64MB'"


class Reports(Connected):
    """The part of the store that counts."""

    async def report(self, period: Period, only: Only | None = None) -> Report:
        """The report of that period (§10). One answer of one moment; the counting leaves the event loop free."""
        only = only or Only()
        chosen = (only.department, only.product, only.category, only.channel, only.severity)
        async with self.one_moment() as connection:
            await connection.execute(_PLANNED)
            touched = [row["number"] for row in await connection.fetch(_TOUCHED, period.begins, period.ends)]
            whose = await connection.fetch(_WHOSE, period.begins, period.ends, *chosen, touched)
            events = await connection.fetch(_EVENTS, [row["number"] for row in whose], period.ends)
            standing = await _standing(connection, period, chosen)
        return await asyncio.to_thread(_counted, whose, events, standing, period, only)


async def _standing(connection: Connection, period: Period, chosen: tuple[str | None, ...]) -> Standing:
    asked = (period.begins, period.ends, *chosen)
    waiting = await connection.fetch(_WAITING, *asked)
    months = await _months(connection, period, chosen)
    return Standing(
        open_at_end=months[-1].open_at_end,
        unconfirmed=tuple(row["number"] for row in await connection.fetch(_UNCONFIRMED, *asked)),
        past_legal_limit=await connection.fetchval(_PAST_LEGAL_LIMIT, *asked),
        dismissed=tuple(row["number"] for row in await connection.fetch(_DISMISSED, *asked)),
        longest_waiting=tuple(_life(row, (), period) for row in waiting),
        months=months,
    )


async def _months(connection: Connection, period: Period, chosen: tuple[str | None, ...]) -> tuple[MonthBefore, ...]:
    last = (period.after - timedelta(days=1)).replace(day=1)
    names = [_months_before(last, count) for count in range(MONTHS - 1, -1, -1)]
    values = (Period(first=names[0], after=last, timezone=period.timezone).begins, period.ends, *chosen)
    zone = period.timezone
    counted = _ANY if chosen == _EVERYTHING else _CHOSEN
    found = {row["month"]: row for row in await connection.fetch(_MONTHS.format(counted=counted), *values, zone)}
    hours = {row["month"]: row["hours"] for row in await connection.fetch(_RESOLVED_BY_MONTH, *values, zone)}
    standing: int = await connection.fetchval(_OPEN_BEFORE.format(counted=counted), *values)
    months = []
    for name in names:
        row: Any = found.get(name)
        standing += row["received"] - row["closed"] + row["reopened"] if row else 0
        months.append(_month(name, row, standing, hours.get(name)))
    return tuple(months)


def _month(name: date, row: Any, open_at_end: int, hours: float | None) -> MonthBefore:
    return MonthBefore(
        month=name,
        received=row["received"] if row else 0,
        closed=row["closed"] if row else 0,
        open_at_end=open_at_end,
        escalated=row["escalated"] if row else 0,
        late=row["late"] if row else 0,
        past_legal_limit=row["past_legal_limit"] if row else 0,
        average_score=row["average_score"] if row else None,
        median_hours_to_resolve=hours,
    )


def _months_before(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _counted(
    whose: list[asyncpg.Record], events: list[asyncpg.Record], standing: Standing, period: Period, only: Only
) -> Report:
    told: dict[str, list[Event]] = {row["number"]: [] for row in whose}
    for number, seq, at, what, by, data in events:
        told[number].append(Event(seq, at, what, by, all_covered(data or {})))
    lives = [_life(row, sorted(told[row["number"]], key=itemgetter(0, 1)), period) for row in whose]
    return report_of(lives, standing, period=period, only=only)


def _life(row: asyncpg.Record, events: Iterable[Event], period: Period) -> Life:
    received_at: datetime = row["received_at"]
    return Life(
        number=row["number"],
        received_at=received_at,
        department=row["department"],
        product=row["product"],
        category=row["category"],
        channel=row["channel"],
        severity=row["severity"],
        events=tuple(events),
        since=period.begins,
    )
