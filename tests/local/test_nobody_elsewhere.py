"""A home that was used: what people said and who they are stands in our Postgres, and in no other file of it.

The mail catcher's folder stands for the mail server of people, whose letters it keeps: it is looked at apart.
"""

import asyncio
import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from tests.cli.test_up import up
from tests.terminal import as_process

pytestmark = [pytest.mark.slow, pytest.mark.server]

PERSONAL = {
    "name": "Rosaura Quispicondor",
    "document": "45671239",
    "email": "rosaura.q@correo.example",
    "telephone": "987123654",
    "words": "El profesor Huamancusi no llegó a la tutoría",
    "note": "Llamó la madre, doña Emperatriz",
    "resolution": "Se le devuelven dieciocho soles a la señora",
    "reason": "Todavía falta la tutoría de Emperatriz",
}
OUR_OWN = ("postgres", "mail")
"""Folders of a home in which people are."""


async def test_nobody_is_found_in_any_file_but_our_postgres(tmp_path: Path) -> None:
    home = tmp_path / "home"
    there = ("--home", str(home), "--json")

    async def runs(*words: str) -> None:
        ran = await as_process(*words, *there, env={})
        assert ran.code == 0, (words, ran.err)

    async with up(home, "--time-skipping") as addresses:
        who = ("--name", PERSONAL["name"], "--email", PERSONAL["email"], "--phone", PERSONAL["telephone"])
        opened = await as_process(
            "open", *who, "--document", PERSONAL["document"], "--description", PERSONAL["words"], *there, env={}
        )
        number = opened.facts["number"]
        await runs("note", number, "--text", PERSONAL["note"])
        await runs("assign", number, "--department", "academic")
        await runs("resolve", number, "--text", PERSONAL["resolution"])
        await runs("dissatisfied", number, "--reason", PERSONAL["reason"])
        refused = await as_process("promise-date", number, "--date", "2020-01-01", *there, env={})
        assert refused.code != 0
        await runs("forward", number, "5d")
        assert await _found_in_postgres(addresses["database"]) == PERSONAL.keys()
    assert (home / "temporal" / "temporal.sqlite").stat().st_size > 50_000
    found = await asyncio.to_thread(lambda: sorted(_found(home)))
    assert found == []


async def _found_in_postgres(database: str) -> set[str]:
    connection = await asyncpg.connect(database)
    try:
        kept = str(await connection.fetch("SELECT * FROM complaints")) + str(
            await connection.fetch("SELECT data::text FROM journal")
        )
    finally:
        await connection.close()
    return {what for what, text in PERSONAL.items() if text in kept or text[-6:] in kept}


def _found(home: Path) -> Iterator[tuple[str, str]]:
    """Which file holds what of whom: as text, in base64 however it begins, and in what SQLite keeps."""
    for path in home.rglob("*"):
        inside = path.relative_to(home)
        if inside.parts[0] in OUR_OWN or not path.is_file():
            continue
        data = path.read_bytes()
        for what, text in PERSONAL.items():
            if any(sign in data for sign in _signs(text)):
                yield str(inside), what
    with closing(sqlite3.connect(home / "temporal" / "temporal.sqlite")) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert len(tables) > 5
        for table in tables:
            rows = repr(database.execute(f'SELECT * FROM "{table}"').fetchall())
            yield from ((table, what) for what, text in PERSONAL.items() if text in rows)


def _signs(text: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le"):
        yield text.encode(encoding)
    yield text.encode("ascii", "backslashreplace")
    for shift in range(3):  # base64 begins anywhere within three bytes
        yield base64.b64encode(b" " * shift + text.encode())[4 if shift else 0 : -4]
