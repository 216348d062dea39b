"""The JSON schemas of everything that other programs may send and ask: `python -m starter.schemas [--check]`.

Generated from the models into docs/schemas/, one file a message, named as the signal, update or query.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.received import ComplaintReceived
from complaints.rules.requests import Outcome
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
from workflows import names

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """By file name: the start's input, each signal, each update's answer, the queries' answers, the run's result."""
    messages: dict[str, tuple[str, Any, str]] = {
        "start.complaint-received": ("The input of a start", ComplaintReceived, "validation"),
        "result.outcome": ("The result of a finished run", Outcome, "serialization"),
        f"query.{names.STATUS}": ("The answer of the query, and of every update", Status, "serialization"),
        f"query.{names.TIMELINE}": ("The answer of the query", list[TimelineEntry], "serialization"),
        f"query.{names.EXPLAIN}": ("The answer of the query", list[DeadlineExplained], "serialization"),
    }
    for name, fact in FACTS.items():
        updates = [update for update, model in UPDATES.items() if model is fact]
        said = f"The payload of the signal `{name}`" + "".join(f" and of the update `{update}`" for update in updates)
        messages[f"signal.{name}"] = (said, fact, "validation")
    return {f"{name}.json": _schema(*message) for name, message in messages.items()}


def _schema(title: str, model: Any, mode: Any) -> dict[str, Any]:
    return {"$schema": _DIALECT, **TypeAdapter(model).json_schema(by_alias=True, mode=mode), "title": title}


def rendered() -> dict[str, str]:
    """The files' contents."""
    return {
        name: json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        for name, schema in schemas().items()
    }


def differences() -> list[str]:
    """The files that do not say what the models say."""
    wanted = rendered()
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    return sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))


def main() -> int:
    """Writes them; with --check only says which are out of date, and ends with 1 if any is."""
    stale = differences()
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/schemas/{name} is out of date: run `python -m starter.schemas`.", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = rendered()
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
