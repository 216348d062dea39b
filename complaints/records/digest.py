"""What a day's digest tells of: open cases that wait for something, and closed ones whose customer wrote again."""

from complaints.records.connection import Connected
from complaints.records.quarantine import WAITING_AFTER_THE_END
from complaints.rules.digest import TOUCHES, DigestDay, Standing

_STANDING = f"""
SELECT number, stage, level, late, late_since, complaints.due, due_name, department, representative, owner,
    next_word_at, coalesce(unread_since, waiting.since) AS unread_since,
    closed_at IS NULL AND EXISTS (
        SELECT FROM journal WHERE number = complaints.number AND what = 'late/legal'
    ) AS past_legal_limit,
    risen.at AS untouched_since,
    customer_name AS customer, coalesce(nullif((
        SELECT data #>> '{{received,subject}}' FROM journal WHERE journal.number = complaints.number AND seq = 1
    ), ''), left(description, 300)) AS about,
    (SELECT greatest(calls.due, calls.next_at) FROM calls
        WHERE calls.number = complaints.number AND done_at IS NULL LIMIT 1) AS call_due
FROM complaints LEFT JOIN LATERAL (
    SELECT at FROM (
        SELECT at, seq FROM journal WHERE number = complaints.number AND what = 'escalated' ORDER BY seq DESC LIMIT 1
    ) AS last
    WHERE stage <> 'confirmation' AND NOT EXISTS (
        SELECT FROM journal WHERE number = complaints.number AND journal.seq > last.seq AND what = ANY ($3)
    )
) AS risen ON level > 0 AND closed_at IS NULL
LEFT JOIN ({WAITING_AFTER_THE_END}) AS waiting USING (number)
WHERE (closed_at IS NULL AND (
    late OR level > 0 OR complaints.due < $1 OR next_word_at < $2 OR unread > 0
    OR number IN (SELECT calls.number FROM calls WHERE done_at IS NULL)
)) OR waiting.since IS NOT NULL
ORDER BY least(late_since, complaints.due) NULLS LAST, received_at, number
"""  # noqa: S608 - a constant of ours


class DueToday(Connected):
    """The part of the store that knows what a day asks for."""

    async def standing(self, day: DigestDay) -> list[Standing]:
        """Every case that somebody may have to hear of that day, the most urgent first."""
        async with self.connection() as connection:
            found = await connection.fetch(_STANDING, day.next_ends, day.ends, list(TOUCHES))
        return [Standing.model_validate(dict(row)) for row in found]
