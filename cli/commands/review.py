"""The monthly review and the daily digest at a terminal (§10)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from cli import show as shown
from cli.commands.base import at_desk, at_records
from cli.commands.options import AsJson, By, EventId, Home, day, os_user, text_or_stdin
from cli.late import read_when_used
from complaints.words.catalogue import _
from starter.clock import utc_now

with read_when_used():
    from cli import review_told
    from complaints.rules.report import review_record
    from starter import digests, review_opening, reviews
    from starter import place as places

if TYPE_CHECKING:
    from complaints.rules.report.review_record import ReviewRecord, Signed
    from starter.reviews import ReviewDesk

Month = Annotated[str, typer.Argument(metavar="MONTH", help=_("The month, such as 2026-10."))]
Action = Annotated[int, typer.Argument(min=1, metavar="ACTION", help=_("The action's number."))]


Words = Annotated[str, typer.Option("--text", help=_("The words (`-`: standard input)."))]


def list_(home: Home = None, as_json: AsJson = False) -> None:
    found = at_records(home, lambda store, place: store.reviews())
    if as_json:
        shown.json_of(found)
    elif not found:
        shown.line(_("No review has been opened yet."))
    for one in [] if as_json else found:
        state = _("signed off by ") + str(one.signed_off_by)
        if one.signed_off_at is None:
            state = _("{waiting} to review").format(waiting=one.waiting)
        actions = _("open actions: {actions_open}").format(actions_open=one.actions_open)
        shown.line(f"{one.month}  {one.ticked}/{one.cases}  {shown.plain(state)}  {actions}")


def open_(month: Month, home: Home = None, as_json: AsJson = False) -> None:
    outcome = at_desk(home, lambda desk, place: review_opening.opened(desk.client, place, month))
    if as_json:
        shown.json_of(outcome)
        return
    shown.line(
        _("Review {month}: {cases} complaints to look at; its report went out by mail.").format(
            month=outcome.month, cases=outcome.cases
        )
    )


def show(month: Month, home: Home = None, as_json: AsJson = False) -> None:
    record: ReviewRecord = _at(home, month, lambda desk: desk.record(limit=10_000))
    if as_json:
        shown.json_of(record)
    else:
        review_told.tell(record, places.place_of(home).wording)


def tick(
    month: Month,
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…", help=_("Which."))],
    undo: Annotated[bool, typer.Option("--undo", help=_("Take the tick back."))] = False,
    home: Home = None,
    by: By = None,
) -> None:
    async def act(desk: ReviewDesk) -> None:
        if not undo:
            await desk.tick(numbers, _signed(by))
            return
        for number in numbers:
            await desk.untick(number, _signed(by))

    _done(home, month, act)


def note(
    month: Month,
    text: Words,
    number: Annotated[str | None, typer.Option(metavar="NUMBER", help=_("The complaint that taught it."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
) -> None:
    fields = {"words": text_or_stdin(text), "number": number}
    _done(home, month, lambda desk: desk.note(fields, _signed(by), event_id=_id(event_id)))


def action(
    month: Month,
    text: Words,
    owner: Annotated[
        str,
        typer.Option(
            metavar="WHO",
            help=_("Who: care_team, a level, department/KEY, representative/KEY."),
        ),
    ],
    due: Annotated[Any, typer.Option(parser=day, metavar="DATE", help=_("By when, 2026-11-30."))],
    kind: Annotated[str, typer.Option(help=_("service, process or training."))] = "process",
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
) -> None:
    fields = {"words": text_or_stdin(text), "owner": owner, "due": due, "kind": kind}
    _done(home, month, lambda desk: desk.plan(fields, _signed(by), event_id=_id(event_id)))


def done(month: Month, action: Action, text: Words, home: Home = None, by: By = None) -> None:
    _done(home, month, lambda desk: desk.finish(action, {"result": text_or_stdin(text)}, _signed(by)))


def move(
    month: Month,
    action: Action,
    due: Annotated[Any, typer.Option(parser=day, metavar="DATE", help=_("The new date."))],
    home: Home = None,
    by: By = None,
) -> None:
    _done(home, month, lambda desk: desk.move(action, due.isoformat(), _signed(by)))


def sign_off(
    month: Month,
    carry: Annotated[
        int,
        typer.Option(min=0, help=_("How many go on to the next, unreviewed.")),
    ] = 0,
    home: Home = None,
    by: By = None,
) -> None:
    _done(home, month, lambda desk: desk.sign_off(_signed(by), carrying=carry))


def digest(
    only: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="PERSON",
            help=_("This person only: key, name or email."),
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    found = at_records(home, lambda store, place: digests.previews(store, place, only=only))
    if as_json:
        shown.json_of(found)
        return
    if not found:
        shown.line(_("Nothing waits for anybody today."))
    for place_in_list, one in enumerate(found):
        if place_in_list:
            shown.line("─" * 72, shown.QUIET)
        shown.line(f"{one.key} · {one.name} · {one.email}", "bold")
        shown.line(one.subject, "bold")
        shown.line("")
        shown.line(one.text)


def _at(home: Path | None, month: str, ask: Callable[[ReviewDesk], Awaitable[Any]]) -> Any:
    """Asks the review of that month; Temporal may be away."""

    async def asked(store: Any, place: Any) -> Any:
        contacts = place.contacts
        return await ask(reviews.ReviewDesk(store, month, contacts=contacts, words=place.wording))

    return at_records(home, asked)


def _done(home: Path | None, month: str, act: Callable[[ReviewDesk], Awaitable[Any]]) -> None:
    _at(home, month, act)
    shown.line(_("Done."))


def _signed(by: str | None) -> Signed:
    return review_record.Signed(by=by or os_user(), via="cli", at=utc_now())


def _id(event_id: str | None) -> str:
    return f"cli/{event_id or uuid4()}"
