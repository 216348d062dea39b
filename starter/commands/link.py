"""The link to a customer's own page, for whoever has them on the telephone or in a chat; and the end of links."""
# ruff: noqa: D103 - what a command does is said in its help, in both languages

from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.commands.options import AsJson, By, EventId, Home, Number
from starter.language import say

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.customer_links import HandedOut, Revoked
    from starter.place import Place

app = typer.Typer()


@app.command(
    help=say(
        "El enlace a la página del cliente, para dárselo; con --revoke, el fin de los que ya se dieron. Queda anotado "
        "(§5.4, §6).",
        "The link to the customer's page, to hand out; with --revoke, the end of those that are out. It is noted "
        "(§5.4, §6).",
    )
)
def link(
    number: Number,
    revoke: Annotated[
        bool,
        typer.Option(
            "--revoke",
            help=say(
                "Anula todos los enlaces de esta queja que ya salieron: dejan de abrir la página, para siempre.",
                "End every link of this complaint that is out: they stop opening the page, for ever.",
            ),
        ),
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help=say("Con --revoke, por qué: queda anotado.", "With --revoke, why: it is noted."))
    ] = None,
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
        raise typer.BadParameter(say("va con --revoke.", "goes with --revoke."), param_hint="--reason")

    async def made(store: "Store", place: "Place") -> "HandedOut":
        return await links(store, place).hand_out(number_meant(number), **who)

    handed = at_records(home, made)
    if as_json:
        show.json_of(handed)
        return
    until = place_of(home).wording.day(date.fromisoformat(handed.until))
    print(handed.address)  # whole on one line, however narrow the terminal: it is copied
    show.line(say(f"Vale hasta el {until}. Es solo para el cliente.", f"Good until {until}. For the customer alone."))


def _told(revoked: "Revoked", *, as_json: bool) -> None:
    from starter import show

    if as_json:
        show.json_of(revoked)
        return
    number = revoked.number
    show.line(
        say(
            f"{number}: ningún enlace que salió antes abre ya la página del cliente.",
            f"{number}: no link that went out before opens the customer's page any more.",
        )
    )
    show.line(
        say(
            "La próxima carta lleva uno nuevo, al correo que figura ahora; si ese correo está mal, corríjalo antes: "
            f"`complaints receive-details {number} --email …`. Para dar uno ya: `complaints link {number}`.",
            "The next letter brings a new one, to the address on record now; if that address is wrong, correct it "
            f"first: `complaints receive-details {number} --email …`. To hand one out now: `complaints link {number}`.",
        )
    )
