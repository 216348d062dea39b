"""Naughty strings by mail: in every header and the body, taken in as bytes and handed over by LMTP; nothing is bounced
for what it says, nothing is lost, and each becomes a complaint, an answer, or an item that somebody looks at."""

import asyncio
import uuid
from datetime import UTC, datetime

from complaints.contacts_file import ContactsFile
from complaints.mail.incoming import read
from complaints.rules.text import cleaned
from complaints.settings import Listen, Settings
from starter.front_desk import FrontDesk
from starter.mailbox.delivery import Intake
from starter.mailbox.lmtp import reception
from tests.chance import new_name
from tests.mailbox.test_lmtp import BOX, by_lmtp
from tests.naughty import NAUGHTY
from tests.story import Story
from tests.waiting import becomes

SENT = (
    *("very long line", "NUL", "controls", "lone surrogate", "right to left", "zalgo", "HTML", "template", "SQL"),
    *("dot", "our own"),
)
"""Those that come on the real server; all are read."""


def a_mail(text: str, *, plain: bool = False) -> bytes:
    """Every place of a mail holds it: in headers on one line, as some program of old would put it there."""
    raw = text.encode("utf-8", "surrogatepass")
    line = b" ".join(raw.split())[:900] if plain else raw[:900].replace(b"\n", b" ").replace(b"\r", b" ")
    head = [
        b'From: "' + line.replace(b'"', b"'") + b'" <r' + new_name().encode() + b"@correo.example>",
        b"To: " + BOX.encode(),
        b"Subject: " + line,
        b"Message-ID: <" + uuid.uuid4().hex.encode() + b"@correo.example>",
        b"X-Anything: " + line,
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="b"',
    ]
    body = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    parts = [
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body,
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" + body,
        b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="'
        + line
        + b'"\r\n\r\n%PDF',
        b"--b--",
    ]
    return b"\r\n".join([*head, b"", *parts, b""])


def test_every_naughty_mail_is_read_and_what_is_read_can_be_kept() -> None:
    for name, text in NAUGHTY.items():
        reading = read(a_mail(text), mailbox=BOX, received_at=datetime.now(UTC))
        for said in (reading.text, reading.whole_text, reading.subject):
            assert said == cleaned(said), name
        if reading.by_human and reading.from_address and not reading.held:
            reading.complaint()


async def test_naughty_mails_are_taken_over_and_nothing_of_them_is_lost(story: Story) -> None:
    contacts = ContactsFile(None)
    desk = FrontDesk(story.client, story.store, contacts=contacts, task_queue=story.settings.task_queue)
    intake = Intake(desk, Settings.from_env({}), contacts)
    mails = {name: a_mail(NAUGHTY[name], plain=True) for name in SENT}
    async with reception(intake, Listen(host="127.0.0.1", port=0, lmtp=True)) as port:
        for name, raw in mails.items():
            [(code, said)] = await asyncio.to_thread(by_lmtp, port, raw, BOX)
            assert code == 250, (name, said)
            [(again, _)] = await asyncio.to_thread(by_lmtp, port, raw, BOX)
            assert again == 250, name

    async def effects() -> int:
        return len(await _numbers(story)) + len(await story.store.quarantined())

    assert await becomes(effects, len(mails)), "each has its effect, and once"
    for number in await _numbers(story):
        handle = story.client.get_workflow_handle(number)
        for signal in ("assigned", "resolved", "customer-satisfied"):
            await handle.signal(signal)
        assert (await asyncio.wait_for(handle.result(), 60))["outcome"] == "satisfied"


async def _numbers(story: Story) -> list[str]:
    """Of the complaints whose first row the worker has written."""
    async with story.store.connection() as connection:
        return [row["number"] for row in await connection.fetch("SELECT DISTINCT number FROM complaints")]
