"""Letters a second to a local mail server: on the pool's kept connections, and on a connection a letter, in one run.

uv run python -m benchmarks.sending
"""

import asyncio
import multiprocessing
import os
import socket
import sys
import time
from typing import TypeAlias

from benchmarks.mail_counter import says_yes
from complaints.mail.outgoing import Mailer, SmtpAddress

TARGET = 800.0
"""Letters a second on kept connections."""

LETTERS, AT_ONCE = 3_000, 64
SENDER = "soporte@escuela.example"
BODY = "Recibimos su queja. Gracias por contárnoslo.\r\n".encode() * 150
"""With both parts of an acknowledgement, about 7 KB."""

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


def bare_sink(listening: socket.socket) -> None:
    """A mail server that says yes as fast as it can, in a process of its own: the sender is what is measured."""

    async def serve(reader: Reader, writer: Writer) -> None:
        await says_yes(reader, writer, lambda letter: None)

    async def run() -> None:
        async with await asyncio.start_server(serve, sock=listening, limit=1 << 20) as server:
            await server.serve_forever()

    asyncio.run(run())


async def a_second(port: int, letters: int, *, connections: int, letters_a_connection: int = 100) -> float:
    """Letters a second, with as many tasks as a busy worker has."""
    mailer = Mailer(
        SmtpAddress("127.0.0.1", port, tls="none"),
        hello_as="escuela.example",
        connections=connections,
        letters_a_connection=letters_a_connection,
    )
    left = iter(range(letters))

    async def send() -> None:
        for number in left:
            head = (
                f"From: {SENDER}\r\nSubject: [Q] Recibimos su queja\r\nMessage-ID: <{number}@escuela.example>\r\n\r\n"
            )
            await mailer.send(
                head.encode() + BODY, sender=SENDER, to=[f"c{number}@correo.example"], envelope_id=str(number)
            )

    before = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    took = time.perf_counter() - before
    await mailer.close()
    return letters / took


async def measured(port: int) -> int:
    """Prints the figures; 1 if the kept connections miss the target."""
    await a_second(port, 200, connections=3)  # warm
    fresh = await a_second(port, LETTERS // 3, connections=3, letters_a_connection=1)
    one = await a_second(port, LETTERS, connections=1, letters_a_connection=LETTERS)
    before = time.process_time()
    pool = await a_second(port, LETTERS, connections=3)
    own = (time.process_time() - before) / LETTERS * 1000
    print(f"a connection a letter, 3 at once: {fresh:,.0f} letters/s")
    print(f"one kept connection: {one:,.0f} letters/s")
    print(f"3 kept connections, made anew every 100 letters (the default): {pool:,.0f} letters/s; target {TARGET:,.0f}")
    print(f"the pool's gain over a connection a letter: {pool / fresh:.1f} times")
    print(f"our own part: {own:.2f} ms of processor time a letter; load of this machine: {os.getloadavg()[0]:.1f}")
    return 0 if pool >= TARGET else 1


def main() -> int:
    """Runs the sink beside it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sink = multiprocessing.get_context("fork").Process(target=bare_sink, args=(listening,), daemon=True)
        sink.start()
        try:
            return asyncio.run(measured(listening.getsockname()[1]))
        finally:
            sink.terminate()
            sink.join()


if __name__ == "__main__":
    sys.exit(main())
