"""The monthly review and the daily digest at a terminal (§10)."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from complaints.words.catalogue import N_, _
from starter.commands.groups import ListByDefault
from starter.commands.options import AsJson, By, EventId, Home, day, os_user, text_or_stdin

if TYPE_CHECKING:
    from complaints.rules.review_record import ReviewRecord, Signed
    from starter.place import Place
    from starter.reviews import ReviewDesk

app = typer.Typer()
review = typer.Typer(
    cls=ListByDefault,
    help=_("The monthly review: what closed, what it taught, what is done (§10): `complaints review`."),
)
app.add_typer(review, name="review")

Month = Annotated[str, typer.Argument(metavar="MONTH", help=_("The month, such as 2026-10."))]
Action = Annotated[int, typer.Argument(min=1, metavar="ACTION", help=_("The action's number."))]
Words = Annotated[str, typer.Option("--text", help=_("The words (`-`: standard input)."))]


@review.command("list", help=_("The reviews, what is left (§10)."))
def list_(home: Home = None, as_json: AsJson = False) -> None:
    from starter import show
    from starter.commands.base import at_records

    found = at_records(home, lambda store, place: store.reviews())
    if as_json:
        show.json_of(found)
    elif not found:
        show.line(_("No review has been opened yet."))
    for one in [] if as_json else found:
        state = _("signed off by ") + str(one.signed_off_by)
        if one.signed_off_at is None:
            state = _("{waiting} to review").format(waiting=one.waiting)
        actions = _("open actions: {actions_open}").format(actions_open=one.actions_open)
        show.line(f"{one.month}  {one.ticked}/{one.cases}  {show.plain(state)}  {actions}")


@review.command("open", help=_("Open a past month's review (§10)."))
def open_(month: Month, home: Home = None, as_json: AsJson = False) -> None:
    from starter import show
    from starter.commands.base import at_desk

    outcome = at_desk(home, lambda desk, place: _opened(place, month))
    if as_json:
        show.json_of(outcome)
        return
    show.line(
        _("Review {month}: {cases} complaints to look at; its report went out by mail.").format(
            month=outcome.month, cases=outcome.cases
        )
    )


async def _opened(place: "Place", month: str) -> Any:
    from temporalio.client import WorkflowFailureError
    from temporalio.common import WorkflowIDConflictPolicy

    from complaints.rules.review import ReviewAsked, ReviewOutcome
    from starter.errors import Refused
    from workflows import names

    _is_over(place, month)
    client = await place.client()
    handle = await client.start_workflow(
        names.QUALITY_REVIEW,
        ReviewAsked(month=month),
        id=f"{names.QUALITY_REVIEW_SCHEDULE}-{month}",
        task_queue=place.settings.task_queue,
        result_type=ReviewOutcome,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    try:
        return await handle.result()
    except WorkflowFailureError as error:
        said = getattr(error.cause, "message", None) or str(error.cause)
        raise Refused(N_("Review {month}: {said}", month=month, said=said)) from error


def _is_over(place: "Place", month: str) -> None:
    """Refuses what is no month, or one that still goes on; the workflow does too, but knows one language only."""
    from datetime import UTC, datetime

    from complaints.rules import review as rules
    from starter.errors import Refused

    try:
        wanted = rules.Month.named(month, timezone=place.policy.calendar.timezone)
    except ValueError as error:
        raise Refused(N_('"{month}" is not a month like 2026-07.', month=month)) from error
    if wanted.after > place.wording.day_of(datetime.now(UTC)):
        raise Refused(
            N_("{month} is not over: its review can be opened from {after} on.", month=month, after=wanted.after),
        )


@review.command(help=_("One review, whole (§10)."))
def show(month: Month, home: Home = None, as_json: AsJson = False) -> None:
    from starter import show as shown
    from starter.place import place_of

    record: ReviewRecord = _at(home, month, lambda desk: desk.record(limit=10_000))
    if as_json:
        shown.json_of(record)
        return
    from starter.review_told import tell

    tell(record, place_of(home).wording)


@review.command(help=_("Mark complaints as reviewed (§10)."))
def tick(
    month: Month,
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…", help=_("Which."))],
    undo: Annotated[bool, typer.Option("--undo", help=_("Take the tick back."))] = False,
    home: Home = None,
    by: By = None,
) -> None:
    async def act(desk: "ReviewDesk") -> None:
        if not undo:
            await desk.tick(numbers, _signed(by))
            return
        for number in numbers:
            await desk.untick(number, _signed(by))

    _done(home, month, act)


@review.command(help=_("Note a finding (§10)."))
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


@review.command(help=_("Add an action, owner and date (§10)."))
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


@review.command(help=_("Declare an action done (§10)."))
def done(month: Month, action: Action, text: Words, home: Home = None, by: By = None) -> None:
    _done(home, month, lambda desk: desk.finish(action, {"result": text_or_stdin(text)}, _signed(by)))


@review.command(help=_("Give an action another date (§10)."))
def move(
    month: Month,
    action: Action,
    due: Annotated[Any, typer.Option(parser=day, metavar="DATE", help=_("The new date."))],
    home: Home = None,
    by: By = None,
) -> None:
    _done(home, month, lambda desk: desk.move(action, due.isoformat(), _signed(by)))


@review.command("sign-off", help=_("Sign the review off (§10)."))
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


@app.command(help=_("What everybody responsible gets by mail today, without sending it (§5, §7, §10)."))
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
    from starter import show as shown
    from starter.commands.base import at_records
    from starter.digests import previews

    found = at_records(home, lambda store, place: previews(store, place, only=only))
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


def _at(home: Path | None, month: str, ask: "Callable[[ReviewDesk], Awaitable[Any]]") -> Any:
    """Asks the review of that month; Temporal may be away."""
    from complaints.contacts_file import ContactsFile
    from starter.commands.base import at_records
    from starter.reviews import ReviewDesk

    async def asked(store: Any, place: Any) -> Any:
        contacts = ContactsFile(place.settings.contacts_file).now()
        return await ask(ReviewDesk(store, month, contacts=contacts, words=place.wording))

    return at_records(home, asked)


def _done(home: Path | None, month: str, act: "Callable[[ReviewDesk], Awaitable[Any]]") -> None:
    from starter import show as shown

    _at(home, month, act)
    shown.line(_("Done."))


def _signed(by: str | None) -> "Signed":
    from complaints.rules.review_record import Signed
    from starter.front_desk import utc_now

    return Signed(by=by or os_user(), via="cli", at=utc_now())


def _id(event_id: str | None) -> str:
    from uuid import uuid4

    return f"cli/{event_id or uuid4()}"
