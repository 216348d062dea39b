"""The ledger of letters: what went out, what did not, and sending one once more (design §5.2)."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import show
from cli.commands.base import at_records, number_meant
from cli.commands.options import AsJson, At, By, EventId, Home, Number, Page, os_user
from cli.late import read_when_used
from complaints.words.catalogue import _, pgettext
from starter.clock import utc_now

with read_when_used():
    import rich.table
    import rich.text

    from starter import place as places
    from starter import resending

if TYPE_CHECKING:
    from complaints.records.ledger import LetterRow
    from complaints.words.wording import Wording
    from starter.resending import Resent


def list_(
    number: Annotated[str | None, typer.Argument(metavar="[NUMBER]", help=_("Only of this complaint."))] = None,
    uncertain: Annotated[bool, typer.Option("--uncertain", help=_("Only those that perhaps went out."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=pgettext("complaints", "At most so many."))] = 200,
    page: Page = 1,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    meant = number_meant(number) if number else None
    skip = limit * (page - 1)
    found = at_records(home, lambda store, place: store.letters(meant, uncertain=uncertain, limit=limit, skip=skip))
    if as_json:
        show.json_of([_facts(row) for row in found])
    elif found:
        _table(found, places.place_of(home).wording)
    else:
        show.line(_("There are no such letters."))
    show.left_out(found, page=page)


def resend(
    number: Number,
    key: Annotated[
        str,
        typer.Argument(metavar="KEY", help=_("Which: as 1/acknowledgement/customer.")),
    ],
    reason: Annotated[str, typer.Option(help=_("Why: it is noted."))],
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    async def ask(store: Any, place: Any) -> Resent:
        return await resending.resend(
            store,
            place.settings,
            number_meant(number),
            key,
            reason=reason,
            by=by or os_user(),
            at=at or utc_now(),
            timezone=place.policy.calendar.timezone,
            event_id=event_id,
        )

    resent = at_records(home, ask)
    if as_json:
        show.json_of(resent)
    else:
        state = places.place_of(home).wording.letter_state(resent.state.value)
        why = f" · {show.plain(resent.reason)}" if resent.reason else ""
        show.line(f"{resent.number} · {resent.key} · {state}{why}", show.LATE if resent.reason else "")
    if resent.reason:
        raise typer.Exit(1)


def _facts(row: LetterRow) -> dict[str, Any]:
    """A letter for programs: without its words, which are long and somebody's."""
    return row.model_dump(mode="json", exclude={"text", "html"})


def _table(rows: list[LetterRow], words: Wording) -> None:
    table = rich.table.Table(box=None, pad_edge=False, header_style=show.QUIET)
    for heading in (
        _("Number"), _("Key"), _("Letter"), _("When"),
        _("State"), _("Tries"), _("Why"),
    ):  # fmt: skip
        table.add_column(heading, no_wrap=heading == _("Number"))
    for row in rows:
        bad = row.state.value in ("failed", "uncertain")
        state = words.letter_state(row.state.value)
        if row.uncertain_at and not bad:
            state += _(" (perhaps twice)")
        table.add_row(
            row.number,
            show.plain(row.key),
            words.letter(row.kind, recipient=row.recipient),
            (row.sent_at or row.occasion_at).astimezone(words.zone).strftime("%Y-%m-%d %H:%M"),
            rich.text.Text(state, style=show.LATE if bad else ""),
            str(row.attempts),
            show.plain(row.reason or ""),
        )
    show.console().print(table)
