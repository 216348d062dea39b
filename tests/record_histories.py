"""Records the histories that tests/stories/test_replay.py replays: `uv run python -m tests.record_histories [LIFE …]`.

Each life of tests/lives.py that this version has not recorded yet is lived once on a real server, and its last run's
history is kept in tests/histories/VERSION. None is ever recorded anew: an old history that still replays is the proof
that a deploy breaks no running case. A new life, or a new version, brings files of its own; then `python -m
tests.commanded`. People in them are invented; the machine's name is taken out.
"""

import asyncio
import json
import re
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import complaints
from complaints.contacts import load_contacts
from complaints.records.migrate import migrate
from local.stack.postgres import Postgres
from local.stack.temporal_server import TemporalServer
from tests.commanded import Stored
from tests.lives import LIVES
from tests.sink import sink
from tests.story import telling
from workflows import names
from workflows.connection import connect

VERSION = version("complaint-desk")


def without_machine(value: Any) -> Any:
    """The same JSON without the names of processes and hosts, and without the places of files in a failure."""
    if isinstance(value, dict):
        return {key: without_machine(one) for key, one in value.items() if key != "stackTrace"}
    if isinstance(value, list):
        return [without_machine(one) for one in value]
    return re.sub(r"^\d+@[\w.-]+", "worker", value) if isinstance(value, str) else value


def one_event_a_line(history: dict[str, Any]) -> str:
    """JSON that a change can be read in."""
    events = (json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in history["events"])
    return '{"events": [\n' + ",\n".join(events) + "\n]}\n"


def invented_people(folder: Path) -> Path:
    """The contacts that come with the program, with the roles' names in place of the people's."""
    text = (Path(complaints.__file__).parent / "contacts.toml").read_text(encoding="utf-8")
    for role, post in load_contacts().people.items():
        text = text.replace(post.name, role.replace("_", " ").title())
    file = folder / "contacts.toml"
    file.write_text(text, encoding="utf-8")
    return file


async def record(lives: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        async with (
            TemporalServer.started(home / "temporal", time_skipping=True, attributes=names.SEARCH_ATTRIBUTES) as server,
            Postgres.started(home / "postgres", durable=False) as postgres,
        ):
            people = invented_people(home)
            client = await connect(address=server.address, namespace=server.namespace)
            for life in lives:
                dsn = await postgres.create_database(life.replace("-", "_"))
                await migrate(dsn)
                async with sink() as mail, telling(client, mail, dsn, contacts=people) as story:
                    story.number = f"H-{life}"
                    await LIVES[life](story)
                    history = without_machine(json.loads((await story.handle.fetch_history()).to_json()))
                one = Stored(VERSION, life)
                one.file.parent.mkdir(exist_ok=True)
                one.file.write_text(one_event_a_line(history), encoding="utf-8")
                print(f"{one}: {len(history['events'])} events")
    await asyncio.sleep(0.5)  # Temporal's core may crash the interpreter at exit while its threads wind down


if __name__ == "__main__":
    asyncio.run(record([life for life in sys.argv[1:] or LIVES if not Stored(VERSION, life).file.exists()]))
