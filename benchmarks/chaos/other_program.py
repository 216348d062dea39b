"""A copy of the program that is one change ahead, made as CONTRIBUTING.md asks for it: behind `workflow.patched`."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("complaints", "workflows", "activities", "starter", "desk", "local", "cli")

_BEFORE = "            await self.fact(case.is_resolved)"
_AHEAD = """            if workflow.patched("chaos: one change ahead"):
                await workflow.sleep(timedelta(seconds=0.1))
"""


def one_change_ahead(folder: Path) -> Path:
    """A folder to start Python in; a case that is assigned under it waits a moment first."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "worker.py", folder)
    file = folder / "workflows" / "complaint.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(_BEFORE) == 1, "the workflow has changed: name another place"
    file.write_text(text.replace(_BEFORE, _AHEAD + _BEFORE), encoding="utf-8")
    return folder
