"""What Temporal finds in a workflow's class is found once a process, and is the same for every run."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from temporalio import workflow

from workflows import defined_once

WITH_A_HANDLER_OF_ITS_OWN = """
from temporalio import workflow
from workflows.defined_once import defined_once

class Base:
    @workflow.signal
    def hear(self) -> None: ...

@defined_once("Life")
class Life(Base):
    @workflow.run
    async def run(self) -> None: ...

    @workflow.query
    def status(self) -> str:
        return ""
"""


@pytest.fixture(autouse=True)
def nothing_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has only begun."""
    monkeypatch.setattr(defined_once, "_FOUND", {})


def loaded_anew(name: str, file: Path | None = None) -> ModuleType:
    """As the sandbox loads it for a run."""
    spec = importlib.util.spec_from_file_location(name, file) if file else importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_run_has_a_class_of_its_own_and_what_the_sdk_would_find_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _, run = (loaded_anew("workflows.complaint").Complaint for _ in range(2))
    mine = workflow._Definition.must_from_class(run)
    assert defined_once._FOUND
    assert mine.signals is next(iter(defined_once._FOUND.values())).signals
    assert (mine.cls, mine.run_fn) == (run, run.run)
    assert workflow._Definition.must_from_run_fn(run.run) is mine
    monkeypatch.setattr(defined_once, "_FOUND", {})
    looked_through = loaded_anew("workflows.complaint").Complaint
    theirs = workflow._Definition.must_from_class(looked_through)
    assert replace(mine, cls=looked_through, run_fn=looked_through.run) == theirs


def test_a_class_with_a_handler_of_its_own_is_looked_through_each_time(tmp_path: Path) -> None:
    (file := tmp_path / "life_of_its_own.py").write_text(WITH_A_HANDLER_OF_ITS_OWN, encoding="utf-8")
    one, other = (loaded_anew("life_of_its_own", file).Life for _ in range(2))
    assert not defined_once._FOUND
    for each in (one, other):
        assert workflow._Definition.must_from_class(each).queries["status"].fn is each.status


def test_what_was_found_of_other_bases_is_not_taken() -> None:
    first = loaded_anew("workflows.complaint").Complaint
    key = (first.__module__, first.__qualname__)
    found = defined_once._FOUND[key]
    defined_once._FOUND[key] = replace(found, cls=type("Complaint", (object,), {}), signals={})
    then = workflow._Definition.must_from_class(loaded_anew("workflows.complaint").Complaint)
    assert then.signals == found.signals
