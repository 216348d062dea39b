"""In a copy of the house to which the recipe of CONTRIBUTING.md has added a fact: the fact is said and told everywhere.

`python -m tests.recipe_tried` prints what was said and told, as JSON. tests/house/test_recipes.py runs it in the copy.
"""

import io
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from temporalio import workflow

import cli.main
from cli.commands import acting
from complaints.records.staff import Role
from complaints.rules.case import Case
from complaints.rules.facts import Fact
from complaints.rules.status import Status, TimelineEntry, status_of, timeline_of
from complaints.words import collecting
from complaints.words.catalogue import LANGUAGES
from complaints.words.telling import particulars
from complaints.words.wording import Wording
from desk.api.openapi import document
from desk.staff.acts import as_fact, possible
from docs import tables
from starter import schemas
from starter.acts import ACTS
from tests.casebook import WEDNESDAY, Tale, lima
from workflows.complaint import Complaint
from workflows.handlers import Handlers


class Hall(Handlers):
    """The handlers of a case, without a server; for the command line it is the desk that it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Case = Tale.begins().case

    def now(self) -> Any:
        return lima(WEDNESDAY)

    async def act(self, number: str, act: str, fact: Fact, event_id: str | None, **_more: Any) -> Status:
        return self.hears(act, fact)

    def hears(self, act: str, fact: Fact) -> Status:
        """As Temporal hands it over: by the handler of that name, as JSON."""
        granted: Status = getattr(type(self), act)(self, fact.model_dump(mode="json", by_alias=True))
        return granted


def main(act: str, words: list[str]) -> dict[str, Any]:
    """What each surface knows of the act, what each says with these words, and what the journal tells of it."""
    made = [schemas.main(), tables.main(), collecting.main()]
    halls = {surface: Hall() for surface in ("cli", "desk", "api")}
    command = ACTS[act].command
    with redirect_stdout(io.StringIO()) as help_:
        cli.main.run([command, "--help"])
    vars(acting)["at_desk"] = _at(halls["cli"])  # the only stand-in: a server's place
    with redirect_stdout(io.StringIO()) as status, redirect_stderr(io.StringIO()) as wrong:
        ended = cli.main.run([command, "Q-7KF3-02M9D", *words, "--by", "Ana Rojas", "--json"])
    typed = json.loads(ACTS[act].example)
    form = FormData([(field.name, str(typed[field.name])) for field in ACTS[act].form if field.name in typed])
    fact = as_fact(ACTS[act], form, by="Ana Rojas", event_id="desk/1", zone=ZoneInfo("America/Lima"))
    halls["desk"].hears(act, fact)
    operation = document()["paths"][f"/complaints/{{number}}/{act}"]["post"]
    halls["api"].hears(act, type(fact).model_validate(typed | {"by": "crm"}))
    known = workflow._Definition.must_from_class(Complaint)  # what Temporal takes from the class
    return {
        "house": str(Path(cli.main.__file__).parents[1]),
        "made": made,
        "handlers": [fact.name in known.signals, act in known.updates],
        "help": help_.getvalue(),
        "ended": [ended, wrong.getvalue()],
        "answer": json.loads(status.getvalue())["stage"],
        "offered": [one.name for one in possible(status_of(halls["desk"].case), Role.AGENT)],
        "operation": [operation["summary"], operation["tags"]],
        "told": {surface: _told(timeline_of(hall.case)[-1]) for surface, hall in halls.items()},
    }


def _at(hall: Hall) -> Any:
    def at_desk(home: Path | None, ask: Callable[[Any, Any], Awaitable[Any]]) -> Any:
        asked = ask(hall, SimpleNamespace())
        try:
            asked.send(None)  # type: ignore[attr-defined]
        except StopIteration as done:
            return done.value
        raise AssertionError("it waits for something")

    return at_desk


def _told(row: TimelineEntry) -> dict[str, list[str | None]]:
    """The row as staff read it, in each language."""
    told: dict[str, list[str | None]] = {}
    for language in LANGUAGES:
        words = Wording(language)
        told[language] = [words.happened(row.what, row.data), *particulars(row, words), row.by]
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
