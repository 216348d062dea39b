"""The clock of a message in the quarantine on the real server: one notice after 24 hours, if nobody has looked."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from complaints.contacts_file import ContactsFile
from starter.front_desk import FrontDesk
from starter.intake import taken_in
from starter.quarantine import dropped
from tests.story import CARE_TEAM, Story
from tests.waiting import PATIENCE

BOX = "soporte@escuelaconstrucciondigital.com"


def a_note() -> bytes:
    head = f"From: Lucia <lucia@correo.example>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\n"
    return f"{head}Subject: Fuera\r\nAuto-Submitted: auto-replied\r\n\r\nEstoy de vacaciones.\r\n".encode()


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    return FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)


async def put_aside(desk: FrontDesk, raw: bytes) -> "WorkflowHandle[Any, str]":
    taken = await taken_in(desk, raw, mailbox=BOX, received_at=datetime.now(UTC))
    return desk.client.get_workflow_handle(taken.number, result_type=str)


async def passes(story: Story, handle: "WorkflowHandle[Any, str]", **span: float) -> None:
    await asyncio.wait_for(story.skipper.fast_forward(handle, timedelta(**span)), PATIENCE)


async def test_4_the_care_team_is_told_once_after_24_hours(desk: FrontDesk, story: Story) -> None:
    raw = a_note()
    handle = await put_aside(desk, raw)
    assert (await put_aside(desk, raw)).id == handle.id
    await passes(story, handle, hours=23)
    assert story.sink.letters == []
    await passes(story, handle, hours=1)
    assert await asyncio.wait_for(handle.result(), PATIENCE) == "sent"
    [letter] = story.sink.letters
    assert letter["To"] is not None
    assert CARE_TEAM in letter["To"]
    item = handle.id.removeprefix("quarantine-")
    body = letter.get_body(preferencelist=("plain",))
    assert body is not None
    assert item in body.get_content()
    assert "complaints quarantine" not in body.get_content(), "no command in a letter"
    assert "vacaciones" not in letter.as_string()
    await put_aside(desk, raw)
    assert len(story.sink.letters) == 1


async def test_what_was_decided_in_time_is_not_told(desk: FrontDesk, story: Story) -> None:
    handle = await put_aside(desk, a_note())
    await dropped(story.store, handle.id, reason="una ausencia", by="ana")
    await passes(story, handle, hours=24)
    assert await asyncio.wait_for(handle.result(), PATIENCE) == "handled"
    assert story.sink.letters == []


async def test_what_came_long_ago_is_told_at_once(desk: FrontDesk, story: Story) -> None:
    taken = await taken_in(desk, a_note(), mailbox=BOX, received_at=datetime.now(UTC) - timedelta(days=3))
    handle = desk.client.get_workflow_handle(taken.number, result_type=str)
    assert await asyncio.wait_for(handle.result(), PATIENCE) == "sent"
    assert len(story.sink.to(CARE_TEAM)) == 1
