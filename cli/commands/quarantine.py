"""The quarantine: mail that somebody must look at before it counts (§3)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import show
from cli.commands.base import at_desk, at_records, number_meant
from cli.commands.options import AsJson, By, Home, Page, os_user, text_or_stdin
from cli.late import read_when_used
from cli.quarantine_words import said_of
from complaints.words.catalogue import _, pgettext, spoken

with read_when_used():
    import rich.table
    import rich.text

    from complaints.mail import kinds
    from starter import place as places
    from starter import quarantine as deciding

if TYPE_CHECKING:
    from complaints.records.quarantine import QuarantineItem
    from complaints.words.wording import Wording
    from starter.quarantine import Answered

Item = Annotated[
    str,
    typer.Argument(
        metavar="ITEM",
        help=_("Which: the beginning of its identifier."),
    ),
]


def list_(
    handled_too: Annotated[bool, typer.Option("--all", help=_("Also what was decided."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=pgettext("messages", "At most so many."))] = 200,
    page: Page = 1,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    skip = limit * (page - 1)
    found = at_records(home, lambda store, place: store.quarantined(handled_too=handled_too, limit=limit, skip=skip))
    if as_json:
        show.json_of([_facts(item) for item in found])
    elif found:
        _table(found, places.place_of(home).wording)
    else:
        show.line(_("The quarantine is empty."))
    show.left_out(found, page=page)


def show_(item: Item, home: Home = None, as_json: AsJson = False) -> None:
    there = at_records(home, lambda store, place: deciding.shown(store, item))
    if as_json:
        show.json_of({**_facts(there.item), "text": there.text, "attachments": there.attachments})
        return
    zone = places.place_of(home).wording.zone
    show.line(f"{there.item.name} · {said_of(there.item.reason)} · {there.item.number or ''}".rstrip(" ·"), "bold")
    show.line(f"{there.item.sender or '—'} · {_time(there.item.received_at, zone)}")
    show.line(there.item.subject)
    for sign in there.item.evidence or []:
        what = kinds.sign_said(sign, spoken())
        show.line(f"  {sign.get('weight')}  {said_of(str(sign.get('says')))}  {what}", show.QUIET)
    for file in there.attachments:
        show.line(f"  {file.name} · {file.type} · {file.size}", show.QUIET)
    show.line("")
    show.line(there.text)


def release(
    item: Item,
    to: Annotated[str | None, typer.Option(metavar="NUMBER", help=_("It belongs to this complaint."))] = None,
    new: Annotated[bool, typer.Option("--new", help=_("It is a complaint of its own."))] = False,
    home: Home = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    number = number_meant(to) if to else None
    who = by or os_user()
    taken = at_desk(home, lambda desk, place: deciding.released(desk, item, to=number, new=new, by=who))
    if as_json:
        show.json_of(taken)
    elif taken.reply:
        show.line(_("It went to {number}.").format(number=taken.number))
    else:
        show.line(_("It is complaint {number}.").format(number=taken.number))


def drop(
    item: Item,
    reason: Annotated[str | None, typer.Option(help=_("Why: it is noted."))] = None,
    answer: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help=_("What is answered to whoever wrote it, once (`-`: standard input)."),
        ),
    ] = None,
    even_automatic: Annotated[
        bool,
        typer.Option(
            "--even-automatic",
            help=_("Answer although a program seems to have written."),
        ),
    ] = False,
    home: Home = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    words, who = text_or_stdin(answer), by or os_user()
    if words is None:
        gone = at_records(home, lambda store, place: deciding.dropped(store, item, reason=reason or "", by=who))
        if as_json:
            show.json_of(_facts(gone))
        else:
            show.line(_("{name}: dropped.").format(name=gone.name))
        return

    async def ask(store: Any, place: Any) -> Answered:
        return await deciding.answered(
            store,
            place.settings,
            item,
            words=words,
            by=who,
            policy=place.policy,
            why=reason,
            forced=even_automatic,
        )

    _tell_answered(at_records(home, ask), as_json=as_json)


def _tell_answered(answered: Answered, *, as_json: bool) -> None:
    name = answered.item.name
    if as_json:
        show.json_of({**_facts(answered.item), "letter": answered.state.value})
    elif answered.state.value == "sent":
        show.line(_("{name}: answered.").format(name=name))
    else:
        show.line(
            _("{name}: closed; it is not known whether the answer went out, and it is not sent again.").format(
                name=name
            ),
            show.LATE,
        )


def _facts(item: QuarantineItem) -> dict[str, Any]:
    return {"item": item.name, **item.model_dump(mode="json")}


def _time(at: datetime, zone: Any) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _table(items: list[QuarantineItem], words: Wording) -> None:
    table = rich.table.Table(box=None, pad_edge=False, header_style=show.QUIET)
    for heading in (
        _("Item"), _("Why"), _("Complaint"), _("From"),
        _("Subject"), _("Due"),
    ):  # fmt: skip
        table.add_column(heading, no_wrap=heading == _("Item"))
    for item in items:
        late = item.handled_at is None and item.due < datetime.now(UTC)
        table.add_row(
            item.name,
            " · ".join(said_of(one) for one in (item.reason, item.handled_as) if one),
            item.number or "",
            show.plain(item.sender or ""),
            show.plain(item.subject),
            rich.text.Text(_time(item.due, words.zone), style=show.LATE if late else ""),
        )
    show.console().print(table)
