"""A host that starts with its machine."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import os
from typing import Annotated

import typer

from cli import show
from cli.commands.options import AsJson, Home
from cli.late import read_when_used
from complaints.words.catalogue import _

with read_when_used():
    from local.host import service
    from starter import homes

OfUser = Annotated[bool, typer.Option("--user", help=_("A unit of this user, without root; else one of the system."))]


def install(
    of_user: OfUser = False,
    print_only: Annotated[bool, typer.Option("--print", help=_("Only show the unit."))] = False,
    home: Home = None,
) -> None:
    unit = service.unit_of(homes.home_folder(home), os.environ, of_user=of_user)
    if print_only:
        print(unit.text, end="")
        return
    if service.install(unit):
        show.line(_("{path}: installed and started.").format(path=unit.path))
    else:
        show.line(_("{path}: written. systemd does not run here: it starts when it does.").format(path=unit.path))
    if of_user:
        show.line(_("To run also while nobody is signed in: loginctl enable-linger"), show.QUIET)


def status(of_user: OfUser = False, as_json: AsJson = False) -> None:
    found = service.state(of_user, os.environ)
    if as_json:
        show.json_of(found)
    elif not found["unit"]:
        show.line(_("Not installed: `complaints service install`."))
    else:
        for name, value in found.items():
            show.line(f"{name}: {show.plain(value)}")
    if not found["unit"]:
        raise typer.Exit(1)


def uninstall(of_user: OfUser = False) -> None:
    if service.uninstall(of_user, os.environ):
        show.line(_("Taken away; the home stays as it is."))
        return
    show.line(_("Not installed: `complaints service install`."))
    raise typer.Exit(1)
