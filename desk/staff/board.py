"""The board: what needs me now, then the open complaints by stage or as a list; filters live in the address."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from complaints.records.absences import Colleague
from complaints.records.board import BoardFilter, Card, Counts
from complaints.records.listing import Listed, SortKey
from complaints.rules import months
from complaints.rules.privacy_requests import PrivacyRequest, near_their_end
from complaints.rules.stages import Stage
from complaints.words.faults import said as fault_said
from complaints.words.vocabulary import ENDS, PRIVACY_RIGHTS
from desk.request import PageRequest, address
from desk.staff.colleagues import choices, names_of
from desk.staff.days import day_ends
from desk.staff.exports import table_of
from desk.staff.paging import page_of
from desk.staff.views import view_address
from starter.host_state import state_of

TICKS = ("mine", "late", "unread", "today", "unassigned")
"""Filters that are on or off: the page's tiles."""
SHOWN = (*TICKS, "person", "department", "level", "channel", "text", "stage")
"""The filters, as they stand in the address."""
CLOSED = ("closed", "end")
"""Of the list alone: a month such as 2026-11 or `all`, and how they ended."""
OF_CLOSED = ("mine", "person", "department", "level", "channel", "text", *CLOSED)
"""The filters that say something about a complaint that is over."""
OPEN_STAGES = [stage.value for stage in Stage if stage is not Stage.CLOSED]
MONTHS = 24
"""Months of closed complaints that the list offers, beside the one that is asked for."""
SORTED = ("by", "down", "page")
_ALWAYS: tuple[SortKey, ...] = ("customer", "representative", "department", "level", "received")
COLUMNS: dict[bool, tuple[SortKey, ...]] = {False: (*_ALWAYS, "stage", "due"), True: (*_ALWAYS, "closed")}
"""By what the open complaints can be ordered, and the closed ones."""
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


async def board_page(request: PageRequest) -> Response:
    """The whole page."""
    proof, host, privacy = None, None, list[PrivacyRequest]()
    if request.may("proof"):
        proof = await request.app_state.store.newest_verification()
        settings = request.app_state.settings
        host = state_of(settings.home) if settings else None
        privacy = near_their_end(
            await request.app_state.store.privacy_requests(), request.app_state.policy, request.now
        )
    now = request.app_state.now()
    return request.page(
        "board.html",
        proof=proof,
        host=host,
        now=now,
        privacy=privacy,
        fault_said=fault_said,
        rights=PRIVACY_RIGHTS,
        **await _looked(request),
    )


async def board_part(request: PageRequest) -> Response:
    """What changes on it, asked for by the page itself; 204 while it is as the page has it."""
    values = await _looked(request)
    if request.http.query_params.get("seen") == values["seen"]:
        return Response(status_code=204)
    return request.page("board_part.html", **values)


async def list_page(request: PageRequest) -> Response:
    """The same complaints as a table, sorted by any column, page by page; or those that were closed in a month."""
    asked, colleagues = _asked_of_list(request), await request.app_state.store.colleagues()
    by, down, page = _order(request, closed="closed" in asked)
    listed = await _listed(request, asked, colleagues, skip=PAGE * (page - 1), limit=PAGE)
    if page > 1 and not listed.cards:
        return request.to(address("/list", **asked, by=by, down="1" if down else ""))
    return request.page(
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
        stages=OPEN_STAGES,
        months=_months(request, asked.get("closed", "")),
        ends=list(dict.fromkeys([*ENDS, *filter(None, [asked.get("end")])])),
        table=address("/list/table", **asked, by=by, down="1" if down else ""),
        event_id=str(uuid4()),
        people=choices(request, colleagues, await request.app_state.store.open_by_representative()),
        **await _around(request, asked, "/list", listed.cards, colleagues),
    )


async def list_table(request: PageRequest) -> Response:
    """Every complaint that the list shows with these filters, on all its pages and in its order, for a spreadsheet."""
    listed = await _listed(request, _asked_of_list(request), await request.app_state.store.colleagues())
    return await table_of(request, await request.app_state.store.records([card.number for card in listed.cards]))


async def counts(request: PageRequest) -> Response:
    """What waits for somebody, for the badges of every page's head."""
    calls, quarantine = await request.app_state.store.waiting()
    return request.page("counts.html", calls=calls, quarantine=quarantine)


async def _looked(request: PageRequest) -> dict[str, Any]:
    asked = _asked(request, tuple(name for name in SHOWN if name != "stage"))
    store, ends, colleagues = request.app_state.store, day_ends(request), await request.app_state.store.colleagues()
    looked = await store.board(_filter(request, asked, colleagues), day_ends=ends)
    mentions = await store.mentions_of(request.member.account)
    # What a card says depends on the day and the language too.
    shown = f"{looked.model_dump_json()} {mentions} {ends} {request.language}"
    seen = hashlib.sha256(shown.encode()).hexdigest()[:16]
    carried = [card for cards in looked.columns.values() for card in cards]
    return {
        "looked": looked,
        "mentions": mentions,
        "seen": seen,
        "tiles": _tiles(request, asked, looked.counts, colleagues),
        "poll": address("/board", **asked, seen=seen, poll=1),
        **await _around(request, asked, "/", carried, colleagues),
    }


async def _around(
    request: PageRequest, asked: dict[str, str], path: str, cards: Sequence[Card], colleagues: Sequence[Colleague]
) -> dict[str, Any]:
    """What columns and list have in common: the filters, the way from one to the other, and what was saved of them."""
    ordered = {name: request.http.query_params[name] for name in ("by", "down") if name in request.http.query_params}
    return {
        "asked": asked,
        "person": next((one.name for one in colleagues if one.account == asked.get("person")), asked.get("person")),
        "this_view": view_address(address(path, **asked, **(ordered if path == "/list" else {}))),
        "views": await request.app_state.store.views_of(request.member.account),
        "path": path,
        "kept": {name: "1" for name in asked if name in TICKS} | (ordered if path == "/list" else {}),
        "narrowed": _narrowed(request, asked, colleagues) if path == "/list" else {},
        "columns_at": address("/", **_without(asked, "stage", *CLOSED)),
        "list_at": lambda **more: address("/list", **{**_without(asked, *CLOSED), **more}),
        "closed_at": address("/list", closed=_months(request)[0], **_without(_of_closed(asked), *CLOSED)),
        "without": lambda *names: address(path, **_without(asked, *names), **(ordered if path == "/list" else {})),
        # What is asked for stands in its field, also where the school has given it up.
        "departments": _departments(
            request, [*filter(None, [asked.get("department")]), *(c.department for c in cards)]
        ),
        "levels": sorted({*range(len(request.app_state.policy.escalation.levels) + 1)} | {*_level(asked)}),
    }


def _narrowed(request: PageRequest, asked: dict[str, str], colleagues: Sequence[Colleague]) -> dict[str, str]:
    """The filters of the list that no field of its own shows, in words: what is left out is said, and can be undone."""
    said = {
        "mine": request.gettext("mine"),
        "late": request.pgettext("complaints", "late"),
        "unread": request.ngettext("new message", "new messages", 2),
        "today": request.pgettext("complaints", "due today"),
        "unassigned": request.gettext("unassigned"),
        "person": _person(asked, colleagues),
    }
    return {name: label for name, label in said.items() if name in asked}


def _person(asked: dict[str, str], colleagues: Sequence[Colleague]) -> str:
    account = asked.get("person", "")
    return next((one.name for one in colleagues if one.account == account), account)


def _tiles(request: PageRequest, asked: dict[str, str], counts: Counts, colleagues: Sequence[Colleague]) -> list[Tile]:
    def tick(name: str, label: str, count: int, tone: str = "") -> Tile:
        on = name in asked
        more = {k: v for k, v in asked.items() if k != name} | ({} if on else {name: "1"})
        return Tile(label, count, address("/", **more), on, tone if count else "")

    others = {name: value for name, value in asked.items() if name not in TICKS}
    of_person = Tile(_person(asked, colleagues), counts.mine, address("/", **_without(asked, "person")), on=True)
    mine, today = counts.mine, counts.due_today
    calls = Tile(request.gettext("to call"), counts.calls, "/calls", tone="soon" if counts.calls else "")
    return [
        Tile(
            request.npgettext("a count", "open", "open", counts.open), counts.open, address("/", **others),
            not any(tick in asked for tick in TICKS),
        ),
        of_person if "person" in asked else tick("mine", request.npgettext("a count", "mine", "mine", mine), mine),
        tick("late", request.npgettext("a count", "late", "late", counts.late), counts.late, "bad"),
        tick("unread", request.ngettext("new message", "new messages", counts.unread), counts.unread, "soon"),
        tick("today", request.npgettext("a count", "due today", "due today", today), today, "soon"),
        tick("unassigned", request.gettext("unassigned"), counts.unassigned, "soon"),
        *([calls] if request.may("handle") else []),
        Tile(
            request.gettext("in quarantine"), counts.quarantine, "/quarantine",
            tone="soon" if counts.quarantine else "",
        ),
    ]  # fmt: skip


def _asked(request: PageRequest, names: tuple[str, ...]) -> dict[str, str]:
    given = request.http.query_params
    asked = {name: value[:100] for name in names if (value := given.get(name, "").strip())}
    # What no complaint can have narrows nothing, and is not shown as if it did.
    possible = {"stage": asked.get("stage") in OPEN_STAGES, "level": bool(_level(asked))}
    return {name: value for name, value in asked.items() if possible.get(name, True)}


def _asked_of_list(request: PageRequest) -> dict[str, str]:
    """Without what says nothing of such complaints: a closed one is not late any more, an open one has no end."""
    asked = _asked(request, (*SHOWN, *CLOSED))
    return _of_closed(asked) if "closed" in asked else _without(asked, *CLOSED)


async def _listed(
    request: PageRequest, asked: dict[str, str], colleagues: Sequence[Colleague], *, skip: int = 0,
    limit: int | None = None,
) -> Listed:  # fmt: skip
    """Some of the complaints that are asked for, in the order of the address."""
    shown, store = _filter(request, asked, colleagues), request.app_state.store
    by, down, _ = _order(request, closed="closed" in asked)
    if "closed" not in asked:
        ends = day_ends(request)
        return await store.listed(shown, day_ends=ends, by=by, descending=down, skip=skip, limit=limit)
    since, before = _month(request, asked["closed"])
    return await store.listed_closed(
        shown, since=since, before=before, outcome=asked.get("end"), by=by, descending=down, skip=skip, limit=limit
    )


def _filter(request: PageRequest, asked: dict[str, str], colleagues: Sequence[Colleague]) -> BoardFilter:
    ticks = {name: name in asked for name in TICKS}
    own: tuple[str, ...] = names_of(request, request.member, colleagues)
    if (account := asked.get("person")) is not None:  # whoever is meant, in the reader's place
        person = next((one for one in colleagues if one.account == account), None)
        own, ticks["mine"] = request.app_state.roles_of(person) if person else (account,), True
    return BoardFilter(
        department=asked.get("department"),
        level=next(iter(_level(asked)), None),
        channel=asked.get("channel"),
        text=asked.get("text"),
        stage=asked.get("stage"),
        own=own,
        **ticks,
    )


def _level(asked: dict[str, str]) -> list[int]:
    """The level that is asked for, where it can be one."""
    level = asked.get("level", "")
    return [int(level)] if level.isascii() and level.isdigit() and len(level) < 5 else []


def _without(asked: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name not in names}


def _of_closed(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name in OF_CLOSED}


def _months(request: PageRequest, asked: str = "") -> list[str]:
    """`2026-11`, `2026-10` …: this month first; one that is asked for stands among them however old it is."""
    today = request.words.day_of(request.now)
    last = today.year * 12 + today.month - 1
    offered = [f"{month // 12}-{month % 12 + 1:02d}" for month in range(last, last - MONTHS, -1)]
    return offered if asked in offered or _first_of(asked) is None else [*offered, asked]


def _first_of(closed: str) -> date | None:
    try:
        return months.first_of(closed)
    except ValueError:
        return None


def _month(request: PageRequest, closed: str) -> tuple[datetime | None, datetime | None]:
    """When that month begins and the next one does; none of both for anything else."""
    if (first := _first_of(closed)) is None:
        return None, None
    zone = request.words.zone
    return datetime.combine(first, time(), zone), datetime.combine(months.after(first), time(), zone)


def _order(request: PageRequest, *, closed: bool) -> tuple[SortKey, bool, int]:
    """By which of its columns, whether the other way round, and which page; what was closed last stands first unless
    asked."""
    given = request.http.query_params
    by: SortKey | None = next((key for key in COLUMNS[closed] if key == given.get("by")), None)
    down = bool(given.get("down")) or (closed and by is None)
    return by or ("closed" if closed else "due"), down, page_of(request)


def _departments(request: PageRequest, keys: Sequence[str | None]) -> dict[str, str]:
    """Keys and names, with those that the school has given up but that cases still carry."""
    known = {key: one.named(request.language) for key, one in request.app_state.contacts().departments.items()}
    carried = {key for key in keys if key}
    return {**known, **{key: key for key in sorted(carried - known.keys())}}
