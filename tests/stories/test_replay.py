"""Every stored history replays with today's code: a deploy breaks no running case.

If this fails, the change needs `workflow.patched`, or must keep its old behaviour for cases that are open. What a
version recorded stays for ever; the next records its own beside it (tests/record_histories.py).
"""

import ast
import base64
import hashlib
import re
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

import workflows
from complaints.contacts import load_contacts
from starter.replaying import patient_replayer
from tests.commanded import HISTORIES, Stored, commands_of, stored
from tests.lives import LIVES
from tests.patched_tree import patched_tree
from tests.rings import session_keys
from workflows import page
from workflows.connection import data_converter

NOT_IN_A_WORKFLOW = {"pollers.py", "connection.py", "schedules.py", "lost.py"}
"""Files of the room that no workflow imports for its own run."""

STORED = list(stored())
SMOOTH = Stored("1.0.0", "smooth")


def replayer() -> Replayer:
    return patient_replayer(data_converter(session_keys()))


@pytest.mark.parametrize("one", STORED, ids=str)
async def test_a_stored_history_replays(one: Stored) -> None:
    await replayer().replay_workflow(one.history())


def test_every_life_is_stored_with_its_commands_and_its_sum() -> None:
    assert {one.life for one in STORED} == set(LIVES)
    assert sorted(HISTORIES.glob("*/commands/*.txt")) == sorted(one.commands for one in STORED)
    assert {f"{one.version}/{one.file.name}" for one in STORED} == set(_sums())


@pytest.mark.parametrize("one", STORED, ids=str)
def test_what_a_version_recorded_is_never_changed(one: Stored) -> None:
    """A new life adds its line to tests/histories/SHA256SUMS; no line of it is changed, and none goes."""
    assert hashlib.sha256(one.file.read_bytes()).hexdigest() == _sums()[f"{one.version}/{one.file.name}"]


def _sums() -> dict[str, str]:
    lines = (HISTORIES / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


@pytest.mark.parametrize("one", STORED, ids=str)
async def test_the_commands_of_a_stored_history_are_the_ones_that_are_kept(one: Stored) -> None:
    """A replay does not look at how long a timer is, nor at timeouts: this does. Where the change is meant, and running
    cases may go on with it: `uv run python -m tests.commanded`, and say in the commit what the diff means."""
    now, before = await commands_of(one), one.kept()
    changed = [
        f"{place}: {was or 'nothing'} -> {is_ or 'nothing'}"
        for place, (was, is_) in enumerate(zip_longest(before, now), start=1)
        if was != is_
    ]
    assert changed == [], f"{one}: {len(changed)} commands are others"


async def test_a_timer_of_another_length_is_found_though_it_replays(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = workflow.sleep
    monkeypatch.setattr(workflow, "sleep", lambda span, **named: sleep(span * 2, **named))
    await replayer().replay_workflow(SMOOTH.history())
    now = await commands_of(SMOOTH)
    assert [line.split()[0] for line in now] == [line.split()[0] for line in SMOOTH.kept()]
    assert now != SMOOTH.kept()


@pytest.mark.slow
def test_a_workflow_that_breaks_running_cases_does_not_pass_these_tests(tmp_path: Path) -> None:
    """What CI says to somebody who has the case wait a second before it is opened."""
    tree = patched_tree(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:randomly", "tests/stories/test_replay.py",
         "-k", "test_a_stored_history_replays and smooth"],
        cwd=tree, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "NondeterminismError" in ran.stdout


def test_no_workflow_waits_in_a_way_that_differs_between_pythons() -> None:
    """asyncio.wait_for, and so wait_condition with a timeout, takes other steps on 3.12 than on 3.11: a history of the
    one would not replay on the other."""
    folder = Path(workflows.__file__).parent
    calls = [
        (file.name, node)
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"wait_for", "wait_condition", "timeout", "timeout_at", "TaskGroup", "wait"}
    ]
    assert any(name == "complaint.py" for name, _ in calls)
    wrong = [
        f"{name}:{call.lineno}"
        for name, call in calls
        if name not in NOT_IN_A_WORKFLOW
        and (ast.unparse(call.func) != "workflow.wait_condition" or any(kw.arg == "timeout" for kw in call.keywords))
    ]
    assert wrong == []


async def test_a_command_that_is_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page.View, "attributes_changed_since", lambda *_: [])
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(SMOOTH.history())


async def test_commands_in_another_order_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter before the search attributes, where the history has them the other way round."""
    shown: Any = page.View.attributes_changed_since
    late: list[Any] = []

    def one_step_later(view: page.View, before: page.View) -> Any:
        late.append(shown(view, before))
        return late[-2] if len(late) > 1 else []

    monkeypatch.setattr(page.View, "attributes_changed_since", one_step_later)
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(SMOOTH.history())


def test_no_machine_and_nobody_of_the_school_is_named_in_a_history() -> None:
    people = load_contacts().people.values()
    for file in HISTORIES.glob("*/*.json"):
        text = file.read_text(encoding="utf-8")
        assert re.findall(r'"\d+@[\w.-]+"', text) == []
        assert str(Path.home()) not in text
        assert str(Path(__file__).parents[2]) not in text
        payloads = " ".join(str(base64.b64decode(data)) for data in re.findall(r'"data": ?"([^"]+)"', text))
        assert [one.name for one in people if one.name in payloads] == []
