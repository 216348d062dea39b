"""Mail is kept before it is answered for, shown harmlessly, and taken in where it is meant for us."""

import asyncio
import os
import smtplib
import sys
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from local.stack.mail_catcher import Envelope, MailCatcher
from local.stack.mail_folder import MailFolder
from local.stack.ports import free_ports, listening

INTAKE = "quejas@colegio.example"


def letter(*, to: str, subject: str = "Su queja", text: str = "Estimada Rosaura:", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "escuela@colegio.example", to, subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


async def send(port: int, message: EmailMessage | bytes, *, to: list[str], sender: str = "a@b.example") -> None:
    raw = message if isinstance(message, bytes) else message.as_bytes()

    def conversation() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as server:
            server.sendmail(sender, to, raw, mail_options=["SMTPUTF8"])

    await asyncio.to_thread(conversation)


async def ask(port: int, path: str, *, host: str = "127.0.0.1", method: str = "GET") -> str:
    """The whole HTTP answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()


async def test_a_message_is_a_file_with_its_envelope(tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        before = datetime.now(UTC)
        await send(catcher.smtp_port, letter(to="rosaura@correo.example"), to=["rosaura@correo.example", "b@c.example"])
        (caught,) = catcher.mail
        assert before <= caught.received_at <= datetime.now(UTC)
        assert caught.recipients == ["rosaura@correo.example", "b@c.example"]
        assert caught.raw.startswith(b"Return-Path: <a@b.example>\r\nDelivered-To: rosaura@correo.example\r\n")
        assert caught.message["Subject"] == "Su queja"
        assert caught.path.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in catcher.mail.sent_to("ROSAURA@correo.example")] == [caught.name]
    assert [one.name for one in MailFolder(tmp_path / "mail")] == [caught.name], "kept after the end"


async def test_the_order_is_that_of_arrival(tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        for number in range(5):
            await send(catcher.smtp_port, letter(to="r@c.example", subject=f"n. {number}"), to=["r@c.example"])
        assert [str(caught.message["Subject"]) for caught in catcher.mail] == [f"n. {number}" for number in range(5)]


async def test_an_address_with_accents_and_a_bounce_are_kept(tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        await send(catcher.smtp_port, letter(to="x"), to=["josé@correo.example"], sender="")
        (caught,) = catcher.mail
        assert caught.recipients == ["josé@correo.example"]
        assert caught.message["Return-Path"] == "<>"


@pytest.mark.parametrize(
    ("to", "mailbox", "because"),
    [
        (INTAKE, INTAKE, "as written"),
        ("QUEJAS@Colegio.Example", INTAKE, "capitals do not matter"),
        ("quejas+7f3a@colegio.example", INTAKE, "a return address of ours"),
        ("otra@colegio.example", None, "another address"),
        ("quejas@otro.example", None, "another domain"),
    ],
)
async def test_what_is_meant_for_us_is_handed_on(to: str, mailbox: str | None, because: str, tmp_path: Path) -> None:
    taken: list[tuple[bytes, Envelope]] = []

    async def take_in(raw: bytes, envelope: Envelope) -> None:
        taken.append((raw, envelope))

    async with MailCatcher.started(tmp_path / "mail", intake=[INTAKE], on_intake=take_in) as catcher:
        await send(catcher.smtp_port, letter(to=to), to=[to])
        assert [envelope.mailbox for _, envelope in taken] == ([mailbox] if mailbox else []), because
        assert len(list(catcher.mail)) == 1, "shown in any case"
        if taken:
            assert f"Delivered-To: {to}\r\n".encode() in taken[0][0]


async def test_one_message_to_two_spellings_is_taken_in_once(tmp_path: Path) -> None:
    taken: list[str] = []

    async def take_in(raw: bytes, envelope: Envelope) -> None:
        taken.append(envelope.mailbox)

    async with MailCatcher.started(tmp_path / "mail", intake=[INTAKE], on_intake=take_in) as catcher:
        await send(catcher.smtp_port, letter(to=INTAKE), to=[INTAKE, INTAKE.upper(), "otra@colegio.example"])
    assert taken == [INTAKE]


async def test_250_comes_only_after_the_taking_in(tmp_path: Path) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def take_in(raw: bytes, envelope: Envelope) -> None:
        begun.set()
        await may_end.wait()

    async with MailCatcher.started(tmp_path / "mail", intake=[INTAKE], on_intake=take_in) as catcher:
        sending = asyncio.create_task(send(catcher.smtp_port, letter(to=INTAKE), to=[INTAKE]))
        await begun.wait()
        assert not sending.done()
        assert list(catcher.mail) == [], "nothing is kept that was not taken in"
        may_end.set()
        await sending
        assert len(list(catcher.mail)) == 1


async def test_what_cannot_be_taken_in_is_tried_again_by_the_sender(tmp_path: Path) -> None:
    tries: list[bytes] = []

    async def take_in(raw: bytes, envelope: Envelope) -> None:
        tries.append(raw)
        if len(tries) == 1:
            raise ConnectionError("Temporal is not there")

    async with MailCatcher.started(tmp_path / "mail", intake=[INTAKE], on_intake=take_in) as catcher:
        message = letter(to=INTAKE)
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            await send(catcher.smtp_port, message, to=[INTAKE])
        assert refusal.value.smtp_code == 451
        assert list(catcher.mail) == []
        await send(catcher.smtp_port, message, to=[INTAKE])
        assert tries[0] == tries[1], "the same bytes again, so that nothing becomes two complaints"


async def test_the_page_lists_and_shows(tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        assert "Aún no hay mensajes" in await ask(catcher.http_port, "/")
        text = "Confirme aquí: https://colegio.example/c?a=1&b=2. Gracias"
        await send(catcher.smtp_port, letter(to="x", text=text, html="<p>Confirme</p>"), to=["rosaura@correo.example"])
        (caught,) = catcher.mail
        page = await ask(catcher.http_port, "/")
        assert f'<a href="/message/{caught.name}">Su queja</a>' in page
        assert "rosaura@correo.example" in page
        shown = await ask(catcher.http_port, f"/message/{caught.name}")
        assert '<a href="https://colegio.example/c?a=1&amp;b=2" target="_blank"' in shown
        assert f'<iframe src="/message/{caught.name}/html" sandbox=' in shown
        assert "<p>Confirme</p>" in await ask(catcher.http_port, f"/message/{caught.name}/html")
        raw = await ask(catcher.http_port, f"/message/{caught.name}/raw")
        assert "Content-Type: text/plain" in raw
        assert "Delivered-To: rosaura@correo.example" in raw


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


async def test_a_hostile_message_is_only_shown(tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        message = letter(to="x", subject=HOSTILE, text=HOSTILE, html=HOSTILE)
        await send(catcher.smtp_port, message, to=["rosaura@correo.example"])
        (caught,) = catcher.mail
        for path in ("/", f"/message/{caught.name}"):
            answer = await ask(catcher.http_port, path)
            assert "&lt;script&gt;" in answer
            assert "<script" not in answer
            assert "<img" not in answer
            assert "Content-Security-Policy: default-src 'none'" in answer
        frame = await ask(catcher.http_port, f"/message/{caught.name}/html")
        policy = next(line for line in frame.splitlines() if line.startswith("Content-Security-Policy: "))
        assert policy.startswith("Content-Security-Policy: sandbox "), "no script, no origin, also without our frame"
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (b"Subject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhola\r\n", "an unknown alphabet"),
        (b"\r\n", "nothing at all"),
        (b"Subject: =?utf-8?b?////?=\r\nFrom: <<>>\r\nContent-Type: multipart/mixed\r\n\r\n\xff\xfe\r\n", "broken"),
        (b"Content-Type: text/html; charset=utf-16\r\n\r\nx\r\n", "not what it says"),
    ],
)
async def test_a_message_that_cannot_be_read_does_not_hide_the_others(raw: bytes, because: str, tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        await send(catcher.smtp_port, raw, to=["x@y.example"])
        (caught,) = catcher.mail
        for path in ("/", f"/message/{caught.name}", f"/message/{caught.name}/html", f"/message/{caught.name}/raw"):
            assert (await ask(catcher.http_port, path)).startswith("HTTP/1.1 200 "), because


@pytest.mark.parametrize(
    ("path", "host", "method", "status", "because"),
    [
        ("/message/../../etc/passwd", "localhost", "GET", "404", "only names of messages"),
        ("/message/00000000000000000000-1-1", "localhost", "GET", "404", "no such message"),
        ("/", "localhost:8025", "GET", "200", "any port, for forwarded ones"),
        ("/", "evil.example", "GET", "421", "a name elsewhere that resolves to this machine"),
        ("/", "", "GET", "421", "no name at all"),
        ("/", "localhost", "POST", "405", "there is nothing to do here but look"),
        ("/", "localhost", "HEAD", "200", "only the head"),
    ],
)
async def test_the_page_answers_only_what_it_should(
    path: str, host: str, method: str, status: str, because: str, tmp_path: Path
) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        answer = await ask(catcher.http_port, path, host=host, method=method)
        assert answer.split(" ")[1] == status, because
        if method == "HEAD":
            assert answer.endswith("\r\n\r\n")


async def test_noise_instead_of_a_question_is_dropped(tmp_path: Path) -> None:
    async with MailCatcher.started(tmp_path / "mail") as catcher:
        reader, writer = await asyncio.open_connection("127.0.0.1", catcher.http_port)
        writer.write(b"\xff" * 40_000)
        async with asyncio.timeout(60):
            with suppress(ConnectionError):  # closed while it still had something to say
                assert await reader.read() == b""
        writer.close()
        assert "Correo recogido" in await ask(catcher.http_port, "/")


async def test_as_a_process_it_takes_in_through_the_handler_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "stand_in.py").write_text(
        "import pathlib\n"
        "async def take_in(raw, *, mailbox, received_at):\n"
        "    pathlib.Path(__file__).with_name('taken').write_text(f'{mailbox} {received_at.utcoffset()}')\n",
        encoding="utf-8",
    )
    smtp, http = free_ports(2)
    command = [sys.executable, "-m", "local.stack.mail_catcher", "--folder", str(tmp_path / "mail")]
    command += ["--smtp-port", str(smtp), "--http-port", str(http), "--intake", INTAKE]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)])}
    process = await asyncio.create_subprocess_exec(
        *command, "--intake-handler", "stand_in:take_in", "--language", "en", env=env, stderr=asyncio.subprocess.PIPE
    )
    assert await listening(smtp)
    assert await listening(http)
    await send(smtp, letter(to=INTAKE), to=[INTAKE])
    assert (tmp_path / "taken").read_text(encoding="utf-8") == f"{INTAKE} 0:00:00"
    assert "Caught mail" in await ask(http, "/")
    process.terminate()
    _, log = await process.communicate()
    assert process.returncode == 0
    assert INTAKE.encode() not in log, "no addresses in the log"
