"""The ids of the keys that seal what Temporal keeps, and how much came to it without a seal."""

from collections.abc import Mapping, Sequence

from complaints.records.connection import Connected

# know: a key that comes back after it was given up counts again.
_KNOW = """
INSERT INTO payload_keys AS known (id, fingerprint) SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT (id) DO UPDATE SET forgotten_at = NULL WHERE known.fingerprint = excluded.fingerprint
"""
_KNOWN = "SELECT id, fingerprint FROM payload_keys WHERE forgotten_at IS NULL ORDER BY known_at, id"
_FORGET = """
UPDATE payload_keys SET forgotten_at = now() WHERE id = ANY ($1) AND forgotten_at IS NULL RETURNING id
"""
_IN_CLEAR = "SELECT count(*) FROM journal WHERE data ->> 'in_clear' = 'true'"


class PayloadKeys(Connected):
    """The part of the store that knows which keys a worker must have."""

    async def payload_keys(self) -> dict[str, str]:
        """The fingerprint of each key that may be needed, by its id; the oldest first."""
        async with self.connection() as connection:
            return {row["id"]: row["fingerprint"] for row in await connection.fetch(_KNOWN)}

    async def know_payload_keys(self, fingerprints: Mapping[str, str]) -> None:
        """These may seal from now on."""
        async with self.connection() as connection:
            await connection.execute(_KNOW, list(fingerprints), list(fingerprints.values()))

    async def forget_payload_keys(self, ids: Sequence[str]) -> list[str]:
        """Nobody expects them any more; those of them that somebody did."""
        async with self.connection() as connection:
            return [row["id"] for row in await connection.fetch(_FORGET, list(ids))]

    async def came_in_clear(self) -> int:
        """How many facts and complaints came to Temporal without a seal."""
        async with self.connection() as connection:
            return int(await connection.fetchval(_IN_CLEAR))
