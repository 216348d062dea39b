"""A person's data (Ley 29733): erased by right, kept for a court, corrected; and what goes by age."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import at_records, number_meant
from cli.commands.options import AsJson, By, EventId, Home, Number, aware, os_user
from cli.late import read_when_used
from complaints.rules.privacy_requests import PrivacyAnswer, PrivacyRight
from complaints.words.catalogue import N_, _, say, spoken
from starter.clock import utc_now

with read_when_used():
    from complaints.words.vocabulary import PRIVACY_RIGHTS
    from complaints.words.wording import Wording
    from starter import erasing, privacy_requests, rectifying
    from starter import place as places

if TYPE_CHECKING:
    from complaints.records.erasures import Erasable
    from complaints.records.store import Store
    from complaints.rules.privacy_requests import PrivacyRequest
    from starter.place import Place

Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why; journalled."))]

_PLACES = {
    "journal": N_("rows of its journal"),
    "afterwords": N_("notes beside its journal"),
    "letters": N_("letters"),
    "messages": N_("messages"),
    "files": N_("files"),
    "quarantine": N_("messages in the quarantine"),
    "pending": N_("complaints that wait for the Temporal server"),
    "drafts": N_("drafts of staff"),
    "search_index": N_("entries of the search index"),
}


def erase(
    number: Number,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why; journalled."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Only say what would go."))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask before."))] = False,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    meant = number_meant(number)
    before = at_records(home, lambda store, place: erasing.looked_at(store, meant))
    if dry_run:
        _tell(before, as_json=as_json)
        return
    if not (reason or "").strip():
        raise typer.BadParameter(_("Say why: it is noted with the complaint."), param_hint="--reason")
    if not as_json:
        _tell(before, as_json=False)
    if not (yes or _confirmed(meant)):
        raise typer.Exit(1)
    place = places.place_of(home)
    asked = erasing.erase(place, meant, by=by or os_user(), at=utc_now(), reason=reason or "", event_id=event_id)
    done = asyncio.run(asked)
    if as_json:
        show.json_of(done)
        return
    show.line(
        _("{number}: who complained is erased. What happened, and when, stays and is counted.").format(number=meant),
        "green",
    )
    if before.joined:
        show.line(_joined(before), show.LATE)
    show.line(_("Copies (`complaints backup`) still hold it until they are replaced: see docs/privacy.md."), show.QUIET)


def hold(number: Number, reason: Why, home: Home = None, by: By = None, event_id: EventId = None) -> None:
    meant = number_meant(number)

    async def held(store: Store, place: Place) -> None:
        await erasing.hold(store, meant, by=by or os_user(), at=utc_now(), reason=reason, event_id=event_id)

    at_records(home, held)
    show.line(_("{number} is held: nothing of it is erased, by age or by hand.").format(number=meant))


def release(number: Number, reason: Why, home: Home = None, by: By = None, event_id: EventId = None) -> None:
    meant = number_meant(number)

    async def released(store: Store, place: Place) -> None:
        await erasing.release(store, meant, by=by or os_user(), at=utc_now(), reason=reason, event_id=event_id)

    at_records(home, released)
    show.line(_("{number} is not held any more.").format(number=meant))


def rectify(
    number: Number,
    reason: Why,
    name: Annotated[str | None, typer.Option(help=_("The customer's name."))] = None,
    document: Annotated[str | None, typer.Option(help=_("Identity document."))] = None,
    email: Annotated[str | None, typer.Option(help=_("Email address."))] = None,
    phone: Annotated[str | None, typer.Option(help=_("Telephone."))] = None,
    address: Annotated[str | None, typer.Option(help=_("Postal address."))] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
) -> None:
    meant = number_meant(number)
    said = {"customer_name": name, "document": document, "email": email, "phone": phone, "address": address}
    given = {field: value for field, value in said.items() if value}

    async def rectified(store: Store, place: Place) -> None:
        who = by or os_user()
        await rectifying.rectify(store, meant, given, by=who, at=utc_now(), reason=reason, event_id=event_id)

    at_records(home, rectified)
    show.line(_("{number}: noted what is right; its journal stays as it was written.").format(number=meant))


def due(home: Home = None, as_json: AsJson = False) -> None:
    found = at_records(home, lambda store, place: erasing.due(store, years=place.policy.retention.years, now=utc_now()))
    if as_json:
        show.json_of(found)
        return
    if found.years:
        show.line(_("Who complained is erased {years} years after the end, each night.").format(years=found.years))
    else:
        show.line(_("Nothing is erased by age: retention.years of the policy is 0."), show.LATE)
    show.line(_("Due now: {numbers}").format(numbers=", ".join(found.due) or "–"))
    show.line(_("Held: {numbers}").format(numbers=", ".join(found.held) or "–"))
    for one in found.requests:
        _tell_request(one, utc_now())


def request(
    right: Annotated[PrivacyRight, typer.Argument(help=_("What they ask for."))],
    number: Number,
    received: Annotated[
        datetime | None,
        typer.Option("--received", parser=aware, metavar="INSTANT", help=_("When it reached the school (else now).")),
    ] = None,
    home: Home = None,
    by: By = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    meant, now = number_meant(number), utc_now()

    async def noted(store: Store, place: Place) -> PrivacyRequest:
        return await privacy_requests.note_request(
            store, place.policy, meant, right, received_at=received or now, now=now, by=by or os_user(),
            event_id=event_id,
        )  # fmt: skip

    asked = at_records(home, noted)
    if as_json:
        show.json_of(asked)
        return
    _tell_request(asked, asked.received_at)
    show.line(_("Once they have their answer: complaints privacy answered {id}").format(id=asked.id), show.QUIET)


def requests(home: Home = None, as_json: AsJson = False) -> None:
    found = at_records(home, lambda store, place: store.privacy_requests())
    if as_json:
        show.json_of(found)
        return
    if not found:
        show.line(_("Nobody waits for an answer about their data."))
    for one in found:
        _tell_request(one, utc_now())
        show.line(f"    {one.id}", show.QUIET)


def answered(
    id_: Annotated[str, typer.Argument(metavar="ID", help=_("Of the request, from `complaints privacy requests`."))],
    answer: Annotated[PrivacyAnswer, typer.Option("--answer", help=_("What the answer was."))] = PrivacyAnswer.GRANTED,
    home: Home = None,
    by: By = None,
) -> None:
    asked = at_records(
        home,
        lambda store, place: privacy_requests.note_answer(store, id_, answer, at=utc_now(), by=by or os_user()),
    )
    show.line(_("{number}: noted that they have their answer.").format(number=asked.number), "green")


def _tell_request(asked: PrivacyRequest, now: datetime) -> None:
    what, until = say(PRIVACY_RIGHTS[asked.right]), Wording(language=spoken()).at(asked.due)
    said = _("{number}: {what}; to be answered by {until}").format(number=asked.number, what=what, until=until)
    show.line(said, show.LATE if asked.is_late(now) else "")


def _tell(found: Erasable, *, as_json: bool) -> None:
    if as_json:
        show.json_of(found)
        return
    show.line(_("What is kept of {number}:").format(number=found.number), "bold")
    for place, count in found.places.items():
        show.line(f"  {count:>5}  {say(_PLACES[place])}")
    show.line(_("Its histories in Temporal go too; stage, times, outcome and figures stay."), show.QUIET)
    if found.closed_at is None:
        show.line(_("It is open: only a complaint that has ended is erased."), show.LATE)
    if found.hold is not None:
        show.line(_("It is held: {reason}").format(reason=found.hold.reason or "–"), show.LATE)
    if found.erased_at is not None:
        show.line(_("It was erased before; what came since goes now."), show.QUIET)
    if found.joined:
        show.line(_joined(found), show.LATE)


def _joined(found: Erasable) -> str:
    numbers = ", ".join(found.joined)
    return _("Of the same person, and erased on its own: {numbers}").format(numbers=numbers)


def _confirmed(number: str) -> bool:
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("Nobody can answer here: add --yes."))
    return typer.confirm(_("Erase who complained in {number}, for ever?").format(number=number))
