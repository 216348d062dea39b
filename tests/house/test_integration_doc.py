"""docs/integration.md keeps its promises: its snippets run, its numbers are right, its schemas are the models'."""

import asyncio
import contextlib
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.number import complaint_number, key_digest
from docs import tables
from starter import schemas
from starter.acts import ACTS
from tests.rings import ring_environment
from tests.terminal import Terminal, environment

DOC = Path(__file__).parents[2] / "docs" / "integration.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOC.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


async def test_the_python_of_a_plain_client_carries_a_complaint_to_its_end(terminal: Terminal) -> None:
    printed = await _run(blocks("python")[0], terminal)
    assert printed == blocks("text")[0]


async def test_the_python_of_the_front_desk_runs(terminal: Terminal) -> None:
    printed = await _run(blocks("python")[1], terminal)
    assert printed.split() == [complaint_number("crm/8842"), "investigation"]


async def test_the_command_lines_run_and_print_what_the_page_says(terminal: Terminal) -> None:
    lines = blocks("console")[0].splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line.startswith("$ "):
            continue
        words = shlex.split(line.removeprefix("$ complaints "))
        ran = await terminal.runs(*words)
        assert ran.code == 0, (line, ran.err)
        if following.startswith("{"):
            assert ran.facts == json.loads(following), line
    assert ran.facts["outcome"] == "satisfied"


def test_the_numbers_of_the_page() -> None:
    rows = re.findall(r"^\| `(.+?)` \| (Q-\S+) \| (Q-\S+) \| ([0-9a-f]{32}) \|$", DOC.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 4
    for key, number, next_number, digest in rows:
        assert (complaint_number(key), complaint_number(key, salt=1)) == (number, next_number)
        assert key_digest(key) == digest


def test_the_numbers_by_the_pages_own_python() -> None:
    """What a stranger copies from the page, against what we do."""
    functions = blocks("python")[0].split("async def ask")[0]
    scope: dict[str, Any] = {}
    exec(compile(functions, str(DOC), "exec"), scope)
    for number in range(500):
        key = f"llamada {number} Ñandú"
        assert scope["complaint_number"](key, number % 3) == complaint_number(key, salt=number % 3)
        assert scope["key_digest"](key) == key_digest(key)


def test_every_signal_update_and_command_stands_in_its_table() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (?:`([a-z_]+)`)? ?\| (?:`([a-z-]+)`)? ?\| ?(.*?) ?\|$",
        DOC.read_text("utf-8"),
        re.MULTILINE,
    )
    assert [signal for signal, *_ in rows] == list(FACTS)
    assert {update: FACTS[signal] for signal, update, *_ in rows if update} == UPDATES
    assert {update: command for _, update, command, _ in rows if command} == {a.name: a.command for a in ACTS.values()}
    for signal, *_, needed in rows:
        assert re.findall(r"`(\w+)`", needed) == schemas.schemas()[f"signal.{signal}.json"].get("required", [])


@pytest.mark.parametrize("page", tables.PAGES)
def test_the_tables_are_those_of_the_code(page: str) -> None:
    assert tables.with_table(page) == (DOC.parent / page).read_text(encoding="utf-8"), "run: make docs"


def test_the_schemas_are_those_of_the_models() -> None:
    assert schemas.differences() == []


@pytest.mark.parametrize("name", sorted(schemas.schemas()))
def test_a_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas.schemas()[name])


async def test_what_is_answered_fits_its_schema(terminal: Terminal, number: str) -> None:
    for query in ("status", "timeline", "explain"):
        answer = await terminal.client.get_workflow_handle(number).query(query)
        jsonschema.validate(answer, schemas.schemas()[f"query.{query}.json"])


async def _run(code: str, terminal: Terminal) -> str:
    """The snippet as a script, in the environment that the page presumes."""
    env = {
        "TEMPORAL_ADDRESS": terminal.addresses.temporal,
        "TEMPORAL_NAMESPACE": terminal.addresses.namespace,
        "DATABASE_URL": terminal.addresses.database,
        **ring_environment(terminal.client),
    }
    out = io.StringIO()

    def run() -> None:
        with environment(env), contextlib.redirect_stdout(out):
            exec(compile(code, str(DOC), "exec"), {"__name__": "__main__"})

    await asyncio.wait_for(asyncio.to_thread(run), 60)
    return out.getvalue()
