"""Lists that somebody comes back to: the page with its filters, under a name of their own."""

from pydantic import BaseModel, ConfigDict

from complaints.records.connection import Connected

MOST = 20
"""Views of one person; who saves more loses sight of them."""

_OF = "SELECT name, address FROM saved_views WHERE account = $1 ORDER BY lower(name), name"
# save: a name that is there already gets the new filters; a new one only while there is room.
_SAVE = """
INSERT INTO saved_views (account, name, address)
SELECT $1, $2, $3 WHERE (SELECT count(*) FROM saved_views WHERE account = $1 AND name <> $2) < $4
ON CONFLICT (account, name) DO UPDATE SET address = excluded.address, saved_at = now()
RETURNING name
"""
_DROP = "DELETE FROM saved_views WHERE account = $1 AND name = $2"


class SavedView(BaseModel):
    """A saved list: its name, and the address of the page with its filters."""

    model_config = ConfigDict(frozen=True)

    name: str
    address: str
    """Path and query, without the host."""


class Views(Connected):
    """The part of the store that keeps saved views."""

    async def views_of(self, account: str) -> list[SavedView]:
        """Everything that somebody saved, by name."""
        async with self.connection() as connection:
            return [SavedView.model_validate(dict(row)) for row in await connection.fetch(_OF, account)]

    async def save_view(self, account: str, view: SavedView) -> bool:
        """Keep it, in the place of one with that name; False if there is no room for another."""
        async with self.connection() as connection:
            return await connection.fetchval(_SAVE, account, view.name, view.address, MOST) is not None

    async def drop_view(self, account: str, name: str) -> None:
        """Forget it. Safe to repeat."""
        async with self.connection() as connection:
            await connection.execute(_DROP, account, name)
