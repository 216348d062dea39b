"""Who has which case open just now: a row that each open page renews, and that is over soon after it has closed."""

from datetime import timedelta

from complaints.records.connection import Connected

ASKED_EVERY = timedelta(seconds=15)
OVER_AFTER = timedelta(seconds=40)
"""Two asks may be lost before somebody counts as gone."""

# here: one's own row renewed, one's own old ones gone, the others of this case; each by an index.
_HERE = """
WITH renewed AS (
    INSERT INTO presence (account, number) VALUES ($1, $2)
    ON CONFLICT (account, number) DO UPDATE SET seen_at = now()
), gone AS (
    DELETE FROM presence WHERE account = $1 AND number <> $2 AND seen_at < now() - $3::interval
)
SELECT name FROM presence JOIN staff USING (account)
WHERE number = $2 AND account <> $1 AND seen_at >= now() - $3::interval ORDER BY lower(name)
"""


class Presence(Connected):
    """The part of the store that knows who looks at what."""

    async def here_with(self, account: str, number: str) -> list[str]:
        """Notes that they have this case open; the names of the others who have it open too."""
        async with self.connection() as connection:
            return [row["name"] for row in await connection.fetch(_HERE, account, number, OVER_AFTER)]
