"""A copy becomes a host again: in an empty home, with every case, its dates, and what may have happened since.

Where Temporal's runs are not in the copy, `complaints up` starts each open case again from its journal, as
`doctor --mend` does.
"""

import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyrage
from pydantic import BaseModel, ConfigDict

from complaints.records.connection import opened
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.words.catalogue import N_
from local.host import pg
from local.host.copies import ABOUT, FORMAT, HOME, RECORDS, About, identities_in
from local.stack.home import held
from local.stack.postgres import Postgres
from local.stack.temporal_store import forgotten
from local.stack.voice import Say
from starter.errors import Refused
from starter.home_keys import ring_of_home
from starter.host_settings import is_real
from starter.private_files import write_private
from workflows.key_ring import Keys, KeysError

RESTORED = "restored.json"
"""In the home: from which copy it was made, so that mail since then is taken in again."""

READ_AGAIN_FOR = timedelta(days=14)
"""How long after a restore each start looks at the mail since the copy again: each mail counts once."""


class Overdue(BaseModel):
    """A case for which something fell due after the copy: the lost host may have told the customer of it already."""

    model_config = ConfigDict(frozen=True)

    number: str
    due: datetime
    due_name: str


class Restored(BaseModel):
    """What a restore did."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    """Of the copy."""
    restored_at: datetime
    complaints: int
    open: int
    uncertain: tuple[Overdue, ...] = ()
    """Whose letters may have gone out since; they go out again, under the same Message-ID."""
    missing_keys: tuple[str, ...] = ()
    """Keys that sealed and are not in the copy. Temporal's data was left out; every case goes on from its journal."""


async def restored(copy: Path, home: Path, *, key: Path | None = None, say: Say) -> Restored:
    """Brings the copy back into `home`, which holds nothing yet.

    Raises:
        Refused: it is no copy of ours, the key does not fit, the program is too old for it, or the home is in use.
    """
    home = home.absolute()
    if (home / "postgres").exists() or is_real(home):
        raise Refused(
            N_("{home} is in use: a copy comes back into an empty folder only. Choose another --home.", home=home)
        )
    with TemporaryDirectory(prefix="complaints-") as folder:
        about = _unpacked(copy, Path(folder), key)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            async with held(home, say=say), Postgres.started(home) as postgres:
                dump = str(Path(folder) / RECORDS)
                await pg.run(
                    "pg_restore", postgres.dsn(), "--no-owner", "--no-privileges", "--exit-on-error",
                    "--single-transaction", "--dbname=complaints", dump,
                )  # fmt: skip
                await migrate(postgres.dsn())
                uncertain = await overdue(postgres.dsn(), about.at)
                _own_files(Path(folder) / HOME, home)
                missing = await _missing_keys(postgres.dsn(), home)
                if missing:  # runs that nobody can read would stand still: all go on from their journals
                    await forgotten(postgres.dsn())
        except BaseException:
            shutil.rmtree(home / "postgres", ignore_errors=True)  # half a database would be taken for a whole one
            (home / "postgres.json").unlink(missing_ok=True)
            raise
    done = Restored(
        at=about.at,
        restored_at=datetime.now(UTC),
        complaints=about.complaints,
        open=about.open,
        uncertain=uncertain,
        missing_keys=missing,
    )
    remembered(home, done)
    return done


def remembered(home: Path, done: Restored) -> None:
    """Writes into the home from when its data is: what came by mail since is read again."""
    write_private(home / RESTORED, done.model_dump_json(indent=1))


def restored_from(home: Path, *, now: datetime) -> Restored | None:
    """The restore whose mail is still to be looked at again; None if there was none, or long ago."""
    try:
        found = Restored.model_validate_json((home / RESTORED).read_bytes())
    except (OSError, ValueError):
        return None
    return found if now - found.restored_at < READ_AGAIN_FOR else None


def _unpacked(copy: Path, folder: Path, key: Path | None) -> About:
    tar = copy
    try:
        with copy.open("rb") as file:
            sealed = file.read(21) == b"age-encryption.org/v1"
        if sealed:
            if key is None:
                raise Refused(N_("{copy} is encrypted: name the file with its key, --key FILE.", copy=copy))
            tar = folder / "copy.tar"
            with copy.open("rb") as said, tar.open("wb") as plain:
                pyrage.decrypt_io(said, plain, identities_in(key))
        with tarfile.open(tar, "r:") as packed:
            packed.extractall(folder, filter="data")
        about = About.model_validate_json((folder / ABOUT).read_bytes())
    except pyrage.DecryptError:
        raise Refused(N_("{copy} was made for another key.", copy=copy)) from None
    except (OSError, tarfile.TarError, ValueError) as error:
        raise Refused(N_("{copy} is no copy of ours: {reason}.", copy=copy, reason=type(error).__name__)) from None
    if about.format > FORMAT:
        raise Refused(N_("{copy} was made by a newer program: install that one, then restore.", copy=copy))
    return about


def _own_files(source: Path, home: Path) -> None:
    for path in sorted(source.rglob("*")):
        to = home / path.relative_to(source)
        if path.is_dir():
            to.mkdir(mode=0o700, exist_ok=True)
        else:
            write_private(to, path.read_text(encoding="utf-8"))


async def _missing_keys(dsn: str, home: Path) -> tuple[str, ...]:
    """The keys that have sealed and did not come back; nobody waits for them, because no run of theirs did either."""
    try:
        ring = {key.id: key.fingerprint for key in Keys(ring_of_home(home)).ring.keys}
    except KeysError:
        ring = {}
    store = await Store.connect(dsn, max_size=1)
    try:
        known = await store.payload_keys()
        missing = [id_ for id_, fingerprint in known.items() if ring.get(id_) != fingerprint]
        return tuple(await store.forget_payload_keys(missing))
    finally:
        await store.close()


async def overdue(dsn: str, at: datetime) -> tuple[Overdue, ...]:
    """The open cases for which something fell due since then."""
    connection = await opened(dsn, timeout=10)
    try:
        rows = await connection.fetch(
            "SELECT number, due, coalesce(due_name, '') AS due_name FROM complaints "
            "WHERE closed_at IS NULL AND due > $1 AND due <= now() ORDER BY due, number",
            at,
        )
    finally:
        await connection.close()
    return tuple(Overdue(**dict(row)) for row in rows)
