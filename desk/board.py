"""The board: what needs me now, then the open complaints by stage; filters live in the address."""

import hashlib
from datetime import datetime, time, timedelta
from typing import Any

from starlette.responses import Response

from complaints.records.board import BoardFilter, Looked
from desk.visit import Visit, address

SHOWN = ("mine", "late", "department", "level", "channel", "text")
"""The filters, as they stand in the address."""


async def board_page(visit: Visit) -> Response:
    """The whole page."""
    return visit.page("board.html", **await _looked(visit))


async def board_part(visit: Visit) -> Response:
    """What changes on it, asked for by the page itself; 204 while it is as the page has it."""
    values = await _looked(visit)
    if visit.request.query_params.get("seen") == values["seen"]:
        return Response(status_code=204)
    return visit.page("board_part.html", **values)


async def _looked(visit: Visit) -> dict[str, Any]:
    asked = _asked(visit)
    tomorrow = visit.words.day_of(visit.now) + timedelta(days=1)
    day_ends = datetime.combine(tomorrow, time(), visit.words.zone)
    looked = await visit.office.store.board(_filter(visit, asked), day_ends=day_ends)
    # What a card says depends on the day and the language too.
    shown = f"{looked.model_dump_json()} {day_ends} {visit.language}"
    seen = hashlib.sha256(shown.encode()).hexdigest()[:16]
    return {
        "looked": looked,
        "asked": asked,
        "seen": seen,
        "poll": address("/board", **asked, seen=seen, poll=1),
        "without": lambda *names: address("/", **{k: v for k, v in asked.items() if k not in names}),
        "with_": lambda **more: address("/", **{**asked, **more}),
        "departments": _departments(visit, looked),
        "levels": range(len(visit.office.policy.escalation.levels) + 1),
    }


def _asked(visit: Visit) -> dict[str, str]:
    given = visit.request.query_params
    return {name: value[:100] for name in SHOWN if (value := given.get(name, "").strip())}


def _filter(visit: Visit, asked: dict[str, str]) -> BoardFilter:
    level = asked.get("level", "")
    return BoardFilter(
        department=asked.get("department"),
        level=int(level) if level.isascii() and level.isdigit() and len(level) < 5 else None,
        channel=asked.get("channel"),
        late=True if asked.get("late") else None,
        text=asked.get("text"),
        mine=visit.office.roles_of(visit.member) if asked.get("mine") else None,
    )


def _departments(visit: Visit, looked: Looked) -> dict[str, str]:
    """Keys and names, with those that the school has given up but that cases still carry."""
    known = {key: one.named(visit.language) for key, one in visit.office.contacts().departments.items()}
    carried = {card.department for cards in looked.columns.values() for card in cards if card.department}
    return {**known, **{key: key for key in sorted(carried - known.keys())}}
