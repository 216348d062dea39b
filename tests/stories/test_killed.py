"""A worker killed with SIGKILL between sending and recording: the mail server's own list says what went out."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from tests.killable import a_process, says
from tests.story import CUSTOMER, PROBLEM, QUIET, Story
from workflows import names

pytestmark = pytest.mark.slow

NO_RESEND: dict[str, Any] = QUIET | {"letters": {"resend_uncertain": {"default": False}}}

KILLED = [
    # where, may it be sent again, how often the mail server took it, what the ledger says in the end
    ("claimed", True, 1, "sent"),
    ("sent", True, 2, "sent"),
    ("settled", True, 1, "sent"),
    ("claimed", False, 0, "uncertain"),
    ("sent", False, 1, "uncertain"),
    ("settled", False, 1, "sent"),
]


def a_worker(story: Story, marker: str = "") -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """A worker process on the story's queue."""
    smtp = f"smtp://127.0.0.1:{story.sink.port}?tls=none"
    return a_process(story, "tests.worker_process", marker, SMTP_URL=smtp)


@pytest.mark.parametrize(("marker", "resend", "accepted", "state"), KILLED)
async def test_a_letter_is_sent_effectively_once(
    story: Story, marker: str, resend: bool, accepted: int, state: str
) -> None:
    await story.worker_stops()
    async with a_worker(story, marker) as doomed:
        await story.complaint_arrives("2026-07-22 09:00", policy=QUIET if resend else NO_RESEND, opened=False)
        await says(doomed, marker)
        doomed.kill()
        await doomed.wait()
    async with a_worker(story):
        await story.is_opened()
        await story.all_is_told()
        assert len(story.sink.letters) == accepted
        assert len(set(story.sink.message_ids)) <= 1  # one letter for ever, whatever happens
        ledger = await story.store.letters(story.number)
        assert [row.state.value for row in ledger] == [state]
        assert (ledger[0].uncertain_at is not None) == (marker != "settled")  # it is told that it may be twice
        assert await story.happened(f"letter-{state}") == [f"2026-07-22 09:00 letter-{state}"]
        assert ("acknowledged" in " ".join(await story.happened())) == (state == "sent")


@pytest.mark.parametrize("meanwhile", [None, "assigned"])
async def test_rows_that_were_written_before_the_worker_died_count_and_nothing_is_lost(
    story: Story, meanwhile: str | None
) -> None:
    """A bare start takes its time from the engine: told again by the next worker it is a later one."""
    await story.worker_stops()
    async with a_worker(story, "written") as doomed:
        await story.client.start_workflow(
            names.COMPLAINT,
            {"customer": CUSTOMER, "problem": PROBLEM, "product": "Curso de BIM"},
            id=story.number,
            task_queue=story.settings.task_queue,
        )
        await says(doomed, "written")
        doomed.kill()
        await doomed.wait()
    before = await story.store.journal(story.number)
    assert [row.what for row in before] == ["received"]
    if meanwhile:
        await story.says(meanwhile)
    async with a_worker(story):
        await story.is_opened()
        for signal in ("assigned", "resolved", "customer-satisfied"):
            await story.says(signal)
        assert await story.outcome() == "satisfied"
        kept = await story.store.journal(story.number)
        assert kept[:1] == before
        assert [(row.seq, row.at, row.what) for row in kept] == [
            (row.seq, row.at, row.what) for row in await story.timeline()
        ]
        assert (await story.kinds())[-1] == "closing"
        assert len(set(story.sink.message_ids)) == len(story.sink.letters)


async def test_a_task_that_is_told_again_is_one_line_in_the_log(story: Story, caplog: pytest.LogCaptureFixture) -> None:
    """It is what a killed worker leaves behind, and nothing that anybody has to do something about."""
    await story.worker_stops()
    async with a_worker(story, "written") as doomed:
        arguments = {"customer": CUSTOMER, "problem": PROBLEM, "product": "Curso de BIM"}
        queue = story.settings.task_queue
        await story.client.start_workflow(names.COMPLAINT, arguments, id=story.number, task_queue=queue)
        await says(doomed, "written")
        doomed.kill()
        await doomed.wait()
    with caplog.at_level(logging.INFO):
        await story.worker_starts()
        await story.all_is_told()  # a case answers before its first row is kept
    ours = [record for record in caplog.records if record.name.startswith(("complaints", "temporalio"))]
    assert [record.getMessage() for record in ours if record.exc_info] == []
    [told] = [record for record in ours if "told again" in record.getMessage()]
    assert (told.levelno, story.number in told.getMessage(), "\n" in told.getMessage()) == (logging.INFO, True, False)
    assert not any(str(word) in record.getMessage() for record in ours for word in CUSTOMER.values())
