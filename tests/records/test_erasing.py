"""Who complained is taken out of everything (Ley 29733); what happened, the figures and the proof stay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from complaints.records.errors import NotErasable, RecordsError, UnknownComplaint
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.records.views import SavedView
from complaints.rules.facts import Via
from complaints.rules.report.report import Period
from complaints.verifying import Asked, verified
from local.stack.postgres import Postgres
from local.stack.postgres_place import SUPERUSER
from tests.casebook import lima
from tests.records.lived import Lived, a_whole_life, in_real_time

NOW = lima("2026-08-20 12:30")

PERSON = (
    *(
        "quispe",
        "rosa.nueva",
        "de rosa",
        ", rosa.",
        "45678912",
        "987654321",
        "987 654 321",
        "correo.example",
        '"casebook/1"',
    ),
    *("no tuvo las horas", "la tercera", "qué sesión", "la boleta", "se preguntó al área", "borrador para ella"),
    *("contenido del correo", "boleta-de-pago", "nota-interna", "saldo", "número de cuenta"),
)
"""Every text by which somebody is named in the life below, in small letters."""


@dataclass
class House:
    """A database with one closed life and all that hangs on it, and somebody who may read everything."""

    dsn: str
    number: str
    hand: "asyncpg.Connection[asyncpg.Record]"

    async def everything(self) -> str:
        """Every row of every table, in small letters."""
        tables = await self.hand.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        )
        found = []
        for (table,) in tables:
            rows = await self.hand.fetch(f'SELECT to_jsonb("{table}")::text FROM "{table}"')
            found += [f"{table}: {row[0]}" for row in rows]
        raw = await self.hand.fetch("SELECT raw FROM messages UNION ALL SELECT data FROM attachments")
        return "\n".join([*found, *(bytes(row[0]).decode() for row in raw)]).lower()


@pytest.fixture
async def house(
    fresh_database: str, postgres: Postgres, store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setattr("complaints.verifying.AGAIN_AFTER", 0.0)  # nothing is on its way here
    life = a_whole_life()
    _ends(life)
    await life.is_kept(store)
    superuser = postgres.place.dsn(urlsplit(fresh_database).path.removeprefix("/"), role=SUPERUSER)
    await in_real_time(superuser)
    number = life.case.number
    await _hangs_on(store, number)
    hand = await asyncpg.connect(superuser, timeout=60)
    yield House(fresh_database, number, hand)
    await hand.close()


def _ends(life: Lived) -> None:
    """It has not ended yet: the customer takes it back."""
    life.says("noted", text="Rosa Quispe llamó por su número de cuenta.", by="ana", via="desk")
    life.says("withdrawn", reason="Ya no me interesa, Rosa.", via="reply", by="customer")


async def _hangs_on(store: Store, number: str) -> None:
    """What the desk, the mailbox and staff keep beside it."""
    await store.add_staff("ana", name="Ana Díaz", role=Role.AGENT, password_hash="x")
    await store.add_afterword(
        number, event_id="after/1", at=NOW, what="feedback-given", by="Rosa Quispe", data={"text": "Gracias, Rosa."}
    )
    mail = MailToKeep(
        raw=b"From: rosa@correo.example\r\n\r\ncontenido del correo", mailbox="soporte", received_at=NOW,
        message_id="<1@correo.example>", source_key="mail:<1@correo.example>:rosa@correo.example", content="c",
        sender="rosa@correo.example", kind="reply", score=1.0, evidence=(),
        files=(FileToKeep(name="boleta-de-pago.txt", type="text/plain", declared="text/plain", size=3,
                          digest="a" * 64, data=b"abc"),),
    )  # fmt: skip
    digest = (await store.keep_mail(mail)).digest
    await store.mail_taken(digest, "reply", number)
    await store.quarantine(
        digest, reason="after-closing", number=number, sender="rosa@correo.example", subject="De Rosa",
        received_at=NOW, due=NOW,
    )  # fmt: skip
    given = FileToKeep(name="nota-interna.txt", type="text/plain", declared="", size=5, digest="b" * 64, data=b"saldo")
    await store.give_files(number, (given,), by="ana")
    assert await store.keep_draft(number, "add_note", "ana", {"text": "Borrador para ella"})
    assert await store.save_view("ana", SavedView(name="La de Rosa", address="/list?q=Quispe"))


async def _erased(store: Store, number: str) -> bool:
    return await store.erase(number, event_id="gone/1", at=NOW, by="ana", via=Via.CLI, reason="Lo pidió por carta.")


async def test_nobody_is_left_and_everything_still_proves_itself(house: House, store: Store) -> None:
    before = await house.everything()
    assert [text for text in PERSON if text not in before] == [], "the life names its person in all these ways"
    period = Period(first=date(2026, 7, 1), after=date(2026, 9, 1), timezone="America/Lima")
    counted, journal = await store.report(period), await store.journal(house.number)
    assert await _erased(store, house.number)
    after = await house.everything()
    assert {text: line for text in PERSON for line in after.split("\n") if text in line} == {}
    result = await verified(Asked(house.dsn, NOW + timedelta(days=1)))
    assert [(fault.check, fault.about) for fault in result.faults] == []
    assert await store.report(period) == counted, "the figures of §10 are the same"
    left = await store.journal(house.number)
    assert [(row.seq, row.at, row.what, row.via) for row in left] == [
        (row.seq, row.at, row.what, row.via) for row in journal
    ]


async def test_it_is_noted_who_did_it_and_why_and_it_is_done_once(house: House, store: Store) -> None:
    assert await _erased(store, house.number)
    assert not await _erased(store, house.number), "the same request again"
    [note] = [word for word in await store.afterwords(house.number) if word.what == "erased"]
    assert (note.by, note.data["reason"], note.data["places"]["messages"]) == ("ana", "Lo pidió por carta.", 1)
    found = await store.erasable(house.number)
    assert found.erased_at == NOW
    assert found.places.keys() == {"journal", "afterwords", "letters", "search_index"}, "what stays names nobody"


async def test_nothing_finds_the_person_and_their_mail_is_still_known(house: House, store: Store) -> None:
    assert await store.find("Quispe")
    assert await store.number_for("casebook/1") == house.number
    await _erased(store, house.number)
    for words in ("Quispe", "45678912", "987 654 321", "rosa@correo.example", "boleta"):
        assert not await store.find(words), words
    assert [found.number for found in await store.find(house.number)] == [house.number]
    assert await store.number_for("casebook/1") is None, "this life's number was not made of its source key"


async def test_what_is_written_to_an_erased_complaint_is_found_until_its_mail_is_forgotten(
    house: House, store: Store
) -> None:
    await _erased(store, house.number)
    received_at = NOW - timedelta(days=2000)
    digest = await store.keep_message(b"later", mailbox="soporte", received_at=received_at)
    await store.mail_taken(digest, "reply", house.number, wrote=["Mi perrito Firulais"])
    assert [found.number for found in await store.find("firulais")] == [house.number]
    assert await store.forget_old(NOW - timedelta(days=1000)) == 1
    assert await store.find("firulais") == []
    assert "firulais" not in await house.everything()
    assert [found.number for found in await store.find(house.number)] == [house.number]


async def test_every_link_is_dead(house: House, store: Store) -> None:
    before = await store.links_of(house.number)
    await _erased(store, house.number)
    after = await store.links_of(house.number)
    assert after.email != before.email
    assert after.ended("rosa.nueva@correo.example") > before.ended("rosa.nueva@correo.example")
    assert after.old_ended(NOW.date() + timedelta(days=900))


async def test_what_is_open_or_held_stays_whole(fresh_database: str, house: House, store: Store) -> None:
    await store.add_afterword(house.number, event_id="h1", at=NOW, what="hold-set", by="ana")
    before = await house.everything()
    with pytest.raises(NotErasable, match="release"):
        await _erased(store, house.number)
    with pytest.raises(RecordsError):  # nor past this program
        async with store.connection() as connection:
            await connection.execute("SELECT erase_complaint($1, '{}', '{}', '{}', '{}')", house.number)
    assert await house.everything() == before
    assert await store.held() == [house.number]
    assert await store.due_for_erasing(NOW + timedelta(days=2000), limit=9) == []
    await store.add_afterword(house.number, event_id="h2", at=NOW, what="hold-released", by="ana")
    assert await store.due_for_erasing(NOW + timedelta(days=2000), limit=9) == [house.number]
    assert await _erased(store, house.number)
    assert await store.due_for_erasing(NOW + timedelta(days=2000), limit=9) == []
    with pytest.raises(UnknownComplaint):
        await _erased(store, "Q-2222-22222")


async def test_an_open_complaint_is_not_erased(store: Store) -> None:
    life = a_whole_life()
    await life.is_kept(store)
    with pytest.raises(NotErasable, match="open"):
        await _erased(store, life.case.number)


async def test_the_door_in_the_journal_lets_nothing_else_through(house: House, store: Store) -> None:
    """The function takes words away; whoever would write others through it is refused, by the database."""
    other = {"1": {"by": "ana", "data": {"received": "otra cosa"}}}
    nothing: dict[str, Any] = {"9": {"by": None, "data": {}}}
    for told in (other, nothing):
        with pytest.raises(RecordsError):
            async with store.connection() as connection:
                await connection.execute("SELECT erase_complaint($1, $2, '{}', '{}', '{}')", house.number, told)
    with pytest.raises(RecordsError):
        async with store.connection() as connection:
            await connection.execute("UPDATE journal SET by = NULL")


async def test_mail_that_became_no_complaint_goes_by_age(store: Store) -> None:
    old, young = NOW - timedelta(days=2000), NOW
    for name, at in (("old", old), ("young", young)):
        await store.keep_message(name.encode(), mailbox="soporte", received_at=at)
    async with store.connection() as connection:
        assert await store.forget_old(NOW - timedelta(days=1000)) == 1
        assert [bytes(row[0]) for row in await connection.fetch("SELECT raw FROM messages")] == [b"young"]
    with pytest.raises(RecordsError):
        await store.forget_old(NOW + timedelta(days=365 * 9))
