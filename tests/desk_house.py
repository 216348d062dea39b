"""The desk on the real server and a real Postgres, and people who sign in to it, with or without a browser."""

import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from typing import TYPE_CHECKING, Any, cast

import httpx
from starlette.applications import Starlette

from complaints.contacts_file import ContactsFile
from complaints.passwords import Passwords
from complaints.policy_file import changed, load_policy
from complaints.records.ledger import LetterRow
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.received import ComplaintReceived
from desk.app import application
from desk.app_state import AppState
from desk.page_behind import TemporalPage
from starter.front_desk import FrontDesk
from starter.intake import Taken, taken_in
from tests.chance import new_key, new_name
from tests.story import Story
from tests.waiting import becomes, comes

if TYPE_CHECKING:
    from temporalio.client import Client

PASSWORD = "cuatro gatos en el techo 7"
ADDRESS = "http://desk.example"
MAILBOX = "quejas@escuela.example"


_HASH: list[str] = []


async def the_hash() -> str:
    """PASSWORD as it is kept; made once, because it is meant to be slow."""
    if not _HASH:
        _HASH.append(await Passwords().hashed(PASSWORD))
    return _HASH[0]


@dataclass
class House:
    """The desk of a story."""

    story: Story
    office: AppState
    app: Starlette

    async def employs(self, account: str, role: Role = Role.AGENT, *, name: str | None = None) -> None:
        """An account whose password is its own already."""
        hashed = await the_hash()
        store = self.office.store
        await store.add_staff(account, name=name or account.title(), role=role, password_hash=hashed)
        await store.set_password(account, hashed, temporary=False)

    async def opens(
        self, *, channel: str = "web", description: str = "Faltan horas.", subject: str | None = None, **customer: str
    ) -> str:
        """The number of a complaint that came in without the desk, once the records have it."""
        content = {
            "source_key": new_key("house"),
            "channel": channel,
            "customer": customer,
            "problem": {"description": description},
            "subject": subject,
        }
        number = (await self.office.front_desk.open(ComplaintReceived.model_validate(content))).number
        await self.has_written(number, "received")
        return number

    async def takes_in(self, mail: EmailMessage, *, hours_ago: float = 1) -> Taken:
        """A mail that comes to the mailbox."""
        received_at = datetime.now(UTC) - timedelta(hours=hours_ago)
        return await taken_in(self.office.front_desk, mail.as_bytes(), mailbox=MAILBOX, received_at=received_at)

    async def has_written(self, number: str, *what: str) -> None:
        """Waits until the records have these rows."""

        async def missing() -> set[str]:
            return {*what} - {row.what for row in await self.office.store.journal(number)}

        await becomes(missing, set())

    async def has_sent(self, number: str, kind: str) -> LetterRow:
        """Waits until a letter of that kind has gone out; the newest of them."""

        async def sent() -> list[LetterRow]:
            return [one for one in await self.office.store.letters(number) if (one.kind, one.state) == (kind, "sent")]

        return (await comes(sent, f"{kind} that went out"))[-1]

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator["Visitor"]:
        """Somebody with a browser of their own."""
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            yield Visitor(client)

    @asynccontextmanager
    async def signed_in(self, account: str) -> AsyncIterator["Visitor"]:
        """The same, signed in."""
        async with self.visitor() as visitor:
            answer = await visitor.signs_in(account)
            assert answer.status_code == 303, answer.text
            yield visitor


@dataclass
class Visitor:
    """Reads pages and sends their forms, as a browser without scripts does."""

    client: httpx.AsyncClient

    async def reads(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def signs_in(self, account: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        page = await self.reads("/sign-in")
        fields = {"account": account, "password": password, **hidden(page.text, "/sign-in"), **more}
        return await self.client.post("/sign-in", data=fields)

    async def sends(self, page: str, action: str, **fields: Any) -> httpx.Response:
        """Opens the page and sends its form with these fields."""
        read = await self.reads(page)
        assert read.status_code == 200, read.text
        return await self.client.post(action, data={**hidden(read.text, action), **fields})

    async def posts(self, action: str, fields: Mapping[str, Any]) -> httpx.Response:
        """Sends fields as they are."""
        return await self.client.post(action, data=dict(fields))


def house_of(story: Story, *, temporal_page: TemporalPage | None = None, undo_seconds: int = 0) -> House:
    """The desk, with the story's worker behind it; what is sent goes at once, unless a test wants it to wait."""
    contacts, policy = ContactsFile(None), changed(load_policy(None), {"letters": {"undo_seconds": undo_seconds}})
    desk = FrontDesk(
        story.client, story.store, policy=lambda: policy, contacts=contacts, task_queue=story.settings.task_queue
    )
    office = AppState(
        front_desk=desk, store=story.store, contacts=contacts.now, policy_now=lambda: policy, settings=story.settings,
        temporal_page=temporal_page or TemporalPage(),
    )  # fmt: skip
    return House(story, office, application(office))


def a_mail(text: str, *, subject: str = "Mi queja", sender: str | None = None, **headers: str) -> EmailMessage:
    """What somebody writes to the mailbox; nobody wrote from that address before unless it is given."""
    mail = EmailMessage()
    mail["From"] = sender or f"Lucia <{new_name()}@correo.example>"
    mail["Message-ID"] = f"<{uuid.uuid4().hex}@correo.example>"
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def hidden(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes there."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    assert found, f"no form goes to {action}"
    fields = re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', found[0])
    return {name: unescape(value) for name, value in fields}


def said(answer: httpx.Response) -> str:
    """The sentence with which a page refuses; each of its fields may be led to."""
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text
    return unescape(re.sub(r"</?a\b[^>]*>", "", found[1])).strip()


def house_on(store: Store) -> House:
    """The desk on the records alone: for pages that read, and ask nothing of a running case."""
    contacts, policy = ContactsFile(None), load_policy(None)
    desk = FrontDesk(cast("Client", None), store, policy=lambda: policy, contacts=contacts)
    office = AppState(front_desk=desk, store=store, contacts=contacts.now, policy_now=lambda: policy)
    return House(cast("Story", None), office, application(office))
