"""The link to a customer's own page, for whoever has them on the telephone or in a chat."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from typing import TYPE_CHECKING

import typer

from starter.commands.options import AsJson, By, EventId, Home, Number
from starter.language import say

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.customer_links import HandedOut
    from starter.place import Place

app = typer.Typer()


@app.command(
    help=say(
        "El enlace a la página del cliente, para dárselo; queda anotado (§5.4, §6).",
        "The link to the customer's page, to hand out; it is noted (§5.4, §6).",
    )
)
def link(number: Number, home: Home = None, by: By = None, event_id: EventId = None, as_json: AsJson = False) -> None:
    from datetime import date

    from complaints.contacts_file import ContactsFile
    from starter import show
    from starter.commands.base import at_records, number_meant
    from starter.commands.options import os_user
    from starter.customer_links import CustomerLinks
    from starter.front_desk import utc_now
    from starter.place import place_of

    async def made(store: "Store", place: "Place") -> "HandedOut":
        contacts = ContactsFile(place.settings.contacts_file).now
        links = CustomerLinks(store, place.settings, contacts, place.policy.calendar.timezone)
        return await links.hand_out(number_meant(number), by=by or os_user(), at=utc_now(), event_id=event_id)

    handed = at_records(home, made)
    if as_json:
        show.json_of(handed)
        return
    until = place_of(home).wording.day(date.fromisoformat(handed.until))
    print(handed.address)  # whole on one line, however narrow the terminal: it is copied
    show.line(say(f"Vale hasta el {until}. Es solo para el cliente.", f"Good until {until}. For the customer alone."))
