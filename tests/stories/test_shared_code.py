"""A workflow's code is read once a process; what it defines is each run's own."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from workflows import shared_code
from workflows.shared_code import share_code

MODULE = "kept_once.deeper.life"

SOURCE = """
KNOWN = []

def told(what):
    KNOWN.append(what)
    return KNOWN
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module in two packages, loaded as ever."""
    folder = tmp_path / "kept_once" / "deeper"
    folder.mkdir(parents=True)
    for each in (folder, folder.parent):
        (each / "__init__.py").write_text("", encoding="utf-8")
    file = folder / "life.py"
    file.write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(shared_code, "_FINDER", shared_code._Finder())
    importlib.import_module(MODULE)
    yield file
    forgotten()


def forgotten() -> None:
    """As for the sandbox of a new run, which has loaded nothing."""
    for name in [name for name in sys.modules if name.split(".")[0] == "kept_once"]:
        del sys.modules[name]


def loaded_anew() -> ModuleType:
    forgotten()
    return importlib.import_module(MODULE)


def test_each_run_has_globals_of_its_own_and_the_same_code(file: Path) -> None:
    share_code(MODULE)
    one, other = loaded_anew(), loaded_anew()
    assert one.told("a") == ["a"]
    assert other.told("b") == ["b"]
    assert one.told.__code__ is other.told.__code__
    assert other.__file__ == str(file)


def test_what_was_loaded_when_the_worker_began_is_what_every_run_is_made_of(file: Path) -> None:
    share_code(MODULE)
    file.write_text("KNOWN = 'another release, half of it'", encoding="utf-8")
    assert loaded_anew().told("a") == ["a"]
    file.unlink()
    share_code(MODULE)
    assert loaded_anew().told("b") == ["b"]


def test_nothing_else_is_kept(file: Path) -> None:
    share_code(MODULE)
    share_code(MODULE)
    finder = shared_code._FINDER
    assert sys.meta_path.count(finder) == 1
    assert sorted(finder._loaders) == ["kept_once", "kept_once.deeper", MODULE]
    assert finder.find_spec("complaints.rules.case", None) is None
