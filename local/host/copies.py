"""Copies of a host while it runs: everything that cannot be made again, in one file; the old ones thinned out.

A copy holds the database, as it was at one moment, and the home's own files: settings, secrets, the key that signs
links, the ring that seals payloads, contacts and policy. In the database are the records and, where the home was begun
so (`TEMPORAL_STORE = "postgres"`), Temporal's runs; others are told again from the journal of each case. With a key it
is an age file (age-encryption.org/v1).
"""

import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pyrage
from pydantic import BaseModel, ConfigDict

from complaints.records.connection import opened
from complaints.words.catalogue import N_
from local.host import pg
from starter import last_copy
from starter.errors import Refused
from starter.home_keys import FILE as KEY_RING
from starter.host_settings import FILE, SECRETS
from starter.last_copy import Made
from starter.private_files import write_private
from starter.stack_links import FILE as LINK_KEY

ABOUT, RECORDS, HOME = "copy.json", "records.dump", "home"

FORMAT = 1

PREFIX = "complaints-"

_OWN = (FILE, SECRETS, LINK_KEY, KEY_RING, "contacts.toml", "policy.toml", "temporal/cluster")
"""Of a home's files, what nobody could make again. By its cluster's name Temporal knows its data as its own."""


class About(BaseModel):
    """What a copy says of itself."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    at: datetime
    """By the database's clock, just before its snapshot: whatever is later may be missing."""
    schema_revision: str
    complaints: int
    open: int


@dataclass(frozen=True)
class Keep:
    """How many copies stay: the newest of each of so many days, weeks and months."""

    days: int = 7
    weeks: int = 5
    months: int = 12


async def made(home: Path, dsn: str, folder: Path, *, key: Path | None = None, keep: Keep | None = None) -> Made:
    """Makes a copy of that home in `folder`, and thins out the older ones there.

    Args:
        home: whose files go along; the records are read at `dsn`, while everything runs.
        dsn: the database.
        folder: where it goes; made if missing, 0700.
        key: a file with age recipients (`age1…`) or identities; None: not encrypted.
        keep: which older copies stay; None: all.

    Raises:
        Refused: the folder or the key cannot be used, or pg_dump failed. No half copy is left.
    """
    recipients = recipients_in(key) if key is not None else []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(prefix=".making-", dir=folder) as making:
            about = await about_of(dsn)
            await pg.run("pg_dump", dsn, "--format=custom", "--no-owner", f"--file={Path(making) / RECORDS}")
            write_private(Path(making) / ABOUT, about.model_dump_json(indent=1))
            name = f"{PREFIX}{about.at:%Y%m%dT%H%M%SZ}.tar" + (".age" if recipients else "")
            partial = Path(making) / name
            _pack(partial, Path(making), home, recipients)
            partial.replace(folder / name)
    except OSError as error:
        raise Refused(
            N_("The copy in {folder} was not made: {reason}.", folder=folder, reason=error.strerror or str(error))
        ) from error
    done = Made(at=about.at, path=folder / name, bytes=(folder / name).stat().st_size, encrypted=bool(recipients))
    write_private(home / last_copy.FILE, done.model_dump_json(indent=1))
    for old in thinned(sorted(folder.glob(f"{PREFIX}*.tar*")), keep) if keep else ():
        old.unlink()
    return done


def thinned(copies: Sequence[Path], keep: Keep) -> list[Path]:
    """The copies that go: all but the newest of each day, week (ISO) and month that is kept. Days are UTC."""
    dated = sorted(((at, path) for path in copies if (at := taken_at(path)) is not None), reverse=True)
    stay: set[Path] = set()
    for span, many in (("%Y-%m-%d", keep.days), ("%G-%V", keep.weeks), ("%Y-%m", keep.months)):
        seen: dict[str, Path] = {}
        for at, path in dated:
            seen.setdefault(at.strftime(span), path)
        stay |= set(list(seen.values())[:many])
    return [path for _, path in dated if path not in stay]


def taken_at(path: Path) -> datetime | None:
    """When that copy was made, by its name; None for a file that is no copy of ours."""
    try:
        return datetime.strptime(path.name.partition(".")[0], f"{PREFIX}%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def recipients_in(key: Path) -> list[pyrage.x25519.Recipient]:
    """Who can read a copy again: the recipients of a key file, and those of its identities. Raises Refused."""
    identities, public = _read(key)
    return [*(one.to_public() for one in identities), *public]


def identities_in(key: Path) -> list[pyrage.x25519.Identity]:
    """With what a copy is read again. Raises Refused."""
    identities, _public = _read(key)
    if not identities:
        raise Refused(N_("{key} holds no secret key (AGE-SECRET-KEY-…): copies are read with it alone.", key=key))
    return identities


def new_key(path: Path) -> None:
    """A new key in a file for its owner only. Without it nobody ever reads the copies: it belongs elsewhere, too."""
    identity = pyrage.x25519.Identity.generate()
    write_private(path, f"# public key: {identity.to_public()}\n{identity}\n")


def is_due(home: Path, *, now: datetime, every: timedelta = timedelta(days=1)) -> bool:
    """Whether the nightly copy is to be made."""
    last = last_copy.last_copy(home)
    return last is None or now - last.at >= every


def _read(key: Path) -> tuple[list[pyrage.x25519.Identity], list[pyrage.x25519.Recipient]]:
    """The secret and the public keys of a file; at least one of either. Raises Refused."""
    try:
        lines = [line.strip() for line in key.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        secret = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
        identities = [pyrage.x25519.Identity.from_str(line) for line in secret]
        public = [pyrage.x25519.Recipient.from_str(line) for line in lines if line not in secret]
    except (OSError, UnicodeDecodeError, pyrage.RecipientError, pyrage.IdentityError) as error:
        raise Refused(N_("{key} holds no key: {reason}", key=key, reason=type(error).__name__)) from None
    if not lines:
        raise Refused(N_("{key} holds no key.", key=key))
    return identities, public


async def about_of(dsn: str) -> About:
    """What a copy of that database says of itself, if it is made now."""
    connection: asyncpg.Connection = await opened(dsn, timeout=10)
    try:
        row = await connection.fetchrow(
            "SELECT now() AS at, (SELECT version_num FROM alembic_version) AS revision, count(*) AS complaints, "
            "count(*) FILTER (WHERE closed_at IS NULL) AS open FROM complaints"
        )
    finally:
        await connection.close()
    assert row is not None
    return About(at=row["at"], schema_revision=row["revision"], complaints=row["complaints"], open=row["open"])


def _pack(to: Path, making: Path, home: Path, recipients: Sequence[pyrage.x25519.Recipient]) -> None:
    plain = to.with_suffix("") if recipients else to
    with os.fdopen(os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            tar.add(making / ABOUT, ABOUT)
            tar.add(making / RECORDS, RECORDS)
            for name in _OWN:
                if (home / name).exists():
                    tar.add(home / name, f"{HOME}/{name}")
        file.flush()
        os.fsync(file.fileno())
    if recipients:
        with plain.open("rb") as said, os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as sealed:
            pyrage.encrypt_io(said, sealed, list(recipients))
            sealed.flush()
            os.fsync(sealed.fileno())
        plain.unlink()
