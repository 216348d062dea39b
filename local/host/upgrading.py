"""`complaints upgrade`: this program takes a home over from the one before it, or leaves everything as it was.

In this order: what runs is looked at (and every running case replayed) while the old program still serves; a copy; the
old program is stopped; the folders are put aside; the tables are migrated; and before any worker of this program has
touched a case, all of them are replayed once more on the servers as this program runs them. Whatever fails before that
is done puts the folders back. Nothing is sent and no mail is read on the way.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from complaints.records.connection import opened
from complaints.records.errors import SchemaOutOfDate
from complaints.records.migrate import migrate
from complaints.records.schema import READ_VERSION, expect_head
from complaints.words.catalogue import N_, _
from local.host import copies
from local.host.restoring import Restored, overdue, remembered
from local.stack.home import held
from local.stack.plan import Parts
from local.stack.postgres import Postgres
from local.stack.postgres_place import give
from local.stack.postgres_user import server_user
from local.stack.supervisor import TELL_AFTER, Stack
from local.stack.voice import Say
from starter.errors import Refused
from starter.host_settings import MAIL_IN, one_database, settings_of
from starter.last_copy import Made
from starter.place import place_of
from starter.private_files import write_private
from starter.reaching import client_of
from starter.replaying import OnProgress, Replay, replay
from starter.stack_addresses import Addresses, find_stack, is_locked, last_addresses
from workflows import names

ASIDE = "before-upgrade"
"""In the home: its data as the program before left it, until the next upgrade."""

_DATA = ("postgres", "temporal")
"""The folders that a program of ours changes; `postgres.json` has their passwords, and stays."""

_ABOUT = "upgrade.json"

SPARE = 1.2
"""So many times the data must be free on the disk, for it is there twice from then on."""


class Upgraded(BaseModel):
    """What an upgrade did."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    """When the old program had been stopped."""
    before: str
    """The schema that was found."""
    after: str
    running: int
    """Complaints that run; all of them were replayed."""
    copy_made: Path | None


@dataclass(frozen=True)
class Asked:
    """What whoever upgrades can choose."""

    copy_to: Path | None
    """Where the copy goes; None: none is made, because one was made by other means."""
    key: Path | None


async def upgraded(
    home: Path, asked: Asked, *, tell: Callable[[str], None], say: Say, on_progress: OnProgress
) -> Upgraded:
    """Takes that home over.

    Raises:
        Refused: something does not fit, or a case would not replay; everything is as it was, and what ran runs on, or
            can be started again.
        RecordsError, PartFailed, StackRefused: the same, for the reason that it says.
    """
    home = home.absolute()
    if not (home / "postgres").exists():
        raise Refused(N_("There is nothing to upgrade in {home}: name the home with --home.", home=home))
    _room_for_two(home)
    made: Made | None = None
    stack = find_stack(home)
    if stack is not None:
        dsn = stack.database_owner or stack.database
        await _schema(dsn)
        _told(await _replayed(home, on_progress), tell)
        made = await _copied(home, dsn, asked, tell)
        await _stopped(home, stack, say)
        tell(_("What ran here was stopped."))
    async with held(home, say=say):
        async with Postgres.started(home) as postgres:
            await _schema(postgres.dsn())
            if made is None:
                made = await _copied(home, postgres.dsn(), asked, tell)
        at = datetime.now(UTC)
        await asyncio.to_thread(_put_aside, home, at)
    try:
        async with held(home, say=say), Postgres.started(home) as postgres:
            done = await migrate(postgres.dsn())
        async with Stack.running(home, time_skipping=_skips(home), parts=_servers_alone(home), say=say):
            replayed = await _replayed(home, on_progress)
    except BaseException:
        async with held(home, say=say):
            await asyncio.to_thread(put_back, home)
        tell(_("Everything is as it was before: start the program that ran until now."))
        raise
    tell(_("Schema {before} became {after}.").format(before=done.before, after=done.after))
    _told(replayed, tell)
    return Upgraded(
        at=at,
        before=done.before or "",
        after=done.after,
        running=replayed.running,
        copy_made=made.path if made else None,
    )


async def undone(home: Path, *, say: Say) -> Restored:
    """Puts the data back as the program before left it: what happened since is not in it, as after a restore.

    Raises Refused where nothing was put aside.
    """
    home = home.absolute()
    if not (home / ASIDE / _ABOUT).exists():
        raise Refused(N_("{home} holds nothing from before an upgrade.", home=home))
    stack = find_stack(home)
    if stack is not None:
        await _stopped(home, stack, say)
    async with held(home, say=say):
        at = await asyncio.to_thread(put_back, home)
        async with Postgres.started(home) as postgres:
            about = await copies.about_of(postgres.dsn())
            uncertain = await overdue(postgres.dsn(), at)
    done = Restored(
        at=at, restored_at=datetime.now(UTC), complaints=about.complaints, open=about.open, uncertain=uncertain
    )
    remembered(home, done)
    return done


def put_back(home: Path) -> datetime:
    """The folders that were put aside, back in their places; what they replace is lost. The home must be held."""
    at = datetime.fromisoformat((home / ASIDE / _ABOUT).read_text(encoding="ascii").strip())
    for name in _DATA:
        if not (home / ASIDE / name).exists():
            continue
        partial, wrong = home / f"{name}.back", home / f"{name}.upgraded"
        for left in (partial, wrong):
            shutil.rmtree(left, ignore_errors=True)
        _copy(home / ASIDE / name, partial)
        (home / name).rename(wrong)
        partial.rename(home / name)  # of one file system: a moment in which the folder is missing
        shutil.rmtree(wrong, ignore_errors=True)
    return at


def _put_aside(home: Path, at: datetime) -> None:
    partial = home / f"{ASIDE}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    for name in _DATA:
        if (home / name).exists():
            _copy(home / name, partial / name)
    write_private(partial / _ABOUT, at.isoformat() + "\n")
    shutil.rmtree(home / ASIDE, ignore_errors=True)
    partial.rename(home / ASIDE)


def _copy(source: Path, to: Path) -> None:
    """A folder whose server is stopped; without sockets, which are nobody's data."""
    shutil.copytree(source, to, symlinks=True, ignore=lambda folder, names: [n for n in names if n.startswith(".s.")])
    if source.name == "postgres":
        give(to, server_user())


def _room_for_two(home: Path) -> None:
    used = sum(path.lstat().st_size for name in _DATA for path in (home / name).rglob("*") if path.is_file())
    free = shutil.disk_usage(home).free
    if free < used * SPARE:
        raise Refused(
            N_(
                "The data in {home} is kept twice during an upgrade: {needed} MB are needed, {free} MB are free.",
                home=home,
                needed=round(used * SPARE / 1e6),
                free=round(free / 1e6),
            )
        )


async def _schema(dsn: str) -> None:
    """Raises DatabaseNewer or DatabaseRefused where this program is not the newer one."""
    connection = await opened(dsn, timeout=10)
    try:
        expect_head(await connection.fetchval(READ_VERSION))
    except SchemaOutOfDate:
        return  # what we are here for
    finally:
        await connection.close()


async def _copied(home: Path, dsn: str, asked: Asked, tell: Callable[[str], None]) -> Made | None:
    if asked.copy_to is None:
        return None
    made = await copies.made(home, dsn, asked.copy_to, key=asked.key)
    tell(_("Copy: {path} ({size} MB).").format(path=made.path, size=f"{made.bytes / 1e6:.1f}"))
    return made


async def _replayed(home: Path, on_progress: OnProgress) -> Replay:
    """Every running case with this program. Raises Refused, with the numbers of those that would not go on."""
    found = await replay(await client_of(place_of(home)), on_progress=on_progress)
    if found.not_replayed:
        listed = "; ".join(f"{one.number}: {one.reason}" for one in found.not_replayed[:5])
        raise Refused(
            N_(
                "{n} of {running} running complaints would not go on with this program ({listed}): it does not take "
                "over. Nothing was changed.",
                n=len(found.not_replayed),
                running=found.running,
                listed=listed,
            )
        )
    return found


def _told(found: Replay, tell: Callable[[str], None]) -> None:
    tell(
        _("{replayed} of {running} running complaints go on with this program.").format(
            replayed=found.replayed, running=found.running
        )
    )


async def _stopped(home: Path, stack: Addresses, say: Say) -> None:
    """Asks its supervisor to stop, and waits until the last part has ended."""
    os.kill(stack.pid, signal.SIGTERM)
    waited = 0.0
    while await asyncio.to_thread(is_locked, home):
        await asyncio.sleep(0.2)
        waited += 0.2
        if TELL_AFTER <= waited < TELL_AFTER + 0.2:
            say(_("Waiting until what ran here has ended (a letter may wait for its answer: up to 11 min) …"))


def _skips(home: Path) -> bool:
    last = last_addresses(home)
    return last is not None and last.time_skipping


def _servers_alone(home: Path, environ: Mapping[str, str] = os.environ) -> Parts:
    """The servers as this program runs them, set up, and nobody who works on a case."""
    host = settings_of(home, environ)
    return Parts(
        programs=(),
        attributes=names.SEARCH_ATTRIBUTES,
        temporal_ui=False,
        catches=host is None,
        one_database=one_database(host),
        two_roles=True,
        env={name: value for name, value in (host or {}).items() if name not in MAIL_IN},
    )
