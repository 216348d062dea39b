"""The eight lives on a worker without a cache: each workflow task replays the whole history, so whatever is not
deterministic fails at once."""

from collections.abc import AsyncIterator

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from complaints.rules.retelling import told_again
from tests.lives import LIVES
from tests.sink import Sink
from tests.story import Story, telling


@pytest.fixture
async def forgetful(temporal: Client, mail: Sink, fresh_database: str) -> AsyncIterator[Story]:
    """A story whose worker remembers nothing between two tasks."""
    async with telling(temporal, mail, fresh_database, max_cached_workflows=0) as told:
        yield told


LONG = {"silent-staff", "disputed-twice", "missing-details", "by-telephone"}


@pytest.mark.parametrize(
    "life", [pytest.param(life, marks=pytest.mark.slow) if life in LONG else life for life in LIVES]
)
async def test_a_life_without_a_cache(forgetful: Story, life: str) -> None:
    await LIVES[life](forgetful)
    failed = [
        str(await forgetful.client.data_converter.decode_failure(event.workflow_task_failed_event_attributes.failure))
        async for event in forgetful.handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    # A task that got no processor for two seconds (TMPRL1101) is taken back and done again, whatever the life.
    assert [message for message in failed if "UnhandledCommand" not in message and "TMPRL1101" not in message] == []
    rows = await forgetful.store.journal(forgetful.number)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    told = [(row.seq, row.at, row.what, row.data) for row in await forgetful.timeline()]  # from the history alone
    kept = [(row.seq, row.at, row.what, {k: v for k, v in row.data.items() if k != "rules"}) for row in rows]
    assert told[1:] == kept[1:], "but for the rules, which the rows keep and nobody wants to read"
    assert told_again(forgetful.number, rows).outcome is not None  # the journal tells the same case
    assert len(set(forgetful.sink.message_ids)) == len(forgetful.sink.letters)
