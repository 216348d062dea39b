"""How a command runs: it finds its place, asks the front desk there, and prints the answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from cli import show
from cli.commands.options import os_user
from cli.late import read_when_used
from complaints.rules.number import as_number
from complaints.words.catalogue import _, say

with read_when_used():
    from complaints import accounts, log_lines
    from starter import homes, host_settings, reaching
    from starter import place as places

if TYPE_CHECKING:
    from complaints.records.store import Store
    from complaints.rules.status import Status
    from starter.front_desk import FrontDesk
    from starter.place import Place

T = TypeVar("T")


@dataclass(frozen=True)
class ActOptions:
    """What every act on a complaint says beside its own words."""

    home: Path | None
    by: str | None
    event_id: str | None
    at: datetime | None
    as_json: bool
    via: str = "cli"

    def said(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields of the fact: without what was not given, with who, when and through what."""
        given = {name: value for name, value in fields.items() if value not in (None, [], ())}
        return given | {"by": self.by or os_user(), "via": self.via, "at": self.at, "event_id": self.event_id}


def log_to_stderr(home: Path | None) -> None:
    """For what runs until it is stopped: its log, in the form that the environment or the home's settings say."""
    log_lines.begin(host_settings.environment_of(homes.home_folder(home), os.environ))


def at_desk(home: Path | None, ask: Callable[[FrontDesk, Place], Awaitable[T]], *, lazy: bool = False) -> T:
    """Asks the front desk of that place."""
    place = places.place_of(home)

    async def asked() -> T:
        async with reaching.front_desk_of(place, lazy=lazy) as desk:
            return await ask(desk, place)

    return asyncio.run(asked())


def at_records(home: Path | None, ask: Callable[[Store, Place], Awaitable[T]]) -> T:
    """Asks the records of that place; Temporal may be away."""
    place = places.place_of(home)

    async def asked() -> T:
        async with place.store() as store:
            return await ask(store, place)

    return asyncio.run(asked())


def tell_status(status: Status, home: Path | None, *, as_json: bool) -> None:
    """The new status, in a line or as JSON."""
    if as_json:
        show.json_of(status)
    else:
        place = places.place_of(home)
        show.status_line(status, place.wording, place.names)


def account_meant(text: str, option: str | None = None) -> str:
    """An account as it is kept; else a wrong use of that option or argument."""
    account = accounts.account_meant(text)
    if account is None:
        raise typer.BadParameter(say(accounts.SPELLING), param_hint=option)
    return account


def email_meant(text: str, option: str | None = None) -> str:
    """An email address; else a wrong use of that option or argument."""
    email = accounts.email_meant(text)
    if email is None:
        raise typer.BadParameter(_("is not an email address."), param_hint=option)
    return email


def number_meant(text: str) -> str:
    """The number in its own spelling, if it is one of ours; else as it is: clients may choose their own."""
    return as_number(text) or text.strip()
