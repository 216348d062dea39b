"""Tokens of programs that use the intake API."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import at_records
from cli.commands.options import AsJson, Home, os_user
from cli.late import read_when_used
from complaints.bearer import NAME, digest_of, generated
from complaints.words.catalogue import _

with read_when_used():
    from complaints.records import programs

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.place import Place


class ScopeName(StrEnum):
    """As the records name them; theirs would load the database for every --help."""

    INTAKE = "intake"
    ACTS = "acts"
    DECIDE = "decide"
    READ = "read"
    FIND = "find"


Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help=_("The program, with which its acts are signed."),
    ),
]


def list_(home: Home = None, as_json: AsJson = False) -> None:
    found = at_records(home, lambda store, place: store.programs())
    if as_json:
        show.json_of(found)
        return
    for one in found:
        ended = _("revoked") if one.revoked_at else _("expired") if not one.live else ""
        used = f"{one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else _("never used")
        show.line(f"{one.name:<20} {','.join(one.scopes):<26} {used:<21} {ended}".rstrip())
    if not found:
        show.line(_("None: `complaints token add NAME`."))


def add(
    name: Name,
    scope: Annotated[
        list[ScopeName] | None,
        typer.Option(
            metavar="SCOPE",
            help=_("intake, acts, decide or read; may be repeated. Without it: intake."),
        ),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help=_("Days for which it is valid."))] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    if not NAME.fullmatch(name):
        raise typer.BadParameter(_("a name has small letters, digits and . _ -, up to 40."))
    made, scopes = generated(), tuple(dict.fromkeys(programs.Scope(one) for one in scope or [ScopeName.INTAKE]))

    async def kept(store: Store, place: Place) -> None:
        lasts = timedelta(days=days) if days else None
        await store.add_program(name, digest=digest_of(made), scopes=scopes, made_by=os_user(), lasts=lasts)

    at_records(home, kept)
    if as_json:
        show.json_of({"name": name, "scopes": [one.value for one in scopes], "token": made})
        return
    show.line(_("Token of ") + name + ":")
    show.line(made, "bold")
    show.line(
        _("Shown only now: keep it for the program."),
        show.QUIET,
    )


def revoke(name: Name, home: Home = None, as_json: AsJson = False) -> None:
    at_records(home, lambda store, place: store.revoke_program(name))
    if as_json:
        show.json_of({"name": name, "revoked": True})
    else:
        show.line(_("{name}: its token is worth nothing any more.").format(name=name))
