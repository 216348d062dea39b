"""A key lost for good, and with it no way to start: it is given up in the home at rest, and the home starts again."""

import shutil
import tempfile
from pathlib import Path

import pytest

import worker
from complaints.records.migrate import migrate
from complaints.records.store import Store
from local.stack.postgres import Postgres
from starter.home_keys import ring_of_home
from starter.keys import ensure_ring
from tests.terminal import in_this_process
from workflows.key_ring import Keys

pytestmark = [pytest.mark.slow, pytest.mark.server]


async def test_a_home_whose_ring_is_lost_forgets_its_keys_and_may_work_again() -> None:
    home = Path(tempfile.mkdtemp(prefix="forgets-"))  # a socket's path is short
    try:
        ensure_ring(ring_of_home(home))
        async with Postgres.started(home, durable=False) as postgres:
            await migrate(postgres.dsn())
            store = await Store.connect(postgres.dsn(), max_size=1)
            await worker.check_keys(store, Keys(ring_of_home(home)))
            [lost] = await store.payload_keys()
            await store.close()
        ring_of_home(home).unlink()
        ensure_ring(ring_of_home(home))  # as the next start does
        unknown = await in_this_process(["keys", "forget", "k-none", "--home", str(home)], env={})
        assert (unknown.code, "k-none" in unknown.err) == (1, True)
        forgot = await in_this_process(["keys", "forget", lost, "--home", str(home)], env={})
        assert (forgot.code, lost in forgot.out) == (0, True), forgot.err
        async with Postgres.started(home, durable=False) as postgres:
            store = await Store.connect(postgres.dsn(), max_size=1)
            await worker.check_keys(store, Keys(ring_of_home(home)))  # or CannotStart
            await store.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)
