"""Commands are named as they can be typed where this program was started."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from starter import started_as
from starter.started_as import as_started, called


@pytest.fixture
def on_path(tmp_path: Path) -> Path:
    script = tmp_path / "bin" / "complaints"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    return script


@pytest.mark.parametrize(
    ("argument", "parent", "expected"),
    [
        ("ON PATH", [], "complaints"),
        ("ON PATH", ["bash"], "complaints"),
        ("/srv/checkout/.venv/bin/complaints", ["uv", "run", "complaints", "demo"], "uv run complaints"),
        ("/x/complaints", ["/home/ana/.local/bin/uv", "run", "--python", "3.13", "complaints", "up"],
         "uv run --python 3.13 complaints"),
        ("/cache/archive/bin/complaints", ["uvx", "--from", "./dist/a b.whl", "complaints", "demo"],
         "uvx --from './dist/a b.whl' complaints"),
        ("/cache/bin/complaints", ["/opt/bin/uv", "tool", "uvx", "--from", "x.whl", "complaints", "demo"],
         "uvx --from x.whl complaints"),
        ("/cache/bin/complaints", ["uv", "tool", "run", "--from", "x.whl", "complaints"],
         "uv tool run --from x.whl complaints"),
        (".venv/bin/complaints", ["bash"], ".venv/bin/complaints"),
        ("/srv/my venv/bin/complaints", ["systemd"], "'/srv/my venv/bin/complaints'"),
        ("/srv/cli/main.py", ["uv", "run", "python", "-m", "cli.main"], "complaints"),
        ("/x/pytest", ["uv", "run", "pytest"], "complaints"),
    ],
)  # fmt: skip
def test_as_it_was_started(argument: str, parent: Sequence[str], expected: str, on_path: Path) -> None:
    argument = str(on_path) if argument == "ON PATH" else argument
    assert called(argument, parent, {"PATH": f"/nowhere:{on_path.parent}"}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("start it (`complaints up`) and repeat", "start it (`uv run complaints up`) and repeat"),
        ("Now: complaints up --home x", "Now: uv run complaints up --home x"),
        ("  complaints calls done Q-1", "  uv run complaints calls done Q-1"),
        ("complaints demo --keep", "uv run complaints demo --keep"),
        ("2 complaints, 1 of them open", "2 complaints, 1 of them open"),
        ("all open complaints count", "all open complaints count"),
        ("`complaints`", "`complaints`"),
    ],
)
def test_only_commands_are_named_anew(text: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(started_as, "ours", lambda: "uv run complaints")
    assert as_started(text) == expected
