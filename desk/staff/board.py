"""The board: what needs me now, then the open complaints by stage or as a list; filters live in the address."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from complaints.records.absences import Colleague
from complaints.records.board import BoardFilter, Card, Counts
from complaints.records.listing import SORT_KEYS, SortKey
from complaints.rules.privacy_requests import PrivacyRequest, near_their_end
from complaints.rules.stages import Stage
from complaints.words.faults import said as fault_said
from complaints.words.vocabulary import ENDS, PRIVACY_RIGHTS
from desk.request import PageRequest, address
from desk.staff.colleagues import choices, names_of
from desk.staff.days import day_ends
from desk.staff.views import view_address
from starter.host_state import state_of

TICKS = ("mine", "late", "unread", "today", "unassigned")
"""Filters that are on or off: the page's tiles."""
SHOWN = (*TICKS, "person", "department", "level", "channel", "text", "stage")
CLOSED = ("closed", "end")
"""Of the list alone: a month such as 2026-11 or `all`, and how they ended."""
ALL = "all"
MONTHS = 24
"""Months of closed complaints that the list offers; older ones are found by their words, or among all."""
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
    asked, colleagues = _asked(request, (*SHOWN, *CLOSED)), await request.app_state.store.colleagues()
    shown = _filter(request, asked, colleagues)
    closed = asked.get("closed")
    by, down, page = _order(request, "closed" if closed else "due")
    skip = PAGE * (page - 1)
    if closed:
        since, before = _month(request, closed)
        listed = await request.app_state.store.listed_closed(
            shown, since=since, before=before, outcome=asked.get("end"), by=by, descending=down,
            skip=skip, limit=PAGE,
        )  # fmt: skip
    else:
        listed = await request.app_state.store.listed(
            shown, day_ends=day_ends(request), by=by, descending=down, skip=skip, limit=PAGE
        )
    if page > 1 and not listed.cards:
        return request.to(address("/list", **asked, by=by, down=down))
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
        stages=[stage.value for stage in Stage if stage is not Stage.CLOSED],
        months=_months(request),
        ends=list(ENDS),
        event_id=str(uuid4()),
        people=choices(request, colleagues, await request.app_state.store.open_by_representative()),
        **await _around(request, asked, "/list", listed.cards, colleagues),
    )


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
        "kept": {name: value for name, value in asked.items() if name in TICKS},
        "columns_at": address("/", **{name: value for name, value in asked.items() if name not in ("stage", *CLOSED)}),
        "list_at": lambda **more: address("/list", **{**_without_closed(asked), **more}),
        "closed_at": address("/list", closed=_months(request)[0], **_of_closed(asked)),
        "without": lambda *names: address(path, **{k: v for k, v in asked.items() if k not in names}),
        "departments": _departments(request, cards),
        "levels": range(len(request.app_state.policy.escalation.levels) + 1),
    }


def _tiles(request: PageRequest, asked: dict[str, str], counts: Counts, colleagues: Sequence[Colleague]) -> list[Tile]:
    def tick(name: str, label: str, count: int, tone: str = "") -> Tile:
        on = name in asked
        more = {k: v for k, v in asked.items() if k != name} | ({} if on else {name: "1"})
        return Tile(label, count, address("/", **more), on, tone if count else "")

    others = {name: value for name, value in asked.items() if name not in TICKS}
    person = next((one.name for one in colleagues if one.account == asked.get("person")), asked.get("person"))
    without = {name: value for name, value in asked.items() if name != "person"}
    of_person = Tile(person or "", counts.mine, address("/", **without), on=True)
    calls = Tile(request.gettext("to call"), counts.calls, "/calls", tone="soon" if counts.calls else "")
    return [
        Tile(
            request.pgettext("complaints", "open"), counts.open, address("/", **others),
            not any(tick in asked for tick in TICKS),
        ),
        tick("mine", request.gettext("mine"), counts.mine) if person is None else of_person,
        tick("late", request.pgettext("complaints", "late"), counts.late, "bad"),
        tick("unread", request.ngettext("new message", "new messages", counts.unread), counts.unread, "soon"),
        tick("today", request.pgettext("complaints", "due today"), counts.due_today, "soon"),
        tick("unassigned", request.gettext("unassigned"), counts.unassigned, "soon"),
        *([calls] if request.may("handle") else []),
        Tile(
            request.gettext("in quarantine"), counts.quarantine, "/quarantine",
            tone="soon" if counts.quarantine else "",
        ),
    ]  # fmt: skip


def _asked(request: PageRequest, names: tuple[str, ...]) -> dict[str, str]:
    given = request.http.query_params
    return {name: value[:100] for name in names if (value := given.get(name, "").strip())}


def _filter(request: PageRequest, asked: dict[str, str], colleagues: Sequence[Colleague]) -> BoardFilter:
    level, ticks = asked.get("level", ""), {name: name in asked for name in TICKS}
    own: tuple[str, ...] = names_of(request, request.member, colleagues)
    if (account := asked.get("person")) is not None:  # whoever is meant, in the reader's place
        person = next((one for one in colleagues if one.account == account), None)
        own, ticks["mine"] = request.app_state.roles_of(person) if person else (account,), True
    return BoardFilter(
        department=asked.get("department"),
        level=int(level) if level.isascii() and level.isdigit() and len(level) < 5 else None,
        channel=asked.get("channel"),
        text=asked.get("text"),
        stage=asked.get("stage"),
        own=own,
        **ticks,
    )


def _without_closed(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name not in CLOSED}


def _of_closed(asked: dict[str, str]) -> dict[str, str]:
    """The filters that say something about a complaint that is over."""
    return {
        name: value
        for name, value in asked.items()
        if name in ("mine", "person", "department", "level", "channel", "text")
    }


def _months(request: PageRequest) -> list[str]:
    """`2026-11`, `2026-10` …: this month first."""
    today = request.words.day_of(request.now)
    last = today.year * 12 + today.month - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(last, last - MONTHS, -1)]


def _month(request: PageRequest, closed: str) -> tuple[datetime | None, datetime | None]:
    """When that month begins and the next one does; none of both for anything else."""
    try:
        first = date.fromisoformat(f"{closed}-01")
    except ValueError:
        return None, None
    after = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), request.words.zone), datetime.combine(after, time(), request.words.zone)


def _order(request: PageRequest, otherwise: SortKey) -> tuple[SortKey, bool, int]:
    """By what, whether the other way round, and which page; what was closed last stands first unless asked."""
    given = request.http.query_params
    by: SortKey = next((key for key in SORT_KEYS if key == given.get("by")), otherwise)
    down = bool(given.get("down")) or (otherwise == "closed" and "by" not in given)
    page = given.get("page", "")
    return by, down, int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 10_000 else 1


def _departments(request: PageRequest, cards: Sequence[Card]) -> dict[str, str]:
    """Keys and names, with those that the school has given up but that cases still carry."""
    known = {key: one.named(request.language) for key, one in request.app_state.contacts().departments.items()}
    carried = {card.department for card in cards if card.department}
    return {**known, **{key: key for key in sorted(carried - known.keys())}}
