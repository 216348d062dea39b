"""docs/upstream.md: every fault that we found elsewhere is still there, in the versions that we are pinned to.

A test that fails with "mended" is good news: it says which workaround of ours can go, and then the row and the program.
"""

import asyncio
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from temporalio.client import Client

from local.stack.temporal_find import find_temporal
from local.stack.temporal_program import FromSource

ROOT = Path(__file__).parents[2]
PROGRAMS = {path.stem: path for path in sorted((ROOT / "docs" / "upstream").glob("*.py"))}

BY_SERVER = ("core_log", "deadlock_limit", "early_event", "exit_crash", "frozen_runs", "lost_query", "sandbox")
"""Programs that talk with a server."""

MENDED_FROM = {"wait_for": (3, 12), "fstring_messages": (3, 12), "lazy_loader": (3, 12, 3)}
"""Faults of older Pythons, by the version that no longer has them."""


def rows() -> dict[str, list[str]]:
    """The page's table: a program, and the cells beside it."""
    text = (ROOT / "docs" / "upstream.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| [")]
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {re.match(r"\[(\w+)\]", row[0])[1]: row[1:] for row in found}  # type: ignore[index]


def verdict(program: str, *arguments: str) -> str:
    """Runs it; its last line."""
    command = [sys.executable, str(PROGRAMS[program]), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    said = ran.stdout.splitlines()[-1:]
    assert said in (["still there"], ["mended"]), ran.stdout + ran.stderr
    return said[0]


def holds(program: str, said: str) -> None:
    """Fails, saying what may go, where the fault is there no more."""
    expected = "mended" if sys.version_info >= MENDED_FROM.get(program, (99,)) else "still there"
    assert said == expected, f"{program} is {said}. Take our workaround out: {rows()[program][-1]}"


def test_every_program_has_its_row_and_every_row_its_program() -> None:
    assert set(rows()) == set(PROGRAMS)
    assert all(len(row) == 4 and all(row) for row in rows().values())


def test_the_page_names_the_versions_that_we_are_pinned_to() -> None:
    """A new version may have mended something: the page is looked at with it."""
    text = " ".join(row[0] for row in rows().values())
    for name, said in set(re.findall(r"\b(temporalio|imap-tools|holidays|Babel) (\d[\d.]*\d)", text)):
        assert said == version(name), name
    assert {"temporalio", "imap-tools"} <= {name for name, _ in re.findall(r"\b([\w-]+) (\d[\d.]*\d)", text)}


def test_the_files_that_may_go_are_there() -> None:
    for program, row in rows().items():
        for path in re.findall(r"`([\w/]+\.py)`", " ".join(row)):
            assert (ROOT / path).exists(), f"{program}: {path}"


@pytest.mark.parametrize("program", sorted(set(PROGRAMS) - {*BY_SERVER, "page_writes"}))
def test_a_fault_of_a_library_is_still_there(program: str) -> None:
    holds(program, verdict(program))


@pytest.mark.slow
@pytest.mark.parametrize("program", BY_SERVER)
async def test_a_fault_of_temporals_is_still_there(temporal: Client, program: str) -> None:
    address = temporal.service_client.config.target_host
    holds(program, await asyncio.to_thread(verdict, program, address, temporal.namespace))


@pytest.mark.slow
async def test_temporals_page_is_still_to_be_guarded(temporal: Client) -> None:
    """With the page alone: the `temporal` command has it within, without a switch against writing."""
    made = await find_temporal(say=print)
    if not isinstance(made, FromSource):
        pytest.skip("Temporal's page is a program of its own only where it was built from source")
    address = temporal.service_client.config.target_host
    holds("page_writes", await asyncio.to_thread(verdict, "page_writes", address, str(made.ui)))
