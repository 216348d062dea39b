"""The link to a customer's own page, for whoever has them on the telephone or in a chat; and the end of links."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import show
from cli.commands.base import at_records, number_meant
from cli.commands.options import AsJson, By, EventId, Home, Number, os_user
from cli.late import read_when_used
from complaints.words.catalogue import _
from starter.clock import utc_now

with read_when_used():
    from complaints import contacts_file
    from complaints.rules import facts as known
    from complaints.rules import text as texts
    from starter import customer_links
    from starter import place as places

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.customer_links import CustomerLinks, HandedOut, Revoked
    from starter.place import Place


def link(
    number: Number,
    revoke: Annotated[
        bool,
        typer.Option(
            "--revoke",
            help=_("End every link of this complaint that is out: they stop opening the page, for ever."),
        ),
    ] = False,
    reason: Annotated[str | None, typer.Option(help=_("With --revoke, why: it is noted."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    def links(store: Store, place: Place) -> CustomerLinks:
        contacts = contacts_file.ContactsFile(place.settings.contacts_file).now
        return customer_links.CustomerLinks(store, place.settings, contacts, place.policy.calendar.timezone)

    who: dict[str, Any] = {"by": by or os_user(), "at": utc_now(), "event_id": event_id}
    if revoke:

        async def ended(store: Store, place: Place) -> Revoked:
            why = texts.one_line(reason) if reason else None
            return await links(store, place).revoke(number_meant(number), via=known.Via.CLI, reason=why, **who)

        _told(at_records(home, ended), as_json=as_json)
        return
    if reason:
        raise typer.BadParameter(_("goes with --revoke."), param_hint="--reason")

    async def made(store: Store, place: Place) -> HandedOut:
        return await links(store, place).hand_out(number_meant(number), **who)

    handed = at_records(home, made)
    if as_json:
        show.json_of(handed)
        return
    until = places.place_of(home).wording.day(date.fromisoformat(handed.until))
    print(handed.address)  # whole on one line, however narrow the terminal: it is copied
    show.line(_("Good until {until}. For the customer alone.").format(until=until))


def _told(revoked: Revoked, *, as_json: bool) -> None:
    if as_json:
        show.json_of(revoked)
        return
    number = revoked.number
    show.line(_("{number}: no link that went out before opens the customer's page any more.").format(number=number))
    show.line(
        _(
            "The next letter brings a new one, to the address on record now; if that address is wrong, "
            "correct it first: `complaints receive-details {number} --email …`. To hand one out now: "
            "`complaints link {number}`."
        ).format(number=number)
    )
