"""What a day's digest tells of: open cases that are late, due, escalated or owed a word, and the calls to make."""

from complaints.records.connection import Connected
from complaints.rules.digest import TOUCHES, DigestDay, Standing

_STANDING = """
SELECT number, stage, level, late, complaints.due, due_name, department, representative, owner, next_word_at,
    unread_since,
    EXISTS (SELECT FROM journal WHERE number = complaints.number AND what = 'late/legal') AS past_legal_limit,
    risen.at AS untouched_since,
    customer_name AS customer, coalesce(nullif((
        SELECT data #>> '{received,subject}' FROM journal WHERE journal.number = complaints.number AND seq = 1
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
) AS risen ON level > 0
WHERE closed_at IS NULL AND (
    late OR level > 0 OR complaints.due < $1 OR next_word_at < $2 OR unread > 0
    OR number IN (SELECT calls.number FROM calls WHERE done_at IS NULL)
)
ORDER BY complaints.due NULLS LAST, received_at, number
"""


class DueToday(Connected):
    """The part of the store that knows what a day asks for."""

    async def standing(self, day: DigestDay) -> list[Standing]:
        """Every open case that somebody may have to hear of that day, the most urgent first."""
        async with self.connection() as connection:
            found = await connection.fetch(_STANDING, day.next_ends, day.ends, list(TOUCHES))
        return [Standing.model_validate(dict(row)) for row in found]
