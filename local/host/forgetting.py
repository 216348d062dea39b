"""A key that is lost for good is given up in a home that does not run: with it missing, nothing there would start."""

from pathlib import Path

from complaints.records.store import Store
from local.stack.home import held
from local.stack.postgres import Postgres
from local.stack.voice import Say


def is_at_rest(home: Path) -> bool:
    """Whether that home has records of its own."""
    return (home / "postgres").exists()


async def forgotten_at_rest(home: Path, key: str, *, say: Say) -> bool:
    """Takes the key from those that the home's records know to have sealed; False if they know none of that id.

    Raises StackRefused where a stack runs there after all, NoPostgres where its database does not start.
    """
    async with held(home, say=say), Postgres.started(home) as postgres:
        store = await Store.connect(postgres.dsn(), max_size=1)
        try:
            return bool(await store.forget_payload_keys([key]))
        finally:
            await store.close()
