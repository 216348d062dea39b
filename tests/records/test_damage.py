"""What somebody who may do everything in Postgres can do: which of it `verify` finds, and which only the head does.

Each row is a way to attack; docs/reliability.md has the same list. What is not of a complaint is outside: who guards
that instead is said there.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256

import pytest

from complaints.records.messages import FileToKeep, MailToKeep
from complaints.records.staff import Role
from complaints.records.store import Store
from local.stack.postgres import Postgres
from tests.casebook import lima
from tests.records.damaged import NOW, Damaged, to_be_damaged
from tests.records.lived import Lived, a_whole_life

OTHER = "Q-2222-22222"
ARRIVED = lima("2026-07-22 09:00")
PDF = b"%PDF-1.7 una boleta"


@pytest.fixture
async def kept(
    fresh_database: str, postgres: Postgres, store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Damaged]:
    """Two complaints with mail and files, an account, a program's token, a message that waits, a link that ended."""
    monkeypatch.setattr("complaints.verifying.AGAIN_AFTER", 0.0)  # nothing is on its way here
    other = Lived.begins("2026-07-22 10:00", source_key="casebook/2")
    other.case.number = OTHER
    other.says("assigned", on="2026-07-23 10:00", department="academic", by="ana", via="desk")
    other.says("resolved", on="2026-07-24 10:00", text="Se devuelve.", outcome="upheld", by="ana", via="desk")
    other.says("customer-satisfied", on="2026-07-25 10:00", via="link")
    async with to_be_damaged(fresh_database, postgres, store, a_whole_life(), other) as kept:
        for number, sender in ((kept.number, "rosa"), (OTHER, "luis")):
            file = FileToKeep(
                name="boleta.pdf", type="application/pdf", declared="", size=len(PDF),
                digest=sha256(PDF).hexdigest(), data=PDF,
            )  # fmt: skip
            mail = MailToKeep(
                raw=f"From: {sender}@correo.example\r\n\r\nFaltan horas.".encode(), mailbox="x", received_at=ARRIVED,
                message_id=f"<{sender}@correo.example>", source_key=f"mail:{sender}", sender=None, kind="complaint",
                score=1, evidence=(), files=(file,),
            )  # fmt: skip
            await store.mail_taken((await store.keep_mail(mail)).digest, "complaint", number)
        digest = await store.keep_message(b"From: nadie@correo.example\r\n\r\nX", mailbox="x", received_at=ARRIVED)
        await store.quarantine(
            digest, reason="spam-like", number=None, sender=None, subject="", received_at=ARRIVED, due=NOW
        )  # fmt: skip
        await store.add_staff("ana", name="Ana Torres", role=Role.AGENT, password_hash="x")
        await store.add_afterword(kept.number, event_id="after/1", at=NOW, what="feedback-given", data={"text": "Mal."})
        yield kept


@dataclass(frozen=True)
class Attack:
    """What is done, what is said of it, and whether the head of all chains is another afterwards."""

    done: tuple[str, ...]
    found: tuple[str, ...] = ()
    """The checks; none: it is outside."""
    head: bool = False


A, B = "number <> 'Q-2222-22222'", f"number = '{OTHER}'"
LETTER = "key = '1/acknowledgement/customer'"

ATTACKS: dict[str, Attack] = {
    "two customers' letters swapped": Attack(
        (
            f"UPDATE letters SET number = 'nobody' WHERE {B} AND {LETTER}",
            f"UPDATE letters SET number = '{OTHER}' WHERE number NOT IN ('nobody', '{OTHER}') AND {LETTER}",
            f"UPDATE letters SET number = (SELECT number FROM complaints WHERE {A}) WHERE number = 'nobody'",
        ),
        ("chain", "letter"),
    ),
    "the address of a letter": Attack(
        (f"UPDATE letters SET to_address = 'otra@mal.example' WHERE {LETTER}",),
        ("chain", "letter"),
    ),
    "a letter claimed twice, under another key": Attack(
        (
            "INSERT INTO letters SELECT number, '2/acknowledgement/customer', state, 'x@y', kind, recipient, "
            "to_address, language, subject, text, html, occasion_at, claimed_at, lease_until, attempts, sent_at, "
            f"uncertain_at, reason FROM letters WHERE {LETTER} AND {A}",
        ),
        ("letter-stray", "unchained"),
    ),
    "a deadline moved on": Attack((f"UPDATE complaints SET due = due + interval '1 day' WHERE {A}",), ("state",)),
    "a deadline moved back": Attack((f"UPDATE complaints SET due = due - interval '1 day' WHERE {A}",), ("state",)),
    "a breach that was never recorded": Attack(
        (f"DELETE FROM journal WHERE {A} AND what = 'late/investigation'",), ("chain-lost", "gap")
    ),
    "a mail as it came": Attack((f"UPDATE messages SET raw = raw || 'x' WHERE {A}",), ("mail",)),
    "a file of a customer's": Attack(("UPDATE attachments SET data = data || 'x'",), ("file",)),
    "another file in its place": Attack(
        (
            "INSERT INTO attachments (digest, type, size, data) VALUES (repeat('a', 64), 'text/plain', 1, 'x')",
            f"UPDATE message_attachments SET attachment = repeat('a', 64) WHERE message IN "
            f"(SELECT digest FROM messages WHERE {A})",
        ),
        ("file",),
    ),
    "words after the end": Attack(('UPDATE afterwords SET data = \'{"text": "Bien."}\'',), ("chain",)),
    "salts taken as in an erasure": Attack(
        (f"UPDATE chain SET salts = '{{}}' WHERE {A} AND source = 'journal' AND key = '2'",), ("chain",)
    ),
    # Only the head, which went out with the digests, tells:
    "the newest word after the end, with its link": Attack(
        ("DELETE FROM afterwords", "DELETE FROM chain WHERE source = 'afterwords'"), head=True
    ),
    "a complaint as a whole, with its chain": Attack(
        tuple(f"DELETE FROM {table} WHERE {B}" for table in ("chain", "letters", "journal", "complaints")), head=True
    ),
    # Outside: not of a complaint, and no proof of what happened to one.
    "an account's role": Attack(("UPDATE staff SET role = 'admin'",)),
    "a message of the quarantine, dropped without a word": Attack(
        ("UPDATE quarantine SET handled_at = now(), handled_as = 'dropped', handled_by = 'nadie'",)
    ),
    "a mail put on another complaint": Attack((f"UPDATE messages SET number = '{OTHER}' WHERE {A}",)),
}


TABLES = (
    "afterwords", "attachments", "chain", "complaints", "journal", "letters", "message_attachments", "messages",
    "quarantine", "staff",
)  # fmt: skip
"""What somebody damages; each is put back before the next attack."""


async def test_what_is_done_is_found_or_known_to_be_outside(kept: Damaged) -> None:
    before = (await kept.looked_at()).head
    for table in TABLES:
        await kept.by_hand(f"CREATE TABLE whole_{table} AS TABLE {table}")
    for name, attack in ATTACKS.items():
        for statement in attack.done:
            await kept.by_hand(statement)
        result = await kept.looked_at()
        assert tuple(sorted({fault.check for fault in result.faults})) == attack.found, name
        assert (result.head != before) is attack.head, name
        for table in TABLES:
            await kept.hand.execute(f"DELETE FROM {table}")
            await kept.hand.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM whole_{table}")
    again = await kept.looked_at()
    assert (again.faults, again.head) == ((), before)


async def test_many_large_files_are_looked_at_in_portions(
    kept: Damaged, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each statement has its time: a hundred complaints with 25 MB each have more than one."""
    monkeypatch.setattr("complaints.records.kept_bytes.AT_ONCE", 1)
    assert (await kept.looked_at()).faults == ()
    await kept.by_hand("UPDATE attachments SET data = data || 'x'")
    assert {fault.check for fault in (await kept.looked_at()).faults} == {"file"}
