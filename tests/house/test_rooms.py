"""The rooms of the house (design §3): who may import whom, and what no room may hold."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.sources import nodes, tree

ROOT = Path(__file__).parents[2]

ROOMS: dict[str, tuple[str, ...]] = {
    # Room: which modules of the house it may import beside its own. A file is in the room of its longest prefix.
    "complaints.rules": (),
    "complaints.words": ("complaints.rules",),
    "complaints.records": ("complaints.rules", "complaints.words", "complaints.telephones"),
    "complaints.mail": ("complaints.rules", "complaints.words", "complaints.contacts", "complaints.telephones"),
    "complaints.reports": ("complaints.rules", "complaints.words", "complaints.contacts"),
    "complaints": ("complaints.rules", "complaints.words"),  # settings, contacts, policy: files beside the rooms
    "workflows": ("complaints.rules", "complaints.words"),
    "activities": ("complaints",),
    "worker": ("complaints", "activities", "workflows"),
    "starter": ("complaints", "workflows"),
    "local": ("complaints", "workflows", "starter"),
    "desk": ("complaints", "workflows", "starter"),
    "cli": ("complaints", "workflows", "local", "starter", "desk", "worker"),
}

PURE = frozenset(
    {
        *("abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum"),
        *("functools", "hashlib", "itertools", "json", "math", "operator", "re", "string", "textwrap", "types"),
        *("typing", "unicodedata", "urllib.parse", "zoneinfo", "__future__"),
    }
)
"""Of the standard library: what has no clock, no input and no output."""

LONG_FILES: dict[str, str] = {}
"""Files over 400 lines, with the reason."""

CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


class Import(NamedTuple):
    """One import of a file."""

    file: Path
    line: int
    module: str
    in_function: bool
    typing_only: bool
    passed_through: bool


class Program(NamedTuple):
    """A file of the product."""

    path: Path
    module: str
    tree: ast.Module


@cache
def product() -> tuple[Program, ...]:
    """Every Python file that is shipped."""
    tops = _wheel()["only-include"]
    files = [f for top in tops for f in ([ROOT / top] if top.endswith(".py") else sorted((ROOT / top).rglob("*.py")))]
    return tuple(Program(f, _module(f), tree(f)) for f in files)


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for program in product() for found in _imports(program))


def test_every_file_belongs_to_one_room() -> None:
    """A file at the top of the house, or a room that nobody drew, would escape every rule below."""
    strays = [p.module for p in product() if not any(_within(p.module, room) for room in ROOMS)]
    assert strays == []
    tests_and_tools = {"tests", "benchmarks", "docs", "hatch_build"}
    at_the_top = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert at_the_top - tests_and_tools == {room.partition(".")[0] for room in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = (room, *ROOMS[room])
    houses = {name.partition(".")[0] for name in ROOMS}
    wrong = [
        _said(found)
        for found in imports()
        if _room(_module(found.file)) == room
        and found.module.partition(".")[0] in houses
        and not any(_within(found.module, prefix) for prefix in allowed)
    ]
    assert wrong == []


def test_no_circle_of_files_anywhere() -> None:
    """Every file stands on others, down to one that stands on none: it can be read from the bottom up.

    Counted are imports within functions and those for the type checker too: a reader follows them as the others.
    """
    known = {program.module for program in product()}
    below: dict[str, set[str]] = {module: set() for module in known}
    for found in imports():
        if found.module in known:
            below[_module(found.file)].add(found.module)
    try:
        order = list(TopologicalSorter(below).static_order())
    except CycleError as error:
        pytest.fail("a circle: " + " -> ".join(error.args[1]))
    assert len(order) == len(known)


def test_the_rules_import_at_the_top_of_a_file_only() -> None:
    """An import within a function, or for the type checker alone, is how a circle hides."""
    wrong = [
        _said(found)
        for found in imports()
        if _room(_module(found.file)) == "complaints.rules" and (found.in_function or found.typing_only)
    ]
    assert wrong == []


IMPORT_WITHIN = {
    "complaints/telephones.py": "the tables of numbers, which few commands need and none should wait for",
    "complaints/long_running.py": "uvloop, which there is not for every system",
    "complaints/passwords.py": "zxcvbn's lists of words, 11 MB in the desk's memory for a password that is chosen once",
    "complaints/records/migrate.py": "alembic and SQLAlchemy, half a second and 30 MB, for a database with steps to go",
    "workflows/traced.py": "OpenTelemetry, an extra that few install",
    "local/stack/guard.py": "what one command may need, and a guard stays as long as its command: a megabyte each",
    "complaints/words/catalogue.py": "Babel, which only a checkout needs, after a change of the catalogue",
}
"""Files that import within a function, and what."""

IMPORT_BY_A_STRING = {
    "cli/late.py": "what a command does not need is not read",
    "local/stack/mail_catcher.py": "`--intake-handler MODULE:FUNCTION`, at the first mail",
}


def test_everything_is_imported_at_the_top() -> None:
    inside = {found.file.relative_to(ROOT).as_posix() for found in imports() if found.in_function}
    assert inside == set(IMPORT_WITHIN)
    by_string = [
        str(program.path.relative_to(ROOT))
        for program in product()
        if any(_called(node) in {"import_module", "__import__"} for node in nodes(program.path))
    ]
    assert sorted(by_string) == sorted(IMPORT_BY_A_STRING)


def test_nothing_shipped_imports_the_tests() -> None:
    outside = {"tests", "benchmarks", "pytest", "hypothesis", "holidays", "jsonschema"}
    assert [_said(found) for found in imports() if found.module.partition(".")[0] in outside] == []


def test_the_rules_are_pure() -> None:
    """Standard library without clock, input and output, and pydantic; else a case could not be told again."""
    wrong = [
        _said(found)
        for found in imports()
        if _room(_module(found.file)) == "complaints.rules"
        and (top := found.module.partition(".")[0]) not in PURE
        and found.module not in PURE
        and top not in {"pydantic", "pydantic_core", "complaints"}
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ["complaints.rules", "workflows"])
def test_neither_rules_nor_workflows_look_at_a_clock_of_their_own(room: str) -> None:
    """The caller brings the time; a workflow asks `workflow.now()`."""
    wrong = [
        f"{program.path.relative_to(ROOT)}:{call.lineno} {ast.unparse(call.func)}"
        for program in product()
        if _room(program.module) == room
        for call in nodes(program.path)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and ast.unparse(call.func.value) in {"datetime", "date", "time", "datetime.datetime", "datetime.date"}
    ]
    assert wrong == []


def test_workflow_files_import_only_through_the_sandbox() -> None:
    """Everything but the standard library and Temporal is passed through: else each instance loads it anew (19 ms)."""
    free = sys.stdlib_module_names | {"temporalio"}
    wrong = [
        _said(found)
        for found in imports()
        if _module(found.file) in _workflow_modules()
        and found.module.partition(".")[0] not in free
        and not (found.passed_through or found.typing_only)
    ]
    assert wrong == []
    assert len(_workflow_modules()) >= 2, "the workflows were not found"


def test_workflow_files_hold_no_time_zones_and_no_holidays() -> None:
    """`ZoneInfo` fails in the sandbox, and the `holidays` package dies in it (docs/upstream/sandbox.py)."""
    wrong = [
        _said(f) for f in imports() if _module(f.file) in _workflow_modules() and f.module in {"zoneinfo", "holidays"}
    ]
    assert wrong == []


def test_temporal_is_known_only_where_it_must_be() -> None:
    """The rooms that are not Temporal never import it; the desk will ask through the front desk."""
    wrong = [
        _said(found)
        for found in imports()
        if _within(found.module, "temporalio")
        and _room(_module(found.file)).partition(".")[0] in {"complaints", "desk"}
    ]
    assert wrong == []


def test_no_file_is_too_long_to_read() -> None:
    files = (
        [p.path for p in product()]
        + sorted((ROOT / "tests").rglob("*.py"))
        + sorted((ROOT / "benchmarks").glob("*.py"))
    )
    long = {str(f.relative_to(ROOT)): len(f.read_text(encoding="utf-8").splitlines()) for f in files}
    assert {name: lines for name, lines in long.items() if lines > 400 and name not in LONG_FILES} == {}
    assert set(LONG_FILES) <= {name for name, lines in long.items() if lines > 400}, "no longer long: take it out"


def test_the_people_of_the_procedure_stand_in_the_contacts_only() -> None:
    """They change; a name or telephone in code or documents would be wrong some day."""
    contacts = tomllib.loads((ROOT / "complaints" / "contacts.toml").read_text(encoding="utf-8"))
    personal = {
        value
        for person in contacts["people"].values()
        for key, value in person.items()
        if key in {"name", "email", "phone"}
    }
    assert len(personal) == 6
    shipped = [
        f for top in _wheel()["only-include"] for f in ([ROOT / top] if (ROOT / top).is_file() else _texts(ROOT / top))
    ]
    written = [f for f in [*shipped, ROOT / "README.md", *_texts(ROOT / "docs")] if f.name != "contacts.toml"]
    wrong = [
        f"{f.relative_to(ROOT)}: {value}"
        for f in written
        for text in [f.read_text(encoding="utf-8")]
        for value in personal
        if value in text
    ]
    assert wrong == []


def test_nothing_names_a_registry_or_somebodys_folder() -> None:
    """A clone works wherever packages come from, and says nothing of the machine it was written on."""
    pattern = re.compile(r"files\.pythonhosted|pypi\.org/simple|index-url|/root/|/home/[a-z]+/|/work/")
    files = [
        f
        for top in ("complaints", "workflows", "activities", "local", "starter", "desk", "cli", "docs", ".ci")
        for f in _texts(ROOT / top)
    ]
    files += [
        ROOT / name
        for name in ("README.md", "pyproject.toml", "worker.py", "Dockerfile", "docker-compose.yml", "Makefile")
    ]
    wrong = [
        f"{f.relative_to(ROOT)}: {found[0]}" for f in files if (found := pattern.search(f.read_text(encoding="utf-8")))
    ]
    assert wrong == []


# -- reading the house -----------------------------------------------------------------------------------------------


def _imports(program: Program) -> Iterator[Import]:
    def visit(node: ast.AST, *, function: bool, typing: bool, through: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                continue  # nothing is imported there, and it is most of a tree
            if isinstance(child, ast.Import):
                for name in child.names:
                    yield Import(program.path, child.lineno, name.name, function, typing, through)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{program.path}:{child.lineno}: imports are absolute here"
                for module in _from(child):
                    yield Import(program.path, child.lineno, module, function, typing, through)
            else:
                yield from visit(
                    child,
                    function=function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef),
                    typing=typing or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)),
                    through=through
                    or (isinstance(child, ast.With) and "imports_passed_through" in ast.unparse(child.items[0])),
                )

    yield from visit(program.tree, function=False, typing=False, through=False)


def _called(node: ast.AST) -> str | None:
    """The last name of what is called here."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


def _from(node: ast.ImportFrom) -> list[str]:
    """`from workflows import names` is the module `workflows.names`, if there is one."""
    base = node.module or ""
    named = [f"{base}.{name.name}" for name in node.names]
    known = {program.module for program in product()} if base.partition(".")[0] in _tops() else set()
    return [full if full in known else base for full in named]


@cache
def _tops() -> frozenset[str]:
    return frozenset(top.removesuffix(".py") for top in _wheel()["only-include"])


@cache
def _workflow_modules() -> frozenset[str]:
    """The files that the sandbox loads anew for each instance: those that define a workflow, and nobody else's."""
    return frozenset(
        p.module
        for p in product()
        if any(
            ast.unparse(decorator).startswith("workflow.defn")
            for node in nodes(p.path)
            if isinstance(node, ast.ClassDef)
            for decorator in node.decorator_list
        )
    )


def _wheel() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel: dict[str, Any] = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    return wheel


def _texts(folder: Path) -> list[Path]:
    kinds = {".py", ".toml", ".j2", ".md", ".json", ".txt", ".sql", ".yml", ".yaml", ".sh", ""}
    return [
        f
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.suffix in kinds and "__pycache__" not in f.parts and f.stat().st_size < 1_000_000
    ]


@cache
def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _room(module: str) -> str:
    return max((room for room in ROOMS if _within(module, room)), key=len)


def _within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(f"{prefix}.")


def _said(found: Import) -> str:
    return f"{found.file.relative_to(ROOT)}:{found.line} imports {found.module}"
