"""Copies of a host, and a host from a copy."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import log_to_stderr
from cli.commands.options import AsJson, Home
from cli.late import read_when_used
from complaints.words.catalogue import N_, _

with read_when_used():
    from complaints import policy_file
    from local.host import copies, nightly, restoring
    from local.stack import voice
    from local.stack.home import held
    from local.stack.postgres import Postgres
    from starter import errors, homes, host_settings, stack_addresses

if TYPE_CHECKING:
    from local.host.copies import Keep
    from local.host.restoring import Restored
    from starter.last_copy import Made

Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help=_("The file with the key (age); for a copy it is made if missing.")),
]


def backup(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help=_("Where to; else BACKUP_DIR."))] = None,
    key: Key = None,
    keep: Annotated[
        str, typer.Option(metavar="DAYS/WEEKS/MONTHS", help=_("How many older copies stay: the newest of each."))
    ] = "7/5/12",
    each_night: Annotated[bool, typer.Option("--nightly", help=_("Once a day, until it is stopped."))] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    log_to_stderr(home)
    at = homes.home_folder(home)
    settings = host_settings.environment_of(at, os.environ)
    to = folder or (Path(settings["BACKUP_DIR"]) if settings.get("BACKUP_DIR") else None)
    if to is None:
        raise typer.BadParameter(_("say where to, or set BACKUP_DIR."), param_hint="DIR")
    named = settings.get("BACKUP_KEY_FILE")
    key = key or (Path(named) if named else None)
    if key is not None and not key.exists():
        copies.new_key(key)
        show.line(_("New key in {key}: keep it elsewhere too. Without it nobody reads the copies.").format(key=key))
    if each_night:
        policy = settings.get("COMPLAINTS_POLICY")
        zone = policy_file.load_policy(Path(policy) if policy else None).calendar.timezone
        asyncio.run(nightly.until_stopped(at, to, key=key, keep=_keep(keep), timezone=zone))
        return
    done = asyncio.run(_made(at, to, key, _keep(keep)))
    if as_json:
        show.json_of(done)
    else:
        show.line(_("{path} ({size} MB).").format(path=done.path, size=f"{done.bytes / 1e6:.1f}"))
        if not done.encrypted:
            show.line(_("Not encrypted: whoever has the file reads every case. --key FILE encrypts."), show.QUIET)


async def _made(home: Path, folder: Path, key: Path | None, keep: Keep) -> Made:
    stack = stack_addresses.find_stack(home)
    if stack is not None:
        return await copies.made(home, stack.database_owner or stack.database, folder, key=key, keep=keep)
    if not (home / "postgres").exists():
        raise errors.Refused(N_("There is nothing to copy in {home}: name the home with --home.", home=home))
    async with held(home, say=voice.to_stderr), Postgres.started(home) as postgres:
        return await copies.made(home, postgres.dsn(), folder, key=key, keep=keep)


def restore(
    copy: Annotated[Path, typer.Argument(metavar="FILE", help=_("The copy."))],
    key: Key = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    folder = homes.home_folder(home)
    done = asyncio.run(restoring.restored(copy, folder, key=key, say=voice.to_stderr))
    if as_json:
        show.json_of(done)
        return
    tell_restored(done)
    show.line(_("Now: complaints up{there}").format(there=f" --home {home}" if home else ""), "bold")


def tell_restored(done: Restored) -> None:
    """From when the data is, and what may have happened since."""
    age = datetime.now(UTC) - done.at
    show.line(
        _("{count} complaints, {open} of them open, as of {at} ({hours} hours ago).").format(
            count=done.complaints,
            open=done.open,
            at=f"{done.at.astimezone():%Y-%m-%d %H:%M %z}",
            hours=f"{age.total_seconds() / 3600:.1f}",
        )
    )
    for one in done.uncertain:
        show.line(
            _("{number}: {what} fell due since; a letter may have gone out, and goes out again.").format(
                number=one.number, what=one.due_name
            )
        )
    if done.missing_keys:
        ids = ", ".join(done.missing_keys)
        show.line(
            _("The copy lacks {ids}: Temporal's data was left out. Each case goes on from its journal.").format(ids=ids)
        )
    show.line(_("Mail since then is read again by `complaints up`, each message once."))


def _keep(text: str) -> Keep:
    found = re.fullmatch(r"(\d{1,3})/(\d{1,3})/(\d{1,3})", text)
    if found is None or int(found[1]) < 1:
        raise typer.BadParameter(_("is not like 7/5/12: days, weeks, months."), param_hint="--keep")
    return copies.Keep(*(int(number) for number in found.groups()))
