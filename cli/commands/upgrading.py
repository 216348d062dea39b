"""A home taken over by this program from the one before it, and given back."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from cli import show
from cli.commands import copying
from cli.commands.base import log_to_stderr
from cli.commands.options import AsJson, Home
from cli.commands.what_if import progress
from cli.late import read_when_used
from complaints.words.catalogue import _

with read_when_used():
    from local.host import service
    from local.host import upgrading as taking_over
    from local.stack import voice
    from starter import homes, host_settings


def upgrade(
    to: Annotated[
        Path | None,
        typer.Option("--copy-to", metavar="DIR", help=_("Where the copy goes; else BACKUP_DIR, else the home.")),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help=_("The file with the key (age) of the copy."))
    ] = None,
    back: Annotated[bool, typer.Option("--back", help=_("Put everything back as the program before left it."))] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    log_to_stderr(home)
    folder = homes.home_folder(home)
    tell = show.line if not as_json else lambda line: None
    if back:
        again = asyncio.run(taking_over.undone(folder, say=voice.to_stderr))
        if as_json:
            show.json_of(again)
            return
        copying.tell_restored(again)
        show.line(_("Now start the program that ran before."), "bold")
        return
    settings = host_settings.environment_of(folder, os.environ)
    named = settings.get("BACKUP_DIR")
    copy_to = to or (Path(named) if named else folder.absolute() / "backups")
    own_key = settings.get("BACKUP_KEY_FILE")
    asked = taking_over.Asked(copy_to, key or (Path(own_key) if own_key else None))
    done = asyncio.run(taking_over.upgraded(folder, asked, tell=tell, say=voice.to_stderr, on_progress=progress()))
    if as_json:
        show.json_of(done)
        return
    there = f" --home {shlex.quote(str(home))}" if home else ""
    installed = service.installed(os.environ)
    show.line(
        _("Now: complaints {command}{there}").format(command="service install" if installed else "up", there=there),
        "bold",
    )
    show.line(_("Back to how it was until now: complaints upgrade --back{there}").format(there=there), show.QUIET)
