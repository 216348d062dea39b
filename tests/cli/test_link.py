"""`complaints link`: the address of a customer's page, handed out or ended; no other command prints one."""

import io
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pypdf
import pytest

from complaints.mail.letters import OwnAddresses
from complaints.mail.links import Token, token_in
from complaints.own_pages import OwnPages
from complaints.rules.page_links import COVERED, PLACE
from complaints.words.catalogue import Language
from complaints.words.page_links import LABELS
from tests.terminal import Terminal, in_this_process

KEY = "0123456789abcdef0123456789abcdef"
LINKS = {"PUBLIC_URL": "https://quejas.example", "SECRET_KEY": KEY, "CUSTOMER_LINK_DAYS": "7"}


async def test_a_link_is_printed_whole_and_noted_with_who_handed_it_out(terminal: Terminal, number: str) -> None:
    ran = await terminal.runs("link", number.lower(), "--by", "ana", env={**LINKS, "LANGUAGE": "es", "COLUMNS": "40"})
    address, until = ran.out.splitlines()
    assert until.startswith("Vale hasta el ")
    assert address.startswith("https://quejas.example/c/")
    link = token_in(address.rpartition("/")[2])
    assert link is not None
    assert link.number == number
    given = [row for row in await terminal.facts("timeline", number) if row["what"] == "link-given"]
    assert [(row["by"], row["data"]["until"]) for row in given] == [("ana", link.until.isoformat())]
    assert address not in str(given), "who reads the timeline cannot open the page with it"


async def test_without_an_address_or_for_nobody_there_is_no_link(terminal: Terminal, number: str) -> None:
    refused = await terminal.runs("link", number, env={"LANGUAGE": "es"})
    assert (refused.code, "PUBLIC_URL" in refused.err) == (1, True)
    nobody = await terminal.runs("link", "Q-0000-00000", env={**LINKS, "LANGUAGE": "es"})
    assert nobody.code == 1


async def _opens(terminal: Terminal, address: str) -> bool:
    """Whether the desk would open that page."""
    token = token_in(address.rpartition("/")[2])
    assert isinstance(token, Token)
    pages = OwnPages(terminal.store, "https://quejas.example", OwnAddresses(keys=(KEY.encode(),)), "America/Lima")
    return await pages.opens(token, datetime.now(UTC))


@pytest.mark.parametrize(
    ("language", "says"), [("es", "ningún enlace que salió antes"), ("en", "no link that went out")]
)
async def test_links_are_ended_for_ever_it_says_what_to_do_next_and_is_noted(
    terminal: Terminal, language: Language, says: str
) -> None:
    number = await terminal.a_complaint()
    await terminal.writes(number)
    env = {**LINKS, "LANGUAGE": language}
    address = (await terminal.runs("link", number, env=env)).out.splitlines()[0]
    assert await _opens(terminal, address)
    ran = await terminal.runs("link", number, "--revoke", "--reason", "correo de otro", "--by", "ana", env=env)
    assert (ran.code, says in ran.out) == (0, True), ran.err
    assert f"complaints link {number}" in " ".join(ran.out.split())
    assert "https://" not in ran.out
    assert not await _opens(terminal, address)
    row = next(row for row in await terminal.facts("timeline", number) if row["what"] == "links-revoked")
    assert (row["by"], row["via"], row["data"]["reason"]) == ("ana", "cli", "correo de otro")
    timeline = await terminal.runs("timeline", number, env=env)
    assert LABELS[language] not in timeline.out
    assert ("anularon" if language == "es" else "were ended") in timeline.out
    again = (await terminal.runs("link", number, env=env)).out.splitlines()[0]
    assert await _opens(terminal, again)
    assert not await _opens(terminal, address)


async def test_ending_links_of_nobody_is_refused_and_a_repeat_is_one(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    await terminal.writes(number)
    nobody = await terminal.runs("link", "Q-0000-00000", "--revoke", env={**LINKS, "LANGUAGE": "es"})
    assert (nobody.code, "Traceback" in nobody.err) == (1, False)
    misused = await terminal.runs("link", number, "--reason", "x", env=LINKS)
    assert (misused.code, "--revoke" in misused.err) == (2, True)
    before = (await terminal.store.links_of(number)).ended("")
    for already in (False, True):
        ran = await terminal.runs("link", number, "--revoke", "--id", f"{number}/once", "--json", env=LINKS)
        assert ran.facts == {"number": number, "already": already}
    assert (await terminal.store.links_of(number)).ended("") == before + 1


async def test_no_command_prints_a_key_that_the_ledger_the_words_or_the_mail_of_old_hold(
    terminal: Terminal, tmp_path: Path
) -> None:
    """What the attacker with a terminal of a colleague did; `complaints link` alone hands one out, and is noted."""
    number = await terminal.a_complaint()
    await terminal.writes(number)
    address = (await terminal.runs("link", number, env={**LINKS, "LANGUAGE": "es"})).out.splitlines()[0]
    mail = EmailMessage()
    mail["From"], mail["Message-ID"], mail["Subject"] = "rosa@correo.example", "<a@correo.example>", f"Re: {address}"
    mail.set_content(f"Hola {number}, gracias.\nProducto: {address}\n\n> {address}\n")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    (tmp_path / "a.html.eml").write_bytes(mail.as_bytes().replace(b"text/plain", b"text/html"))
    await terminal.writes(number)
    async with terminal.store.connection() as connection:
        await connection.execute(
            "UPDATE letters SET text = text || $1, html = html || $1 WHERE number = $2", address, number
        )
        await connection.execute(
            "UPDATE complaints SET description = $1, product = $1 WHERE number = $2", address, number
        )
    await terminal.store.add_afterword(number, event_id=f"{number}/old", at=datetime.now(UTC), what="message-received",
                                       data={"text": address})  # fmt: skip
    digest = await terminal.store.keep_message(mail.as_bytes(), mailbox="s@x.example", received_at=datetime.now(UTC))
    await terminal.store.message_belongs(digest, number)
    await terminal.store.quarantine(digest, reason="loop", number=number, sender="rosa@correo.example", subject=address,
                                    received_at=datetime.now(UTC), due=datetime.now(UTC))  # fmt: skip
    commands = [
        ("status", number), ("timeline", number), ("explain", number), ("list",), ("find", "rosa"), ("letters",),
        ("letters", number), ("calls",), ("quarantine",), ("quarantine", "show", digest[:12]), ("review", "list"),
        ("doctor",),
    ]  # fmt: skip
    said = []
    for command in commands:
        for form in ((), ("--json",)):
            ran = await terminal.runs(*command, *form, env={**LINKS, "LANGUAGE": "es"})
            assert ran.code in (0, 1), (command, ran.err)
            said.append(ran.out + ran.err)
    for form in ((), ("--json",)):
        ran = await in_this_process(["mail", "explain", str(tmp_path), *form], env={**terminal.env, "LANGUAGE": "es"})
        assert (ran.code, "Hola" in ran.out or "reply" in ran.out or "Re:" in ran.out) == (0, True), ran.err
        said.append(ran.out)
    for command in (("dossier", number, "--html"), ("dossier", number, "--pdf"), ("export",)):
        out = tmp_path / f"out{len(said)}"
        ran = await terminal.runs(*command, "--out", str(out), env={**LINKS, "LANGUAGE": "es"})
        assert ran.code == 0, ran.err
        content = out.read_bytes()
        is_pdf = content.startswith(b"%PDF")
        said.append(
            "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
            if is_pdf
            else content.decode()
        )
    await terminal.store.quarantine_handled(digest, how="dropped", by="ana")  # the terminal is everybody's
    mark = address.rpartition(".")[2]
    assert [text for text in said if mark in re.sub(r"\s", "", text)] == []
    everything = "".join(said)
    assert LABELS["es"] in everything
    assert PLACE not in everything
    assert COVERED in everything, "for programs, without a language"
