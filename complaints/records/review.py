"""What §10 reviews: a period's figures, from the journal, so that a month gives the same figures whenever asked for.

Only two things change a past month: a complaint that moves to another department is counted there, and one that turns
out to be none is out of every figure and listed by number (design §2, "other ends").
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from complaints.records.connection import Connected, Connection
from complaints.rules.review import Escalations, MonthFigures, Satisfaction

__all__ = ["Escalations", "MonthFigures", "Review", "Satisfaction"]

UNASSIGNED = "unassigned"
"""How complaints without a department are counted."""

# Every question is about the complaints that count; $1 is the first instant after the period, $2 its own first.
_COUNTED = "counted AS (SELECT * FROM complaints WHERE outcome IS DISTINCT FROM 'not-a-complaint' AND received_at < $1)"
_HAPPENED = f"""
{_COUNTED}, happened AS (SELECT journal.* FROM journal JOIN counted USING (number) WHERE at >= $2 AND at < $1)
"""  # noqa: S608 - constants of ours, here and below

_RECEIVED_BY = f"""
WITH {_COUNTED}
SELECT channel, coalesce(department, '{UNASSIGNED}') AS department, count(*) AS cases
FROM counted WHERE received_at >= $2 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608
_CLOSED = f"""
WITH {_HAPPENED}
SELECT data->>'outcome' AS name, count(*) AS cases FROM happened WHERE what = 'closed' GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_LATE = f"""
WITH {_HAPPENED}
SELECT substr(what, 6) AS name, count(*) AS cases FROM happened WHERE what LIKE 'late/%' GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_ESCALATED = f"""
WITH {_HAPPENED}
SELECT (data->>'level')::integer AS level, coalesce(data->>'reason', '') AS reason, count(*) AS cases,
    count(*) FILTER (WHERE (data->>'on_schedule')::boolean) AS on_schedule
FROM happened WHERE what = 'escalated' GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608

# A later fact implies the earlier ones (design §2): what was assigned or resolved without a word was assessed by then.
_HOURS = f"""
WITH {_COUNTED}, first AS (
    SELECT counted.received_at,
        min(at) FILTER (WHERE what = 'acknowledged') AS acknowledged,
        min(at) FILTER (WHERE what IN ('assessed', 'assigned', 'resolved')) AS assessed,
        min(at) FILTER (WHERE what = 'resolved') AS resolved
    FROM counted JOIN journal USING (number)
    WHERE what IN ('acknowledged', 'assessed', 'assigned', 'resolved')
    GROUP BY number, counted.received_at
), hours AS (
    SELECT name, extract(epoch FROM at - received_at)::double precision / 3600 AS hours
    FROM first,
        LATERAL (VALUES ('acknowledge', acknowledged), ('assess', assessed), ('resolve', resolved)) AS step (name, at)
    WHERE at >= $2 AND at < $1
)
SELECT name, percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) AS hours FROM hours GROUP BY name
"""  # noqa: S608

_SCORES = f"""
WITH {_HAPPENED}, said AS (
    SELECT data FROM happened WHERE what = 'survey-answered'
    UNION ALL
    SELECT data FROM afterwords JOIN counted USING (number) WHERE what = 'survey-answered' AND at >= $2 AND at < $1
)
SELECT (data->>'score')::integer AS score, count(*) AS answers FROM said
WHERE data->>'score' ~ '^[1-5]$' GROUP BY 1 ORDER BY 1
"""  # noqa: S608

# Where each complaint stood when the period ended: the last thing that opened or closed it, and the last word on it.
_AT_THE_END = f"""
WITH {_COUNTED}, last AS (
    SELECT number,
        (SELECT what FROM journal WHERE number = counted.number AND at < $1
            AND what IN ('closed', 'reopened', 'customer-dissatisfied') ORDER BY seq DESC LIMIT 1) AS turn,
        (SELECT what FROM journal WHERE number = counted.number AND at < $1
            AND what IN ('unconfirmed', 'resolved', 'closed', 'reopened', 'customer-dissatisfied')
            ORDER BY seq DESC LIMIT 1) AS word
    FROM counted
)
SELECT number, word = 'unconfirmed' AS unconfirmed FROM last WHERE turn IS DISTINCT FROM 'closed' ORDER BY number
"""  # noqa: S608

_ENDED_AS = f"""
WITH {_COUNTED}, ends AS (
    SELECT DISTINCT number FROM journal WHERE what = 'closed' AND data->>'outcome' = $3 AND at >= $2 AND at < $1
)
SELECT number FROM ends WHERE $3 = 'not-a-complaint' OR number IN (SELECT number FROM counted) ORDER BY number
"""  # noqa: S608


class Review(Connected):
    """The part of the store that counts."""

    async def month(self, first: date, after: date, timezone: str) -> MonthFigures:
        """The figures of the days from `first` up to, not including, `after`, as days begin in `timezone`."""
        period = (_begins(after, timezone), _begins(first, timezone))
        async with self.one_moment() as connection:
            received = await connection.fetch(_RECEIVED_BY, *period)
            standing = await connection.fetch(_AT_THE_END, period[0])
            hours = {row["name"]: row["hours"] for row in await connection.fetch(_HOURS, *period)}
            return MonthFigures(
                first=first,
                after=after,
                received=sum(row["cases"] for row in received),
                by_channel=_summed(received, "channel"),
                by_department=_summed(received, "department"),
                closed=_summed(await connection.fetch(_CLOSED, *period), "name"),
                open_at_end=len(standing),
                unconfirmed=tuple(row["number"] for row in standing if row["unconfirmed"]),
                late=_summed(await connection.fetch(_LATE, *period), "name"),
                escalations=tuple(
                    Escalations.model_validate(dict(row)) for row in await connection.fetch(_ESCALATED, *period)
                ),
                median_hours_to_acknowledge=hours.get("acknowledge"),
                median_hours_to_assess=hours.get("assess"),
                median_hours_to_resolve=hours.get("resolve"),
                satisfaction=await _satisfaction(connection, *period),
                by_decision=await _ended_as(connection, "decision", *period),
                dismissed=await _ended_as(connection, "not-a-complaint", *period),
            )


async def _satisfaction(connection: Connection, *period: datetime) -> Satisfaction:
    scores: dict[int, int] = {row["score"]: row["answers"] for row in await connection.fetch(_SCORES, *period)}
    answers = sum(scores.values())
    average = sum(score * count for score, count in scores.items()) / answers if answers else None
    return Satisfaction(answers=answers, average=average, scores=scores)


async def _ended_as(connection: Connection, outcome: str, *period: datetime) -> tuple[str, ...]:
    return tuple(row["number"] for row in await connection.fetch(_ENDED_AS, *period, outcome))


def _summed(rows: Sequence[asyncpg.Record], name: str) -> dict[str, int]:
    sums: dict[str, Any] = {}
    for row in rows:
        sums[row[name]] = sums.get(row[name], 0) + row["cases"]
    return sums


def _begins(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(timezone))
