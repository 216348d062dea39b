"""The grants in the records' guide: enough for every day's work, and not enough to rewrite history."""

import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest

import complaints.records
from complaints.records.errors import DatabaseRefused
from complaints.records.grants import GRANTS
from complaints.records.programs import Scope
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.letters import LetterState
from local.stack.postgres import Postgres
from tests.records_examples import MONDAY, a_batch, a_call, a_complaint, a_record, a_row, an_order, days

GUIDE = Path(complaints.records.__file__ or "").parent / "README.md"


@pytest.fixture
async def app_store(postgres: Postgres, fresh_database: str) -> AsyncIterator[Store]:
    """A store whose role has just what the guide grants."""
    role, password = f"app_{secrets.token_hex(4)}", secrets.token_hex(8)
    [grants] = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    owner = await asyncpg.connect(fresh_database)
    await owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    await owner.execute(grants.replace("complaints_app", role))
    await owner.close()
    store = await Store.connect(as_role(fresh_database, role, password))
    yield store
    await store.close()


def as_role(dsn: str, role: str, password: str) -> str:
    url = urlsplit(dsn)
    return urlunsplit(url._replace(netloc=f"{quote(role)}:{quote(password)}@{url.netloc.rpartition('@')[2]}"))


async def test_every_days_work_can_be_done(app_store: Store) -> None:
    await app_store.check_schema()
    record = a_record()
    await app_store.write(a_batch(record, calls=(a_call(),)))
    await app_store.write(a_batch(a_record(seq=2), a_row(2, "assessed"), calls=(a_call(attempts=1),)))
    await app_store.add_afterword(record.number, event_id="1", at=MONDAY, what="feedback-given")
    claimed = await app_store.claim(
        an_order(record.number), message_id="<1@x>", to_address="a@x", subject="", text="", html="", lease=days(1)
    )
    await app_store.settle(record.number, "1/acknowledgement/customer", LetterState.SENT, attempt=claimed.attempts)
    await app_store.supersede(record.number, ["1/update/1/customer"])
    await app_store.keep_pending("Q-A", a_complaint(), MONDAY)
    await app_store.pending_started("Q-A")
    digest = await app_store.keep_message(b"raw", mailbox="soporte", received_at=MONDAY)
    await app_store.message_belongs(digest, record.number)
    assert await app_store.find("Rosa")
    assert await app_store.letters_secret()
    assert await app_store.admitted("mail:<1@x>:rosa@x", MONDAY, most=1, within=days(1))
    assert await app_store.flood_at(MONDAY, digest=digest, most=0, within=days(1)) == MONDAY


async def test_people_and_programs_come_and_go_without_anything_being_deleted(app_store: Store) -> None:
    await app_store.add_staff("ana", name="Ana", role=Role.AGENT, password_hash="x")
    await app_store.open_session("ana", digest="a" * 64, form_token="f")
    await app_store.open_session("ana", digest="b" * 64, form_token="f")
    assert await app_store.session("a" * 64)
    await app_store.end_other_sessions("ana", here="b" * 64)
    await app_store.close_session("b" * 64)
    assert await app_store.sessions_of("ana", here="") == []
    assert await app_store.try_from("c" * 64)
    assert await app_store.try_from("c" * 64)
    await app_store.take_back("c" * 64)
    assert await app_store.try_password("ana")
    await app_store.password_is_right("ana")
    await app_store.add_program("crm", digest="d" * 64, scopes=(Scope.READ,), made_by="ana", lasts=None)
    assert await app_store.program("d" * 64)
    for content, same in (("e", True), ("e", True), ("f", False)):
        assert await app_store.is_same_request("crm", key_digest="a" * 64, content_digest=content * 64) is same
    await app_store.revoke_program("crm")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET what = 'x'",
        "DELETE FROM journal",
        "DELETE FROM complaints",
        "TRUNCATE letters",
        "DROP TABLE calls",
        "CREATE TABLE mine (x text)",
    ],
)
async def test_history_and_schema_are_out_of_its_reach(app_store: Store, statement: str) -> None:
    with pytest.raises(DatabaseRefused):
        async with app_store.connection() as connection:
            await connection.execute(statement)


def test_the_guide_and_the_grants_that_a_migration_gives_are_the_same() -> None:
    [said] = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert [" ".join(one.split()) for one in said.split(";") if one.strip()] == list(GRANTS)


async def test_a_migration_gives_the_role_of_every_day_what_it_needs_and_no_more(fresh_database: str) -> None:
    """Where there is such a role, as in the cluster of `complaints up`."""
    asked = ", ".join(
        f"has_table_privilege('complaints_app', '{table}', '{right}')"
        for table, right in (("journal", "INSERT"), ("drafts", "DELETE"), ("journal", "UPDATE"), ("chain", "UPDATE"))
    )
    owner = await asyncpg.connect(fresh_database, timeout=60)
    found = await owner.fetchrow(f"SELECT {asked}")
    await owner.close()
    assert found is not None
    assert list(found.values()) == [True, True, False, False]
