"""How things stand, as numbers that say nothing of anybody: what a monitoring system asks for every few seconds."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from complaints.records.connection import Connected

STRUCK_WITHIN = timedelta(minutes=5)
"""A deadline that has passed is told of by its clock; this long after, nobody is at work who would."""


class Figures(BaseModel):
    """The desk at one moment. A time is None where there is nothing of the kind."""

    model_config = ConfigDict(frozen=True)

    open: dict[str, int]
    """Open complaints by stage; every stage in which there is one."""
    closed: int
    late: int
    unassigned: int
    missed: int
    """Open complaints whose deadline passed longer than STRUCK_WITHIN ago, and whose clock has not struck."""
    unread: int
    """Open complaints with something from the customer that nobody has answered or marked read."""
    unread_since: AwareDatetime | None
    letters_waiting: int
    """Written down, and neither accepted by the mail server nor given up."""
    letters_waiting_since: AwareDatetime | None
    letters_uncertain: int
    calls: int
    calls_overdue: int
    quarantined: int
    quarantined_since: AwareDatetime | None


_COMPLAINTS = """
SELECT stage, count(*) AS open, count(*) FILTER (WHERE late) AS late,
       count(*) FILTER (WHERE stage IN ('assessment', 'assignment') AND department IS NULL) AS unassigned,
       count(*) FILTER (WHERE NOT late AND due < $1) AS missed,
       count(*) FILTER (WHERE unread > 0) AS unread, min(unread_since) AS unread_since
FROM complaints WHERE closed_at IS NULL GROUP BY stage ORDER BY stage
"""
_CLOSED = "SELECT count(*) FROM complaints WHERE closed_at IS NOT NULL"
# waiting: a claim under a lease that ran out is uncertain, as everywhere (complaints/records/ledger.py).
_LETTERS = """
SELECT count(*) FILTER (WHERE waits) AS waiting, min(occasion_at) FILTER (WHERE waits) AS waiting_since,
       count(*) FILTER (WHERE NOT waits) AS uncertain
FROM (SELECT occasion_at, true AS waits FROM letters WHERE state = 'due'
      UNION ALL SELECT occasion_at, state = 'claimed' AND lease_until > clock_timestamp()
      FROM letters WHERE state IN ('uncertain', 'claimed')) AS unended
"""
_CALLS = "SELECT count(*) AS open, count(*) FILTER (WHERE due < $1) AS overdue FROM calls WHERE done_at IS NULL"
_QUARANTINE = """
SELECT count(*) AS waiting, min(received_at) AS since FROM quarantine WHERE handled_at IS NULL
"""


class Figured(Connected):
    """The part of the store that counts."""

    async def figures(self, at: datetime) -> Figures:
        """How things stand at that moment."""
        async with self.one_moment() as connection:
            stages = await connection.fetch(_COMPLAINTS, at - STRUCK_WITHIN)
            closed = await connection.fetchval(_CLOSED)
            [letters] = await connection.fetch(_LETTERS)
            [calls] = await connection.fetch(_CALLS, at)
            [quarantine] = await connection.fetch(_QUARANTINE)
        return Figures(
            open={row["stage"]: row["open"] for row in stages},
            closed=closed,
            **{name: sum(row[name] for row in stages) for name in ("late", "unassigned", "missed", "unread")},
            unread_since=min((row["unread_since"] for row in stages if row["unread_since"]), default=None),
            letters_waiting=letters["waiting"],
            letters_waiting_since=letters["waiting_since"],
            letters_uncertain=letters["uncertain"],
            calls=calls["open"],
            calls_overdue=calls["overdue"],
            quarantined=quarantine["waiting"],
            quarantined_since=quarantine["since"],
        )
