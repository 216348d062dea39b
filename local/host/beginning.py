"""`complaints init`: a home that serves for real, made whole or not at all; the first account."""

import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from complaints.passwords import Passwords
from complaints.records.migrate import migrate
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.settings import Settings
from complaints.words.catalogue import N_, _
from local.host import tried, written
from local.host.wishes import Wishes
from local.stack.home import held
from local.stack.postgres import Postgres
from local.stack.temporal_find import TemporalMissing, find_beside_records
from local.stack.voice import Say
from starter.errors import Refused
from starter.host_settings import is_real
from starter.private_files import write_private
from starter.stack_addresses import LOCK, last_addresses

BEGUN = "init.begun"
"""In a home that is being made: the names of what lay there before. Gone with the last step."""


def check_place(home: Path) -> None:
    """Raises Refused where no host should be begun; looked at before anybody is asked anything. Nothing is written."""
    if is_real(home):
        raise Refused(
            N_("{home} has its settings: change {file}, or choose another folder.", home=home, file="settings.toml")
        )
    if (home / "postgres").exists() and not _is_half_made(home):
        raise Refused(
            N_(
                "{home} was begun for trying: its cases believe that their letters went out. "
                "Choose another folder with --home.",
                home=home,
            )
        )
    there = next((folder for folder in (home, *home.absolute().parents) if folder.exists()), home)
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise Refused(
            N_("{home} cannot be made or written by this user: choose another folder with --home.", home=home)
        )


async def try_one(name: str, asked: Wishes, letter_to: str) -> str | None:
    """Tries the server of one answer (`tried.TRIALS`); what works. Raises Refused or SettingsError."""
    with TemporaryDirectory() as folder:
        contacts = Path(folder) / written.CONTACTS
        write_private(contacts, written.contacts_of(asked))
        return await tried.TRIALS[name](asked.settings(contacts), letter_to)


async def begin(asked: Wishes, home: Path, *, password: str, tell: Callable[[str], None], say: Say) -> None:
    """Makes `home` a host that serves for real.

    Args:
        asked: the answers, tried.
        home: the folder; made if missing.
        password: of the first account.
        tell: told what works, a line each.
        say: told what takes time.

    Raises:
        SettingsError, Refused: an answer makes no sense, the home is in use: as before.
    """
    check_place(home)
    settings: Settings = asked.settings()
    assert settings.smtp_server  # it says itself what is missing
    one_database = await _can_be_one_database(tell, say)
    async with made_whole(home.absolute(), say=say) as whole, Postgres.started(whole) as postgres:
        await migrate(postgres.dsn())
        await _first_account(postgres.dsn(), asked, password)
        written.home_of(asked, whole, one_database=one_database)  # last: a home that is half made is none


@asynccontextmanager
async def made_whole(home: Path, *, say: Say) -> AsyncIterator[Path]:
    """Holds the home while all of it is made. Whatever ends that, nothing is left of it; a cut of power leaves a note
    of what was there before, by which the next one begins anew."""
    was_there = home.is_dir()
    before = _before(home)
    names = before if before is not None else sorted(each.name for each in home.iterdir()) if was_there else []
    try:
        async with held(home, say=say):
            if before is not None:
                _taken_back(home, [*names, LOCK])
            write_private(home / BEGUN, json.dumps(names))
            try:
                yield home
            except BaseException:
                _taken_back(home, names)
                raise
            (home / BEGUN).unlink()
    except BaseException:
        if not was_there:
            with suppress(OSError):  # somebody else is in it
                home.rmdir()
        raise


def _taken_back(home: Path, before: list[str]) -> None:
    """Removes what was not there before."""
    for each in home.iterdir():
        if each.name in before:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _is_half_made(home: Path) -> bool:
    return _before(home) is not None


def _before(home: Path) -> list[str] | None:
    """What lay in the home before an `init` that did not come to its end; None where there was none, or the home has
    served since."""
    if is_real(home) or last_addresses(home) is not None:
        return None
    try:
        before = json.loads((home / BEGUN).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return [str(name) for name in before]


async def _can_be_one_database(tell: Callable[[str], None], say: Say) -> bool:
    """Whether Temporal can keep its data beside the records here; where it cannot, what is missing is told."""
    try:
        await find_beside_records(say=say)
    except TemporalMissing as missing:
        tell(str(missing))
        return False
    tell(_("Temporal keeps its data in the same Postgres as the records: one copy holds both."))
    return True


async def _first_account(dsn: str, asked: Wishes, password: str) -> None:
    store = await Store.connect(dsn, max_size=1)
    try:
        hashed = await Passwords().hashed(password)
        await store.add_staff(asked.admin, name=asked.admin_name, role=Role.ADMIN, password_hash=hashed, email=None)
    finally:
        await store.close()
