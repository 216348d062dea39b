"""`complaints replay`: whether this program may take the running complaints on, before it is deployed."""

from pathlib import Path

from tests.patched_tree import patched_tree
from tests.terminal import Terminal, as_process


async def test_the_running_complaints_replay_with_the_program_that_runs_them(terminal: Terminal, number: str) -> None:
    facts = await terminal.facts("replay")
    assert facts["replayed"] == facts["running"] > 0
    assert facts["not_replayed"] == []
    ran = await terminal.runs("replay", "--sample", "1", env={"LANGUAGE": "en"})
    assert (ran.code, ran.out.partition(": ")[2]) == (0, "this program may take them on.\n")
    assert ran.out.startswith("1 of ")


async def test_a_program_that_could_not_go_on_with_them_is_refused_with_their_numbers(
    terminal: Terminal, number: str, tmp_path: Path
) -> None:
    tree = patched_tree(tmp_path)
    ran = await as_process("replay", "--home", str(terminal.home), env=terminal.env, cwd=tree)
    assert ran.code == 1, ran.err
    broken = dict(line.split(": ", 1) for line in ran.out.splitlines()[:-2])
    assert number in broken
    assert "Nondeterminism" in broken[number]
    assert "Do not deploy it" in ran.out
