"""Copies of a host: what is in them, who can read them, which stay, and that half a copy is none."""

import asyncio
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaints.records.migrate import migrate
from complaints.records.store import Store
from local.host import copies, nightly, restoring
from local.host.copies import Keep, new_key, taken_at, thinned
from local.stack.postgres import Postgres
from starter import last_copy
from starter.errors import Refused
from starter.keys import ensure_ring
from starter.last_copy import Made
from tests.records_examples import a_batch, a_record
from workflows.key_ring import Keys

AT = datetime(2026, 11, 28, 15, tzinfo=UTC)
LIMA = ZoneInfo("America/Lima")


def named(at: datetime) -> Path:
    return Path(f"complaints-{at:%Y%m%dT%H%M%SZ}.tar.age")


def quiet(line: str) -> None:
    """Whoever tells nobody."""


class TestWhichStay:
    def test_the_newest_of_each_day_week_and_month(self) -> None:
        every_six_hours = [named(AT - timedelta(hours=6 * n)) for n in range(4 * 400)]
        gone = set(thinned(every_six_hours, Keep(days=7, weeks=5, months=12)))
        stay = [at for path in every_six_hours if path not in gone and (at := taken_at(path)) is not None]
        days = [at.date() for at in sorted(stay, reverse=True)]
        assert days[:7] == [(AT - timedelta(days=n)).date() for n in range(7)]
        assert len(days) == 7 + 4 + 10  # 2 of 5 weeks' and 2 of 12 months' newest are days' newest already
        assert len({(day.year, day.month) for day in days}) == 12

    @pytest.mark.parametrize("keep", [Keep(1, 0, 0), Keep(7, 5, 12)])
    def test_the_last_one_always_stays(self, keep: Keep) -> None:
        assert named(AT) not in thinned([named(AT - timedelta(minutes=n)) for n in range(50)], keep)

    def test_whatever_else_lies_there_is_nobodys_business(self) -> None:
        assert thinned([Path("complaints-old.tar"), Path("holiday.jpg"), named(AT)], Keep(1, 0, 0)) == []


class TestWhen:
    @pytest.mark.parametrize(
        ("hours_ago", "at", "wanted"),
        [
            (None, "2026-11-28T15:00-05:00", True),  # never: at once
            (8, "2026-11-28T03:10-05:00", False),  # made this evening by hand
            (23, "2026-11-28T03:10-05:00", True),
            (30, "2026-11-28T15:00-05:00", False),  # the quiet hour comes
            (40, "2026-11-28T15:00-05:00", True),  # the machine was off at night
        ],
    )
    def test_at_the_quiet_hour_or_where_the_last_is_too_old(
        self, tmp_path: Path, hours_ago: int | None, at: str, wanted: bool
    ) -> None:
        now = datetime.fromisoformat(at)
        if hours_ago is not None:
            made = Made(at=now - timedelta(hours=hours_ago), path=tmp_path / "x", bytes=1, encrypted=True)
            (tmp_path / last_copy.FILE).write_text(made.model_dump_json(), encoding="utf-8")
        assert nightly.wants_one(tmp_path, now, LIMA) is wanted


async def a_host(home: Path, postgres: Postgres) -> tuple[str, datetime]:
    """A home with a complaint in its records; its number, and when its update is due: soon after a copy made now."""
    await migrate(postgres.dsn())
    store = await Store.connect(postgres.dsn(), max_size=1)
    try:
        soon = datetime.now(UTC) + timedelta(seconds=6)
        record = a_record(due=soon, due_name="update")
        await store.write(a_batch(record))
    finally:
        await store.close()
    ensure_ring(home / "payload.keys")
    ring = Keys(home / "payload.keys").ring
    store = await Store.connect(postgres.dsn(), max_size=1)
    try:
        await store.know_payload_keys({ring.sealing.id: ring.sealing.fingerprint, "k-lost": "0"})
    finally:
        await store.close()
    (home / "secrets").mkdir(mode=0o700)
    for name in ("settings.toml", "secrets/smtp_url", "secret.key", "contacts.toml"):
        (home / name).write_text(f"# {name}\n", encoding="utf-8")
    return record.number, soon


@pytest.mark.server  # Postgres has the machine's own clock
async def test_a_copy_becomes_a_host_again_with_its_key_alone(tmp_path: Path) -> None:
    home, folder, key, other = (tmp_path / name for name in ("home", "copies", "key", "other"))
    for path in (key, other):
        new_key(path)
    async with Postgres.started(home, durable=False) as postgres:
        number, due = await a_host(home, postgres)
        made = await copies.made(home, postgres.dsn(), folder, key=key)
    assert [path.name for path in folder.iterdir()] == [made.path.name]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert number.encode() not in made.path.read_bytes()
    assert last_copy.last_copy(home) == made
    for wrong, because in ((None, "--key"), (other, "another key|otra clave")):
        with pytest.raises(Refused, match=because):
            await restoring.restored(made.path, tmp_path / "again", key=wrong, say=quiet)
        assert not (tmp_path / "again" / "postgres").exists()
    again = tmp_path / "again"
    while datetime.now(UTC) <= due:  # noqa: ASYNC110 - until the update of this case is past
        await asyncio.sleep(0.1)
    done = await restoring.restored(made.path, again, key=key, say=quiet)
    assert (done.at, done.complaints, done.open) == (made.at, 1, 1)
    assert [(one.number, one.due_name) for one in done.uncertain] == [(number, "update")]
    assert done.missing_keys == ("k-lost",), "its ring came along; a key that is not in it is named"
    assert (again / "payload.keys").read_text() == (home / "payload.keys").read_text()
    for name in ("settings.toml", "secrets/smtp_url", "secret.key", "contacts.toml"):
        assert (again / name).read_text(encoding="utf-8") == f"# {name}\n"
        assert stat.S_IMODE((again / name).stat().st_mode) == 0o600
    async with Postgres.started(again, durable=False) as postgres:
        store = await Store.connect(postgres.dsn(), max_size=1)
        try:
            assert (await store.record(number)) is not None
        finally:
            await store.close()
    with pytest.raises(Refused, match=r"empty|vacía"):
        await restoring.restored(made.path, again, key=key, say=quiet)


@pytest.mark.parametrize("spoilt", ["cut", "nothing", "tar"])
async def test_what_is_no_copy_is_told_and_leaves_the_folder_as_it_was(tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / "complaints-20261128T150000Z.tar"
    with tarfile.open(path, "w") as tar:
        tar.add(Path(__file__), "copy.json")
    content = {"cut": path.read_bytes()[:700], "nothing": b"", "tar": path.read_bytes()}[spoilt]
    path.write_bytes(content)
    with pytest.raises(Refused, match=path.name):
        await restoring.restored(path, tmp_path / "home", say=quiet)
    assert not (tmp_path / "home").exists()


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(Refused, match="file"):
        await copies.made(tmp_path, "postgresql://nobody@127.0.0.1:9/none", tmp_path / "file" / "copies")
