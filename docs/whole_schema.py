"""The schema of the records in one piece, as all the steps make it: `make schema` writes it after a new step."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from complaints.records.migrate import WHOLE
from complaints.records.schema import HEAD, VERSION_TABLE
from complaints.records.steps import stepped
from local.host import pg
from local.stack.postgres import Postgres

NOISE = (
    re.compile(r"\A.*?(?=^--\n-- Name: )", re.DOTALL | re.MULTILINE),  # how psql is to read it
    re.compile(r"^--\n-- (Name: |PostgreSQL database dump complete).*\n--\n\n", re.MULTILINE),
    re.compile(r"^(SET default_\w+ = .*;|\\unrestrict .*)\n\n", re.MULTILINE),
    re.compile(r"^(CREATE SCHEMA|COMMENT ON SCHEMA) public\b.*;\n\n+", re.MULTILINE),  # each database has it
)
"""What pg_dump says beside the schema itself."""


async def dumped(dsn: str, *, rights: bool = False) -> str:
    """The schema of that database in one piece. `rights`: with whoever may do what, which a migration says anew."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "schema.sql"
        without = () if rights else ("--no-privileges",)
        await pg.run("pg_dump", dsn, "--schema-only", "--no-owner", *without, "-n", "public", f"--file={file}")
        said = file.read_text(encoding="utf-8")
    for each in NOISE:
        said = each.sub("", said)
    stamp = f"INSERT INTO public.{VERSION_TABLE} VALUES ('{HEAD}');\n"  # noqa: S608 - constants of ours
    return f"-- {HEAD}\n{said.strip()}\n{stamp}"


async def main() -> None:
    """Writes the file."""
    with TemporaryDirectory(prefix="schema-") as folder:
        async with Postgres.started(Path(folder), durable=False) as server:
            await stepped(server.dsn(), target="head")
            WHOLE.write_text(await dumped(server.dsn()), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
