"""The board: what needs me now, then the open complaints by stage or as a list; filters live in the address."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from starlette.responses import Response

from complaints.records.board import BoardFilter, Card, Counts
from complaints.records.listing import SORT_KEYS, SortKey
from complaints.rules.stages import Stage
from desk.visit import Visit, address

TICKS = ("mine", "late", "today", "unassigned")
"""Filters that are on or off: the page's tiles."""
SHOWN = (*TICKS, "department", "level", "channel", "text", "stage")
"""The filters, as they stand in the address."""
SORTED = ("by", "down", "page")
PAGE = 50
"""Rows of a page of the list."""


@dataclass(frozen=True)
class Tile:
    """A number that is a filter too."""

    label: str
    count: int
    href: str
    on: bool = False
    tone: str = ""
    """bad, soon: where it is not 0, somebody has to do something."""


async def board_page(visit: Visit) -> Response:
    """The whole page."""
    return visit.page("board.html", **await _looked(visit))


async def board_part(visit: Visit) -> Response:
    """What changes on it, asked for by the page itself; 204 while it is as the page has it."""
    values = await _looked(visit)
    if visit.request.query_params.get("seen") == values["seen"]:
        return Response(status_code=204)
    return visit.page("board_part.html", **values)


async def list_page(visit: Visit) -> Response:
    """The same complaints as a table, sorted by any column, page by page."""
    asked = _asked(visit, SHOWN)
    by, down, page = _order(visit)
    listed = await visit.office.store.listed(
        _filter(visit, asked), day_ends=_day_ends(visit), by=by, descending=down, skip=PAGE * (page - 1), limit=PAGE
    )
    if page > 1 and not listed.cards:
        return visit.to(address("/list", **asked, by=by, down=down))
    return visit.page(
        "list.html",
        listed=listed,
        by=by,
        down=down,
        page=page,
        pages=-(-listed.found // PAGE),
        first=PAGE * (page - 1) + 1,
        # The same column once more turns the order round.
        sorted_by=lambda key: address("/list", **asked, by=key, down="1" if key == by and not down else ""),
        to_page=lambda wanted: address("/list", **asked, by=by, down="1" if down else "", page=wanted),
        stages=[stage.value for stage in Stage if stage is not Stage.CLOSED],
        **_around(visit, asked, "/list", listed.cards),
    )


async def counts(visit: Visit) -> Response:
    """What waits for somebody, for the badges of every page's head."""
    calls, quarantine = await visit.office.store.waiting()
    return visit.page("counts.html", calls=calls, quarantine=quarantine)


async def _looked(visit: Visit) -> dict[str, Any]:
    asked = _asked(visit, tuple(name for name in SHOWN if name != "stage"))
    day_ends = _day_ends(visit)
    looked = await visit.office.store.board(_filter(visit, asked), day_ends=day_ends)
    # What a card says depends on the day and the language too.
    shown = f"{looked.model_dump_json()} {day_ends} {visit.language}"
    seen = hashlib.sha256(shown.encode()).hexdigest()[:16]
    carried = [card for cards in looked.columns.values() for card in cards]
    return {
        "looked": looked,
        "seen": seen,
        "tiles": _tiles(visit, asked, looked.counts),
        "poll": address("/board", **asked, seen=seen, poll=1),
        **_around(visit, asked, "/", carried),
    }


def _around(visit: Visit, asked: dict[str, str], path: str, cards: Sequence[Card]) -> dict[str, Any]:
    """What columns and list have in common: the filters, and the way from one to the other."""
    return {
        "asked": asked,
        "path": path,
        "kept": {name: value for name, value in asked.items() if name in TICKS},
        "columns_at": address("/", **{name: value for name, value in asked.items() if name != "stage"}),
        "list_at": lambda **more: address("/list", **{**asked, **more}),
        "without": lambda *names: address(path, **{k: v for k, v in asked.items() if k not in names}),
        "departments": _departments(visit, cards),
        "levels": range(len(visit.office.policy.escalation.levels) + 1),
    }


def _tiles(visit: Visit, asked: dict[str, str], counts: Counts) -> list[Tile]:
    def tick(name: str, label: str, count: int, tone: str = "") -> Tile:
        on = name in asked
        more = {k: v for k, v in asked.items() if k != name} | ({} if on else {name: "1"})
        return Tile(label, count, address("/", **more), on, tone if count else "")

    others = {name: value for name, value in asked.items() if name not in TICKS}
    calls = Tile(visit.gettext("to call"), counts.calls, "/calls", tone="soon" if counts.calls else "")
    return [
        Tile(
            visit.pgettext("complaints", "open"), counts.open, address("/", **others),
            not any(tick in asked for tick in TICKS),
        ),
        tick("mine", visit.gettext("mine"), counts.mine),
        tick("late", visit.pgettext("complaints", "late"), counts.late, "bad"),
        tick("today", visit.pgettext("complaints", "due today"), counts.due_today, "soon"),
        tick("unassigned", visit.gettext("unassigned"), counts.unassigned, "soon"),
        *([calls] if visit.may("handle") else []),
        Tile(
            visit.gettext("in quarantine"), counts.quarantine, "/quarantine",
            tone="soon" if counts.quarantine else "",
        ),
    ]  # fmt: skip


def _asked(visit: Visit, names: tuple[str, ...]) -> dict[str, str]:
    given = visit.request.query_params
    return {name: value[:100] for name in names if (value := given.get(name, "").strip())}


def _filter(visit: Visit, asked: dict[str, str]) -> BoardFilter:
    level = asked.get("level", "")
    return BoardFilter(
        department=asked.get("department"),
        level=int(level) if level.isascii() and level.isdigit() and len(level) < 5 else None,
        channel=asked.get("channel"),
        text=asked.get("text"),
        stage=asked.get("stage"),
        own=visit.office.roles_of(visit.member),
        **{name: name in asked for name in TICKS},
    )


def _order(visit: Visit) -> tuple[SortKey, bool, int]:
    given = visit.request.query_params
    by: SortKey = next((key for key in SORT_KEYS if key == given.get("by")), "due")
    page = given.get("page", "")
    return by, bool(given.get("down")), int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 10_000 else 1


def _day_ends(visit: Visit) -> datetime:
    tomorrow = visit.words.day_of(visit.now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), visit.words.zone)


def _departments(visit: Visit, cards: Sequence[Card]) -> dict[str, str]:
    """Keys and names, with those that the school has given up but that cases still carry."""
    known = {key: one.named(visit.language) for key, one in visit.office.contacts().departments.items()}
    carried = {card.department for card in cards if card.department}
    return {**known, **{key: key for key in sorted(carried - known.keys())}}
