"""The telephone: taking a complaint down, the calls to make, their script and their outcome, by commands alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

import worker
from complaints.records.store import Store
from complaints.rules.letters import TO_CUSTOMER
from complaints.rules.received import ComplaintReceived
from complaints.rules.resolved import may_be_a_no
from complaints.rules.status import Status
from complaints.settings import Settings
from complaints.telephones import chat_link, dialled, tel_link
from complaints.words.script import LONGEST_CHAT, Call, to_read_out, to_write
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording
from local.stack.temporal_server import TemporalServer
from starter import calling
from starter.errors import Away, Refused
from starter.front_desk import FrontDesk
from tests.chance import new_name
from tests.sink import Sink
from tests.terminal import Terminal
from workflows import names
from workflows.connection import connect

PHONE = ("--channel", "phone", "--phone", "987 654 321", "--name", "Rosa Quispe", "--description", "No entro al aula.")


# -- taking a complaint down (§3, §4) --------------------------------------------------------------------------------


async def test_a_complaint_by_phone_says_what_to_read_out_and_exactly_what_to_ask(terminal: Terminal) -> None:
    ran = await terminal.runs("open", *PHONE, "--product", "Curso de Revit", env={"LANGUAGE": "es"})
    assert ran.code == 0, ran.err
    number = ran.out.split()[0]
    assert f"Su queja quedó registrada con el número {' · '.join(' '.join(g) for g in number.split('-'))}" in ran.out
    assert "su número de documento de identidad" in ran.out
    assert "la fecha en que ocurrió el problema" in ran.out
    assert "producto o servicio" not in ran.out
    assert f"complaints receive-details {number} --document … --occurred-on …" in ran.out
    status = await terminal.facts("status", number)
    assert status["acknowledged_at"] == status["received_at"], "acknowledged in that very call"


async def test_for_programs_the_answer_names_what_is_missing(terminal: Terminal) -> None:
    opened = await terminal.facts("open", *PHONE, "--document", "45678912")
    assert opened["missing"] == ["occurred_on", "product"]


async def test_without_a_terminal_a_missing_description_is_a_wrong_use(terminal: Terminal) -> None:
    ran = await terminal.runs("open", "--channel", "phone", "--phone", "987654321")
    assert ran.code == 2
    assert "--description" in ran.err


async def test_a_complaint_taken_while_temporal_is_stopped_is_started_when_it_is_back(
    tmp_path: Path, fresh_database: str, mail: Sink
) -> None:
    settings = Settings(database_url=SecretStr(fresh_database), smtp=mail.smtp, task_queue=f"calls-{new_name()}")
    store = await Store.connect(fresh_database, max_size=4)
    try:
        async with TemporalServer.started(tmp_path, persistent=True, attributes=names.SEARCH_ATTRIBUTES) as server:
            address, port = server.address, int(server.address.rpartition(":")[2])
        desk = FrontDesk(await connect(address=address, lazy=True), store, task_queue=settings.task_queue)
        called_at = datetime.now(UTC) - timedelta(minutes=3)
        received = ComplaintReceived.model_validate(
            {
                "source_key": "call/1", "channel": "phone", "received_at": called_at, "by": "Ana Flores",
                "customer": {"phone": "987654321"}, "problem": {"description": "No entro al aula."},
            }
        )  # fmt: skip
        taken = await desk.open(received)
        assert taken.pending
        assert (await desk.open(received)).number == taken.number, "the same call is the same complaint"
        async with TemporalServer.started(tmp_path, persistent=True, port=port, attributes=names.SEARCH_ATTRIBUTES):
            client = await connect(address=address)
            desk = FrontDesk(client, store, task_queue=settings.task_queue)
            async with worker.working(client, settings, store=store):
                assert await desk.start_pending() == [(taken.number, None)]
                assert await desk.start_pending() == []
                status = await _once_it_answers(desk, taken.number)
            assert status.received_at == called_at, "its true receipt time"
            assert status.acknowledged_at == called_at
    finally:
        await store.close()


async def _once_it_answers(desk: FrontDesk, number: str) -> Status:
    """A server that has just come up needs some seconds for its first task."""
    async with asyncio.timeout(60):
        while True:
            try:
                return (await desk.status(number)).value
            except Away:  # asks for seconds itself before it says so
                continue


# -- the calls to make -----------------------------------------------------------------------------------------------


@pytest.fixture
async def to_call(terminal: Terminal) -> str:
    """A phone-only complaint whose resolution has to be told by telephone."""
    number = str((await terminal.facts("open", *PHONE))["number"])
    await terminal.facts("resolve", number, "--outcome", "upheld", "--text", "Su acceso ya está habilitado.")
    await terminal.writes(number)
    return number


async def listed(terminal: Terminal, number: str) -> list[dict[str, Any]]:
    """The calls to make for this complaint: other tests have theirs in the same place."""
    return [call for call in await terminal.facts("calls") if call["number"] == number]


async def test_a_call_is_listed_taken_with_its_script_and_done(terminal: Terminal, to_call: str) -> None:
    (call,) = await listed(terminal, to_call)
    assert (call["number"], call["kinds"], call["attempts"], call["tel"]) == (
        to_call, ["resolution"], 0, "tel:+51987654321",
    )  # fmt: skip
    script = await terminal.facts("calls", "take", to_call, "--by", "ana")
    assert "Su acceso ya está habilitado." in " ".join(script["say"])
    assert "Escuela" in script["say"][0]
    chat = urlsplit(script["chat"])
    assert (chat.netloc, chat.path) == ("wa.me", "/51987654321")
    assert to_call in parse_qs(chat.query)["text"][0]
    status = await terminal.facts("calls", "done", to_call, "--reached", "--notes", "Está conforme.", "--by", "ana")
    assert status["call"] is None
    await terminal.writes(to_call)
    assert await listed(terminal, to_call) == []
    rows = await terminal.facts("timeline", to_call)
    assert [row["by"] for row in rows if row["what"] in ("call-taken", "called")] == ["ana", "ana"]


async def test_two_do_not_call_the_same_customer(terminal: Terminal, to_call: str) -> None:
    await terminal.facts("calls", "take", to_call, "--by", "ana")
    await terminal.facts("calls", "take", to_call, "--by", "ana")  # again: to read it once more
    refused = await terminal.runs("calls", "take", to_call, "--by", "luis", env={"LANGUAGE": "en"})
    assert refused.code == 1
    assert "ana has taken this call already" in refused.err
    (call,) = await listed(terminal, to_call)
    assert call["taken_by"] == "ana"
    await terminal.facts("calls", "take", to_call, "--by", "luis", "--over")
    (call,) = await listed(terminal, to_call)
    assert call["taken_by"] == "luis"
    later = (datetime.now(UTC) + timedelta(minutes=31)).isoformat()
    await terminal.facts("calls", "take", to_call, "--by", "eva", "--at", later)  # nobody told what came of it


async def test_of_two_who_take_it_at_once_one_gets_it(terminal: Terminal, to_call: str) -> None:
    now = datetime.now(UTC)
    call = await calling.open_call(terminal.store, to_call, now=now, most_attempts=3)
    took = await asyncio.gather(
        *(calling.take(terminal.store, call, by=by, at=now) for by in ("ana", "luis", "eva")), return_exceptions=True
    )
    assert [type(one) for one in took if one is not None] == [Refused, Refused]


async def test_not_reached_is_an_attempt_and_after_three_the_policy_goes_on(terminal: Terminal, to_call: str) -> None:
    ran = await terminal.runs("calls", "done", to_call, "--not-reached", env={"LANGUAGE": "en"})
    assert "Attempts: 1/3" in ran.out
    await terminal.facts("calls", "done", to_call, "--not-reached")
    ran = await terminal.runs("calls", "done", to_call, "--not-reached", env={"LANGUAGE": "en"})
    assert "the care team sends a letter by post" in ran.out
    none = await terminal.runs("calls", "done", to_call, "--not-reached", env={"LANGUAGE": "en"})
    assert none.code == 1
    assert "has no call to make" in none.err


async def test_call_me_back_is_neither_delivery_nor_a_failed_attempt(terminal: Terminal, to_call: str) -> None:
    before = await terminal.facts("status", to_call)
    at = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    status = await terminal.facts("calls", "done", to_call, "--call-back", at.isoformat(), "--notes", "En clase.")
    assert (status["call"]["attempts"], status["last_word_at"]) == (0, before["last_word_at"])
    assert datetime.fromisoformat(status["call"]["next_at"]) == at
    await terminal.writes(to_call)
    (call,) = await listed(terminal, to_call)
    assert datetime.fromisoformat(call["due"]) >= at


@pytest.mark.parametrize("words", [(), ("--reached", "--call-back", "2026-07-22T16:00-05:00")])
async def test_an_outcome_is_one_of_three(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert (await terminal.runs("calls", "done", "Q-7KF3-02M9D", *words)).code == 2


# -- words -----------------------------------------------------------------------------------------------------------

CALL = Call(
    number="Q-7KF3-02M9D",
    school="Escuela de Construcción Digital",
    kinds=("update",),
    customer="Rosa Quispe",
    received_at=datetime(2026, 7, 22, 14, 5, tzinfo=UTC),
    stage="investigation",
    owner="Ana Torres",
    next_word_at=datetime(2026, 7, 28, 14, 5, tzinfo=UTC),
    missing=("occurred_on", "el recibo"),
    phone="+51 967 090 448",
)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", sorted(kind.value for kind in TO_CUSTOMER))
def test_every_letter_to_a_customer_can_be_told_by_telephone(kind: str, language: Language) -> None:
    words = Wording(language)
    said = to_read_out(replace(CALL, kinds=(kind,), missing=(), replies=("Lo vemos hoy.",)), words)
    assert len(said) >= 3, "an opening, what the letter would have said, and goodbye"
    assert all(line and "{" not in line and "None" not in line for line in said)
    assert "Q · 7 K F 3 · 0 2 M 9 D" in said[0]


def test_a_call_says_where_it_stands_and_asks_exactly_what_is_missing() -> None:
    said = " ".join(to_read_out(CALL, Wording("es", today=datetime(2026, 7, 25, tzinfo=UTC).date())))
    assert "La tiene Ana Torres." in said
    assert "a más tardar el martes 28 de julio." in said
    assert "la fecha en que ocurrió el problema" in said
    assert "el recibo" in said


@pytest.mark.parametrize(
    ("kind", "outcome", "level", "outside"),
    [
        ("resolution", "not", 0, True),
        ("resolution", "partly", 0, True),
        ("resolution", None, 0, True),  # decided, and not said that the complaint is right
        ("correction", "not", 0, True),
        ("reminder", "partly", 0, True),
        ("resolution", "upheld", 2, True),  # nobody above looks into it
        ("resolution", "upheld", 0, False),
        ("not-a-complaint", None, 0, True),
        ("closed-in-silence", None, 0, True),
        ("decision", None, 2, True),
        ("withdrawal", None, 0, False),
        ("update", "not", 0, False),
    ],
)
def test_where_a_no_is_told_by_telephone_the_ways_outside_are_named(
    kind: str, outcome: str | None, level: int, outside: bool
) -> None:
    """As in the letters (§7): whoever has no mail has the same rights."""
    no = may_be_a_no(outcome, at_last_level=level == 2)
    call = replace(CALL, kinds=(kind,), outcome=outcome, may_be_a_no=no, resolution="Se revisó.")
    assert ("INDECOPI" in " ".join(to_read_out(call, Wording("es")))) is outside
    assert ("INDECOPI" in to_write(call, Wording("en"))) is outside


def test_a_chat_message_stays_short_enough_to_be_read() -> None:
    long = replace(CALL, kinds=("resolution",), resolution="Se devuelve el pago. " * 200)
    assert len(to_write(long, Wording("es"))) == LONGEST_CHAT
    assert "+51 967 090 448" in to_write(CALL, Wording("es"))


NUMBERS = [
    ("987 654 321", "+51987654321", True, "a mobile as people here say it"),
    ("+51 987-654-321", "+51987654321", True, "with its code"),
    ("(51) 987654321", "+51987654321", True, "its code without the plus"),
    ("0051 987 654 321", "+51987654321", True, "as dialled from abroad"),
    ("(01) 224 7777", "+5112247777", False, "a landline has no chat"),
    ("+34 612 345 678", "+34612345678", True, "another country's"),
    ("2247777", "+5112247777", False, "seven digits: Lima's, said without its area"),
]


@pytest.mark.parametrize(("written", "meant", "chats", "why"), NUMBERS)
def test_numbers_are_dialled_as_people_meant_them(written: str, meant: str, chats: bool, why: str) -> None:
    assert dialled(written) == meant, why
    assert tel_link(written) == f"tel:{meant}"
    link = chat_link(written, "Hola, ¿qué tal? & más")
    assert (link is not None) is chats, why
    if link:
        assert parse_qs(urlsplit(link).query)["text"] == ["Hola, ¿qué tal? & más"]
