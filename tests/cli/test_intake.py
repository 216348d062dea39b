"""Mail that is taken in: one complaint, or an answer that joins it (§3)."""

import asyncio
from pathlib import Path

from tests.terminal import Terminal
from tests.waiting import comes


def a_mail(**headers: str) -> bytes:
    fields = {
        "From": "Rosa Quispe <rosa@correo.example>",
        "To": "soporte@escuelaconstrucciondigital.com",
        "Subject": "Reclamo",
        "Message-ID": "<mail-1@correo.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{head}\r\nEl curso de BIM no tuvo las horas prometidas.\r\n".encode()


async def test_3_a_mail_becomes_one_complaint_and_its_answer_joins_it(terminal: Terminal, tmp_path: Path) -> None:
    mail = tmp_path / "complaint.eml"
    mail.write_bytes(a_mail())
    taken = await terminal.facts("intake", str(mail))
    again = await terminal.facts("intake", "-", stdin=mail.read_bytes())
    assert (again["number"], again["already"]) == (taken["number"], True)
    number = taken["number"]
    kept = await terminal.store.message_for(number)
    assert kept is not None
    assert kept.raw == mail.read_bytes()
    by_number = a_mail(Subject=f"RE: [{number}] Reclamo", Message_ID="<mail-2@correo.example>")
    assert (await terminal.facts("intake", "-", stdin=by_number))["reply"] is True
    letters = await comes(lambda: terminal.store.letters(number), "letter")
    by_letter = a_mail(In_Reply_To=letters[0].message_id, Message_ID="<mail-3@correo.example>")
    for _ in range(2):
        assert (await terminal.facts("intake", "-", stdin=by_letter))["number"] == number
    told = [row["what"] for row in await terminal.facts("timeline", number)]
    assert told.count("message-received") == 2


async def test_a_letter_of_ours_that_comes_back_opens_nothing(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    letters = await comes(lambda: terminal.store.letters(number), "letter")
    async with asyncio.timeout(60):
        while not (sent := [one for one in terminal.sink.letters if one["Message-ID"] == letters[0].message_id]):
            await terminal.sink.arrived.wait()
            terminal.sink.arrived.clear()
    ours = sent[0].as_bytes()
    assert (await terminal.facts("intake", "-", stdin=ours)) == {
        "number": number,
        "already": True,
        "pending": False,
        "reply": False,
        "quarantined": None,
    }


async def test_a_number_that_we_never_gave_makes_a_complaint(terminal: Terminal) -> None:
    taken = await terminal.facts(
        "intake", "-", stdin=a_mail(Subject="Q-0000-00000", Message_ID="<mail-7@correo.example>")
    )
    assert (taken["reply"], taken["already"]) == (False, False)


async def test_a_mail_from_nobody_is_kept_in_the_quarantine(terminal: Terminal) -> None:
    ran = await terminal.runs("intake", "-", stdin=b"Subject: x\r\n\r\nhola")
    assert (ran.code, "in the quarantine: names nobody to answer" in ran.out) == (0, True)
