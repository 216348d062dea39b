"""The mailer against a mail server that follows a script: what it accepted is the ground truth."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from complaints.mail.outgoing import Mailer, NotAccepted, SmtpAddress, SmtpTimeouts, Uncertain
from tests.smtp_script import DROP, SILENCE, Script, identity, patience_with, server

__all__ = ["identity"]  # a fixture

RAW = b"Subject: hola\r\nMessage-ID: <1@escuela.example>\r\n\r\nuno\r\n.dos\r\n..tres\r\n"
SENDER, TO = "soporte@escuela.example", "rosa.quispe@correo.example"


@contextlib.asynccontextmanager
async def mailer_to(script: Script, **settings: object) -> AsyncIterator[Mailer]:
    address = SmtpAddress("127.0.0.1", script.port, tls="none")
    mailer = Mailer(address, timeouts=patience_with(script), hello_as="escuela.example", **settings)  # type: ignore[arg-type]
    try:
        yield mailer
    finally:
        await mailer.close()


async def test_a_letter_arrives_whole_with_its_dots() -> None:
    async with server(Script()) as script, mailer_to(script) as mailer:
        delivery = await mailer.send(RAW, sender=SENDER, to=[TO])
    assert (delivery.accepted, delivery.refused) == (1, 0)
    assert script.accepted == [RAW]
    assert f"MAIL FROM:<{SENDER}> SIZE={len(RAW)}" in script.commands


REFUSED = [
    ("connect", "421 4.3.2 later", True, "the server is closing: not about this letter"),
    ("connect", "554 5.7.1 no", True, "refused at the door: not about this letter either"),
    ("connect", DROP, True, "dropped before the greeting"),
    ("EHLO", DROP, True, "dropped in the greeting"),
    ("MAIL", "451 4.3.0 greylisted", True, "4xx is temporary"),
    ("MAIL", "530 5.7.0 log in first", True, "about our login"),
    ("MAIL", "552 5.3.4 too big", False, "5xx is for good"),
    ("MAIL", "553 5.7.1 not your address", True, "about our sender: no customer's address is marked for it"),
    ("MAIL", DROP, True, "lost before anything was taken"),
    ("MAIL", SILENCE, True, "no answer to MAIL: nothing was taken"),
    ("RCPT", "450 4.2.1 greylisted", True, "greylisting"),
    ("RCPT", f"550 5.1.1 <{TO}> unknown", False, "no such mailbox"),
    ("RCPT", DROP, True, "lost at RCPT"),
    ("DATA", "451 4.3.0 no room", True, "refused before the letter"),
    ("DATA", "554 5.5.1 no", False, "refused before the letter, for good"),
    ("DATA", DROP, True, "lost before 354"),
    ("DATA", SILENCE, True, "no 354: nothing was handed over"),
    ("body", DROP, True, "lost in the middle of the letter, before the dot"),
    ("dot", "452 4.3.1 disk full", True, "4xx after the dot: the server says it does not have it"),
    ("dot", "554 5.6.0 spam", False, "5xx after the dot: for good"),
]


@pytest.mark.parametrize(("command", "answer", "temporary", "why"), REFUSED)
async def test_what_fails_before_the_server_has_the_letter_is_known_not_to_be_accepted(
    command: str, answer: str, temporary: bool, why: str
) -> None:
    # Too big for the sockets' buffers: a server that hangs up in the middle of it has not read the dot.
    raw = RAW + b"x" * 70 + b"\r\n" + (b"y" * 76 + b"\r\n") * (200_000 if command == "body" else 1)
    async with server(Script({command: [answer]})) as script, mailer_to(script) as mailer:
        with pytest.raises(NotAccepted) as refusal:
            await mailer.send(raw, sender=SENDER, to=[TO])
        assert refusal.value.temporary is temporary, why
        assert script.accepted == []
        assert TO not in str(refusal.value)
        assert "@" not in repr(refusal.value)
        await mailer.send(RAW, sender=SENDER, to=[TO])  # and the next letter goes out
    assert script.accepted == [RAW]


@pytest.mark.parametrize("answer", [DROP, SILENCE, "299", "xyz"])
async def test_an_answer_lost_after_the_final_dot_is_uncertain(answer: str) -> None:
    async with server(Script({"dot": [answer]})) as script, mailer_to(script) as mailer:
        if answer == "299":  # any 2xx is a yes
            await mailer.send(RAW, sender=SENDER, to=[TO])
        else:
            with pytest.raises(Uncertain) as lost:
                await mailer.send(RAW, sender=SENDER, to=[TO])
            assert TO not in str(lost.value)


async def test_a_slow_answer_after_the_dot_is_waited_for_also_by_who_is_cancelled() -> None:
    slow = SmtpTimeouts(connect=10, command=1, data_start=1, data_block=1, data_end=60)
    script = Script({"dot": ["when released: 250 2.0.0 queued"]})
    async with server(script):
        mailer = Mailer(SmtpAddress("127.0.0.1", script.port, tls="none"), timeouts=slow)
        sending = asyncio.create_task(mailer.send(RAW, sender=SENDER, to=[TO]))
        done, _ = await asyncio.wait([sending], timeout=2.5)  # longer than any other command may take
        assert not done
        sending.cancel()
        done, _ = await asyncio.wait([sending], timeout=0.1)
        assert not done, "the letter may be there: whoever asks hears how it ended"
        script.released.set()
        await sending
        await mailer.send(RAW, sender=SENDER, to=[TO])  # and the next one finds no half-used connection
        await mailer.close()
    assert (len(script.accepted), script.connections) == (2, 1)


async def test_one_connection_is_kept_and_made_anew_when_the_server_has_closed_it() -> None:
    async with server(Script()) as script, mailer_to(script) as mailer:
        await mailer.send(RAW, sender=SENDER, to=[TO])
        await mailer.send(RAW, sender=SENDER, to=[TO])
        assert script.connections == 1
        script.answers["MAIL"] = ["421 4.4.2 idle too long"]
        await mailer.send(RAW, sender=SENDER, to=[TO])
        assert script.connections == 2
        script.hang_up[-1]()
        await mailer.send(RAW, sender=SENDER, to=[TO])
        assert script.connections == 3
    assert len(script.accepted) == 4


async def test_a_connection_is_given_up_after_so_many_letters_and_so_many_seconds() -> None:
    async with server(Script()) as script, mailer_to(script, letters_a_connection=2) as mailer:
        for _ in range(5):
            await mailer.send(RAW, sender=SENDER, to=[TO])
        assert script.connections == 3
    async with server(Script()) as script, mailer_to(script, keep_seconds=0.0) as mailer:
        for _ in range(2):
            await mailer.send(RAW, sender=SENDER, to=[TO])
        assert script.connections == 2


@pytest.mark.parametrize("connections", [1, 3])
async def test_many_tasks_take_turns_on_the_kept_connections(connections: int) -> None:
    async with server(Script()) as script, mailer_to(script, connections=connections) as mailer:
        await asyncio.gather(*(mailer.send(RAW, sender=SENDER, to=[TO]) for _ in range(20)))
    assert (len(script.accepted), script.connections) == (20, connections)


async def test_a_refused_letter_leaves_the_connection_clean_for_the_next() -> None:
    async with server(Script({"RCPT": ["550 5.1.1 unknown"]})) as script, mailer_to(script) as mailer:
        with pytest.raises(NotAccepted):
            await mailer.send(RAW, sender=SENDER, to=[TO])
        await mailer.send(RAW, sender=SENDER, to=[TO])
    assert script.connections == 1
    assert "RSET" in script.commands


async def test_two_recipients_of_whom_one_is_unknown_do_not_wait_for_each_other() -> None:
    async with server(Script({"RCPT": ["550 5.1.1 unknown"]})) as script, mailer_to(script) as mailer:
        delivery = await mailer.send(RAW, sender=SENDER, to=["nadie@escuela.example", TO])
    assert (delivery.accepted, delivery.refused) == (1, 1)
    async with server(Script({"RCPT": ["250 ok", "450 4.2.1 later"]})) as script, mailer_to(script) as mailer:
        with pytest.raises(NotAccepted) as refusal:  # or one of them would get it twice
            await mailer.send(RAW, sender=SENDER, to=["nadie@escuela.example", TO])
    assert refusal.value.temporary
    assert script.accepted == []


async def test_smtputf8_is_asked_only_when_an_address_needs_it() -> None:
    async with server(Script()) as script, mailer_to(script) as mailer:
        await mailer.send(RAW, sender=SENDER, to=["josé@correo.example"])
        assert any(line.startswith("MAIL") and "SMTPUTF8" in line for line in script.commands)
        script.commands.clear()
        await mailer.send(RAW, sender=SENDER, to=[TO])
        assert not any("SMTPUTF8" in line for line in script.commands)
    async with server(Script(extensions=())) as script, mailer_to(script) as mailer:
        with pytest.raises(NotAccepted) as refusal:
            await mailer.send(RAW, sender=SENDER, to=["josé@correo.example"])
    assert not refusal.value.temporary
    assert "josé" not in str(refusal.value)


@pytest.mark.parametrize("evil", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "a@b.example> SIZE=1"])
async def test_no_address_smuggles_a_command(evil: str) -> None:
    async with server(Script()) as script, mailer_to(script) as mailer:
        with pytest.raises(NotAccepted) as refusal:
            await mailer.send(RAW, sender=SENDER, to=[evil])
    assert not refusal.value.temporary
    assert not any("d.example" in line for line in script.commands)


async def test_a_server_out_of_reach_is_temporary(nowhere: str) -> None:
    mailer = Mailer(SmtpAddress("127.0.0.1", int(nowhere.partition(":")[2]), tls="none"))
    with pytest.raises(NotAccepted, match="cannot be reached") as refusal:
        await mailer.send(RAW, sender=SENDER, to=[TO])
    assert refusal.value.temporary


async def test_a_password_is_neither_shown_nor_sent_without_a_login_offered() -> None:
    async with server(Script()) as script:
        address = SmtpAddress("127.0.0.1", script.port, user="escuela", password="S3creta", tls="none")
        assert "S3creta" not in repr(address)
        mailer = Mailer(address, timeouts=patience_with(script))
        with pytest.raises(NotAccepted, match="does not offer a login") as refusal:
            await mailer.send(RAW, sender=SENDER, to=[TO])
    assert refusal.value.temporary
    async with server(Script({"AUTH": ["535 5.7.8 escuela: no"]}, extensions=("AUTH PLAIN",))) as script:
        mailer = Mailer(
            SmtpAddress("127.0.0.1", script.port, "escuela", "S3creta", "none"), timeouts=patience_with(script)
        )
        with pytest.raises(NotAccepted, match=r"refused our login \(535 5.7.8\)") as refusal:
            await mailer.send(RAW, sender=SENDER, to=[TO])
    assert refusal.value.temporary


async def test_without_starttls_nothing_is_sent_in_the_clear() -> None:
    async with server(Script()) as script:
        mailer = Mailer(SmtpAddress("127.0.0.1", script.port, tls="starttls"), timeouts=patience_with(script))
        with pytest.raises(NotAccepted, match="STARTTLS") as refusal:
            await mailer.send(RAW, sender=SENDER, to=[TO])
    assert refusal.value.temporary
    assert not any(line.startswith("MAIL") for line in script.commands)


async def test_a_certificate_is_verified(identity: tuple[Path, Path]) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(*identity)
    async with server(Script(), own) as script:
        address = SmtpAddress("localhost", script.port, tls="implicit")
        with pytest.raises(NotAccepted, match="certificate could not be verified"):
            await Mailer(address, timeouts=patience_with(script)).send(RAW, sender=SENDER, to=[TO])
        trusting = ssl.create_default_context(cafile=identity[0])
        mailer = Mailer(address, timeouts=patience_with(script), tls_context=trusting)
        await mailer.send(RAW, sender=SENDER, to=[TO])
        await mailer.close()
    assert script.accepted == [RAW]
