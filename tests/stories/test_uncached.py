"""The eight lives on a worker without a cache: each workflow task replays the whole history, so whatever is not
deterministic fails at once."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import (
    Interceptor,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from complaints.rules.retelling import told_again
from starter.replaying import patient_replayer
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


async def test_what_follows_from_a_step_is_of_its_time_also_where_its_task_was_handed_out_again(story: Story) -> None:
    await LIVES["withdrawn"](story)
    history = json.loads((await story.handle.fetch_history()).to_json())
    history["events"] = _handed_out_again(history["events"], later=timedelta(seconds=5))
    seen = Seen()
    replayer = patient_replayer(story.client.data_converter, interceptors=[seen])
    await replayer.replay_workflow(WorkflowHistory.from_json(story.number, history))
    kept = [(row.seq, row.at, row.what) for row in await story.store.journal(story.number)]
    assert seen.rows == kept


class Seen(Interceptor):
    """The rows that a workflow wants to write, in their order."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, datetime, str]] = []

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002
        """As Temporal asks for it."""
        rows = self.rows

        class Outbound(WorkflowOutboundInterceptor):
            def start_local_activity(self, input: StartLocalActivityInput) -> Any:  # noqa: A002
                for step in input.args:
                    batch = getattr(step, "batch", None)
                    rows.extend((row.seq, row.at, row.what) for row in (batch.rows if batch else ()))
                return super().start_local_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

        return Inbound


def _handed_out_again(events: list[dict[str, Any]], *, later: timedelta) -> list[dict[str, Any]]:
    """The same history, where the first task came to an end without a result and was handed out again so much later."""
    end = next(at for at, event in enumerate(events) if event["eventType"] == "EVENT_TYPE_WORKFLOW_TASK_COMPLETED")
    again = json.loads(json.dumps(events[end - 2 : end + 1]))
    for event in again:
        event["eventTime"] = (datetime.fromisoformat(events[end]["eventTime"][:19] + "+00:00") + later).isoformat()
    moved = [*events[: end + 1], *again, *events[end + 1 :]]
    for number, event in enumerate(moved[end + 1 :], start=end + 2):
        event["eventId"] = str(number)
        for attributes in event.values():
            for name in attributes if isinstance(attributes, dict) else ():
                if name.endswith("EventId"):
                    attributes[name] = str(int(attributes[name]) + 3) if int(attributes[name]) > 1 else attributes[name]
    return moved
