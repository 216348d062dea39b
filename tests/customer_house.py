"""Customers' pages on the real server: a story whose letters have links, and whoever opens them."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import SecretStr

from complaints.contacts_file import ContactsFile
from complaints.mail.links import Link, page_address
from complaints.policy_file import load_policy
from complaints.rules.status import Status
from desk.app import application
from desk.app_state import AppState
from starter.front_desk import FrontDesk
from tests.desk_house import ADDRESS, House
from tests.story import LIMA, Story

KEY = "0123456789abcdef0123456789abcdef"
ARRIVED = "2026-07-22 09:05"
RESOLUTION = "Le devolvemos las horas que faltaron: dos clases el 5 y el 7 de agosto."


@dataclass
class CustomersHouse(House):
    """The desk of a story whose time the story tells."""

    @property
    def now(self) -> datetime:
        """The story's time, as long as nobody skips any."""
        return self.office.now()

    def link(self, *, days: int = 90, number: str | None = None, key: str = KEY) -> str:
        """A link to the story's complaint, as a letter of today has it."""
        until = self.now.astimezone(LIMA).date() + timedelta(days=days)
        return page_address(ADDRESS, Link(number or self.story.number, until), keys=[key.encode()])

    async def resolved(self, **more: str) -> None:
        """A complaint that was answered."""
        await self.story.complaint_arrives(ARRIVED)
        await self.story.asks("assign", department="academic", representative="Ana Torres", by="Ana Torres")
        await self.story.asks("resolve", text=RESOLUTION, outcome="partly", by="Ana Torres", **more)

    async def status(self) -> Status:
        """What the case says."""
        return await self.story.status()

    async def rows(self, what: str) -> list[dict[str, object]]:
        """Who said it, through what, and in which words: of each such row."""
        rows = [row for row in await self.story.timeline() if row.what == what]
        return [{"by": row.by, "via": row.via, **row.data} for row in rows]


async def customers_house(story: Story) -> CustomersHouse:
    """The desk, and a worker that puts links into letters."""
    story.recorded = True
    await story.worker_stops()
    story.settings = story.settings.model_copy(update={"secret_key": SecretStr(KEY), "public_url": ADDRESS})
    await story.worker_starts()
    contacts, policy = ContactsFile(None), load_policy(None)
    desk = FrontDesk(
        story.client,
        story.store,
        now=None,
        policy=lambda: policy,
        contacts=contacts,
        task_queue=story.settings.task_queue,
    )
    office = AppState(
        front_desk=desk, store=story.store, contacts=contacts.now, policy_now=lambda: policy, settings=story.settings,
        now=lambda: datetime.now(UTC) + story.offset,
    )  # fmt: skip
    return CustomersHouse(story, office, application(office))


def later(house: CustomersHouse, **span: float) -> CustomersHouse:
    """The same house, so much later by the desk's own clock."""
    office = replace(house.office, now=lambda: datetime.now(UTC) + house.story.offset + timedelta(**span))
    return CustomersHouse(house.story, office, application(office))


def links_in(text: str) -> list[str]:
    """The links of a letter or a page."""
    return re.findall(rf"{ADDRESS}/c/[^\s\"'<>]+", text)


def problem(answer: httpx.Response) -> str:
    """The sentence with which a page refuses."""
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text
    return " ".join(found[1].split())
