"""`complaints letters`: the ledger as people and programs read it, and sending a letter once more."""

import asyncio
import signal
import sys

import pytest

from complaints.rules.letters import LetterState
from tests.terminal import Terminal, environment
from tests.waiting import comes, until

KEY = "1/acknowledgement/customer"


@pytest.fixture
async def sent(terminal: Terminal) -> str:
    """A complaint whose acknowledgement the mail server has."""
    number = await terminal.a_complaint()

    async def acknowledged_at() -> object:
        return (await terminal.facts("status", number))["acknowledged_at"]

    await comes(acknowledged_at, "acknowledgement")  # the ledger is settled before the case knows of it
    await terminal.writes(number)
    return number


def accepted(terminal: Terminal, message_id: str) -> int:
    """How often the mail server took that letter: the ground truth."""
    return terminal.sink.message_ids.count(message_id)


async def test_the_letters_of_a_complaint_with_what_became_of_them(terminal: Terminal, sent: str) -> None:
    rows = {row["key"]: row for row in await terminal.facts("letters", sent)}
    assert (rows[KEY]["state"], rows[KEY]["attempts"], rows[KEY]["reason"]) == ("sent", 1, None)
    assert "text" not in rows[KEY], "a letter's words are somebody's, and long"
    assert accepted(terminal, rows[KEY]["message_id"]) == 1
    assert await terminal.facts("letters", "list", sent) == await terminal.facts("letters", sent)
    ran = await terminal.runs("letters", sent, env={"LANGUAGE": "es"})
    assert "Recibimos su queja" in ran.out
    assert "enviado" in ran.out


async def test_a_letter_that_the_customer_lost_is_sent_again_as_the_same_letter(terminal: Terminal, sent: str) -> None:
    resent = await terminal.facts("letters", "resend", sent, KEY, "--reason", "No la encuentra.", "--by", "ana")
    assert resent["state"] == "sent"
    assert accepted(terminal, resent["message_id"]) == 2
    first, again = (letter for letter in terminal.sink.letters if letter["Message-ID"] == resent["message_id"])
    for header in ("From", "To", "Subject", "Date", "Reply-To", "Auto-Submitted", "X-Complaint"):
        assert again[header] == first[header], header
    (row,) = [row for row in await terminal.facts("timeline", sent) if row["what"] == "letter-resent"]
    assert (row["by"], row["data"]["reason"], row["data"]["key"]) == ("ana", "No la encuentra.", KEY)


async def test_a_letter_is_sent_again_once_for_its_id_and_nothing_else_under_it(terminal: Terminal, sent: str) -> None:
    words = ("letters", "resend", sent, KEY, "--id", "r-1", "--reason")
    for _ in range(2):
        resent = await terminal.facts(*words, "No la encuentra.")
    assert accepted(terminal, resent["message_id"]) == 2, "the first, and once more"
    ran = await terminal.runs(*words, "Cambió de correo.", env={"LANGUAGE": "es"})
    assert ran.code == 1
    assert "no queda registrado" in ran.err
    assert accepted(terminal, resent["message_id"]) == 2


async def test_ctrl_c_while_the_mail_server_is_slow_leaves_no_letter_in_doubt(terminal: Terminal, sent: str) -> None:
    """It has the letter already: only its answer tells that it went out."""
    await _is_now(terminal, sent, LetterState.FAILED)
    terminal.sink.dawdles, before = 3.0, len(terminal.sink.letters)
    words = ("letters", "resend", sent, KEY, "--reason", "Preguntó por ella.", "--home", str(terminal.home), "--json")
    with environment(terminal.env):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli.main", *words), stdout=asyncio.subprocess.PIPE
        )
    try:
        await until(lambda: len(terminal.sink.letters) > before)
        process.send_signal(signal.SIGINT)
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        terminal.sink.dawdles = 0
    assert (process.returncode, '"state": "sent"' in out.decode()) == (0, True), out.decode()
    [row] = [row for row in await terminal.facts("letters", sent) if row["key"] == KEY]
    assert (row["state"], len(terminal.sink.letters)) == ("sent", before + 1)


@pytest.mark.parametrize("state", [LetterState.FAILED, LetterState.UNCERTAIN])
async def test_one_that_failed_or_perhaps_went_out_is_settled_by_sending_it(
    terminal: Terminal, sent: str, state: LetterState
) -> None:
    await _is_now(terminal, sent, state)
    uncertain = [row["number"] for row in await terminal.facts("letters", "--uncertain")]
    assert (sent in uncertain) is (state is LetterState.UNCERTAIN)
    resent = await terminal.facts("letters", "resend", sent, KEY, "--reason", "Preguntó por ella.")
    assert resent["state"] == "sent"
    row = await terminal.store.letter(sent, KEY)
    assert row is not None
    assert (row.state, row.attempts) == (LetterState.SENT, 2)


async def test_a_refusal_leaves_it_as_it_was_and_says_why(terminal: Terminal, sent: str) -> None:
    await _is_now(terminal, sent, LetterState.FAILED)
    terminal.sink.refuses["rosa@correo.example"] = "550 5.1.1 nobody here"
    try:
        ran = await terminal.runs("letters", "resend", sent, KEY, "--reason", "Otra vez.", env={"LANGUAGE": "es"})
    finally:
        terminal.sink.refuses.clear()
    assert ran.code == 1
    assert "550 5.1.1" in ran.out
    assert "rosa" not in ran.out
    row = await terminal.store.letter(sent, KEY)
    assert row is not None
    assert row.state is LetterState.FAILED


async def test_what_cannot_be_sent_again_is_refused_with_what_to_do(terminal: Terminal, sent: str) -> None:
    env = {"LANGUAGE": "en"}
    unknown = await terminal.runs("letters", "resend", sent, "1/nothing/customer", "--reason", "x", env=env)
    assert (unknown.code, KEY in unknown.err) == (1, True)
    nobody = await terminal.runs("letters", "resend", "Q-0000-00000", KEY, "--reason", "x", env=env)
    assert nobody.code == 1
    await _is_now(terminal, sent, LetterState.DUE)
    due = await terminal.runs("letters", "resend", sent, KEY, "--reason", "x", env=env)
    assert due.code == 1
    assert "is being sent at this moment" in due.err


async def _is_now(terminal: Terminal, number: str, state: LetterState) -> None:
    """Puts the ledger where an unlucky attempt would have left it."""
    async with terminal.store.connection() as connection:
        await connection.execute(
            "UPDATE letters SET state = $3, sent_at = NULL WHERE number = $1 AND key = $2", number, KEY, state.value
        )
