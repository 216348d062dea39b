"""Answering a quarantined message: one letter through the ledger, never to a program by itself, then it is closed."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from complaints.rules.letters import LetterState
from complaints.rules.quarantine import ANSWER, QuarantineAnswer, answer_key, letters_number
from tests.chance import new_name
from tests.terminal import Terminal, as_process

WORDS = "Gracias por su invitación. No participamos en ferias."


def a_mail(*headers: str, sender: str = "", body: str = "Le invitamos a nuestra feria.") -> bytes:
    sender = sender or f"{new_name()}@correo.example"
    head = [f"From: Lucia <{sender}>", f"Message-ID: <{uuid.uuid4().hex}@correo.example>", "Subject: Feria", *headers]
    return ("\r\n".join(head) + f"\r\n\r\n{body}\r\n").encode()


AUTOMATIC = "Auto-Submitted: auto-generated"


async def quarantined(terminal: Terminal, raw: bytes) -> str:
    taken = await terminal.facts("intake", "-", stdin=raw)
    assert taken["quarantined"], taken
    return str(taken["number"]).removeprefix("quarantine-")


async def unreadable(terminal: Terminal, *headers: str, sender: str = "") -> str:
    """An item that a person wrote and nobody can read."""
    return await quarantined(terminal, a_mail(*headers, sender=sender, body="\ufffd\ufffd\ufffd" * 40))


def sent_to(terminal: Terminal, item: str) -> list[str]:
    """To whom the mail server took letters about that item."""
    return [str(one["To"]) for one in terminal.sink.letters if one["X-Complaint"] == letters_number(item)]


async def state_of(terminal: Terminal, item: str) -> str | None:
    [listed] = [one for one in await terminal.facts("quarantine", "--all") if one["item"] == item]
    handled: str | None = listed["handled_as"]
    return handled


async def test_one_kind_letter_goes_out_and_the_item_is_closed(terminal: Terminal) -> None:
    item = await unreadable(terminal, sender="rosa@correo.example")
    gone = await terminal.facts("quarantine", "drop", item, "--answer", WORDS, "--by", "ana", "--reason", "una feria")
    assert (gone["handled_as"], gone["handled_by"], gone["handled_why"], gone["letter"]) == (
        "answered", "ana", "una feria", "sent",
    )  # fmt: skip
    [letter] = [one for one in terminal.sink.letters if one["X-Complaint"] == letters_number(item)]
    assert letter["To"] == "rosa@correo.example"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["Message-ID"].endswith("@escuelaconstrucciondigital.com>")
    assert letter["In-Reply-To"] == letter["References"]
    body = letter.get_body(preferencelist=("plain",))
    assert body is not None
    assert WORDS in body.get_content()
    [row] = await terminal.facts("letters", letters_number(item))
    assert (row["kind"], row["state"], row["key"]) == ("quarantine-answer", "sent", "1/answer/customer")
    again = await terminal.runs("quarantine", "drop", item, "--answer", "Otra cosa.")
    assert (again.code, "decided already" in again.err) == (1, True)
    assert len(sent_to(terminal, item)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(["Return-Path: <>", AUTOMATIC], id="a null sender"),
        pytest.param(["Content-Type: multipart/report; report-type=delivery-status; boundary=x"], id="a bounce"),
    ],
)
async def test_there_is_nobody_to_answer_not_even_by_force(terminal: Terminal, headers: list[str]) -> None:
    item = await quarantined(terminal, a_mail(*headers))
    ran = await terminal.runs("quarantine", "drop", item, "--answer", WORDS, "--even-automatic")
    assert (ran.code, "nobody to answer" in ran.err) == (1, True)
    assert (sent_to(terminal, item), await state_of(terminal, item)) == ([], None)


async def test_we_never_answer_ourselves(terminal: Terminal) -> None:
    item = await quarantined(terminal, a_mail(AUTOMATIC, sender="Soporte@escuelaconstrucciondigital.com"))
    ran = await terminal.runs("quarantine", "drop", item, "--answer", WORDS, "--even-automatic")
    assert (ran.code, "address of ours" in ran.err) == (1, True)
    assert sent_to(terminal, item) == []


async def test_a_program_is_answered_only_if_a_person_wants_it(terminal: Terminal) -> None:
    item = await quarantined(terminal, a_mail(AUTOMATIC))
    ran = await terminal.runs("quarantine", "drop", item, "--answer", WORDS)
    assert (ran.code, "--even-automatic" in ran.err) == (1, True)
    assert (sent_to(terminal, item), await state_of(terminal, item)) == ([], None)
    await terminal.facts("quarantine", "drop", item, "--answer", WORDS, "--even-automatic")
    assert len(sent_to(terminal, item)) == 1


async def test_one_address_gets_three_answers_a_day_and_no_more(terminal: Terminal) -> None:
    sender = f"{new_name()}@correo.example"
    items = [await unreadable(terminal, sender=sender) for _ in range(4)]
    for item in items[:3]:
        await terminal.facts("quarantine", "drop", item, "--answer", WORDS)
    ran = await terminal.runs("quarantine", "drop", items[3], "--answer", WORDS, "--even-automatic")
    assert (ran.code, "3 answers" in ran.err) == (1, True)
    assert await state_of(terminal, items[3]) is None


async def test_refused_by_the_mail_server_it_waits_and_may_be_answered_anew(terminal: Terminal) -> None:
    sender = f"{new_name()}@correo.example"
    item = await unreadable(terminal, sender=sender)
    terminal.sink.refuses[sender] = "450 4.2.1 later"
    ran = await terminal.runs("quarantine", "drop", item, "--answer", WORDS)
    assert (ran.code, "still in the quarantine" in ran.err) == (1, True)
    assert await state_of(terminal, item) is None
    del terminal.sink.refuses[sender]
    await terminal.facts("quarantine", "drop", item, "--answer", "Ahora sí.")
    rows = await terminal.facts("letters", letters_number(item))
    assert {row["key"]: row["state"] for row in rows} == {
        "1/answer/customer": "failed",
        "2/answer/customer": "sent",
    }
    assert len(sent_to(terminal, item)) == 1


async def test_two_people_at_once_send_one_letter(terminal: Terminal) -> None:
    item = await unreadable(terminal)
    drop = ("quarantine", "drop", item, "--home", str(terminal.home), "--answer")
    await asyncio.gather(*(as_process(*drop, f"{WORDS} {n}", env=terminal.env) for n in range(2)))
    assert len(sent_to(terminal, item)) == 1
    assert await state_of(terminal, item) == "answered"


async def test_what_perhaps_went_out_is_not_sent_again(terminal: Terminal) -> None:
    """Whoever died between the claim and the answer of the mail server leaves it uncertain."""
    item = await unreadable(terminal)
    await _claimed_long_ago(terminal, item)
    gone = await terminal.facts("quarantine", "drop", item, "--answer", WORDS)
    assert (gone["handled_as"], gone["letter"]) == ("answered", "uncertain")
    assert sent_to(terminal, item) == []


async def _claimed_long_ago(terminal: Terminal, item: str) -> None:
    now = datetime.now(UTC)
    order = QuarantineAnswer(
        number=letters_number(item),
        key=answer_key(1),
        kind=ANSWER,
        recipient="customer",
        at=now,
        to_email="a@correo.example",
        received_at=now,
        words=WORDS,
    )
    mark, lease = f"<{uuid.uuid4().hex}@x>", timedelta(seconds=-1)
    claim = await terminal.store.claim(
        order, message_id=mark, to_address="a@correo.example", subject="s", text="t", html="h", lease=lease
    )
    assert claim.state is LetterState.CLAIMED


async def test_what_answers_our_answer_is_a_complaint_of_its_own(terminal: Terminal) -> None:
    item = await unreadable(terminal)
    await terminal.facts("quarantine", "drop", item, "--answer", WORDS)
    [row] = await terminal.facts("letters", letters_number(item))
    raw = a_mail(f"In-Reply-To: {row['message_id']}", body="Entonces reclamo: me cobraron dos veces el taller.")
    taken = await terminal.facts("intake", "-", stdin=raw)
    assert (taken["reply"], taken["quarantined"], taken["number"][:2]) == (False, None, "Q-")


async def test_a_bounce_of_our_answer_is_shown_to_staff(terminal: Terminal) -> None:
    item = await unreadable(terminal)
    await terminal.facts("quarantine", "drop", item, "--answer", WORDS)
    [row] = await terminal.facts("letters", letters_number(item))
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        f"In-Reply-To: {row['message_id']}",
    )
    bounced = await quarantined(terminal, a_mail(*report, sender="mailer-daemon@correo.example"))
    [listed] = [one for one in await terminal.facts("quarantine") if one["item"] == bounced]
    assert (listed["reason"], listed["number"]) == ("bounce", None)


async def test_without_words_nothing_is_sent(terminal: Terminal) -> None:
    item = await unreadable(terminal)
    ran = await terminal.runs("quarantine", "drop", item, "--answer", " ")
    assert (ran.code, "Say what is answered" in ran.err) == (1, True)
    assert await state_of(terminal, item) is None
