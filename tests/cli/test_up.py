"""`complaints up`, the worker and `forward`, as processes: a stack comes up, lets time pass, ends cleanly, goes on."""

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.terminal import as_process, environment

pytestmark = pytest.mark.slow

STOPS_WITHIN = 45.0
"""Seconds, on a machine without a processor to spare."""


@asynccontextmanager
async def up(home: Path, *words: str, env: Mapping[str, str] | None = None) -> AsyncIterator[dict[str, Any]]:
    """The stack in that home, until SIGTERM; it must then end with 0 in time."""
    with environment(env or {}):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.main", "up", "--home", str(home), "--json", *words,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 240)
        yield json.loads(line)
    finally:
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), STOPS_WITHIN)
    assert code == 0


async def _opens_the_page(home: Path, number: str) -> None:
    """The link of a letter that was caught leads to the customer's page on the stack's own desk."""
    caught = [message_from_bytes(file.read_bytes(), policy=default) for file in (home / "mail").rglob("*.eml")]
    bodies = [
        body.get_content() for one in caught if isinstance(one, EmailMessage) and (body := one.get_body(("plain",)))
    ]
    links = [link for body in bodies for link in re.findall(r"http://127\.0\.0\.1:\d+/c/\S+", body)]
    assert links
    async with httpx.AsyncClient() as client:
        page = await client.get(links[0])
    assert (page.status_code, number in page.text) == (200, True)


_REWRITING = (
    "CREATE TABLE mine (x int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION chain_hash() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE journal ADD COLUMN mine int",
    "ALTER TABLE journal DISABLE TRIGGER ALL",
    "ALTER TABLE chain OWNER TO complaints_app",
    "DROP TABLE journal",
    "SET session_replication_role = replica",
    "UPDATE journal SET what = 'nothing'",
    "DELETE FROM journal",
    "TRUNCATE journal",
    "UPDATE chain SET hash = ''",
    "DELETE FROM chain",
    "UPDATE afterwords SET data = '{}'",
    "DELETE FROM afterwords",
    "DELETE FROM letters",
    "DELETE FROM complaints",
    "UPDATE settings_changes SET after = ''",
    "CREATE ROLE mine",
    "ALTER ROLE complaints_app SUPERUSER",
    "GRANT complaints TO complaints_app",
    "SET ROLE complaints",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY journal TO PROGRAM 'true'",
)
"""What would change the schema, or what has happened, or who may."""


async def test_what_runs_every_day_is_not_the_owner(tmp_path: Path) -> None:
    """S15: in a home of `complaints up`, as whoever took over the worker or the desk would find it."""
    async with up(tmp_path / "home") as addresses:
        connection = await asyncpg.connect(addresses["database"], timeout=60)
        try:
            who = "SELECT usename FROM pg_stat_activity WHERE datname = current_database() AND usename IS NOT NULL"
            assert {row["usename"] for row in await connection.fetch(who)} == {"complaints_app"}
            rights = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles"
            own = await connection.fetchrow(f"{rights} WHERE rolname = current_user")
            assert own is not None
            assert not any(own.values())
            member = "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole"
            assert await connection.fetchval(member) == 0
            owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
            assert await connection.fetchval(owned) == 0
            for forbidden in _REWRITING:
                with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
                    await connection.execute(forbidden)
            assert await connection.fetchval("SELECT count(*) FROM journal") == 0, "it reads"
        finally:
            await connection.close()


async def test_a_stack_comes_up_lets_time_pass_and_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    in_home = ("--home", str(home), "--json")
    async with up(home, "--time-skipping") as addresses:
        assert addresses.keys() >= {"temporal", "namespace", "temporal_ui", "database", "smtp", "mailbox"}
        customer = ("--phone", "+51 987 654 321", "--email", "rosa@correo.example")
        words = ("open", *customer, "--description", "Faltan horas")
        number = (await as_process(*words, *in_home, env={})).facts["number"]
        forwarded = await as_process("forward", number, "5d", *in_home, env={})
        assert forwarded.code == 0, forwarded.err
        assert forwarded.facts["late"] is True
        told = [row["what"] for row in (await as_process("timeline", number, *in_home, env={})).facts]
        assert {"late/assessment", "letter-sent"} <= set(told)
        await _opens_the_page(home, number)
        handed = (await as_process("link", number, *in_home, env={})).facts["address"]
        assert handed.startswith(addresses["desk"] + "c/")
        second = await as_process("up", "--home", str(home), "--time-skipping", env={})
        assert (second.code, "already runs" in second.err) == (1, True)
    gone = await as_process("status", number, *in_home, env={})
    assert (gone.code, "complaints up" in gone.err) == (1, True)
    real = await as_process("up", "--home", str(home), env={})
    assert (real.code, "--time-skipping" in real.err) == (1, True)
    async with up(home, "--time-skipping"):
        status = await as_process("status", number, *in_home, env={})
        assert (status.facts["number"], status.facts["late"]) == (number, True)
