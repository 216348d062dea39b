"""The mailbox's door: returns when Temporal and Postgres have the mail, raises otherwise; and what waits is started."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from complaints.rules.number import complaint_number
from complaints.rules.received import ComplaintReceived
from starter import pending
from starter.home_keys import ring_of_home
from starter.mailbox import delivery as mailbox
from starter.place import place_of
from tests.patience import nobody_answers
from tests.terminal import Terminal
from tests.waiting import becomes
from workflows.key_ring import VARIABLE

BOX = "soporte@escuelaconstrucciondigital.com"


def a_mail(name: str) -> bytes:
    head = f"From: Rosa <rosa@correo.example>\r\nMessage-ID: <{name}@correo.example>\r\nSubject: Reclamo\r\n"
    return f"{head}\r\nFaltaron horas.\r\n".encode()


@pytest.fixture
def as_the_mail_catcher(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a program of the stack, without a connection from an earlier test."""
    monkeypatch.setattr(mailbox, "_intakes", {})
    monkeypatch.setenv("TEMPORAL_ADDRESS", terminal.addresses.temporal)
    monkeypatch.setenv("DATABASE_URL", terminal.addresses.database)
    monkeypatch.setenv(VARIABLE, str(ring_of_home(terminal.home)))
    return monkeypatch


@pytest.mark.usefixtures("as_the_mail_catcher")
async def test_3_a_mail_is_one_complaint_received_when_the_server_took_it(terminal: Terminal) -> None:
    at = (datetime.now(UTC) - timedelta(minutes=3)).replace(microsecond=0)
    raw = a_mail("box-1")
    number = await mailbox.take_in(raw, mailbox=BOX, received_at=at)
    assert await mailbox.take_in(raw, mailbox=BOX, received_at=at) == number
    status = await terminal.facts("status", number)
    assert datetime.fromisoformat(status["received_at"]) == at
    kept = await terminal.store.message_for(number)
    assert kept is not None
    assert (kept.raw, kept.mailbox) == (raw, BOX)


async def test_without_temporal_the_mail_stays_where_it_is(
    as_the_mail_catcher: pytest.MonkeyPatch, nowhere: str
) -> None:
    as_the_mail_catcher.setenv("TEMPORAL_ADDRESS", nowhere)
    with nobody_answers(), pytest.raises(Exception, match="does not answer"):
        await mailbox.take_in(a_mail("box-2"), mailbox=BOX, received_at=datetime.now(UTC))


async def test_without_postgres_the_mail_stays_where_it_is(
    as_the_mail_catcher: pytest.MonkeyPatch, nowhere: str
) -> None:
    as_the_mail_catcher.setenv("DATABASE_URL", f"postgresql://x:y@{nowhere}/x")
    with pytest.raises(Exception, match="database does not answer"):
        await mailbox.take_in(a_mail("box-3"), mailbox=BOX, received_at=datetime.now(UTC))


async def test_3_what_waits_is_started_beside_the_worker(terminal: Terminal) -> None:
    received = ComplaintReceived.model_validate(
        {
            "source_key": "call/pending",
            "channel": "phone",
            "customer": {"phone": "+51 987 654 321"},
            "problem": {"description": "Nadie contesta"},
        }
    )
    number = complaint_number("call/pending")
    taken_at = datetime.now(UTC) - timedelta(hours=5)
    await terminal.store.keep_pending(number, received.model_copy(update={"received_at": taken_at}), taken_at)
    stop = asyncio.Event()
    starting = asyncio.create_task(pending.keep_starting(place_of(terminal.home, {}), stop))
    try:
        await becomes(terminal.store.pending, [])
    finally:
        stop.set()
        await asyncio.wait_for(starting, 60)
    assert datetime.fromisoformat((await terminal.facts("status", number))["received_at"]) == taken_at
