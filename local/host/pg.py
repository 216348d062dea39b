"""pg_dump and pg_restore of the wheel's Postgres: run without a password in any command line."""

import asyncio
import os
from urllib.parse import parse_qsl, unquote, urlsplit

from complaints.words.catalogue import N_
from local.stack.postgres_user import programs
from starter.errors import Refused


async def run(program: str, dsn: str, *arguments: str) -> None:
    """Runs one of them against that database. Raises Refused with its last line."""
    binary = (await programs()) / program
    process = await asyncio.create_subprocess_exec(
        str(binary),
        *arguments,
        env={**_without_pg(), **environment(dsn)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode != 0:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or [str(process.returncode)]
        raise Refused(N_("{program} did not do it: {last}", program=program, last=last[0]))


def environment(dsn: str) -> dict[str, str]:
    """libpq's variables for a URL of ours: `ps` shows command lines to everybody, environments only to their owner."""
    url = urlsplit(dsn)
    query = dict(parse_qsl(url.query))
    said = {
        "PGHOST": query.get("host") or url.hostname or "",
        "PGPORT": str(url.port or ""),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": url.path.lstrip("/"),
        "PGSSLMODE": query.get("sslmode", ""),
    }
    return {name: value for name, value in said.items() if value}


def _without_pg() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
