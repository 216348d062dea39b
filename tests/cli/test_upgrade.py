"""`complaints upgrade`: a release before this one (tests/releases) opens cases, and this one takes them over."""

import asyncio
import json
import signal
import sys
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowQueryFailedError

from starter.stack_addresses import find_stack
from tests.chance import new_name
from tests.patched_tree import ROOT, patched_tree
from tests.sink import Sink, sink
from tests.terminal import Ran, as_process, environment
from tests.waiting import becomes

RELEASE = ROOT / "tests" / "releases" / "complaint_desk-0.1.0-py3-none-any.whl"

WITHIN = 600.0
"""Seconds for a whole step, on a busy machine."""

ROUTE = ["assessed", "assigned", "resolved", "customer-satisfied"]
AGAIN = ["resolved", "customer-satisfied"]

STAGES = {
    "assessment": ([], ROUTE),
    "details": (["details-requested"], ["details-received", *ROUTE]),
    "assignment": (ROUTE[:1], ROUTE[1:]),
    "investigation": (ROUTE[:2], ROUTE[2:]),
    "confirmation": (ROUTE[:3], ROUTE[3:]),
    "disputed": ([*ROUTE[:3], "customer-dissatisfied"], AGAIN),
    "disputed twice": ([*ROUTE[:3], "customer-dissatisfied", "resolved", "customer-dissatisfied"], AGAIN),
}
"""Where a case is when the program changes: what was said before, and what is said after."""

CASES = 50

pytestmark = pytest.mark.slow


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The release before, in a folder to start Python in."""
    folder = tmp_path / "release"
    with zipfile.ZipFile(RELEASE) as wheel:
        wheel.extractall(folder)
    return folder


@asynccontextmanager
async def up(home: Path, program: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`complaints up` of that program, ready; stopped at the end unless somebody else did."""
    with environment({}):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli.main", "up", "--home", str(home), "--json"),
            stdout=asyncio.subprocess.PIPE,
            cwd=program,
        )
    assert process.stdout is not None
    try:
        json.loads(await asyncio.wait_for(process.stdout.readline(), 240))
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 120) == 0


async def client_of(home: Path) -> Client:
    stack = find_stack(home)
    assert stack is not None
    return await Client.connect(stack.temporal)


async def opened(client: Client, number: str, said: list[str]) -> None:
    """A case as another program opens it (docs/integration.md), and what was said of it until now."""
    asked = "details-requested" in said
    known = {} if asked else {"document": "45678912"}
    received = {
        "source_key": number,
        "channel": "web",
        "customer": {"name": "Rosa Quispe", "email": f"{number.lower()}@correo.example", **known},
        "problem": {"description": "Faltaron horas.", "occurred_on": "2026-07-20"},
        "product": "Curso de BIM",
    }
    await client.start_workflow("Complaint", received, id=number, task_queue="complaints")
    await says(client, number, said)


async def says(client: Client, number: str, said: list[str]) -> None:
    for at, fact in enumerate(said):
        await client.get_workflow_handle(number).signal(fact, {"event_id": f"{number}/{len(said)}/{at}/{fact}"})


async def until_heard(client: Client, number: str, said: list[str]) -> None:
    """Waits until its journal has all of that."""
    wanted = Counter(said)

    async def unheard() -> Counter[str]:
        try:
            told = await client.get_workflow_handle(number).query("timeline")
        except WorkflowQueryFailedError:  # it is being opened
            told = []
        return wanted - Counter(row["what"] for row in told)

    await becomes(unheard, Counter(), within=WITHIN)


async def ended(client: Client, mail: Sink, number: str) -> dict[str, Any]:
    """How it ended; the customer had letters, and none of them twice."""
    outcome = await asyncio.wait_for(client.get_workflow_handle(number).result(), WITHIN)
    letters = mail.to(f"{number.lower()}@correo.example")
    assert letters, f"{number}: not even acknowledged"
    assert len({str(letter["Message-ID"]) for letter in letters}) == len(letters), f"{number}: a letter twice"
    return {name: outcome[name] for name in ("outcome", "rounds", "level")}


def command(*words: str, home: Path, cwd: Path | None = None) -> Any:
    return as_process(*words, "--home", str(home), env={}, cwd=cwd, within=WITHIN)


async def begun(home: Path, mail: Sink, before: Path) -> None:
    answers = ["--school", "Colegio San José", "--intake", "quejas@colegio.example", "--imap", "-"]
    answers += ["--smtp", f"smtp://127.0.0.1:{mail.port}", "--public-url", "-", "--test-letter", "-"]
    ran: Ran = await command("init", *answers, "--admin", "ana", "--admin-name", "Ana Ruiz", home=home, cwd=before)
    assert ran.code == 0, ran.err


async def test_cases_in_every_stage_end_on_this_program_as_they_would_have(tmp_path: Path, before: Path) -> None:
    home = tmp_path / "home"
    stages = list(STAGES) * CASES
    cases = {f"{new_name()}-{at}": stages[at] for at in range(CASES)}
    async with sink() as mail:
        await begun(home, mail, before)
        async with up(home, before) as old:
            client = await client_of(home)
            await asyncio.gather(*(opened(client, number, STAGES[stage][0]) for number, stage in cases.items()))
            await asyncio.gather(*(until_heard(client, number, STAGES[stage][0]) for number, stage in cases.items()))

            careless = await command("upgrade", home=home, cwd=patched_tree(tmp_path))
            assert careless.code == 1, careless.out
            assert any(number in careless.err for number in cases), "it is said which would not go on"
            assert old.returncode is None, "and what runs, runs on"
            assert not (home / "before-upgrade").exists()

            done = await command("upgrade", "--copy-to", str(tmp_path / "copies"), "--json", home=home)
            assert done.code == 0, done.err
            assert done.facts["running"] == CASES
            assert await asyncio.wait_for(old.wait(), WITHIN) == 0, "it was stopped"
        assert [str(path) for path in (tmp_path / "copies").iterdir()] == [done.facts["copy_made"]]

        async with up(home, ROOT):
            client = await client_of(home)
            controls = {stage: f"{new_name()}-{at}" for at, stage in enumerate(STAGES)}
            for stage, number in controls.items():
                await opened(client, number, STAGES[stage][0])
                await until_heard(client, number, STAGES[stage][0])
            for number, stage in {**cases, **{number: stage for stage, number in controls.items()}}.items():
                await says(client, number, STAGES[stage][1])
            expected = {stage: await ended(client, mail, number) for stage, number in controls.items()}
            found = {number: await ended(client, mail, number) for number in cases}
        assert found == {number: expected[stage] for number, stage in cases.items()}
        assert {each["outcome"] for each in expected.values()} == {"satisfied"}


async def test_back_is_as_it_was_and_the_program_before_goes_on(tmp_path: Path, before: Path) -> None:
    home, number = tmp_path / "home", f"{new_name()}-1"
    async with sink() as mail:
        await begun(home, mail, before)
        async with up(home, before):
            await opened(await client_of(home), number, ROUTE[:2])
            await until_heard(await client_of(home), number, ROUTE[:2])
        done = await command("upgrade", "--copy-to", str(tmp_path / "copies"), "--json", home=home)
        assert done.code == 0, done.err
        back = await command("upgrade", "--back", "--json", home=home)
        assert back.code == 0, back.err
        assert (back.facts["complaints"], back.facts["open"]) == (1, 1)
        async with up(home, before):
            client = await client_of(home)
            await says(client, number, ROUTE[2:])
            assert (await ended(client, mail, number))["outcome"] == "satisfied"
