"""The rooms as a picture, made from what `test_rooms.py` allows: `make rooms` draws it into docs/architecture.md."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.house.test_rooms import ROOMS, ROOT

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: made by `make rooms` -->\n", "<!-- rooms: end -->\n"

MEANING = {
    "complaints.rules": "the case, pure",
    "complaints.words": "what is said, in any language",
    "complaints.records": "Postgres",
    "complaints.mail": "letters and mail",
    "complaints.reports": "figures, dossier, PDF",
    "complaints": "settings · contacts · policy",
    "workflows": "waits and passes on",
    "activities": "one touch of the world each",
    "worker": "joins them",
    "starter": "the front desk, the mailbox",
    "local": "the stack, a host, the stories",
    "desk": "the web: staff, customer, api",
    "cli": "the command line",
}

WHOLE = "everything"
"""The subgraph of `complaints`, for rooms that may use all of it."""


def arrows(rooms: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Who may import whom, from top to bottom; an arrow that others make up together is left out."""
    below = {room: {_room_of(room, meant) for meant in allowed} for room, allowed in rooms.items()}
    below[WHOLE] = {room for room in rooms if room.partition(".")[0] == "complaints"}

    def reached(room: str) -> set[str]:
        return below.get(room, set()).union(*(reached(one) for one in below.get(room, ())))

    return [
        (room, one)
        for room in reversed(list(rooms))
        for one in sorted(below[room])
        if not any(one in reached(other) for other in below[room] - {one})
    ]


def _room_of(room: str, meant: str) -> str:
    if meant == "complaints":
        return WHOLE
    return meant if meant in ROOMS else meant.rpartition(".")[0]  # a file beside the rooms


def drawn() -> str:
    """Mermaid, as GitHub shows it."""
    inside = [room for room in ROOMS if room.partition(".")[0] == "complaints"]
    lines = ["```mermaid", "flowchart TB"]
    lines += [f"    {_node(room)}" for room in reversed(ROOMS) if room not in inside]
    lines += [
        f'    subgraph {WHOLE} ["complaints"]',
        *(f"        {_node(room)}" for room in reversed(inside)),
        "    end",
    ]
    lines += [f"    {_name(one)} --> {_name(other)}" for one, other in arrows(ROOMS)]
    return "\n".join([*lines, "```\n"])


def _name(room: str) -> str:
    return "beside" if room == "complaints" else room.replace(".", "_")


def _node(room: str) -> str:
    title = "beside the rooms" if room == "complaints" else room.rpartition(".")[2]
    return f'{_name(room)}["<b>{title}</b><br/>{MEANING[room]}"]'


def with_picture(page: str) -> str:
    """The page with the picture as it is now."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}{drawn()}{END}", page, flags=re.S)


if __name__ == "__main__":
    Path(PAGE).write_text(with_picture(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
