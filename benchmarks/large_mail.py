"""How much memory large mail takes: ten of 24 MB handed over at once by LMTP, each sent again when it is put off.

uv run python -m benchmarks.large_mail
"""

import asyncio
import base64
import os
import resource
import smtplib
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from threading import Thread

from benchmarks.stage import stage
from complaints.contacts_file import ContactsFile
from complaints.records.store import Store
from complaints.settings import Listen, Settings
from starter.front_desk import FrontDesk
from starter.mailbox.delivery import Intake
from starter.mailbox.lmtp import reception

TARGET = 600.0
"""Megabytes of the reader's process at its peak, Python and Temporal's core with it; without turns it took 1.1 GB."""

MAILS, BYTES = 10, 17_800_000
"""An attachment of so many bytes is 24 MB as mail carries it."""

BOX = "soporte@escuelaconstrucciondigital.com"


def a_mail(n: int) -> bytes:
    head = (
        f"From: Rosa <r{n}@correo.example>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: Reclamo\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nFaltaron horas.\r\n"
        '--b\r\nContent-Type: application/pdf; name="boleta.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    attached = base64.encodebytes(b"%PDF-1.4\n" + os.urandom(BYTES)).replace(b"\n", b"\r\n")
    return head.encode() + attached + b"\r\n--b--\r\n"


def send(port: int, n: int) -> None:
    """As a mail server does: again, until it is taken."""
    raw = a_mail(n)
    while True:
        try:
            with smtplib.LMTP("127.0.0.1", port) as connection:
                connection.sendmail(f"r{n}@correo.example", [BOX], raw)
        except smtplib.SMTPDataError:
            time.sleep(0.2)
        else:
            return


def peak() -> float:
    """Megabytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_024**2 if sys.platform == "darwin" else 1_024)


async def measured() -> int:
    """Prints the figure; 1 if it misses its target."""
    async with stage(durable=True) as at:
        store = await Store.connect(at.dsn)
        try:
            desk = FrontDesk(at.client, store, contacts=ContactsFile(None))
            intake = Intake(desk, Settings(), ContactsFile(None))
            before, since = peak(), datetime.now(UTC) - timedelta(hours=1)
            began = time.perf_counter()
            async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
                senders = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "benchmarks.large_mail", "--send", str(port)
                )
                assert await senders.wait() == 0
            took = time.perf_counter() - began
            kept = [await store.open_cases_of(f"r{n}@correo.example", since=since) for n in range(MAILS)]
        finally:
            await store.close()
    assert all(kept), "a mail was lost"
    print(
        f"{MAILS} mails of 24 MB at once: {peak():.0f} MB at the peak, {before:.0f} MB before, {took:.0f} s"
        f" (target: under {TARGET:.0f} MB)"
    )
    return int(peak() >= TARGET)


def _send_all(port: int) -> None:
    threads = [Thread(target=send, args=(port, n)) for n in range(MAILS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        _send_all(int(sys.argv[2]))
    else:
        sys.exit(asyncio.run(measured()))
