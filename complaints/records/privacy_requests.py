"""What people asked about their data and nobody has answered yet: notes beside a complaint's journal (Ley 29733)."""

from complaints.records.connection import Connected
from complaints.rules.privacy_requests import ANSWERED, ASKED, PrivacyRequest

_OPEN = """
SELECT event_id AS id, number, data ->> 'kind' AS right, (data ->> 'received_at')::timestamptz AS received_at,
    (data ->> 'due')::timestamptz AS due, by
FROM afterwords AS asked WHERE what = $1 AND NOT EXISTS (
    SELECT FROM afterwords AS answer WHERE answer.number = asked.number AND answer.what = $2
        AND answer.data ->> 'of' = asked.event_id
) ORDER BY due, number, id
"""


class PrivacyRequests(Connected):
    """The part of the store that knows who waits for an answer about their data."""

    async def privacy_requests(self) -> list[PrivacyRequest]:
        """Those that are open, the most urgent first."""
        async with self.connection() as connection:
            found = await connection.fetch(_OPEN, ASKED, ANSWERED)
        return [PrivacyRequest.model_validate(dict(row)) for row in found]
