"""The telephone: which calls are to be made, taking one with its script, and what came of it (design §2)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import show
from cli.commands.base import ActOptions, at_desk, at_records, number_meant
from cli.commands.options import AsJson, At, By, EventId, Home, Number, Page, aware, os_user, text_or_stdin
from cli.late import read_when_used
from complaints.words.catalogue import N_, _, pgettext
from starter.clock import utc_now
from starter.errors import Refused

with read_when_used():
    import rich.table
    import rich.text

    from complaints.rules import facts as known
    from complaints.rules import text as texts
    from starter import calling
    from starter import place as places

if TYPE_CHECKING:
    from complaints.rules.status import Status
    from complaints.words.wording import Wording
    from starter.calling import OpenCall, Script
    from starter.place import Place


def list_(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=pgettext("complaints", "At most so many."))] = 200,
    page: Page = 1,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    async def ask(store: Any, place: Any) -> Any:
        most = place.policy.calls.attempts
        return await calling.open_calls(store, now=utc_now(), most_attempts=most, limit=limit, skip=limit * (page - 1))

    found = at_records(home, ask)
    if as_json:
        show.json_of(found)
    elif found:
        _table(found, places.place_of(home).wording)
    else:
        show.line(_("There are no calls to make."))
    show.left_out(found, page=page)


def take(
    number: Number,
    over: Annotated[bool, typer.Option("--over", help=_("Also if another has taken it."))] = False,
    home: Home = None,
    by: By = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    async def ask(desk: Any, place: Any) -> Script:
        status = (await desk.status(number_meant(number))).value
        now, most = at or utc_now(), place.policy.calls.attempts
        call = await calling.open_call(desk.store, status.number, now=now, most_attempts=most)
        await calling.take(desk.store, call, by=by or os_user(), at=now, over=over)
        return await calling.script(desk.store, call, status, place.contacts, place.policy)

    script = at_desk(home, ask, lazy=True)
    if as_json:
        show.json_of(script)
    else:
        _to_read(script, places.place_of(home).wording)


def done(
    number: Number,
    reached: Annotated[
        bool | None,
        typer.Option("--reached/--not-reached", help=_("Whether they were reached.")),
    ] = None,
    call_back: Annotated[
        datetime | None,
        typer.Option(
            "--call-back",
            parser=aware,
            metavar="INSTANT",
            help=_("They asked to be called then."),
        ),
    ] = None,
    notes: Annotated[str | None, typer.Option(help=_("What was said, or -."))] = None,
    with_: Annotated[str | None, typer.Option("--with", help=_("Who was spoken to."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    if reached is None and call_back is None:
        raise typer.BadParameter(_("say --reached, --not-reached …"))
    if reached and call_back:
        raise typer.BadParameter(_("--reached or --call-back, not both."))
    # Whoever asks to be called back was spoken to and told nothing yet: no failed attempt, and no delivery.
    spoken = call_back is not None and reached is None
    fields = {
        "reached": True if spoken else bool(reached), "told": not spoken, "next_at": call_back, "with": with_,
        "notes": text_or_stdin(notes), "direction": "outbound",
    }  # fmt: skip
    fact = known.UPDATES["record_call"].model_validate(ActOptions(home, by, event_id, at, as_json, "call").said(fields))

    async def ask(desk: Any, place: Any) -> tuple[Any, Any, Any]:
        meant = number_meant(number)
        before = (await desk.status(meant)).value
        if before.call is None and event_id is None:  # a repeat finds its own work done
            raise Refused(
                N_("{meant} has no call to make; record another with `complaints call {meant}`.", meant=meant),
            )
        return before, await desk.ask(meant, "record_call", fact, event_id), place

    before, status, place = at_desk(home, ask)
    if as_json:
        show.json_of(status)
    else:
        show.status_line(status, place.wording)
        _what_next(before, status, place)


def _what_next(before: Status, status: Status, place: Place) -> None:
    """What the outcome means, and what comes after it."""
    if status.call is not None:
        at = place.wording.at(status.call.next_at or status.call.due)
        tries = f"{status.call.attempts}/{place.policy.calls.attempts}"
        show.line(_("Attempts: {tries}. Call again: {at}.").format(tries=tries, at=at))
    elif before.call is not None and status.last_word_at <= before.last_word_at:  # it ended without a word to them
        step = place.policy.calls.after_attempts
        show.line(place.wording.say(_AFTER[step]), "yellow")
    elif status.stage == "confirmation":
        n = status.number
        show.line(
            _("Satisfied? `complaints satisfied {n} --via call` or `complaints dissatisfied {n} --via call`.").format(
                n=n
            )
        )


_AFTER = {
    "letter": N_("No more attempts: the care team sends a letter by post."),
    "manager": N_("No more attempts: the manager decides."),
}
"""After the policy's attempts."""


def _table(found: list[OpenCall], words: Wording) -> None:
    table = rich.table.Table(box=None, pad_edge=False, header_style=show.QUIET)
    for heading in (
        _("Number"), _("By"), _("Customer"), _("Telephone"),
        _("What for"), _("Attempts"), _("Taken by"),
    ):  # fmt: skip
        table.add_column(heading, no_wrap=heading == _("Number"))
    for call in found:
        style = show.LATE if call.late else ""
        table.add_row(
            rich.text.Text(call.number, style=style),
            rich.text.Text(words.at(call.due), style=style),
            show.plain(call.customer or ""),
            show.plain(call.phone),
            "; ".join(words.letter(kind) for kind in call.kinds),
            f"{call.attempts}/{call.most_attempts}",
            show.plain(call.taken_by or ""),
        )
    show.console().print(table)


def _to_read(script: Script, words: Wording) -> None:
    show.line(f"{script.number} · {show.plain(script.customer or '')} · {show.plain(script.phone)}", "bold")
    show.line(f"{pgettext('verb', 'Call')}: {script.tel}")
    if script.chat:
        show.line(f"{_('Or write')}: {script.chat}")
    tries = f"{script.attempts}/{script.most_attempts}"
    when = words.at(script.due)
    show.line(_("By {when}. Attempts: {tries}").format(when=when, tries=tries), show.QUIET)
    for line in script.say:
        show.line("")
        for part in f"«{line}»".split("\n"):  # whole: a resolution may be long
            show.line(texts.one_line(part, longest=texts.LONGEST_TEXT))
    show.line("")
    n = script.number
    show.line(_("Afterwards:"), show.QUIET)
    for outcome in ("--reached --notes …", "--not-reached", "--call-back 2026-07-22T16:00-05:00"):
        show.line(f"  complaints calls done {n} {outcome}", show.QUIET)
