"""A copy of the program in which the workflow takes another way: what a careless change is to a running complaint."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]

_BEFORE = "        told: RulesTold = await workflow.execute_local_activity("
_CARELESS = "        await workflow.sleep(timedelta(seconds=1))\n"


def patched_tree(folder: Path) -> Path:
    """A folder to start Python in: its workflow waits a second before it opens a case. Everything else is as it is."""
    tree = folder / "patched"
    for part in ("workflows", "tests"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__", "golden_letters"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    file = tree / "workflows" / "complaint.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(_BEFORE) == 1
    file.write_text(text.replace(_BEFORE, _CARELESS + _BEFORE), encoding="utf-8")
    return tree
