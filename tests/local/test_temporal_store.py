"""Temporal's data beside the records: its tables made once, its runs found again, and what cannot be is told."""

import json
import os
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from local.stack import temporal_store
from local.stack.postgres import Postgres
from local.stack.supervisor import Parts, Stack
from local.stack.temporal_find import TemporalMissing, find_beside_records
from local.stack.temporal_store import NoTables, Records, forgotten, made_ready, persistence

BY_SOCKET = f"postgresql://complaints:{quote('p@ss/w', safe='')}@/complaints?host={quote('/srv/the home/run')}"
BY_PORT = "postgresql://complaints:secret@127.0.0.1:5433/complaints"


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.mark.parametrize(
    ("dsn", "records"),
    [
        (BY_SOCKET, Records("localhost:5432", "/srv/the home/run", "complaints", "p@ss/w", "complaints")),
        (BY_PORT, Records("127.0.0.1:5433", None, "complaints", "secret", "complaints")),
    ],
)
def test_the_way_to_the_records_is_said_as_temporal_wants_it(dsn: str, records: Records) -> None:
    assert Records.at(dsn) == records
    stores = persistence(dsn)["datastores"]
    said = [stores[name]["sql"]["connectAttributes"] for name in ("default", "visibility")]
    assert [each["search_path"] for each in said] == ["temporal", "temporal_visibility"]
    assert [each.get("host") for each in said] == [records.socket] * 2


def test_all_services_together_leave_our_programs_room_in_postgres() -> None:
    assert 4 * sum(temporal_store.CONNECTIONS.values()) <= 40  # of 100, local/stack/postgres_place.py


async def test_without_the_programs_it_is_said_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.stack.go_toolchain._has_pip", lambda: False)
    with pytest.raises(TemporalMissing, match=r"temporal-sql-tool.*No Go toolchain was found.*Go 1\.26"):
        await find_beside_records(say=print, cache=tmp_path / "cache", environ={"PATH": "/nowhere"})


@pytest.mark.server  # Postgres has the machine's own clock
async def test_its_tables_are_made_once_and_can_be_forgotten(tmp_path: Path) -> None:
    program = await find_beside_records(say=print)
    assert program.tool is not None
    async with Postgres.started(tmp_path / "home", durable=False) as postgres:
        failing = tmp_path / "another-tool"
        failing.write_text("#!/bin/sh\necho 'no such schema' >&2\nexit 1\n", encoding="utf-8")
        failing.chmod(0o755)
        with pytest.raises(NoTables, match="no such schema"):
            await made_ready(failing, postgres.dsn())
        for _ in range(2):
            await made_ready(program.tool, postgres.dsn())
            made = await updates(postgres)
        assert made[0] == made[1] > 1, "versions of each table, the second start made none"
        names = ["Stage", "Level"]
        known = [await temporal_store.knows_attributes(postgres.dsn(), names)]
        await temporal_store.note_attributes(postgres.dsn(), names)
        known += [await temporal_store.knows_attributes(postgres.dsn(), each) for each in (names, [*names, "Newer"])]
        assert known == [False, True, False]
        # A newer release's tool adds what is new; here it is the same under another name.
        newer = tmp_path / "temporal-sql-tool-newer"
        newer.symlink_to(program.tool)
        await made_ready(newer, postgres.dsn())
        assert await updates(postgres) == made
        await forgotten(postgres.dsn())
        assert await updates(postgres) == (0, 0)
        await made_ready(program.tool, postgres.dsn())
        assert not await temporal_store.knows_attributes(postgres.dsn(), names), "they went with the data"


@pytest.mark.server
async def test_an_index_of_the_visibility_store_holds_what_is_there_and_answers_as_before(tmp_path: Path) -> None:
    program = await find_beside_records(say=print)
    assert program.tool is not None
    async with Postgres.started(tmp_path / "home", durable=False) as postgres:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(temporal_store, "spare_indexes", nothing)
            await made_ready(program.tool, postgres.dsn())
        connection = await asyncpg.connect(postgres.dsn(), server_settings={"search_path": "temporal_visibility"})
        try:
            of_the_tool = await indexes(connection)
            await made_ready(program.tool, postgres.dsn())  # a home of before: its next start makes them anew
            ours = await indexes(connection)
            assert ours.keys() == of_the_tool.keys(), "later versions of the tables find each by its name"
            spare = {name for name, made in ours.items() if made != of_the_tool[name]}
            assert len(spare) > 40
            for name in spare - temporal_store.UNASKED:
                assert ours[name].startswith(of_the_tool[name])
            assert spare > temporal_store.UNASKED
            assert "by_keyword_01" in spare
            assert not {"by_status", "default_idx", "executions_visibility_pkey"} & spare, "every row has these"
            await connection.execute("SET enable_seqscan = off; SET enable_sort = off")
            for what, index in (
                ("keyword01 = 'RECEIVED'", "by_keyword_01"),
                ("bool01 = true", "by_bool_01"),
                ("int01 = 2", "by_int_01"),
                ("int01 >= 1", "by_int_01"),
            ):
                asked = f"SELECT run_id FROM executions_visibility WHERE namespace_id = 'a' AND {what}"
                plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {asked}"))
                assert index in plan, plan
            assert await temporal_store.spare_indexes(connection, "temporal_visibility") == 0
            assert await beside_itself(connection), "what a worker says of its build gets no entry in any index"
        finally:
            await connection.close()


async def nothing(*_: object) -> int:
    return 0


async def indexes(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, str]:
    """How each of the visibility store is made, by its name."""
    found = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'temporal_visibility' AND tablename = 'executions_visibility'"
    )
    return {row["indexname"]: row["indexdef"] for row in found}


async def beside_itself(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """Whether a row that is changed as Temporal changes it after a run's first step stays where its indexes find it."""
    hot = "SELECT pg_stat_get_xact_tuples_hot_updated('executions_visibility'::regclass)"
    async with connection.transaction():
        await connection.execute(
            """INSERT INTO executions_visibility
               (namespace_id, run_id, start_time, execution_time, workflow_id, workflow_type_name, status, encoding)
               VALUES ('a', 'b', now(), now(), 'Q-1', 'Complaint', 1, '')"""
        )
        before: int = await connection.fetchval(hot)
        await connection.execute(
            """UPDATE executions_visibility SET _version = 2, search_attributes = '{"BuildIds": ["unversioned"]}'"""
        )
        after: int = await connection.fetchval(hot)
    return after == before + 1


async def updates(postgres: Postgres) -> tuple[int, int]:
    """How many versions of Temporal's tables were made, and how many different ones."""
    connection = await asyncpg.connect(postgres.dsn())
    try:
        if await connection.fetchval("SELECT to_regclass('temporal.schema_update_history')") is None:
            return 0, 0
        row = await connection.fetchrow(
            "SELECT count(*), count(DISTINCT new_version) FROM temporal.schema_update_history"
        )
        assert row is not None
        return row[0], row[1]
    finally:
        await connection.close()


@pytest.mark.slow
async def test_a_run_is_found_again_at_the_next_start_and_no_password_is_seen(tmp_path: Path) -> None:
    attributes = [SearchAttributeKey.for_keyword("Shade")]
    parts = Parts(
        first=(), beside=(), programs=(), temporal_ui=False, one_database=True, durable=False, attributes=attributes
    )
    runs: list[str | None] = []
    asks: list[bool] = []
    for _ in range(2):
        async with Stack.running(tmp_path / "home", parts=parts, say=print) as stack:
            client = await Client.connect(stack.addresses.temporal)
            if not runs:
                shade = TypedSearchAttributes([SearchAttributePair(attributes[0], "amber")])
                await client.start_workflow("Anything", id="one", task_queue="nobody", search_attributes=shade)
            runs.append((await client.get_workflow_handle("one").describe()).run_id)
            dynamic = json.loads((tmp_path / "home" / "temporal" / "dynamic.yaml").read_text(encoding="utf-8"))
            asks.append(dynamic["system.forceSearchAttributesCacheRefreshOnRead"][0]["value"])
            password = Records.at(stack.addresses.database).password
            assert password not in all_command_lines()
            assert (tmp_path / "home" / "temporal" / "server.yaml").stat().st_mode & 0o077 == 0
    assert runs[0] == runs[1]
    assert asks == [True, False], "what was registered at the first start is known at the second"
    assert not (tmp_path / "home" / "temporal" / "temporal.sqlite").exists()


def all_command_lines() -> str:
    """What anybody on this machine sees of every process."""
    lines = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                lines.append((folder / "cmdline").read_bytes().decode(errors="replace"))
            except OSError:
                continue  # it has ended
    return "\n".join(lines)
