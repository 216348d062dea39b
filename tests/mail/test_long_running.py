"""The worker's event loop is libuv's: a letter goes over it as over Python's own, and ends in the same ways."""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from complaints import long_running
from complaints.mail.outgoing import Delivery, Mailer, NotAccepted, SmtpAddress, SmtpTimeouts, Uncertain
from complaints.scanning import Condemned, NotLookedAt, clean
from tests.smtp_script import DROP, Script, identity, patience_with, server

__all__ = ["identity"]  # a fixture

Run = Callable[[Coroutine[Any, Any, Any]], Any]

RAW = b"Subject: hola\r\n\r\nuno\r\n.dos\r\n"
SENDER, TO = "soporte@escuela.example", "rosa.quispe@correo.example"
LARGE = b"Subject: hola\r\n\r\n" + b"x" * 16_000_000  # more than two sockets hold between them


async def sent(script: Script, raw: bytes, **settings: Any) -> Delivery:
    address = SmtpAddress("localhost", script.port, tls=settings.pop("tls", "none"))
    mailer = Mailer(address, **{"timeouts": patience_with(script), **settings})
    try:
        return await mailer.send(raw, sender=SENDER, to=[TO])
    finally:
        await mailer.close()


@pytest.fixture(params=[long_running.run, asyncio.run], ids=["ours", "Python's"])
def run(request: pytest.FixtureRequest) -> Run:
    chosen: Run = request.param
    return chosen


@pytest.mark.skipif(sys.platform == "win32", reason="there is no libuv loop for Windows")
def test_it_is_libuvs() -> None:
    async def whose() -> str:
        return type(asyncio.get_running_loop()).__module__

    assert long_running.run(whose()).partition(".")[0] == "uvloop"


def test_without_libuv_it_is_pythons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)  # as if it were not installed

    async def answer() -> int:
        return 7

    assert long_running.loop_factory() is None
    assert long_running.run(answer()) == 7


def test_a_letter_arrives_whole(run: Run) -> None:
    async def told() -> Script:
        async with server(Script()) as script:
            await sent(script, RAW)
        return script

    assert run(told()).accepted == [RAW]


def test_a_letter_arrives_over_a_secured_connection(run: Run, identity: tuple[Path, Path]) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(*identity)
    trusting = ssl.create_default_context(cafile=identity[0])

    async def told(tls: str, at_once: ssl.SSLContext | None, later: ssl.SSLContext | None) -> Script:
        script = Script(extensions=("STARTTLS",) if later else (), secured=later)
        async with server(script, at_once):
            await sent(script, RAW * 2_000, tls=tls, tls_context=trusting)
        return script

    assert run(told("implicit", own, None)).accepted == [RAW * 2_000]
    by_starttls = run(told("starttls", None, own))
    assert by_starttls.accepted == [RAW * 2_000]
    assert by_starttls.commands.index("STARTTLS") < by_starttls.commands.index(f"MAIL FROM:<{SENDER}>")


def test_what_is_lost_before_the_dot_is_surely_not_accepted_and_after_it_nobody_knows(run: Run) -> None:
    async def fails(answers: dict[str, list[str]]) -> None:
        async with server(Script(answers)) as script:
            await sent(script, RAW)

    with pytest.raises(NotAccepted) as lost:
        run(fails({"DATA": [DROP]}))
    assert lost.value.temporary
    with pytest.raises(Uncertain):
        run(fails({"dot": [DROP]}))


def test_a_server_that_stops_taking_the_letter_is_left(run: Run) -> None:
    """What has not left us counts as not handed over: libuv keeps no block of a letter without our knowing."""

    async def takes_no_more(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 ok\r\n")
            if line.startswith(b"DATA"):
                await reader.read(1)
                break
        await asyncio.Event().wait()

    async def told() -> None:
        listening = await asyncio.start_server(takes_no_more, "127.0.0.1", 0, limit=1024)
        async with listening:
            script = Script(port=listening.sockets[0].getsockname()[1])
            await sent(script, LARGE, timeouts=SmtpTimeouts(60, 60, 60, data_block=2, data_end=60))

    with pytest.raises(NotAccepted, match="stopped taking the letter") as left:
        run(told())
    assert left.value.temporary


STOPPED = """
import asyncio, signal
from complaints import long_running

async def until_told():
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    child = await asyncio.create_subprocess_exec("true")
    print("ready", await child.wait(), flush=True)
    await stop.wait()
    print("stops in good order", flush=True)

long_running.run(until_told())
"""


def test_a_scanner_is_asked_and_heard(run: Run) -> None:
    """A program of somebody else's: one that reads all, one that closes its input early, and those that say no."""
    data = b"x" * 2_000_000  # more than a pipe holds
    run(clean("cat", data))
    run(clean("true", data))
    with pytest.raises(Condemned):
        run(clean("false", data))
    for command in ("sh -c 'exit 2'", "/no/such/scanner"):
        with pytest.raises(NotLookedAt):
            run(clean(command, data))


SETTLED = """
import gc
from complaints import long_running

made_of = [[] for _ in range(1000)]
long_running.settle()
assert gc.get_freeze_count() > 1000
assert (gc.get_threshold()[0], gc.get_threshold()[2]) == (long_running.NEWEST, long_running.OLDEST)
circle = []
circle.append(circle)
del circle
assert gc.collect() == 1, "what comes later is still given back"
"""


def test_what_a_program_is_made_of_is_not_looked_through_again_and_the_rest_is_given_back() -> None:
    subprocess.run([sys.executable, "-c", SETTLED], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_good_order(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready 0\n"
        os.kill(program.pid, number)
        assert program.communicate(timeout=60)[0] == "stops in good order\n"
    assert program.returncode == 0
