"""Which databases a store works on, and how it says no to the others."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

import complaints.records
from complaints.records import connection as limits_of
from complaints.records import migrate as whole_schema
from complaints.records.errors import DatabaseNewer, DatabaseRefused, MigrationFailed, SchemaOutOfDate, Unreachable
from complaints.records.migrate import WHOLE, migrate, migrated_at_once, whole_of
from complaints.records.migrated import MIGRATIONS
from complaints.records.schema import HEAD, expect_head, head_revision
from complaints.records.steps import scripts, stepped
from complaints.records.store import Store
from docs.whole_schema import dumped
from local.stack.postgres import Postgres
from tests.records_examples import a_batch, a_record


async def run(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def refusal(dsn: str) -> Exception:
    """What the store says to that database."""
    store = await Store.connect(dsn)
    try:
        await store.check_schema()
    except Exception as error:
        return error
    finally:
        await store.close()
    raise AssertionError("the database was accepted")


async def test_an_empty_database_is_migrated_and_then_accepted(empty_database: str) -> None:
    done = await migrate(empty_database)
    assert (done.before, done.after, done.changed) == (None, HEAD, True)
    store = await Store.connect(empty_database)
    await store.check_schema()
    await store.close()


async def test_migrating_again_changes_nothing(fresh_database: str, store: Store) -> None:
    await store.write(a_batch(a_record()))
    done = await migrate(fresh_database)
    assert (done.before, done.after, done.changed) == (HEAD, HEAD, False)
    assert await store.record(a_record().number)


async def test_the_schema_in_one_piece_is_what_the_steps_make(
    postgres: Postgres, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables, functions, triggers, comments, and whoever may do what; no rows. After a new step: `make schema`."""
    assert (await stepped(empty_database, target="head")).after == HEAD
    (tmp_path / "whole.sql").write_text(await dumped(empty_database), encoding="utf-8")
    if whole_of(WHOLE) is not None:  # the release sees to it that it is
        assert WHOLE.read_text(encoding="utf-8") == whole_of(tmp_path / "whole.sql"), "run `make schema`"
    monkeypatch.setattr(whole_schema, "WHOLE", tmp_path / "whole.sql")
    at_once = await postgres.create_database("at_once")
    assert await migrated_at_once(at_once)
    by_steps, in_one_piece = [await dumped(dsn, rights=True) for dsn in (empty_database, at_once)]
    assert by_steps == in_one_piece
    assert "GRANT" in by_steps
    assert await filled(empty_database) == await filled(at_once) == ["alembic_version"]
    await postgres.drop_database("at_once")


async def filled(dsn: str) -> list[str]:
    """The tables that have rows."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch("SELECT relname FROM pg_stat_user_tables")
        return [one["relname"] for one in tables if await connection.fetchval(f'SELECT 1 FROM "{one["relname"]}"')]
    finally:
        await connection.close()


async def test_a_schema_in_one_piece_that_is_not_the_newest_is_not_used(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forgets `make schema` has slower starts, and nothing else."""
    (tmp_path / "whole.sql").write_text("-- 0027\nCREATE TABLE of_yesterday ();\n", encoding="utf-8")
    for file in (tmp_path / "whole.sql", tmp_path / "none.sql"):
        assert whole_of(file) is None
        monkeypatch.setattr(whole_schema, "WHOLE", file)
        assert await migrated_at_once(empty_database) is None
    assert (await migrate(empty_database)).after == HEAD
    assert await migrated_at_once(empty_database), "nothing to do"


async def test_two_migrators_at_once_do_it_once(empty_database: str) -> None:
    done = await asyncio.gather(*(migrate(empty_database) for _ in range(3)))
    assert sorted(one.changed for one in done) == [False, False, True]
    assert {one.after for one in done} == {HEAD}


async def test_a_migration_that_fails_leaves_nothing_half_made(empty_database: str) -> None:
    await run(empty_database, "CREATE TABLE messages (digest text)")  # in the way of the last table
    with pytest.raises(MigrationFailed, match='"messages" already exists'):
        await migrate(empty_database)
    assert isinstance(await refusal(empty_database), SchemaOutOfDate)
    await run(empty_database, "DROP TABLE messages")
    assert (await migrate(empty_database)).changed


async def test_an_unmigrated_database_is_refused_with_the_command_that_mends_it(empty_database: str) -> None:
    error = await refusal(empty_database)
    assert isinstance(error, SchemaOutOfDate)
    assert "complaints migrate" in str(error)


async def test_a_touch_of_an_unmigrated_database_says_the_same(empty_database: str) -> None:
    store = await Store.connect(empty_database)
    with pytest.raises(SchemaOutOfDate, match="complaints migrate"):
        await store.write(a_batch(a_record()))
    await store.close()


@pytest.mark.parametrize(
    ("found", "error", "says"),
    [
        ("0000", SchemaOutOfDate, "complaints migrate"),
        (None, SchemaOutOfDate, "complaints migrate"),  # a first migration that was rolled back
        ("9999", DatabaseNewer, "newer program"),
        ("ae1027a6acf0", DatabaseRefused, "another program"),  # somebody else's alembic
    ],
)
async def test_another_schema_is_refused(
    fresh_database: str, found: str | None, error: type[Exception], says: str
) -> None:
    await run(fresh_database, "DELETE FROM alembic_version")
    if found:
        await run(fresh_database, f"INSERT INTO alembic_version VALUES ('{found}')")
    said = await refusal(fresh_database)
    assert type(said) is error
    assert says in str(said)


@pytest.mark.parametrize(("found", "error"), [("9999", DatabaseNewer), ("ae1027a6acf0", DatabaseRefused)])
async def test_a_database_that_is_newer_or_not_ours_is_not_migrated(
    fresh_database: str, found: str, error: type[Exception]
) -> None:
    await run(fresh_database, f"UPDATE alembic_version SET version_num = '{found}'")
    with pytest.raises(error):
        await migrate(fresh_database)


async def test_a_server_out_of_reach_is_unreachable_and_not_refused(postgres: Postgres, tmp_path: Path) -> None:
    nowhere = f"postgresql://postgres:secret@/test?host={tmp_path}"
    store = await Store.connect(nowhere)  # which does not fail: the database is touched later
    for touch in (store.check_schema(), store.write(a_batch(a_record())), store.find("Rosa"), migrate(nowhere)):
        with pytest.raises(Unreachable) as error:
            await touch
        assert "secret" not in str(error.value)
    await store.close()


async def test_a_server_that_says_nothing_is_unreachable_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_of, "CONNECT_WITHIN", timedelta(seconds=0.2))
    silent = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    store = await Store.connect(f"postgresql://user:secret@127.0.0.1:{port}/name")
    try:
        async with asyncio.timeout(60):
            with pytest.raises(Unreachable):
                await store.check_schema()
    finally:
        await store.close()
        silent.close()


async def test_a_statement_that_takes_too_long_is_given_up(store: Store) -> None:
    with pytest.raises(Unreachable):
        async with store.connection() as ours:
            await ours.execute("SELECT pg_sleep(60)", timeout=0.1)
    async with store.connection() as ours:  # and the pool is none the worse for it
        assert await ours.fetchval("SELECT 1") == 1


async def test_a_store_recovers_when_its_connections_were_cut(fresh_database: str, store: Store) -> None:
    await store.write(a_batch(a_record()))
    others = "pid <> pg_backend_pid() AND datname = current_database() AND usename = current_user"
    await run(fresh_database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    for _ in range(3):  # the first touch may find the connection dead; it must say Unreachable, and the next one heals
        try:
            assert await store.record(a_record().number)
            break
        except Unreachable:
            continue
    else:
        raise AssertionError("the store did not recover")


async def test_a_database_that_does_not_exist_is_refused(postgres: Postgres) -> None:
    error = await refusal(postgres.dsn("nowhere"))
    assert isinstance(error, DatabaseRefused)
    assert "DATABASE_URL" in str(error)


async def test_an_address_that_is_none_is_refused_without_repeating_it() -> None:
    error = await refusal("postgresql://user:secret@host:port/name")
    assert isinstance(error, DatabaseRefused)
    assert "secret" not in str(error)


async def test_a_lock_held_by_another_is_waited_for_only_so_long(fresh_database: str, store: Store) -> None:
    await store.write(a_batch(a_record()))
    connection = await asyncpg.connect(fresh_database)
    async with connection.transaction():
        await connection.execute("LOCK TABLE complaints")
        async with store.connection() as ours:
            await ours.execute("SET lock_timeout = '50ms'")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await ours.execute("SELECT 1 FROM complaints")
    await connection.close()


async def test_every_connection_has_its_limits(store: Store) -> None:
    async with store.connection() as connection:
        limits = {
            name: await connection.fetchval("SELECT current_setting($1)", name)
            for name in (
                "application_name",
                "TimeZone",
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert limits == {
        "application_name": "complaints",
        "TimeZone": "UTC",
        "statement_timeout": "15s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
    }


def test_the_head_that_the_program_expects_is_the_newest_migration() -> None:
    assert scripts().get_current_head() == HEAD == head_revision()
    assert re.fullmatch(r"\d{4}", HEAD)
    expect_head(HEAD)


def test_the_migrations_lie_inside_the_package() -> None:
    assert complaints.records.__file__
    assert MIGRATIONS.parent == Path(complaints.records.__file__).parent
    assert list((MIGRATIONS / "versions").glob(f"{HEAD}_*.py"))


async def test_every_table_says_what_it_is_for(fresh_database: str) -> None:
    connection = await asyncpg.connect(fresh_database)
    try:
        silent = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname <> 'alembic_version' AND obj_description(oid) IS NULL"
        )
    finally:
        await connection.close()
    assert silent == []
