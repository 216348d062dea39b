"""`complaints init`: the answers checked, the servers tried, the files written, the first account made."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from complaints.passwords import Passwords
from complaints.records.migrate import migrate
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.words.catalogue import N_, _
from local.host import tried, wishes, written
from local.host.wishes import Wishes
from local.stack.home import held
from local.stack.postgres import Postgres
from local.stack.temporal_find import TemporalMissing, find_beside_records
from local.stack.voice import Say
from starter.errors import Refused
from starter.host_settings import is_real
from starter.private_files import write_private


async def begin(
    asked: Wishes, home: Path, *, letter_to: str | None, password: str, tell: Callable[[str], None], say: Say
) -> None:
    """Makes `home` a host that serves for real.

    Args:
        asked: the answers.
        home: the folder; made if missing.
        letter_to: who gets the test letter; None: no server is tried.
        password: of the first account.
        tell: told what works, a line each.
        say: told what takes time.

    Raises:
        SettingsError, Refused: an answer makes no sense, a server does not work, the home is in use: as before.
    """
    if is_real(home):
        raise Refused(
            N_("{home} has its settings: change {file}, or choose another folder.", home=home, file="settings.toml")
        )
    wishes.check(asked, home)
    if letter_to is not None:
        with TemporaryDirectory() as folder:
            contacts = Path(folder) / written.CONTACTS
            write_private(contacts, written.contacts_of(asked))
            await tried.all_servers(asked.settings(contacts), letter_to=letter_to, tell=tell)
    one_database = await _can_be_one_database(tell, say)
    home = home.absolute()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with held(home, say=say), Postgres.started(home) as postgres:
        await migrate(postgres.dsn())
        await _first_account(postgres.dsn(), asked, password)
        written.home_of(asked, home, one_database=one_database)  # last: a home that is half made is none


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
