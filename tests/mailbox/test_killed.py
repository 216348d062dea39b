"""The mailbox reader killed with SIGKILL between every two steps: no message is lost, none has its effect twice."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from complaints.contacts_file import ContactsFile
from starter.front_desk import FrontDesk
from starter.intake import taken_in
from tests.chance import new_name
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.killable import a_process, says
from tests.story import Story
from tests.waiting import becomes

pytestmark = pytest.mark.slow

BOX = "soporte@escuelaconstrucciondigital.com"
AT = (datetime.now(UTC) - timedelta(hours=5)).replace(microsecond=0)
"""When the mail server took it: on the real clock, so today."""

KILLED = [
    ("complaint", "fetched"),
    ("complaint", "kept"),
    ("complaint", "opened"),
    ("complaint", "noted"),
    ("complaint", "not seen yet"),
    ("complaint", "seen"),
    ("reply", "kept"),
    ("reply", "told"),
    ("reply", "noted"),
    ("reply", "not seen yet"),
    ("automatic", "put aside"),
    ("automatic", "noted"),
    ("automatic", "not seen yet"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as here:
        yield here


def a_mail(*, subject: str = "Reclamo", headers: str = "") -> bytes:
    head = f"From: Rosa <rosa@correo.example>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\n"
    return f"{head}Subject: {subject}\r\n{headers}\r\nFaltaron horas.\r\n".encode()


def a_reader(
    story: Story, server: Dovecot, user: str, marker: str = ""
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """A reader process on that mailbox."""
    url = f"imap://{user}:{quote(PASSWORD)}@127.0.0.1:{server.port}/INBOX?tls=none"
    return a_process(story, "tests.mailbox_process", marker, IMAP_URL=url)


async def all_seen(server: Dovecot, user: str) -> None:
    await becomes(lambda: asyncio.to_thread(server.unseen, user), 0)


async def effects(story: Story, desk: FrontDesk, number: str) -> dict[str, int]:
    """What there is in the end: complaints, messages on the first of them, items in the quarantine."""
    said = [entry for entry in (await desk.timeline(number)).value if entry.what == "message-received"]
    numbers = {number, *await story.store.open_cases_of("rosa@correo.example", since=datetime(2026, 1, 1, tzinfo=UTC))}
    return {"complaint": len(numbers), "reply": len(said), "automatic": len(await story.store.quarantined())}


@pytest.mark.parametrize(("kind", "marker"), KILLED)
async def test_a_message_has_its_effect_once(story: Story, server: Dovecot, kind: str, marker: str) -> None:
    user = f"u{new_name()}"
    desk = FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)
    first = await taken_in(desk, a_mail(), mailbox=BOX, received_at=AT)
    before = await effects(story, desk, first.number)
    raw = {
        "complaint": a_mail(),
        "reply": a_mail(subject=f"Re: {first.number}"),
        "automatic": a_mail(headers="Auto-Submitted: auto-replied\r\n"),
    }[kind]
    await asyncio.to_thread(server.arrives, user, raw, at=AT)
    async with a_reader(story, server, user, marker) as doomed:
        await says(doomed, marker)
        doomed.kill()
        await doomed.wait()
    assert marker == "seen" or await asyncio.to_thread(server.unseen, user) == 1
    async with a_reader(story, server, user):
        await all_seen(server, user)
    assert await effects(story, desk, first.number) == {**before, kind: before[kind] + 1}
