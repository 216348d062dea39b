"""The link to a customer's own page, for whoever has them on the telephone or in a chat; and the end of links."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from typing import TYPE_CHECKING, Annotated, Any

import typer

from complaints.words.catalogue import _
from starter.commands.options import AsJson, By, EventId, Home, Number

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.customer_links import HandedOut, Revoked
    from starter.place import Place

app = typer.Typer()


@app.command(
    help=_(
        "The link to the customer's page, to hand out; with --revoke, the end of those that are out. "
        "It is noted (§5.4, §6)."
    )
)
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
    from datetime import date

    from complaints.contacts_file import ContactsFile
    from complaints.rules.facts import Via
    from complaints.rules.text import one_line
    from starter import show
    from starter.commands.base import at_records, number_meant
    from starter.commands.options import os_user
    from starter.customer_links import CustomerLinks
    from starter.front_desk import utc_now
    from starter.place import place_of

    def links(store: "Store", place: "Place") -> CustomerLinks:
        contacts = ContactsFile(place.settings.contacts_file).now
        return CustomerLinks(store, place.settings, contacts, place.policy.calendar.timezone)

    who: dict[str, Any] = {"by": by or os_user(), "at": utc_now(), "event_id": event_id}
    if revoke:

        async def ended(store: "Store", place: "Place") -> "Revoked":
            why = one_line(reason) if reason else None
            return await links(store, place).revoke(number_meant(number), via=Via.CLI, reason=why, **who)

        _told(at_records(home, ended), as_json=as_json)
        return
    if reason:
        raise typer.BadParameter(_("goes with --revoke."), param_hint="--reason")

    async def made(store: "Store", place: "Place") -> "HandedOut":
        return await links(store, place).hand_out(number_meant(number), **who)

    handed = at_records(home, made)
    if as_json:
        show.json_of(handed)
        return
    until = place_of(home).wording.day(date.fromisoformat(handed.until))
    print(handed.address)  # whole on one line, however narrow the terminal: it is copied
    show.line(_("Good until {until}. For the customer alone.").format(until=until))


def _told(revoked: "Revoked", *, as_json: bool) -> None:
    from starter import show

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
